from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.activity import Activities, State
from rules.calendar import Blackout
from rules.cohorts import Cohort, Cohorts, Decider, cohorts
from rules.figures import ImpossibleFigures
from rules.releases import Features

TODAY = date(2022, 1, 15)
MONDAY = date(2022, 1, 17)
SOON, LATER = date(2022, 2, 1), date(2022, 3, 1)
FEATURES: Features = {
    "gift cards": (SOON, None),
    "loyalty": (LATER, None),
    "booking": (None, None),
    "done": (None, date(2022, 1, 3)),
}
CLOSED = (Blackout("west", MONDAY, MONDAY + timedelta(days=7)),)
ACTIVE, INACTIVE, CHURNED = State.active, State.inactive, State.churned


def living(*states: State) -> Activities:
    nothing = np.full(len(states), np.nan)
    codes = np.array(states, dtype=np.int8)
    return Activities(codes, np.zeros_like(codes), nothing, nothing)


def grouped(
    *states: State, blackouts: tuple[Blackout, ...] = CLOSED, of: dict[str, list[Any]] | None = None
) -> Cohorts:
    locations = pl.DataFrame(of or {"id": list(range(len(states)))})
    return cohorts(locations, living(*states), features=FEATURES, blackouts=blackouts, today=TODAY)


@pytest.mark.parametrize(
    ("state", "columns", "cohort"),
    [
        (ACTIVE, {}, Cohort(Decider.ready, 1)),
        (ACTIVE, {"requires": "done"}, Cohort(Decider.ready, 1)),
        (ACTIVE, {"pilot": True}, Cohort(Decider.pilot, 1)),
        (INACTIVE, {"pilot": True}, Cohort(Decider.inactive, 1)),
        (INACTIVE, {"escalated": True}, Cohort(Decider.escalation, 1)),
        (
            ACTIVE,
            {"escalated": True, "region": "west"},
            Cohort(Decider.blackout, 1, on=MONDAY + timedelta(weeks=1)),
        ),
        (ACTIVE, {"region": "east"}, Cohort(Decider.ready, 1)),
        (
            INACTIVE,
            {"requires": "gift cards", "region": "west"},
            Cohort(Decider.feature, 1, ("gift cards",), SOON),
        ),
        (
            ACTIVE,
            {"requires": "gift cards;loyalty;done"},
            Cohort(Decider.feature, 1, ("loyalty",), LATER),
        ),
        (
            ACTIVE,
            {"requires": "gift cards;booking;unheard of"},
            Cohort(Decider.feature_without_date, 1, ("booking", "unheard of")),
        ),
        (CHURNED, {"requires": "booking", "escalated": True}, Cohort(Decider.churned, 1)),
        (CHURNED, {"migrated": True, "requires": "booking"}, Cohort(Decider.moved, 1)),
    ],
)
def test_the_first_thing_that_holds_decides(
    state: State, columns: dict[str, Any], cohort: Cohort
) -> None:
    made = grouped(state, of={name: [value] for name, value in columns.items()})
    assert made.of(0) == cohort
    assert made.found == (cohort,)


def test_cohorts_are_counted_and_in_order() -> None:
    made = grouped(
        *[ACTIVE] * 7,
        of={
            "requires": ["", "loyalty", "gift cards", "loyalty", "booking", None, ""],
            "pilot": [True, False, False, False, False, None, True],
        },
    )
    assert [(cohort.decider, cohort.features, cohort.locations) for cohort in made.found] == [
        (Decider.feature_without_date, ("booking",), 1),
        (Decider.feature, ("loyalty",), 2),
        (Decider.feature, ("gift cards",), 1),
        (Decider.pilot, (), 2),
        (Decider.ready, (), 1),
    ]
    assert made.row.tolist() == [3, 1, 2, 1, 0, 4, 3]
    assert made.locations(Decider.feature) == 3


def test_a_blackout_of_every_week_has_no_end() -> None:
    always = (Blackout("*", MONDAY, MONDAY + timedelta(weeks=60)),)
    assert grouped(ACTIVE, blackouts=always).of(0) == Cohort(Decider.blackout, 1)


def test_a_holiday_does_not_close_the_week() -> None:
    holiday = (Blackout("*", MONDAY, MONDAY),)
    assert grouped(ACTIVE, blackouts=holiday).of(0).decider is Decider.ready


def test_no_location_is_in_no_cohort() -> None:
    assert grouped().found == ()


def test_states_of_other_locations_are_refused() -> None:
    with pytest.raises(ImpossibleFigures, match="activities must have 2 rows, not 1"):
        grouped(ACTIVE, of={"requires": ["", ""]})


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 30), st.integers(0, 2**32))
def test_everyone_is_counted_once(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    made = grouped(
        *[State(code) for code in rng.integers(0, 3, n)],
        of={
            "requires": rng.choice(["", "loyalty", "booking", "gift cards;loyalty"], n).tolist(),
            "region": rng.choice(["west", "east", ""], n).tolist(),
            "migrated": (rng.random(n) < 0.2).tolist(),
            "escalated": (rng.random(n) < 0.2).tolist(),
        },
    )
    assert sum(cohort.locations for cohort in made.found) == n
    assert len(set(made.found)) == len(made.found)
    counted = np.bincount(made.row, minlength=len(made.found)).tolist()
    assert counted == [cohort.locations for cohort in made.found]
