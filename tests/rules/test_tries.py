"""What steps of locations tell the brake, and what it makes of that."""

from uuid import UUID

from rules.brakes import Mark, brake
from rules.location_life import Step
from rules.tries import Told, marks

ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))


def told(step: Step, batch: UUID = ONE, location: str = "L1", attempt: int = 1) -> Told:
    return Told(location, "joes", step, attempt, batch)


def test_what_came_at_once_is_one_batch_and_the_rest_are_their_own() -> None:
    steps = [told(Step.migrate), told(Step.fail, location="L2"), told(Step.migrate, TWO, "L3")]
    assert marks(steps) == [
        [Mark("L1", "joes", failed=False), Mark("L2", "joes", failed=True)],
        [Mark("L3", "joes", failed=False)],
    ]


def test_a_check_that_fails_takes_the_place_of_the_success_and_a_mark_taken_back_is_no_try() -> (
    None
):
    reading = brake(marks([told(Step.migrate), told(Step.misses, TWO)]), locations=10)
    assert (reading.tried, reading.failed) == (1, 1)
    reading = brake(marks([told(Step.fail), told(Step.unmark, TWO)]), locations=10)
    assert (reading.tried, reading.failed) == (0, 0)


def test_a_failure_stays_one_when_the_location_is_mended_and_passes_then() -> None:
    steps = [
        told(Step.migrate),
        told(Step.misses, TWO),
        told(Step.check_anew, THREE),
        told(Step.passes, THREE),
    ]
    reading = brake(marks(steps), locations=10)
    assert (reading.tried, reading.failed) == (2, 1)
    again = [*steps, told(Step.unmark, ONE), told(Step.fail, ONE, attempt=1)]
    assert brake(marks(again), locations=10).tried == 2


def test_only_a_failure_loses_orders() -> None:
    step = Told("L1", "joes", Step.misses, 1, ONE, lost_orders=True)
    assert marks([step])[0][0].lost_orders
    later = Told("L1", "joes", Step.passes, 1, TWO, lost_orders=True)
    assert not marks([later])[0][0].lost_orders
