"""Where the migration is in its process: stages in order, and how much of each is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rules.progress import Progress
from rules.wave_life import FINAL


class Stage(StrEnum):
    """What happens to every location, from the sheet that names it to the end of its wave."""

    imported = "imported"
    scored = "scored"
    planned = "planned"
    published = "published"
    moved = "moved"
    checked = "checked"
    closed = "closed"  # counted in waves; the others in locations


class Reached(StrEnum):
    """How far a stage is."""

    to_come = "to come"
    under_way = "under way"
    done = "done"


@dataclass(frozen=True, slots=True)
class Step:
    """A stage, and how many of how many have been through it."""

    stage: Stage
    done: int
    of: int

    @property
    def reached(self) -> Reached:
        """How far it is."""
        if not self.done:
            return Reached.to_come
        return Reached.done if self.done >= self.of else Reached.under_way


@dataclass(frozen=True, slots=True)
class Planned:
    """How many locations the newest plan, be it a draft, gives a week, and how many it does not."""

    placed: int = 0
    unplaced: int = 0


def steps(progress: Progress, *, scored: int, planned: Planned) -> tuple[Step, ...]:
    """All stages in order; `scored` are the locations of the newest scoring."""
    passed = progress.went.passed if progress.went else 0
    over = sum(wave.state in FINAL for wave in progress.waves)
    return (
        Step(Stage.imported, progress.total, progress.total),
        Step(Stage.scored, min(scored, progress.total), progress.total),
        Step(Stage.planned, planned.placed, planned.placed + planned.unplaced),
        Step(Stage.published, progress.dated, max(progress.dated, progress.to_move)),
        Step(Stage.moved, progress.moved, max(progress.moved, progress.to_move)),
        Step(Stage.checked, passed, progress.moved),
        Step(Stage.closed, over, len(progress.waves)),
    )


def newest(stages: Sequence[Step]) -> Stage | None:
    """The last stage that anything has come to; None before the first sheet."""
    return next((step.stage for step in reversed(stages) if step.done), None)
