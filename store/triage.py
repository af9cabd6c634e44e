"""How triage is set up, in versions; who stands in when; and of which weeks it was told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Text, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from rules.rota import Override
from rules.triage import Triage
from store.tables import DOCUMENT, Table, instant

NO_VERSION = 0
"""In place of a version's number: nobody has saved one."""


class TriageVersionRow(Table, table=True):
    """How triage was set up by somebody; the newest counts. `saved_at` is business time."""

    __tablename__ = "triage_versions"

    id: int | None = Field(default=None, primary_key=True)
    settings: dict[str, Any] = Field(sa_type=DOCUMENT)
    saved_by: str
    saved_at: datetime = instant()


class StandInRow(Table, table=True):
    """Somebody is on duty for a time, whoever's week it is; of two, the later one holds."""

    __tablename__ = "triage_stand_ins"

    id: int | None = Field(default=None, primary_key=True)
    person: str
    begins_at: datetime = instant()
    ends_at: datetime = instant()
    made_by: str


class TriageNoticeRow(Table, table=True):
    """What triage was told of once: a channel that was lost, a requester who left. Gone when it is over."""

    __tablename__ = "triage_notices"

    about: str = Field(primary_key=True)
    what: str


class Outcome(StrEnum):
    """What became of a week's summary."""

    told = "told"
    skipped = "skipped"


class TriageWeekRow(Table, table=True):
    """The week from a Monday on, summed up once, by whichever replica is first; or why it was not."""

    __tablename__ = "triage_weeks"

    week: date = Field(primary_key=True)
    outcome: Outcome = Field(sa_type=Text)
    why: str = ""


@dataclass(frozen=True, slots=True)
class SetUp:
    """How triage is set up now, and since which version."""

    version: int = NO_VERSION
    triage: Triage = field(default_factory=Triage)
    saved_by: str = ""


@dataclass(frozen=True, slots=True)
class StandIn:
    """An override of the rota, by its number."""

    id: int
    override: Override


def usable(kept: Mapping[str, Any]) -> Triage:
    """What was saved; what another Wavepost saved and this one cannot use has its default.

    Escalations have to be decided by somebody, and clocks have to run, whatever was saved.
    """
    try:
        return Triage.model_validate(kept)
    except ValidationError as error:
        wrong = {problem["loc"][0] for problem in error.errors() if problem["loc"]}
        fit = {name: value for name, value in kept.items() if name not in wrong}
        return usable(fit) if wrong else Triage(channel=kept.get("channel"))


NEWEST = text("SELECT * FROM triage_versions ORDER BY id DESC LIMIT 1")
ONE_AT_A_TIME = text("LOCK TABLE triage_versions IN SHARE ROW EXCLUSIVE MODE")
STAND_INS = text("""
    SELECT id, person, begins_at, ends_at FROM triage_stand_ins WHERE ends_at > :now ORDER BY id
""")
TAKE_BACK = text("""
    DELETE FROM triage_stand_ins WHERE id = :id RETURNING id, person, begins_at, ends_at
""")
CLAIM_WEEK = text("""
    INSERT INTO triage_weeks (week, outcome, why) VALUES (:week, :outcome, :why)
    ON CONFLICT DO NOTHING RETURNING week
""")
IS_CLOSED = text("SELECT EXISTS (SELECT FROM triage_weeks WHERE week = :week)")

CLAIM_NOTICE = text("""
    INSERT INTO triage_notices (about, what) VALUES (:about, :what)
    ON CONFLICT DO NOTHING RETURNING about
""")
FORGET_NOTICE = text("DELETE FROM triage_notices WHERE about = :about RETURNING about")


class TriageSettings:
    """Where escalations are decided, by whom, and in which time."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def now(self) -> SetUp:
        """What counts now: the newest version, or else the defaults."""
        row = (await self._connection.execute(NEWEST)).one_or_none()
        if row is None:
            return SetUp()
        return SetUp(row.id, usable(row.settings), row.saved_by)

    async def lock(self) -> None:
        """Wait until nobody else saves; held to the end of the transaction. Readers go on."""
        await self._connection.execute(ONE_AT_A_TIME)

    async def save(self, triage: Triage, *, by: str, at: datetime) -> int:
        """Keep a new version, which counts from now on; returns its number."""
        values = {"settings": triage.model_dump(mode="json"), "saved_by": by, "saved_at": at}
        added = insert(TriageVersionRow).values(values).returning(text("id"))
        version: int = (await self._connection.execute(added)).scalar_one()
        return version

    async def stand_ins(self, now: datetime) -> list[StandIn]:
        """Who stands in now or later, in the order in which it was said."""
        rows = await self._connection.execute(STAND_INS, {"now": now})
        return [StandIn(row.id, Override(row.person, row.begins_at, row.ends_at)) for row in rows]

    async def stand_in(self, override: Override, *, by: str) -> int:
        """Keep that somebody stands in; returns its number."""
        values = {
            "person": override.person,
            "begins_at": override.begins,
            "ends_at": override.ends,
            "made_by": by,
        }
        added = insert(StandInRow).values(values).returning(text("id"))
        number: int = (await self._connection.execute(added)).scalar_one()
        return number

    async def take_back(self, number: int) -> Override | None:
        """Forget that somebody stands in; what it was, None where it is gone already."""
        row = (await self._connection.execute(TAKE_BACK, {"id": number})).one_or_none()
        return Override(row.person, row.begins_at, row.ends_at) if row else None

    async def claim_week(self, week: date, outcome: Outcome, why: str = "") -> bool:
        """Whether it is ours to sum up a week; waits for whoever is at it."""
        values = {"week": week, "outcome": outcome, "why": why}
        return (await self._connection.execute(CLAIM_WEEK, values)).first() is not None

    async def is_closed(self, week: date) -> bool:
        """Whether a week was summed up, or it was decided not to."""
        found = await self._connection.execute(IS_CLOSED, {"week": week})
        return bool(found.scalar_one())

    async def claim_notice(self, about: str, what: str) -> bool:
        """Whether it is ours to tell this; waits for whoever is at it."""
        values = {"about": about, "what": what}
        return (await self._connection.execute(CLAIM_NOTICE, values)).first() is not None

    async def forget_notice(self, about: str) -> bool:
        """Note that it is over; False where nothing was told of it."""
        return (await self._connection.execute(FORGET_NOTICE, {"about": about})).first() is not None
