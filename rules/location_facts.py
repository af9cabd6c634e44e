"""What is known of a location in its wave besides its state, and what each step changes of it."""

from dataclasses import dataclass, replace
from datetime import date

from rules.location_life import State, Step

FIRST_ATTEMPT = 1


@dataclass(frozen=True, slots=True)
class Facts:
    """A location's tries, and what its checks said.

    `failed_on` and `cause` are of the last try that failed, whatever became of the location since.
    `looks` were judged since it moved, the next is due on `look_on`; `verdict` and `why` are those of
    the last one (`rules.verdicts`).
    """

    attempt: int = FIRST_ATTEMPT
    migrated_on: date | None = None
    failed_on: date | None = None
    cause: int | None = None
    lost_orders: bool = False
    looks: int = 0
    look_on: date | None = None
    verdict: int | None = None
    why: int | None = None


def after(  # noqa: PLR0911 - one for each kind of step
    facts: Facts,
    was: State,
    step: Step,
    on: date,
    *,
    cause: int | None = None,
    lost_orders: bool = False,
) -> Facts:
    """What is known after a step that was taken from a state, about something that happened on a day.

    What checks say is noted beside it, so `passes`, `look_again` and `ask` change nothing here.
    """
    match step:
        case Step.migrate:
            return replace(_unjudged(facts), migrated_on=on, lost_orders=lost_orders)
        case Step.fail:
            return replace(facts, failed_on=on, cause=cause, lost_orders=lost_orders)
        case Step.try_again:
            return replace(facts, attempt=facts.attempt + 1, lost_orders=False)
        case Step.unmark if was is State.failed:
            return replace(facts, failed_on=None, cause=None, lost_orders=False)
        case Step.unmark:
            return replace(_unjudged(facts), migrated_on=None, lost_orders=False)
        case Step.misses:
            return replace(facts, lost_orders=facts.lost_orders or lost_orders)
        case Step.check_anew:
            return replace(_unjudged(facts), lost_orders=False)
        case Step.accept | Step.roll_back | Step.end | Step.give_back:
            return replace(facts, look_on=None)
    return facts


def _unjudged(facts: Facts) -> Facts:
    return replace(facts, looks=0, look_on=None, verdict=None, why=None)
