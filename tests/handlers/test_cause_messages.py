"""Whatever the words and counts: every line of the catalogue fits, and the first one is short."""

from datetime import UTC, date, datetime
from html import unescape
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.blocks import MOST_IN_OPTION, MOST_IN_SECTION
from handlers.cause_card import in_words, met_line, remedy_lines
from handlers.cause_picture import CausesByWave, apart
from handlers.causes import headline, row
from handlers.remedy_form import remedy_form
from rules.catalogue import Remedy, gathered
from store.catalogue import CauseCard, CauseLine, CausePage, Met

BUDGET = settings(max_examples=30, deadline=None)
LONGEST_FIRST_LINE = 120
NOW = datetime(2022, 1, 15, 12, tzinfo=UTC)

words = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=300
) | st.sampled_from(["&" * 300, "<!channel>" * 30, "*" * 300])
days = st.dates(date(2021, 1, 1), date(2040, 1, 1))
counts = st.integers(0, 10**5)
remedies = st.lists(st.builds(Remedy, words, counts, counts, counts), max_size=20).map(gathered)
line = st.builds(CauseLine, counts, words, st.integers(1, 10**6), st.integers(1, 60), days)
card = st.builds(
    CauseCard, counts, words, words, st.just(NOW), counts, counts, counts, counts, counts
)
met = st.builds(
    Met,
    counts,
    words,
    words,
    days,
    st.integers(1, 9),
    days,
    st.booleans(),
    words | st.none(),
    st.booleans() | st.none(),
)


def is_short(line: str) -> bool:
    return len(unescape(line).replace("*", "")) <= LONGEST_FIRST_LINE


@BUDGET
@given(st.lists(line, min_size=1, max_size=15).map(tuple), counts, remedies)
def test_the_list_fits_and_begins_with_a_short_line(
    lines: tuple[CauseLine, ...], total: int, done: tuple[Remedy, ...]
) -> None:
    page = CausePage(lines, total + len(lines), total + sum(each.failures for each in lines))

    assert is_short(headline(page))
    assert all(len(row(each, done)) <= MOST_IN_SECTION for each in lines)


@BUDGET
@given(card, remedies, st.lists(st.tuples(days, counts), max_size=20), met)
def test_a_cause_fits_and_begins_with_a_short_line(
    card: CauseCard, done: tuple[Remedy, ...], weeks: list[tuple[date, int]], met: Met
) -> None:
    said = in_words(card, done, weeks)

    assert is_short(said["line"])
    assert all(0 < len(each) <= MOST_IN_SECTION for each in remedy_lines(done))
    assert 0 < len(met_line(met)) <= MOST_IN_SECTION
    form: dict[str, Any] = remedy_form(card, [met], None)
    offered = str(form["blocks"][0]["element"]["options"][0]["text"]["text"])
    assert len(offered) <= MOST_IN_OPTION


def test_what_helps_is_said_with_the_cause() -> None:
    menu = CauseLine(1, "Menu did not sync", 5, 2, date(2021, 12, 13))

    best = [
        Remedy("Sync again", 2, 0),
        Remedy("Rename the items", 3, 3),
        Remedy("sync AGAIN!", 1, 1),
    ]
    assert _told(row(menu, best)) == (
        "• *Menu did not sync* · 5 failures in 2 waves, the last in the week of Mon 13 Dec 2021\n"
        "↳ Rename the items: worked 3 of 3 times"
    )
    assert _told(row(menu, [Remedy("Sync again", 2, 0)])).endswith(
        "Nothing that was tried has worked yet"
    )
    assert _told(row(menu, [Remedy("Sync again", 0, 0, 1)])).endswith(
        "not known yet whether it worked"
    )
    assert _told(row(menu, [])).endswith("Nothing was done about it yet")


def test_the_same_figures_are_the_same_picture_and_causes_that_look_alike_keep_their_words() -> (
    None
):
    begun = CausesByWave(("Menu",), (date(2021, 12, 6),), ((3,),))
    long = "The payment terminal does not pair with the new tablet"

    assert CausesByWave.read(begun.given) == begun
    assert (
        begun.given["digest"]
        != CausesByWave(("Menu",), (date(2021, 12, 6),), ((4,),)).given["digest"]
    )
    assert apart([f"{long} at night", f"{long} by day", "Menu"]) == (
        f"{long} at night",
        f"{long} by day",
        "Menu",
    )


def _told(said: str) -> str:
    return said.replace("\N{NO-BREAK SPACE}", " ")
