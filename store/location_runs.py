"""Locations in waves and their steps as they are read: plain values, for they are read by thousands.

A model of a table takes a quarter of a millisecond to make of a row, these a few millionths of a second.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from rules.location_life import Standing, State, Step, Taken, Who
from rules.wave_life import State as WaveState


@dataclass(frozen=True, slots=True)
class WaveLocation:
    """A row of `WaveLocationRow`: a location in the run of a wave, and where it stands."""

    week: date
    location_id: str
    customer_id: str
    csa_email: str | None
    state: State
    version: int
    attempt: int
    migrated_on: date | None
    failed_on: date | None
    cause_id: int | None
    lost_orders: bool
    looks: int
    look_on: date | None
    verdict: int | None
    why: int | None
    position: int = 0

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """The same as a query gives it, which names all columns."""
        return cls(**dict(row.items()) | {"state": State(row["state"])})

    def standing(self, last: Taken | None = None) -> Standing:
        """Where it stands after its `last` step."""
        return Standing(self.state, self.version, last)


@dataclass(frozen=True, slots=True)
class LocationStep:
    """A row of `LocationStepRow`: a step that a location took in a wave."""

    id: int
    week: date
    location_id: str
    version: int
    step: Step
    by: str
    who: Who
    at: datetime
    words: str
    wave_state: WaveState
    batch: UUID
    attempt: int
    details: dict[str, Any] | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """The same as a query gives it, which names all columns."""
        kinds = {
            "step": Step(row["step"]),
            "who": Who(row["who"]),
            "wave_state": WaveState(row["wave_state"]),
        }
        return cls(**dict(row.items()) | kinds)

    @property
    def taken(self) -> Taken:
        """The step as the rules take it."""
        return Taken(self.step, self.by, self.who, self.version, self.at, self.words)
