"""Tokens of the API: what a program shows to be let in; of each only a hash is kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, RowMapping, Text, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from rules.roles import Role
from store.tables import Table, instant
from store.tokens import hashed, new_token

PREFIX = "wavepost_"
"""So that a token that lies about somewhere is known for what it is."""
USED_EVERY = "interval '1 minute'"
"""A use right after another is not written again."""


class ApiTokenRow(Table, table=True):
    """A token that somebody gave to a program, by the name of the program, and the role it has."""

    __tablename__ = "api_tokens"
    __table_args__ = (
        Index(
            "api_tokens_good_index",
            "name",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str
    hash: bytes = Field(unique=True)
    role: Role = Field(sa_type=Text)
    made_by: str
    made_at: datetime = instant(now=True)
    used_at: datetime | None = instant(nullable=True)
    withdrawn_at: datetime | None = instant(nullable=True)


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token as it is listed. All times are the database's."""

    id: int
    name: str
    role: Role
    made_by: str
    made_at: datetime
    used_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def actor(self) -> str:
        """Who did what was done with it, as the audit and people read it."""
        return f"the program {self.name}"


COLUMNS = "id, name, role, made_by, made_at, used_at, withdrawn_at"
MAKE = text("""
    INSERT INTO api_tokens (name, hash, role, made_by) VALUES (:name, :hash, :role, :by)
    ON CONFLICT (name) WHERE withdrawn_at IS NULL DO NOTHING RETURNING id
""")
WHOSE = text(f"""
    SELECT {COLUMNS}, used_at IS NULL OR used_at < now() - {USED_EVERY} AS is_stale
    FROM api_tokens WHERE hash = :hash AND withdrawn_at IS NULL
""")
USE = text("UPDATE api_tokens SET used_at = now() WHERE id = :id")
ALL = text(f"SELECT {COLUMNS} FROM api_tokens ORDER BY withdrawn_at NULLS FIRST, name, id")
WITHDRAW = text("""
    UPDATE api_tokens SET withdrawn_at = now() WHERE name = :name AND withdrawn_at IS NULL
    RETURNING id
""")


class ApiTokens:
    """Who may ask the API, and as what."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def make(self, name: str, role: Role, *, by: str) -> str | None:
        """A new token, which is nowhere else; None where a program of this name has a good one."""
        token = f"{PREFIX}{new_token()}"
        values = {"name": name, "hash": hashed(token), "role": role, "by": by}
        return token if (await self._connection.execute(MAKE, values)).first() else None

    async def whose(self, token: str) -> ApiToken | None:
        """What a token is, and that it was used now; None where it is none, or was withdrawn."""
        row = (await self._connection.execute(WHOSE, {"hash": hashed(token)})).mappings().first()
        if row is None:
            return None
        if row["is_stale"]:
            await self._connection.execute(USE, {"id": row["id"]})
        return _token(row)

    async def all(self) -> list[ApiToken]:
        """All tokens that ever were, good ones first, by name."""
        return [_token(row) for row in (await self._connection.execute(ALL)).mappings()]

    async def withdraw(self, name: str) -> bool:
        """Let the token of a program open nothing any more; False where it has no good one."""
        return (await self._connection.execute(WITHDRAW, {"name": name})).first() is not None


def _token(row: RowMapping) -> ApiToken:
    told = {name: row[name] for name in COLUMNS.split(", ")}
    return ApiToken(**{**told, "role": Role(row["role"])})
