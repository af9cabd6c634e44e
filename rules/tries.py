"""What the steps of locations tell the brake: which of their tries work so far, and which failed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from rules.brakes import Mark
from rules.location_life import Step

WORKS = frozenset({Step.migrate, Step.passes, Step.look_again, Step.ask, Step.accept})
"""After these a try counts as one that works, as far as is known."""
FAILS = frozenset({Step.fail, Step.misses})
TELLING = WORKS | FAILS | {Step.unmark, Step.check_anew}
"""The steps that change what is known of a try."""


@dataclass(frozen=True, slots=True)
class Told:
    """A step of a location, as far as the brake hears of it; those of one `batch` came at once."""

    location: str
    customer: str
    step: Step
    attempt: int
    batch: UUID
    lost_orders: bool = False


def marks(steps: Iterable[Told]) -> list[list[Mark]]:
    """The marks of these steps, in their order, batch by batch.

    What was mended where it is and is checked anew is another try: that the one before failed stays.
    """
    mended = Counter[str]()
    batches: list[list[Mark]] = []
    for _, at_once in groupby(steps, lambda told: told.batch):
        batch: list[Mark] = []
        for told in at_once:
            if told.step is Step.check_anew:
                mended[told.location] += 1
            else:
                batch.append(_mark(told, told.attempt + mended[told.location]))
        if batch:
            batches.append(batch)
    return batches


def _mark(told: Told, attempt: int) -> Mark:
    return Mark(
        told.location,
        told.customer,
        failed=told.step in FAILS,
        attempt=attempt,
        lost_orders=told.lost_orders and told.step in FAILS,
        withdrawn=told.step is Step.unmark,
    )
