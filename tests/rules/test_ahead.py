"""Who goes before whom in a plan, and what one has more of than the other."""

from datetime import date

import pytest

from rules.ahead import Mean, Order, Strength, order_of, place_of, strength
from rules.priority import Priority
from rules.waves import plan
from tests.rules.problems import problem


def points(
    score: float = 50.0,
    benefit: float = 20.0,
    health: float = 10.0,
    volume: float = 20.0,
    bump: float = 0.0,
    factor: float = 1.0,
    floor: float | None = None,
) -> Priority:
    return Priority(score, benefit, health, volume, bump, factor, floor, is_complete=True)


def mean(*priorities: Priority) -> Mean:
    found = Mean.of(priorities)
    assert found
    return found


def test_a_place_is_read_from_the_plan_with_all_its_weeks() -> None:
    asked = problem([10, 25], weight=[2.0, 1.0])
    made = plan(asked)
    assert place_of(asked, made, 0).weeks == ((0, 10),)
    large = place_of(asked, made, 1)
    assert [count for _, count in large.weeks] == [10, 10, 5]
    assert (large.first, large.size, large.weight) == (1, 25, 1.0)


def test_who_has_a_week_goes_before_who_has_none() -> None:
    asked = problem([10, 10, 10, 10, 10, 10], weight=[6.0, 5.0, 4.0, 3.0, 2.0, 1.0])
    made = plan(asked)
    places = [place_of(asked, made, row) for row in range(6)]
    assert [place.first for place in places] == [0, 1, 2, 3, None, None]


def test_who_has_an_earlier_week_goes_first_and_who_has_none_last() -> None:
    first, second = date(2022, 1, 17), date(2022, 1, 24)
    assert order_of(first, second) is Order.first
    assert order_of(second, first) is Order.second
    assert order_of(first, None) is Order.first
    assert order_of(None, first) is Order.second
    assert order_of(None, None) is Order.neither
    assert order_of(first, first) is Order.same_week


@pytest.mark.parametrize(
    ("stronger", "weaker", "told"),
    [
        (points(benefit=30), points(), Strength.benefit),
        (points(health=30, benefit=25), points(), Strength.health),
        (points(volume=30), points(), Strength.volume),
        (points(bump=15, benefit=30), points(), Strength.bump),
        (points(floor=80.0), points(benefit=30), Strength.floor),
        (points(benefit=20.3), points(), None),
        (points(), points(benefit=30), None),
    ],
)
def test_what_one_has_more_of_is_told_by_the_part_that_is_most_ahead(
    stronger: Priority, weaker: Priority, told: Strength | None
) -> None:
    assert strength(mean(stronger), mean(weaker)) is told


def test_the_mean_of_several_counts_the_inactive_and_the_lifted() -> None:
    both = mean(points(score=80, floor=80.0), points(score=10, factor=0.25, benefit=40))
    assert (both.locations, both.score, both.benefit) == (2, 45.0, 30.0)
    assert (both.inactive, both.floored, both.floor) == (1, 1, 80.0)
    assert Mean.of([]) is None
