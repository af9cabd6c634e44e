"""Whatever the names, dates and counts: Slack takes every answer of /schedule and of the look-up."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.limits.messages import check_message
from bot.sandbox.limits.views import check_view
from handlers.blocks import Mrkdwn, Words, as_typed, as_written, built, echo, escape
from handlers.choices import which_one
from handlers.dates import Dated, judged
from handlers.interaction import Interaction
from handlers.lists import PAGE, Page
from handlers.lookup import dates_view, form, questions_back, unclear
from handlers.name_finding import MOST_NAMES, Meant
from handlers.passing_on import posted
from handlers.reply import Reply
from handlers.schedule import line_for
from handlers.telling import words_of_its_own
from handlers.waves import listed, other_waves
from rules.account import Run
from rules.asking import Nearness
from rules.finding import Matches, Named
from rules.location_life import State
from rules.roles import Kind, Role
from rules.wave_life import State as WaveState
from store.interactions import InteractionKey
from store.people import Person
from store.schedule import Closed, LastMove, NeededFeature, Scheduled, WeekPart
from store.schedule_lines import Line

TODAY = date(2022, 1, 15)
MONDAY = date(2022, 1, 17)
BUDGET = settings(max_examples=40, deadline=None)

visible = st.characters(exclude_categories=["Cs", "Cc"])
names = st.text(visible, min_size=1, max_size=300).filter(str.strip) | st.sampled_from(
    ["&" * 300, "<!channel>" * 30, "*" * 300, "`" * 300, "😀" * 300, "ﷺ" * 300, "a\nb"]
)
ids = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=140)
days = st.dates(date(2021, 1, 1), date(2040, 1, 1))
mondays = st.integers(-60, 500).map(lambda weeks: MONDAY + timedelta(weeks=weeks))
counts = st.integers(1, 10**7)
parts = st.lists(st.tuples(mondays, counts), max_size=120, unique_by=lambda part: part[0])
features = st.lists(
    st.builds(NeededFeature, ids, names, days | st.none(), st.none(), st.integers(0, 99), counts),
    max_size=30,
)
closed = st.lists(
    st.builds(
        lambda begin, length, why: Closed("north", begin, begin + timedelta(days=length), why),
        days,
        st.integers(0, 400),
        names | st.text(visible, max_size=3_000) | st.just("&" * 3_000) | st.just(""),
    ),
    max_size=30,
)
moves = st.builds(LastMove, mondays, mondays | st.none(), st.just("capacity"), days, names)
runs = st.lists(
    st.builds(
        Run,
        mondays,
        st.sampled_from(WaveState),
        st.sampled_from(State),
        counts,
        days | st.none(),
        names,
        names | st.just(""),
        days | st.none(),
    ),
    max_size=20,
)
known = st.builds(
    Scheduled,
    customer_id=ids,
    customer_name=names,
    location_id=ids | st.none(),
    location_name=names | st.none(),
    region=st.just("north"),
    csa_email=st.just("ana@northwind.example"),
    csa_name=names | st.none(),
    csa_person=st.just("U1") | st.none(),
    locations=counts,
    active=st.integers(0, 10**7),
    parts=parts.map(lambda found: tuple(WeekPart(*part) for part in sorted(found))),
    features=features.map(tuple),
    planned_on=days | st.none(),
    bindings=st.sampled_from([(), ("capacity",)]),
    blackouts=closed.map(tuple),
    last_move=moves | st.none(),
    runs=runs.map(tuple),
)
# What kept a customer from an earlier week is known only where there was a plan.
known = known.filter(lambda facts: bool(facts.planned_on) or not facts.bindings)
dated = known.map(lambda facts: Dated(facts, judged(facts, TODAY), TODAY))
named = st.builds(Named, st.sampled_from(["customer", "location"]), ids, ids, names)
ASK = Interaction(
    name="schedule_post",
    person=Person("U1", "Ana", None, "UTC", Kind.member, frozenset({Role.viewer})),
    key=InteractionKey.of("action", "1", b""),
    now=datetime(2022, 1, 15, tzinfo=UTC),
    slack=None,  # type: ignore[arg-type]  # nothing is asked of Slack here
)


def takes_message(fallback: str, blocks: Sequence[Mapping[str, Any]]) -> None:
    assert fallback.strip()
    assert len(fallback) <= 4_000
    check_message({"text": fallback, "blocks": [dict(block) for block in blocks]})


def takes(reply: Reply) -> None:
    takes_message(reply.fallback, reply.blocks)


@BUDGET
@given(dated)
def test_every_answer_fits_and_begins_with_a_short_line(answer: Dated) -> None:
    message = posted(answer, "C1", ASK)

    takes_message(message.fallback, message.blocks)
    assert len(unescape(answer.line)) <= 120
    assert "\n" not in answer.line
    assert "<" not in answer.line


@BUDGET
@given(dated)
def test_the_words_to_tell_fit_into_their_modal(answer: Dated) -> None:
    check_view(words_of_its_own(answer), kind="modal")


@BUDGET
@given(st.lists(dated, min_size=1, max_size=4))
def test_the_look_up_s_answer_fits_into_its_modal(answers: list[Dated]) -> None:
    check_view(dates_view(answers), kind="modal")
    check_view(dates_view((answers * 21)[:21]), kind="modal")


@BUDGET
@given(
    st.lists(named, max_size=200),
    st.text(visible, min_size=1, max_size=500).filter(str.strip),
    st.integers(0, 10**6),
    st.booleans(),
)
def test_every_choice_fits(
    found: list[Named],
    typed: str,
    more: int,
    guessed: bool,
) -> None:
    matches = Matches(tuple(found), len(found) + (more if found else 0), guessed=guessed)

    takes(which_one(matches, typed))
    assert unclear(typed, matches)


@BUDGET
@given(dated, st.lists(named, max_size=200), st.integers(0, 10**6))
def test_what_is_asked_back_fits_into_the_look_up_s_answer(
    answer: Dated, found: list[Named], more: int
) -> None:
    matches = Matches(tuple(found), len(found) + (more if found else 0))
    doubts = [Meant("Corner Cafe", matches, Nearness.doubtful)] * (MOST_NAMES - 1)

    check_view(dates_view([answer], questions=questions_back(doubts)), kind="modal")


line = st.builds(Line, ids, names, mondays | st.none(), mondays | st.none(), counts)


@BUDGET
@given(st.lists(line, max_size=PAGE), st.integers(0, 3), st.lists(mondays, unique=True).map(sorted))
def test_every_list_fits(rows: list[Line], number: int, weeks: list[date]) -> None:
    page = Page(rows, number, (number + 2) * PAGE + len(rows))
    values = {"total": len(rows), "waves": weeks, "is_next": False}

    takes(listed(Words("schedule", total=len(rows), locations=10**7)["mine"], page, "mine"))
    for week in [None, *weeks[:1]]:
        head = Words("schedule", week=week, locations=10**7, **values)["wave_list"]
        takes(listed(head, page, "2022-01-17", other_waves(weeks, week or MONDAY)))


@BUDGET
@given(st.lists(st.tuples(names, dated | st.none()), min_size=1, max_size=MOST_NAMES))
def test_every_line_of_a_list_of_names_fits_a_section(
    asked: list[tuple[str, Dated | None]],
) -> None:
    for typed, answer in asked:
        for matches in (
            Matches((), 0),
            Matches((Named("customer", "C", "C", typed),), 1, guessed=True),
        ):
            words = line_for(Meant(typed, matches, Nearness.unknown), answer)
            assert 0 < len(words) < 3_000
            assert "\n" not in words


@BUDGET
@given(st.text(visible, min_size=1))
def test_what_was_typed_is_echoed_as_code_without_any_effect(typed: str) -> None:
    shown = echo(typed)

    assert shown[0] == shown[-1] == "`"
    assert "`" not in shown[1:-1]
    assert "<" not in shown


@BUDGET
@given(st.text(visible))
def test_what_slack_escaped_is_read_as_it_was_typed(typed: str) -> None:
    assert as_typed(escape(typed)) == typed
    assert as_typed(f"{escape(typed)}\0\ud83d") == typed


def test_links_and_names_are_read_by_their_words() -> None:
    message = (
        "<@U1> when is <http://joes.example|joes.example> &amp; <#C1|general> moving <https://x.y>"
    )

    assert as_typed(message) == " when is joes.example & general moving https://x.y"


def test_fifteen_names_of_the_worst_kind_fit_on_one_page() -> None:
    worst = Line("C" * 140, "&" * 300, MONDAY, MONDAY + timedelta(weeks=1), 10**7)
    rows = [replace(worst, first_week=MONDAY + timedelta(weeks=number)) for number in range(PAGE)]

    takes(listed("You have *15 customers*, by date:", Page(rows, 1, 10**6), "mine"))


def test_the_empty_form_fits() -> None:
    check_view(form(), kind="modal")
    assert built(None) == []


@BUDGET
@given(names.map(str.strip))
def test_words_for_other_places_than_slack_hold_names_as_they_are_written(name: str) -> None:
    words = Words("schedule", csa_person=None, csa_name=name, csa_email="")

    assert words.plain("csa") == name


def test_words_for_other_places_than_slack_have_no_markup_of_ours() -> None:
    words = Words("web")
    assert words["link"].startswith("*Your link to Wavepost on the web.*")
    assert words.plain("link").startswith("Your link to Wavepost on the web. It signs")


def test_no_name_marks_anything_up_and_one_from_right_to_left_keeps_to_itself() -> None:
    assert as_written("*Stars* & _Bars_") == "∗Stars∗ &amp; ▁Bars▁"
    assert as_written("__init__ `a`") == "▁▁init▁▁ ‵a‵"
    assert as_written("first_last@northwind.example") == "first_last@northwind.example"
    assert as_written("مطعم") == "\u200e\u2068مطعم\u2069"
    assert as_written(Mrkdwn("*ours*")) == "*ours*"
