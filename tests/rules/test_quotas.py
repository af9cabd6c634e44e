"""Bumps and quotas: what is given is limited, counted in its month and over after its due day."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.parameters import Parameters
from rules.priority import Circumstances
from rules.quotas import Bump, ImpossibleBump, Quota, Quotas, bump, by_csa, in_force, quota

BUDGET = settings(max_examples=100, deadline=None)
TODAY = date(2022, 1, 15)
JANUARY = date(2022, 1, 1)
days = st.integers(-70, 70).map(lambda ahead: TODAY + timedelta(days=ahead))
any_bump = st.builds(
    lambda csa, points, given_on, lasts: bump(
        csa, points, given_on=given_on, due=given_on + timedelta(days=lasts)
    ),
    st.sampled_from(["ana", "ben"]),
    st.integers(1, 25),
    days,
    st.integers(0, 40),
)


def given_to(csa: str, given_on: date, *, points: float = 10, lasts: int = 14) -> Bump:
    return bump(csa, points, given_on=given_on, due=given_on + timedelta(days=lasts))


def test_a_bump_counts_to_the_end_of_its_due_day() -> None:
    due = TODAY + timedelta(days=3)
    given = bump("ana", 25, given_on=TODAY, due=due)
    assert given.counts(TODAY)
    assert given.counts(due)
    assert not given.counts(due + timedelta(days=1))
    assert not given.counts(TODAY - timedelta(days=1))


@pytest.mark.parametrize("points", [0, -1, 25.1, float("nan"), float("inf")])
def test_a_bump_has_at_most_25_points(points: float) -> None:
    with pytest.raises(ImpossibleBump, match="more than 0 and at most 25 points"):
        bump("ana", points, given_on=TODAY, due=TODAY)


def test_the_most_points_are_a_parameter() -> None:
    fewer = Parameters.model_validate({"priority": {"most_bump": 5}})
    with pytest.raises(ImpossibleBump, match="at most 5 points, not 6"):
        bump("ana", 6, given_on=TODAY, due=TODAY, parameters=fewer)


def test_a_bump_that_is_over_is_not_given() -> None:
    with pytest.raises(ImpossibleBump, match="The due day, 2022-01-14, is over on 2022-01-15"):
        bump("ana", 10, given_on=TODAY, due=date(2022, 1, 14))


def test_a_quota_is_of_a_csa_and_a_month() -> None:
    given = [
        given_to("ana", date(2022, 1, 1)),
        given_to("ana", date(2022, 1, 31)),
        given_to("ana", date(2022, 2, 1)),
        given_to("ana", date(2021, 1, 15)),
        given_to("ben", TODAY),
    ]
    assert quota("ana", given, TODAY) == Quota("ana", JANUARY, used=2, allowed=4)
    assert quota("cleo", given, TODAY) == Quota("cleo", JANUARY, used=0, allowed=4)
    assert [each.csa for each in by_csa(given, TODAY)] == ["ana", "ben"]


def test_one_more_than_the_quota_is_said_to_be_over() -> None:
    two = Quotas(bumps_a_month=2)
    given = [given_to("ana", TODAY)] * 2
    full = quota("ana", given, TODAY, two)
    assert (full.left, full.over) == (0, 0)
    assert full.with_one_more().over == 1
    assert quota("ana", given, TODAY, Quotas(bumps_a_month=0)).over == 2
    assert quota("ana", given[:1], TODAY, two).left == 1


def test_two_escalations_of_a_customer_do_not_add_up() -> None:
    small, large = given_to("ana", TODAY, points=5, lasts=30), given_to("ana", TODAY, points=20)
    assert in_force([small, large], TODAY) == large
    assert in_force([small, large], TODAY + timedelta(days=20)) == small
    longer = given_to("ana", TODAY, points=20, lasts=15)
    assert in_force([longer, large], TODAY) == longer
    assert in_force([], TODAY) is None


@BUDGET
@given(st.lists(any_bump, max_size=6), days)
def test_the_priority_counts_a_bump_on_the_same_days(bumps: list[Bump], today: date) -> None:
    """Rows as they are kept: each bump from the day it was given on."""
    kept = pl.DataFrame(
        {
            "bump": [each.points for each in bumps],
            "bump_until": [each.until for each in bumps],
            "given_on": [each.given_on for each in bumps],
        },
        schema={"bump": pl.Float64, "bump_until": pl.Date, "given_on": pl.Date},
    ).filter(pl.col("given_on") <= today)
    lifted = Circumstances.of(kept, today=today).bump

    best = in_force(bumps, today)
    assert max(lifted, default=0.0) == (best.points if best else 0.0)
    assert 0 <= max(lifted, default=0.0) <= Parameters().priority.most_bump


@BUDGET
@given(st.lists(any_bump, max_size=12), days, st.integers(0, 4))
def test_every_bump_is_counted_once(bumps: list[Bump], day: date, allowed: int) -> None:
    quotas = Quotas(bumps_a_month=allowed)
    month = [
        each for each in bumps if (each.given_on.year, each.given_on.month) == (day.year, day.month)
    ]
    uses = by_csa(bumps, day, quotas)

    assert sum(each.used for each in uses) == len(month)
    assert uses == sorted(uses, key=lambda each: -each.used)
    for each in uses:
        assert each == quota(each.csa, bumps, day, quotas)
        assert each.left - each.over == allowed - each.used
        assert 0 in (each.left, each.over)
        assert each.with_one_more() == quota(
            each.csa, [*bumps, given_to(each.csa, day)], day, quotas
        )
