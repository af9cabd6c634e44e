"""Where the migration is: each stage counted, from the first sheet to the last wave."""

from datetime import date, timedelta

from rules.location_life import State as LocationState
from rules.progress import Progress, Wave
from rules.stages import Planned, Reached, Stage, newest, steps
from rules.wave_life import State
from rules.went import Went

MONDAY = date(2022, 1, 10)
NOTHING = Progress(0, (), ())


def reached(
    progress: Progress, scored: int = 0, planned: Planned | None = None
) -> dict[Stage, Reached]:
    found = steps(progress, scored=scored, planned=planned or Planned())
    return {step.stage: step.reached for step in found}


def test_before_the_first_sheet_everything_is_to_come() -> None:
    assert set(reached(NOTHING).values()) == {Reached.to_come}
    assert newest(steps(NOTHING, scored=0, planned=Planned())) is None


def test_a_draft_is_planned_and_not_published() -> None:
    imported = Progress(100, (), ())

    found = steps(imported, scored=100, planned=Planned(90, 10))

    assert [step.stage for step in found] == list(Stage)
    assert newest(found) is Stage.planned
    assert reached(imported, 100, Planned(90, 10))[Stage.planned] is Reached.under_way
    assert reached(imported, 100, Planned(100))[Stage.planned] is Reached.done


def test_waves_checks_and_their_ends_are_under_way_at_once() -> None:
    went = Went({LocationState.passed: 30, LocationState.migrated: 10, LocationState.failed: 5})
    waves = (
        Wave(MONDAY - timedelta(weeks=1), 20, State.closed),
        Wave(MONDAY, 45, State.running, went),
        Wave(MONDAY + timedelta(weeks=1), 35, State.planned),
    )
    progress = Progress(100, waves, ())

    found = {step.stage: step for step in steps(progress, scored=100, planned=Planned(100))}

    assert (found[Stage.published].done, found[Stage.published].reached) == (100, Reached.done)
    assert (found[Stage.moved].done, found[Stage.moved].of) == (progress.moved, 100)
    assert (found[Stage.checked].done, found[Stage.checked].of) == (30, progress.moved)
    assert (found[Stage.closed].done, found[Stage.closed].of) == (1, 3)
    assert {found[each].reached for each in (Stage.moved, Stage.checked, Stage.closed)} == {
        Reached.under_way
    }


def test_what_came_after_the_scoring_is_not_scored() -> None:
    assert reached(Progress(100, (), ()), scored=90)[Stage.scored] is Reached.under_way
    assert reached(Progress(100, (), ()), scored=120)[Stage.scored] is Reached.done
