"""The tables of running a wave: where it stands, its locations, and every step of both."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKeyConstraint,
    Identity,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from rules import location_life, wave_life
from rules.life import FIRST_VERSION
from store.tables import DOCUMENT, Table, instant

IN_A_RUN = text("state <> 'back in the plan'")
"""Whoever is not back in the plan is in the run of one wave, and of no other."""


class WaveRow(Table, table=True):
    """The locations of one week, and where their wave stands. Its times are business time.

    `likeness` is how alike locations of one customer fail, as `likeness_tries` past tries told when it
    started. Steps of locations with an id above `counted_from` count for the brake: those since the
    start, or since an approver let the wave go on. `brake` is what the brake said last, for showing.
    """

    __tablename__ = "waves"

    week: date = Field(primary_key=True)
    state: wave_life.State = Field(default=wave_life.State.planned, sa_type=Text)
    version: int = Field(default=FIRST_VERSION, sa_column_kwargs={"server_default": "1"})
    started_at: datetime | None = instant(nullable=True)
    likeness: float | None = None
    likeness_tries: int | None = None
    counted_from: int | None = Field(default=None, sa_type=BigInteger)
    brake: dict[str, Any] | None = Field(default=None, sa_type=DOCUMENT)

    def standing(self, last: wave_life.Taken | None = None) -> wave_life.Standing:
        """Where it stands after its `last` step."""
        return wave_life.Standing(wave_life.State(self.state), self.version, last)


class WaveStepRow(Table, table=True):
    """A step that was taken at a `version`; all of them replay to where the wave stands."""

    __tablename__ = "wave_steps"

    week: date = Field(primary_key=True, foreign_key="waves.week")
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    step: wave_life.Step = Field(sa_type=Text)
    by: str
    who: wave_life.Who = Field(sa_type=Text)
    at: datetime = instant()
    words: str = ""
    to: str | None = None
    details: dict[str, Any] | None = Field(default=None, sa_type=DOCUMENT)

    @property
    def taken(self) -> wave_life.Taken:
        """The step as the rules take it."""
        return wave_life.Taken(
            wave_life.Step(self.step),
            self.by,
            wave_life.Who(self.who),
            self.version,
            self.at,
            self.words,
            self.to,
        )


class WaveLocationRow(Table, table=True):
    """A location in the run of a wave, from its start on, and where it stands.

    Its customer and CSA are those of the start. `attempt` counts its tries. `looks` were judged so
    far, the next is due on `look_on`; `verdict` and `why` are those of the last one (`rules.verdicts`).
    """

    __tablename__ = "wave_locations"
    __table_args__ = (
        Index(
            "wave_locations_in_a_run_index", "location_id", unique=True, postgresql_where=IN_A_RUN
        ),
        Index(None, "csa_email", "week"),
        Index(None, "week", "state"),
        Index(
            "wave_locations_look_on_index",
            "look_on",
            postgresql_where=text("look_on IS NOT NULL"),
        ),
    )

    week: date = Field(primary_key=True, foreign_key="waves.week")
    location_id: str = Field(primary_key=True)
    customer_id: str = Field(index=True)
    csa_email: str | None = None
    state: location_life.State = Field(default=location_life.State.planned, sa_type=Text)
    version: int = FIRST_VERSION
    attempt: int = Field(default=1, sa_type=SmallInteger)
    migrated_on: date | None = None
    failed_on: date | None = None
    cause_id: int | None = Field(default=None, foreign_key="causes.id")
    lost_orders: bool = False
    looks: int = Field(default=0, sa_type=SmallInteger)
    look_on: date | None = None
    verdict: int | None = Field(default=None, sa_type=SmallInteger)
    why: int | None = Field(default=None, sa_type=SmallInteger)
    position: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Its place in a list by name, as names were at the wave's start."""


class LocationStepRow(Table, table=True):
    """A step of a location, in a wave that was in `wave_state` then; they replay to where it stands.

    Those of one `batch` were taken at once: a sheet, say. `attempt` is the try that the step is about.
    """

    __tablename__ = "location_steps"
    __table_args__ = (
        UniqueConstraint("week", "location_id", "version"),
        ForeignKeyConstraint(
            ["week", "location_id"], ["wave_locations.week", "wave_locations.location_id"]
        ),
    )

    id: int | None = Field(
        default=None, primary_key=True, sa_type=BigInteger, sa_column_args=(Identity(always=True),)
    )
    week: date
    location_id: str = Field(index=True)
    version: int
    step: location_life.Step = Field(sa_type=Text)
    by: str
    who: location_life.Who = Field(sa_type=Text)
    at: datetime = instant()
    words: str = ""
    wave_state: wave_life.State = Field(sa_type=Text)
    batch: UUID
    attempt: int = Field(sa_type=SmallInteger)
    details: dict[str, Any] | None = Field(default=None, sa_type=DOCUMENT)
