"""What happens to waves and their locations, as values: what is asked, what was taken, what was not."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from handlers.blocks import Words
from rules.location_life import State as LocationState
from rules.location_life import Step, Who
from rules.mark_hindrances import Hindrance
from rules.wave_life import State, Taken
from store.jobs import Json
from store.location_runs import WaveLocation
from store.session import Transaction
from store.wave_rows import WaveRow

WAVEPOST = "Wavepost"
"""Who takes the steps of the clock, the brake and the checks."""


@dataclass(frozen=True, slots=True)
class WaveTurn:
    """A wave after a step, and the state that it was in before."""

    wave: WaveRow
    was: State
    taken: Taken
    details: Json | None = None

    @property
    def week(self) -> date:
        """The Monday of the wave."""
        return self.wave.week


@dataclass(frozen=True, slots=True)
class Wish:
    """A step that somebody wants to take with a location.

    `cause` is the id of a cause in the catalogue; a failure without one is told by `words`, which name
    a cause or are a new one. `version` is that of the location which was seen, None: whatever it is.
    `on` is the day on which it happened, None: today. `noted` are further columns of the location's row
    (looks, look_on, verdict, why), `details` further facts kept with the step.
    """

    location_id: str
    step: Step
    words: str = ""
    cause: int | None = None
    lost_orders: bool = False
    version: int | None = None
    on: date | None = None
    details: Json | None = None
    noted: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """A step that a location took: its row after it, and the state that it was in before.

    `words` are the cause of a failure, the remedy of a new try, or why; `on` is the day on which it
    happened. `details` are kept with the step.
    """

    row: WaveLocation
    was: LocationState
    step: Step
    words: str
    on: date
    lost_orders: bool = False
    details: Json | None = None

    @property
    def location_id(self) -> str:
        """Which location."""
        return self.row.location_id

    @property
    def now(self) -> LocationState:
        """Where it stands now."""
        return self.row.state


@dataclass(frozen=True, slots=True)
class Batch:
    """Steps that locations of a wave took at once, by location id; `wave` is as it is now."""

    id: UUID
    wave: WaveRow
    by: str
    who: Who
    at: datetime
    lines: tuple[Line, ...]

    @property
    def week(self) -> date:
        """The Monday of the wave."""
        return self.wave.week


@dataclass(frozen=True, slots=True)
class Refusal:
    """A step that a location could not take, with the words for it; nothing of it was changed."""

    location_id: str
    hindrance: Hindrance
    marked: Words
    written: Words

    @property
    def is_nothing_new(self) -> bool:
        """Whether the location stands where it was asked for already."""
        return self.hindrance is Hindrance.done

    @property
    def words(self) -> str:
        """Why not, and what is possible instead: mrkdwn."""
        return self.marked["refused"]

    @property
    def plain(self) -> str:
        """The same where nothing is marked up."""
        return self.written.plain("refused")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of wishes: steps that were taken, and those that were not, by location id."""

    taken: tuple[Line, ...]
    refused: tuple[Refusal, ...]


def subject(week: date) -> str:
    """What the audit calls a wave."""
    return f"wave {week.isoformat()}"


WaveFollowUp: TypeAlias = Callable[[Transaction, WaveTurn], Awaitable[Taken | None]]
"""What follows from a step of a wave; a step that it gives is taken at once, in the same transaction."""

BatchFollowUp: TypeAlias = Callable[[Transaction, Batch], Awaitable[Taken | None]]
"""What follows from steps of locations; a step of the wave that it gives is taken at once."""
