"""Judging from weeks, end to end: who is a control, how long a silence is, what is not known."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from rules.judging import SUMS, WEEKLY, Moved, earliest, judged, silences
from rules.looks import compared
from rules.verdicts import Verdict, Why

MONDAY = date(2022, 1, 17)
WEDNESDAY = MONDAY + timedelta(days=2)
Week = tuple[int, int | None, float | None]
"""Weeks after the Monday of the move, orders, and open hours."""


def place(name: str, after: tuple[int, int] | None, *, unmoved: bool = True) -> dict[str, object]:
    """A location with 8,000 orders of four weeks, and what it did in the week since."""
    orders, missed = after or (None, None)
    return {
        "location_id": name,
        "region": "north",
        "unmoved": unmoved,
        "before_orders": 8000,
        "before_missed": 320,
        "before_weeks": 4,
        "before_cancelled": 80,
        "before_open": 200.0,
        "before_online": 190.0,
        "earlier_orders": 4000,
        "earlier_weeks": 2,
        "after_orders": orders,
        "after_missed": missed,
        "after_weeks": 1 if after else 0,
    }


def sums(*places: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(places), schema=SUMS)


def weekly(*weeks: Week, name: str = "A") -> pl.DataFrame:
    rows = [(name, MONDAY + timedelta(weeks=at), orders, hours) for at, orders, hours in weeks]
    return pl.DataFrame(rows, schema=WEEKLY, orient="row")


BUSY = [(at, 14, 50.0) for at in range(-8, 0)]
"""Two orders a day for eight weeks."""


def test_who_moved_is_judged_next_to_those_that_did_not() -> None:
    others = [place(f"C{number}", (2000, 80)) for number in range(5)]
    table = sums(
        place("Z", (2000, 300), unmoved=False), place("B", (2000, 76), unmoved=False), *others
    )
    made = judged(
        table, weekly(), [Moved("Z", MONDAY), Moved("B", MONDAY)], compared(MONDAY, 1), look=1
    )
    assert [(each.verdict, each.why) for each in made] == [
        (Verdict.failed, Why.worse),
        (Verdict.passed, Why.no_worse),
    ]
    assert set(made[0].data.controls) == {f"C{number}" for number in range(5)}


def test_who_cannot_be_compared_leaves_the_place_of_a_control_to_another() -> None:
    gone = [place(f"B{number}", None) for number in range(5)]
    others = [place(f"C{number}", (2000, 80)) for number in range(3)]
    (made,) = judged(
        sums(place("A", (2000, 76), unmoved=False), *gone, *others),
        weekly(),
        [Moved("A", MONDAY)],
        compared(MONDAY, 1),
        look=1,
    )
    assert set(made.data.controls) == {"C0", "C1", "C2"}


def test_the_order_in_which_rows_come_decides_nothing() -> None:
    table = sums(
        *(place(f"C{number}", (2000, 80 + number)) for number in range(9)),
        place("A", (2000, 90), unmoved=False),
    )
    asked = [Moved("A", MONDAY)]
    first, second = (
        judged(rows, weekly(), asked, compared(MONDAY, 1), look=1) for rows in (table, table[::-1])
    )
    assert first == second


def test_a_location_without_any_weeks_is_not_judged_by_them() -> None:
    nothing = dict.fromkeys(SUMS) | {"location_id": "A", "region": None, "unmoved": False}
    (made,) = judged(
        sums(nothing, place("C", (2000, 80))),
        weekly(),
        [Moved("A", MONDAY)],
        compared(MONDAY, 1),
        look=1,
    )
    assert (made.verdict, made.why) == (Verdict.inconclusive, Why.no_data)
    assert made.data.controls == ()


def test_lost_orders_fail_a_location_of_which_nothing_else_is_known() -> None:
    nothing = dict.fromkeys(SUMS) | {"location_id": "A", "unmoved": False}
    (made,) = judged(
        sums(nothing),
        weekly(),
        [Moved("A", MONDAY, lost_orders=True)],
        compared(MONDAY, 1),
        look=1,
    )
    assert (made.verdict, made.why) == (Verdict.failed, Why.lost_orders)


def test_who_is_not_known_at_all_is_named_as_a_mistake() -> None:
    for name in ("A", "Z"):
        with pytest.raises(ValueError, match="not among those"):
            judged(
                sums(place("C", None)), weekly(), [Moved(name, MONDAY)], compared(MONDAY, 1), look=1
            )


def test_a_week_without_an_order_stops_a_location_that_had_two_a_day() -> None:
    table = sums(
        place("A", (0, 0), unmoved=False), *(place(f"C{at}", (2000, 80)) for at in range(5))
    )
    (made,) = judged(
        table, weekly(*BUSY, (0, 0, 50.0)), [Moved("A", MONDAY)], compared(MONDAY, 1), look=1
    )
    assert (made.verdict, made.why) == (Verdict.failed, Why.orders_stopped)


@pytest.mark.parametrize(
    ("weeks", "moved_on", "look", "told"),
    [
        ([*BUSY, (0, 0, 50.0)], MONDAY, 1, (112, 56, 0, 7)),
        # It ordered since the move, so what it was silent before does not count.
        ([(-1, 14, 50.0), (0, 1, 50.0), (1, 0, 50.0)], MONDAY, 2, (15, 14, 0, 7)),
        # Silent for two weeks when it moved, and since Wednesday.
        ([(-3, 14, 50.0), (0, 0, 9.0), (1, 0, 9.0)], WEDNESDAY, 2, (14, 7, 16, 12)),
        # A week without an open hour is no silence, and neither is one of which nothing is known.
        ([*BUSY, (0, 0, 0.0), (1, 0, 50.0), (3, 0, 50.0)], MONDAY, 4, (112, 56, 0, 14)),
        ([*BUSY, (0, 5, 50.0)], MONDAY, 1, (103, 56, 0, 0)),
    ],
)
def test_a_silence_begins_with_the_move_or_the_last_order_after_it(
    weeks: list[Week], moved_on: date, look: int, told: tuple[float, ...]
) -> None:
    found = silences(weekly(*weeks), [Moved("A", moved_on)], compared(moved_on, look))
    each = (found.orders[0], found.days[0], found.before[0], found.since[0])
    assert each == told


@pytest.mark.parametrize(
    ("weeks", "moved_on"), [([], MONDAY), (BUSY, MONDAY), ([(0, 0, 50.0)], MONDAY)]
)
def test_where_no_week_since_the_move_or_no_order_is_known_no_silence_is(
    weeks: list[Week], moved_on: date
) -> None:
    found = silences(weekly(*weeks), [Moved("A", moved_on)], compared(moved_on, 1))
    assert np.isnan(found.since).all()


def test_weeks_are_read_from_as_early_as_a_pace_may_begin() -> None:
    assert earliest(compared(WEDNESDAY, 1)) == MONDAY - timedelta(weeks=12)
