"""What people ask in words, told apart: topics, names, lists of names."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.asking import (
    LONGEST_QUESTION,
    MOST_TEXTS,
    Nearness,
    Topic,
    nearest,
    nearness,
    phrase,
    question,
)
from rules.finding import Matches, Named
from rules.naming import fold

TODAY = date(2022, 1, 15)
BUDGET = settings(max_examples=60, deadline=None)

FRAMES = (
    *(
        "{}",
        "{}?",
        "for {}",
        '"{}"',
        "“{}”",
        "when is {} moving?",
        "When does {} move",
        "when is {}",
    ),
    *("when will {} be moved over?", "hi, when is {} moving please?", "what about {}?"),
    *("which week is {} scheduled", "tell me when {} moves", "  when   is  {}  going to move ? "),
)
WORDS = (
    *(
        "Joe's",
        "Pizza",
        "for",
        "move",
        "Be",
        "over",
        "is",
        "when",
        "the",
        "and",
        "Next",
        "mine",
        "hi",
    ),
    *("week", "of", "24", "January", "to", "go", "please", "Smith,", "Sons", "Co."),
)
names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
anything = st.text(max_size=120) | st.lists(st.sampled_from((*WORDS, ",", "?", '"', "\n"))).map(
    " ".join
)


def asked(typed: str) -> tuple[Topic | None, date | None]:
    subject = question(typed, TODAY).subject
    return (subject.topic, subject.week) if subject else (None, None)


# Names


@BUDGET
@given(names, st.sampled_from(FRAMES))
def test_a_name_is_found_in_every_question_whatever_words_it_is_made_of(
    name: str, frame: str
) -> None:
    texts = question(frame.format(name), TODAY).whole.texts

    assert fold(name) in set(map(fold, texts))


@BUDGET
@given(anything)
def test_whatever_is_typed_is_itself_what_is_tried_first(typed: str) -> None:
    read = question(typed, TODAY)

    assert read.whole.texts[0] == typed.strip()
    assert len(read.whole.texts) <= MOST_TEXTS
    assert all(read.whole.texts[1:])
    assert all(part.core for names in read.lists for part in names)


@pytest.mark.parametrize(
    ("typed", "core"),
    [
        ("when is Joe's Pizza moving?", "Joe's Pizza"),
        ("When does Joe's Pizza move", "Joe's Pizza"),
        ("Joe's Pizza?", "Joe's Pizza"),
        ("for Joe's Pizza", "Joe's Pizza"),
        ("what is Joe's Pizza's date", "Joe's Pizza's"),
        ("‘Joe's Pizza’", "Joe's Pizza"),
        ("'for Joe's'", "for Joe's"),
        ("hi", "hi"),
        ("?", "?"),
        ("when", "when"),
    ],
)
def test_the_core_of_a_question_is_the_name(typed: str, core: str) -> None:
    assert phrase(typed).core == core


def test_a_text_of_any_length_is_read_as_it_stands() -> None:
    long = "when is " + "x, " * LONGEST_QUESTION

    read = question(long, TODAY)

    assert (read.subject, read.whole.texts, read.lists) == (None, (long.strip(),), ())


# Lists


def cores(typed: str) -> list[list[str]]:
    return [[part.core for part in names] for names in question(typed, TODAY).lists]


@pytest.mark.parametrize(
    ("typed", "lists"),
    [
        ("Joe's Pizza, Sam's Diner", [["Joe's Pizza", "Sam's Diner"]]),
        ("when do Joe's; Sam's\nmove?", [["Joe's", "Sam's", "move"]]),
        ("Hi, when are Joe's, Sam's moving, please?", [["Joe's", "Sam's"]]),
        ("A, B and C", [["A", "B and C"], ["A", "B", "C"]]),
        ("Fish & Chips", [["Fish", "Chips"]]),
        ("A and B and C", [["A", "B", "C"], ["A and B", "C"], ["A", "B and C"]]),
        ('"Smith, Jones & Co", Bob', [["Smith, Jones & Co", "Bob"]]),
        ('"Smith, Jones"', []),
        ("Joe's Pizza,", []),
        (",,;\n", []),
    ],
)
def test_commas_lines_and_ands_may_make_a_list(typed: str, lists: list[list[str]]) -> None:
    assert cores(typed) == lists


@BUDGET
@given(st.lists(st.sampled_from(("Joe's", "Sam's Diner", "Big Chain")), min_size=2, unique=True))
def test_a_list_keeps_its_names_and_their_order(typed: list[str]) -> None:
    assert cores(f"when are {', '.join(typed)} moving?")[0] == typed


# Topics


@pytest.mark.parametrize("typed", ["help", "HELP", "?", "hi", "Hello!", "Hi Wavepost", "thanks"])
def test_help_is_asked_for_in_many_ways(typed: str) -> None:
    assert asked(typed) == (Topic.help, None)


@pytest.mark.parametrize(
    "typed", ["mine", "My customers", "when do mine move?", "show me my customers"]
)
def test_one_asks_for_one_s_own(typed: str) -> None:
    assert asked(typed) == (Topic.mine, None)


@pytest.mark.parametrize("typed", ["next", "next wave", "When is the next wave?"])
def test_one_asks_for_the_next_wave(typed: str) -> None:
    assert asked(typed) == (Topic.next_wave, None)


@pytest.mark.parametrize(
    "typed",
    [
        *("2022-01-24", "2022-01-26", "24 January", "Jan 24", "24th of January", "24 jan 2022"),
        *("week of 24 January", "the week of Jan 24th, 2022", "wave of 2022-01-24"),
        *("Mon 24 Jan 2022", "Wednesday, 26 January", "who moves in the week of 24 January?"),
    ],
)
def test_a_day_names_the_wave_of_its_week(typed: str) -> None:
    assert asked(typed) == (Topic.wave, date(2022, 1, 24))


@pytest.mark.parametrize(
    ("typed", "monday"),
    [
        ("last week", date(2022, 1, 3)),
        ("this week", date(2022, 1, 10)),
        ("next week", date(2022, 1, 17)),
        ("who moves next week?", date(2022, 1, 17)),
        ("28 December", date(2021, 12, 27)),
        ("1 July", date(2022, 6, 27)),
    ],
)
def test_a_week_is_told_from_today_and_a_day_without_a_year_is_the_nearest(
    typed: str, monday: date
) -> None:
    assert asked(typed) == (Topic.wave, monday)


@pytest.mark.parametrize(
    "typed",
    [
        *("31 February", "2022-13-01", "24 Juniper", "0 May", "may", "next door", "Mine & Co"),
        *("'next'", '"mine"', "“2022-01-24”", "week", "Joe's Pizza"),
    ],
)
def test_what_only_looks_like_a_topic_is_a_name(typed: str) -> None:
    assert asked(typed) == (None, None)


@BUDGET
@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_a_date_as_we_write_it_is_read_back_on_any_day(day: date, today: date) -> None:
    monday = day - timedelta(days=day.weekday())
    written = (
        f"{day:%a} {day.day} {day:%b %Y}",
        day.isoformat(),
        f"{day:%B} {day.day}, {day.year}",
    )

    for each in written:
        subject = question(each, today).subject
        assert subject
        assert (subject.topic, subject.week) == (Topic.wave, monday)


# Which reading


def found(*names: str, guessed: bool = False, sure: bool = True) -> Matches:
    named = tuple(Named("customer", f"C-{n}", f"C-{n}", name) for n, name in enumerate(names))
    return Matches(named, len(named), guessed=guessed, sure=sure)


def test_the_nearer_a_name_is_the_better() -> None:
    order = [
        nearness("joes pizza", found("Joe's Pizza", "Joe's Pizza 2")),
        nearness("joes", found("Joe's Pizza")),
        nearness("jeos piza", found("Joe's Pizza", guessed=True)),
        nearness("jeos", found("Joe's Pizza", "Jeans", guessed=True, sure=False)),
        nearness("zebra", found()),
    ]

    assert order == list(Nearness)
    assert nearness(" c-0 ", found("Joe's Pizza")) is Nearness.exact


def test_the_reading_whose_names_are_known_best_wins_and_of_equals_the_first() -> None:
    exact, begun, unknown = Nearness.exact, Nearness.begun, Nearness.unknown

    assert nearest([[begun], [exact, begun]]) == 1
    assert nearest([[exact], [exact, exact]]) == 0
    assert nearest([[unknown], [exact, unknown]]) == 1
    assert nearest([[unknown], [unknown, unknown]]) == 0
