"""Marks as a sheet or a program says them: what becomes of each, as its location stands."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.location_life import State, Step
from rules.naming import fold, is_said


class Outcome(StrEnum):
    """How the move of a location went."""

    migrated = "migrated"
    failed = "failed"


@dataclass(frozen=True, slots=True)
class Mark:
    """How the move of a location went, as somebody says it.

    A failure has a `cause`; `remedy` is what was done about the failure, this one or the one before.
    `on` is the day of the move; None where it is today's.
    """

    location_id: str
    outcome: Outcome
    cause: str = ""
    remedy: str = ""
    lost_orders: bool = False
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Stands:
    """Where a location stands in the wave that it is in.

    `cause`, `remedy` and `failed_on` are those of its newest failure, of the try before where it is
    tried again.
    """

    state: State
    migrated_on: date | None = None
    failed_on: date | None = None
    cause: str = ""
    remedy: str = ""


class Trouble(StrEnum):
    """Why a mark cannot be taken as it is."""

    no_cause = "a failure without a cause"
    lost_without_failure = "orders lost without a failure"
    no_remedy = "it failed before, and nothing was done"
    other_cause = "it failed by another cause"
    other_day = "it was another day"


COLUMN = {
    Trouble.no_cause: "cause",
    Trouble.lost_without_failure: "lost_orders",
    Trouble.no_remedy: "remedy",
    Trouble.other_cause: "cause",
    Trouble.other_day: "on",
}
"""What would have to be written otherwise, as the sheet and the API call it."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a mark: the steps that its location takes, in turn; none where it is known.

    `is_remedy` says that it only adds what was done about a failure that is known.
    """

    steps: tuple[Step, ...] = ()
    is_remedy: bool = False
    trouble: Trouble | None = None

    @property
    def is_known(self) -> bool:
        """Whether it says nothing new."""
        return not (self.steps or self.is_remedy or self.trouble)

    @property
    def is_again(self) -> bool:
        """Whether the location failed before, and this tells more of it."""
        return self.is_remedy or Step.try_again in self.steps


KNOWN = Fate()


def trouble_in(mark: Mark) -> Trouble | None:
    """What is wrong with a mark by itself, wherever its location stands."""
    if mark.outcome is Outcome.failed and not is_said(mark.cause):
        return Trouble.no_cause
    # A row that told of a failure keeps its cause when it is mended, and what was lost then.
    if mark.outcome is Outcome.migrated and mark.lost_orders and not is_said(mark.cause):
        return Trouble.lost_without_failure
    return None


def fate(mark: Mark, stands: Stands | None) -> Fate:
    """What becomes of a mark; `stands` is None for a location that is in no wave that was started.

    The same marks twice change nothing, also when a try was begun anew in between: what was said of
    the failure before is no second failure, unless it is of a later day. Whether its location may
    take the steps is for its life to tell (`rules.location_life`).
    """
    if trouble := trouble_in(mark):
        return Fate(trouble=trouble)
    if stands is None:
        return _first(mark)
    if stands.state is State.failed:
        return _after_failure(mark, stands)
    if stands.state.is_moving:
        return KNOWN if _is_told(mark, stands) else _first(mark)
    if mark.outcome is Outcome.migrated and stands.state.is_on_new_system:
        is_other = mark.on is not None and mark.on != stands.migrated_on
        return Fate(trouble=Trouble.other_day) if is_other else KNOWN
    return _first(mark)


def _first(mark: Mark) -> Fate:
    return Fate((Step.migrate if mark.outcome is Outcome.migrated else Step.fail,))


def _is_told(mark: Mark, stands: Stands) -> bool:
    """Whether a mark of a location that is tried again tells of its failure before."""
    if mark.outcome is Outcome.migrated or fold(mark.cause) != fold(stands.cause):
        return False
    return mark.on is None or stands.failed_on is None or mark.on <= stands.failed_on


def _after_failure(mark: Mark, stands: Stands) -> Fate:
    if mark.outcome is Outcome.migrated:
        if not is_said(mark.remedy):
            return Fate(trouble=Trouble.no_remedy)
        return Fate((Step.try_again, Step.migrate))
    if fold(mark.cause) != fold(stands.cause):
        return Fate(trouble=Trouble.other_cause)
    is_new = is_said(mark.remedy) and fold(mark.remedy) != fold(stands.remedy)
    return Fate(is_remedy=is_new)
