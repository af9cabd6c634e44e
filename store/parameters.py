"""The parameters of scores and plans, in versions: what was saved is never written over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Self

from pydantic import ValidationError
from sqlalchemy import Row, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from rules.parameters import Parameters
from store.advisory_locks import Lock
from store.tables import DOCUMENT, Table, instant

MOST_NAMED = 3


class UnreadableParameters(Exception):
    """A version was saved by another Wavepost, whose parameters this one cannot use; the words say so."""


class ParameterVersionRow(Table, table=True):
    """One set of parameters that somebody saved; the newest counts. `saved_at` is business time."""

    __tablename__ = "parameter_versions"

    id: int | None = Field(default=None, primary_key=True)
    parameters: dict[str, Any] = Field(sa_type=DOCUMENT)
    saved_by: str
    saved_at: datetime = instant()
    note: str | None = None


@dataclass(frozen=True)
class Version:
    """What somebody saved: `kept` as it is in the table, `parameters` as the rules take it."""

    id: int
    kept: dict[str, Any]
    saved_by: str
    saved_at: datetime
    note: str | None

    @cached_property
    def parameters(self) -> Parameters:
        """The parameters; one that is newer than this version has its default.

        Raises:
            UnreadableParameters: they cannot be used here.
        """
        try:
            return Parameters.model_validate(self.kept)
        except ValidationError as error:
            wrong = [".".join(map(str, problem["loc"])) for problem in error.errors()]
            raise UnreadableParameters(
                self._unreadable([name for name in wrong if name])
            ) from error

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The version that a row holds."""
        return cls(row.id, row.parameters, row.saved_by, row.saved_at, row.note)

    def _unreadable(self, wrong: list[str]) -> str:
        more = len(wrong) - MOST_NAMED
        named = ", ".join(wrong[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
        about = f" ({named})" if named else ""
        return (
            f"Version {self.id} of the parameters, saved on {self.saved_at:%d %b %Y}, was made by "
            f"another version of Wavepost and cannot be used by this one{about}. Nothing was "
            "changed, and its numbers are kept. Run the Wavepost that made it, or go back to the "
            "defaults: wavepost parameters reset."
        )


def readable(kept: Mapping[str, Any]) -> Parameters | None:
    """What was kept, long ago perhaps; None where this Wavepost cannot read it any more."""
    try:
        return Parameters.model_validate(kept)
    except ValidationError:
        return None


def usable(kept: Mapping[str, Any] | None) -> Parameters:
    """What was saved; the defaults where nothing was, or it cannot be used: a date is told anyhow."""
    return readable(kept or {}) or Parameters()


NEWEST = text("SELECT * FROM parameter_versions ORDER BY id DESC LIMIT 1")
ONE = text("SELECT * FROM parameter_versions WHERE id = :id")
PAGE = text("""
    SELECT *, count(*) OVER () AS total FROM parameter_versions
    ORDER BY id DESC LIMIT :most OFFSET :skip
""")
ONE_AT_A_TIME = text(f"SELECT pg_advisory_xact_lock({Lock.saving_parameters:d})")


class ParameterVersions:
    """Which parameters count, and which did before."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def current(self) -> Parameters:
        """The parameters that count now: the newest saved, or else the defaults.

        Raises:
            UnreadableParameters: the newest were saved by another Wavepost and cannot be used.
        """
        newest = await self.newest()
        return newest.parameters if newest else Parameters()

    async def newest(self) -> Version | None:
        """The newest version; None where nobody ever saved one."""
        row = (await self._connection.execute(NEWEST)).one_or_none()
        return Version.of(row) if row else None

    async def get(self, version: int) -> Version | None:
        """The version with this number."""
        row = (await self._connection.execute(ONE, {"id": version})).one_or_none()
        return Version.of(row) if row else None

    async def page(self, *, skip: int, most: int) -> tuple[list[Version], int]:
        """Versions, the newest first; and how many there are."""
        rows = (await self._connection.execute(PAGE, {"skip": skip, "most": most})).all()
        return [Version.of(row) for row in rows], rows[0].total if rows else 0

    async def lock(self) -> None:
        """Wait until nobody else saves; held to the end of the transaction. Readers go on."""
        await self._connection.execute(ONE_AT_A_TIME)

    async def save(self, parameters: Parameters, *, by: str, at: datetime, note: str) -> int:
        """Keep a new version, which counts from now on; returns its number."""
        values = {
            "parameters": parameters.model_dump(),
            "saved_by": by,
            "saved_at": at,
            "note": note or None,
        }
        added = insert(ParameterVersionRow).values(values).returning(text("id"))
        version: int = (await self._connection.execute(added)).scalar_one()
        return version
