"""What differs in words between two texts: nothing is lost, and it reads as people would mark it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.word_difference import Kind, Run, in_short, is_different, word_difference

BUDGET = settings(max_examples=150, deadline=None)
GONE, NEW, SAME, LEFT_OUT = Kind.gone, Kind.new, Kind.same, Kind.left_out

words = st.sampled_from(
    [
        "stores",
        "move",
        "Monday,",
        "24",
        "9:00",
        "«wave»",
        "Joe’s",
        "—",
        ".",
        "*all*",
        "(later)",
        "日",
    ]
)
texts = st.lists(st.tuples(words, st.sampled_from([" ", "\n", "  ", ""])), max_size=30).map(
    lambda pairs: "".join(word + space for word, space in pairs)
) | st.text(max_size=60)


def of(runs: list[Run], *kinds: Kind) -> str:
    return "".join(run.words for run in runs if run.kind in kinds)


def closed_up(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("old", "new", "runs"),
    [
        ("We move.", "We move.", [(SAME, "We move.")]),
        ("", "We move.", [(NEW, "We move.")]),
        ("We move.", "", [(GONE, "We move.")]),
        ("— Wait", "— Go", [(SAME, "— "), (GONE, "Wait"), (NEW, "Go")]),
        (
            "Stores move on Monday, 24 January, at 9:00.",
            "Stores move on Thursday, 3 February, at 9:00.",
            [
                (SAME, "Stores move on "),
                (GONE, "Monday, 24 January"),
                (NEW, "Thursday, 3 February"),
                (SAME, ", at 9:00."),
            ],
        ),
        (
            "Call your CSA.\nNothing else.",
            "Call your CSA first.\nNothing else.",
            [(SAME, "Call your CSA "), (NEW, "first"), (SAME, ".\nNothing else.")],
        ),
        (
            "Please (all of you) wait until ten.",
            "Wait until ten.",
            [(GONE, "Please (all of you) wait "), (NEW, "Wait "), (SAME, "until ten.")],
        ),
    ],
)
def test_a_change_reads_as_people_would_mark_it(
    old: str, new: str, runs: list[tuple[Kind, str]]
) -> None:
    assert word_difference(old, new) == runs


@pytest.mark.parametrize("new", ["We  move\n", "We\nmove", "We move"])
def test_other_spaces_are_no_other_words(new: str) -> None:
    runs = word_difference("We move", new)
    assert not is_different(runs)
    assert of(runs, SAME) == new


def test_a_long_text_is_told_by_what_is_around_its_changes() -> None:
    old = f"{'before ' * 20}Monday {'between ' * 20}at nine {'after ' * 20}"
    new = old.replace("Monday", "Friday").replace("nine", "ten")
    assert in_short(word_difference(old, new), around=2) == [
        (LEFT_OUT, ""),
        (SAME, "before before "),
        (GONE, "Monday "),
        (NEW, "Friday "),
        (SAME, "between between "),
        (LEFT_OUT, ""),
        (SAME, "between at "),
        (GONE, "nine "),
        (NEW, "ten "),
        (SAME, "after after "),
        (LEFT_OUT, ""),
    ]


def test_one_word_is_not_left_out_for_a_sign_that_says_so() -> None:
    runs = word_difference("one two three four five", "one two three four six")
    assert in_short(runs, around=3) == runs
    assert in_short(runs, around=2) == [
        (LEFT_OUT, ""),
        (SAME, "three four "),
        (GONE, "five"),
        (NEW, "six"),
    ]


def test_where_the_same_few_words_come_hundreds_of_times_all_of_it_is_new() -> None:
    old, new = "a " * 1_500, "a b " * 750
    assert word_difference(old, new) == [(GONE, old), (NEW, new)]
    assert word_difference(old, old) == [(SAME, old)]


def test_a_long_list_of_names_is_compared_name_by_name() -> None:
    stores = [f"L-{number}" for number in range(400)]
    shorter = [store for store in stores if store not in {"L-7", "L-8", "L-300"}]
    gone = [
        run for run in word_difference(", ".join(stores), ", ".join(shorter)) if run.kind is GONE
    ]
    assert [run.words.replace(",", "").split() for run in gone] == [["L-7", "L-8"], ["L-300"]]


@BUDGET
@given(texts, texts)
def test_both_texts_can_be_read_from_the_difference(old: str, new: str) -> None:
    runs = word_difference(old, new)
    assert closed_up(of(runs, SAME, GONE)) == closed_up(old)
    assert of(runs, SAME, NEW).strip() == new.strip()
    assert is_different(runs) or closed_up(old) == closed_up(new)
    assert all(run.words for run in runs)


@BUDGET
@given(texts, texts, st.integers(0, 4))
def test_in_short_every_change_is_there(old: str, new: str, around: int) -> None:
    runs = word_difference(old, new)
    short = in_short(runs, around)
    changes = [run for run in runs if run.kind in (GONE, NEW)]
    assert [run for run in short if run.kind in (GONE, NEW)] == changes
    assert len(of(short, SAME)) <= len(of(runs, SAME))
