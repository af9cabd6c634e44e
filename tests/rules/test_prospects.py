"""Prospects: a forecast from where the migration stands, in days of the calendar."""

from dataclasses import replace
from datetime import date, timedelta
from struct import unpack

import pytest

from rules.drawing import png
from rules.fan_chart import fan_chart
from rules.location_life import State as LocationState
from rules.outlook import Outlook
from rules.parameters import Parameters
from rules.progress import CLOSED, Progress, Wave, WithoutWeek
from rules.prospects import Prospects, assumptions, prospects, usual_rate
from rules.question import CHURNED
from rules.wave_life import State
from rules.went import Went

TODAY = date(2022, 1, 15)
MONDAY = date(2022, 1, 17)
WEEK = timedelta(weeks=1)
LARGEST = 200_000
"""Bytes of a picture that opens at once."""


def progress(*to_come: int, total: int = 100, closed: int = 0, back: int = 0) -> Progress:
    """So many planned in each week from now; waves that ended lie before."""
    ended = [(closed, CLOSED), (back, State.rolled_back)]
    past = [Wave(MONDAY - 9 * WEEK + at * WEEK, *each) for at, each in enumerate(ended) if each[0]]
    planned = [Wave(MONDAY + at * WEEK, size, "planned") for at, size in enumerate(to_come) if size]
    return Progress(total, (*past, *planned), ())


def ahead(stands: Progress, wanted: Outlook) -> Prospects:
    given = assumptions(stands, wanted, TODAY, Parameters())
    assert given
    return prospects(given)


def test_what_is_left_open_is_as_usual_and_as_the_plan_has_it() -> None:
    given = assumptions(progress(5, 0, 20), Outlook(), TODAY, Parameters())

    assert given
    assert (given.left, given.per_week, given.rate.success) == (100, (5, 0, 20), 0.8)
    assert given.plan_ends == MONDAY + 2 * WEEK


def test_who_counts_as_gone_is_not_left_to_move() -> None:
    gone = replace(progress(5, 20), without_week=(WithoutWeek(CHURNED, 75, TODAY),))
    given = assumptions(gone, Outlook(success=1.0), TODAY, Parameters())

    assert given
    assert (given.left, given.total) == (25, 25)
    assert prospects(given).finish_by(0.95) == given.plan_ends == MONDAY + WEEK


def test_every_try_that_was_told_of_counts_those_that_were_tried_again_too() -> None:
    went = Went({LocationState.migrated: 8, LocationState.rolled_back: 1}, failures=3)
    stands = Progress(100, (Wave(MONDAY - WEEK, 9, "checking", went),), ())
    rate = usual_rate(stands, Parameters())

    assert (rate.succeeded, rate.tried) == (8, 12)
    assert rate.success == pytest.approx((20 * 0.8 + 8) / 32)


def test_who_has_migrated_in_a_wave_that_began_early_is_not_to_come() -> None:
    went = Went({LocationState.migrated: 3, LocationState.planned: 2})
    stands = Progress(50, (Wave(MONDAY, 5, "running", went), Wave(MONDAY + WEEK, 7, "planned")), ())
    given = assumptions(stands, Outlook(), TODAY, Parameters())

    assert given
    assert (given.moved, given.left, given.per_week) == (3, 47, (2, 7))


def test_what_was_measured_is_weighed_with_the_usual_rate() -> None:
    rate = usual_rate(progress(closed=95, back=5), Parameters())

    assert (rate.succeeded, rate.tried) == (95, 100)
    assert rate.success == pytest.approx((20 * 0.8 + 95) / 120)


def test_without_a_wave_to_come_somebody_has_to_say_how_many_go() -> None:
    ended = progress(closed=40)

    assert assumptions(ended, Outlook(0.9), TODAY, Parameters()) is None
    given = assumptions(ended, Outlook(per_week=10), TODAY, Parameters())
    assert given
    assert (given.moved, given.left, given.per_week, given.plan_ends) == (40, 60, (10,), None)


def test_when_all_succeed_the_finish_is_exact_and_said_once() -> None:
    made = ahead(progress(40, 40, 40), Outlook(1.0))

    assert made.finishes == ((1.0, MONDAY + 2 * WEEK),)
    friday = MONDAY + 2 * WEEK + timedelta(days=4)
    assert (made.chance_by(friday), made.chance_by(friday - timedelta(days=1))) == (1, 0)
    assert [mark.moved[0] for mark in made.fan] == [0, 40, 80, 100]


def test_each_week_of_the_finish_is_named_once_with_the_most_that_is_sure() -> None:
    weeks = dict(ahead(progress(), Outlook(0.99, 500)).finishes)

    assert len(set(weeks.values())) == len(weeks)
    assert list(weeks)[-1] == 0.95
    late = ahead(progress(total=5_000), Outlook(0.8, 12))
    assert [week for _, week in late.finishes].count(None) == 1


def test_a_chance_grows_with_the_day_and_is_none_before_the_first_week() -> None:
    made = ahead(progress(10, 10, 10, 10), Outlook())
    chances = [made.chance_by(MONDAY + timedelta(days=days)) for days in range(-5, 700, 5)]

    assert chances == sorted(chances)
    assert chances[0] == 0
    assert chances[-1] == 1


@pytest.mark.parametrize(
    "wanted", [Outlook(), Outlook(1.0), Outlook(0.05, 1), Outlook(0.9, 10**6), Outlook(0.8, 3)]
)
def test_the_fan_is_drawn_from_what_has_moved_to_the_last_finish(wanted: Outlook) -> None:
    stands = progress(10, 30, 30, total=500, closed=100)
    made = ahead(stands, wanted)

    assert made.fan[0].moved == (100,) * 5
    assert made.fan[-1].week == (made.finish_by(0.95) or made.fan[-1].week)
    picture = png(fan_chart(made.fan, 500, made.finishes))
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = unpack(">II", picture[16:24])
    assert 1_000 < width < 1_600
    assert height < width
    assert len(picture) < LARGEST


def test_the_picture_says_every_finish_that_it_has_room_for() -> None:
    made = ahead(progress(10, 30, 30, total=500), Outlook())
    spec = str(fan_chart(made.fan, 500, made.finishes))

    assert "'95 %'" in spec
    assert "all 500" in spec
    assert "url" not in spec
