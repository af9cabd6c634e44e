"""How earlier waves went: last week's always, an older one only while somebody is still to move."""

from datetime import date, timedelta

from rules.announced import Past
from rules.location_life import State
from rules.past_waves import MOST_TOLD, past_waves
from rules.progress import Progress, Wave
from rules.wave_life import State as WaveState
from rules.went import Went

MONDAY = date(2022, 1, 17)
WEEK = timedelta(weeks=1)
LAST_WEEK = MONDAY - WEEK


def past(*waves: Wave) -> tuple[Past, ...]:
    return past_waves(Progress(100, waves, ()), MONDAY)


def wave(week: date, state: WaveState = WaveState.running, **standing: int) -> Wave:
    """A wave that was started, with so many locations in each state."""
    went = Went({State[name]: count for name, count in standing.items()}, failures=7)
    return Wave(week, went.locations, state, went)


def test_last_week_is_told_with_everybody_who_was_in_it_once() -> None:
    last = wave(
        LAST_WEEK,
        migrated=70,
        passed=5,
        failed=1,
        planned=14,
        migrating=1,
        returned=2,
        rolled_back=3,
    )
    (told,) = past(last, wave(MONDAY, planned=9))
    assert told == Past(LAST_WEEK, 96, moved=75, failed=1, to_move=15, back=3, returned=2)
    assert told.locations == sum((told.moved, told.failed, told.to_move, told.back, told.returned))


def test_an_older_wave_is_told_while_somebody_in_it_is_still_to_move() -> None:
    open_one, done = wave(MONDAY - 3 * WEEK, planned=1), wave(MONDAY - 2 * WEEK, passed=9)
    assert [each.week for each in past(open_one, done)] == [MONDAY - 3 * WEEK]
    many = [wave(MONDAY - at * WEEK, planned=1) for at in range(9, 0, -1)]
    assert [each.week for each in past(*many)] == [MONDAY - at * WEEK for at in (3, 2, 1)]
    assert MOST_TOLD == 3


def test_a_wave_that_nobody_started_is_told_as_such_and_a_closed_one_as_moved() -> None:
    assert past(Wave(LAST_WEEK, 9, WaveState.announced)) == (Past(LAST_WEEK, 9, was_started=False),)
    assert past(Wave(LAST_WEEK, 9, WaveState.closed)) == (Past(LAST_WEEK, 9, moved=9),)


def test_without_anybody_in_scope_last_week_is_not_told() -> None:
    assert past(wave(MONDAY, planned=9)) == ()
    assert past(wave(LAST_WEEK)) == ()
