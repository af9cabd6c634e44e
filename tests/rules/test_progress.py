"""How far the migration is: what is counted, and the way it goes week by week."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rules.location_life import State
from rules.progress import CLOSED, Mark, Progress, Waiting, Wave, WithoutWeek
from rules.went import Went

FIRST = date(2022, 1, 17)
WEEK = timedelta(weeks=1)
PLAN = date(2022, 1, 12)


def waves(*counted: tuple[int, str]) -> tuple[Wave, ...]:
    return tuple(Wave(FIRST + WEEK * at, *each) for at, each in enumerate(counted))


def test_what_has_moved_is_what_is_closed() -> None:
    progress = Progress(100, waves((10, CLOSED), (20, "running"), (30, "planned")), ())

    assert (progress.moved, progress.dated, progress.undated) == (10, 60, 40)
    assert progress.due(FIRST) == 0
    assert progress.due(FIRST + WEEK - timedelta(days=1)) == 0
    assert progress.due(FIRST + WEEK) == 10
    assert progress.due(FIRST + WEEK * 2) == 30
    assert progress.half == FIRST + WEEK


def test_the_way_begins_at_nothing_and_what_moved_ends_with_the_last_wave_that_is_over() -> None:
    progress = Progress(100, waves((10, CLOSED), (20, "paused"), (5, CLOSED), (30, "planned")), ())

    assert progress.marks == [
        Mark(FIRST - WEEK, 0, 0),
        Mark(FIRST, 10, 10),
        Mark(FIRST + WEEK, 30, 10),
        Mark(FIRST + WEEK * 2, 35, 15),
        Mark(FIRST + WEEK * 3, 65, None),
    ]


def test_of_a_wave_that_was_started_those_count_who_migrated_and_not_the_calendar() -> None:
    running = Wave(
        FIRST, 10, "running", Went({State.migrated: 4, State.failed: 1, State.planned: 5})
    )
    closed = Wave(FIRST - WEEK, 3, "closed", Went({State.passed: 2, State.returned: 1}, failures=1))
    progress = Progress(20, (closed, running, Wave(FIRST + WEEK, 5, "planned")), ())

    assert progress.moved == 2 + 4
    assert [mark.moved for mark in progress.marks] == [0, 2, 6, None]
    assert progress.went
    assert (progress.went.failed, progress.went.to_move, progress.went.judged) == (1, 5, 2)


def test_without_a_plan_there_is_no_way() -> None:
    assert Progress(100, (), ()).marks == []
    assert Progress(100, (), ()).half is None
    assert Progress(100, (), ()).next_after(FIRST) is None


def test_who_waits_for_two_features_is_counted_with_both() -> None:
    later = PLAN + WEEK
    without = (
        WithoutWeek("waiting for feature gift cards, loyalty", 3, later),
        WithoutWeek("waiting for feature loyalty", 4, PLAN),
        WithoutWeek("capacity of the CSA", 5, PLAN),
    )
    progress = Progress(12, (), without)

    assert progress.waiting == [Waiting("loyalty", 7, PLAN), Waiting("gift cards", 3, later)]
    assert progress.without_room == 5


def test_the_next_wave_is_not_this_weeks_even_over_a_week_without_one() -> None:
    first, third = Wave(FIRST, 1, "running"), Wave(FIRST + WEEK * 2, 2, "planned")
    progress = Progress(3, (first, third), ())

    assert progress.of_week(FIRST) == first
    assert progress.of_week(FIRST + WEEK) is None
    assert progress.next_after(FIRST) == third
    assert progress.next_after(FIRST + WEEK) == third


@given(st.lists(st.tuples(st.integers(1, 500), st.sampled_from([CLOSED, "planned"]))))
def test_the_way_never_goes_down_and_ends_at_all_that_have_a_date(
    counted: list[tuple[int, str]],
) -> None:
    progress = Progress(10**6, waves(*counted), ())
    planned = [mark.planned for mark in progress.marks]
    moved = [mark.moved for mark in progress.marks if mark.moved is not None]

    assert planned == sorted(planned)
    assert moved == sorted(moved)
    assert (planned or [0])[-1] == progress.dated
    assert (moved or [0])[-1] == progress.moved
