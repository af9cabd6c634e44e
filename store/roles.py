"""Roles that were given: to a person, or to all members of a Slack user group."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Text, TextClause, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field, col

from rules.roles import IMPLIED, Role
from store.tables import Table, instant


class RoleRow(Table, table=True):
    """A role that somebody gave to a person or to a user group; the holder's id is Slack's."""

    __tablename__ = "roles"

    holder_id: str = Field(primary_key=True)
    role: Role = Field(primary_key=True, sa_type=Text)
    given_by: str
    given_at: datetime = instant(now=True)


@dataclass(frozen=True, slots=True)
class Holder:
    """A person, or a user group, that can hold a role."""

    id: str
    name: str
    email: str | None = None
    handle: str | None = None
    members: int = 0

    @property
    def is_group(self) -> bool:
        """Whether it is a user group."""
        return self.handle is not None

    @property
    def address(self) -> str:
        """What tells two of the same name apart."""
        return f"@{self.handle}" if self.is_group else self.email or self.id


@dataclass(frozen=True, slots=True)
class Given:
    """A role as it was given; `by` is the name of a person, or whoever ran a command."""

    holder: Holder
    role: Role
    by: str


def _of_holders(query: str) -> TextClause:
    """A query of `holders` (guests, strangers, bots and the deactivated hold nothing) and of `given`."""
    return text(f"""
    WITH holders AS (
        SELECT id, name, email, NULL AS handle, 0 AS members FROM people
        WHERE kind = 'member' AND active
        UNION ALL SELECT id, name, NULL, handle, cardinality(members) FROM user_groups
    ), given AS (
        SELECT holders.*, role, coalesce(giver.name, given_by) AS by
        FROM roles JOIN holders ON holders.id = holder_id LEFT JOIN people AS giver ON giver.id = given_by
    ) {query}
    """)


HOLDER = _of_holders("SELECT * FROM holders WHERE id = :id")
ADDRESSED = _of_holders("""
    SELECT * FROM holders
    WHERE lower(email) = lower(:address) OR '@' || lower(handle) = lower(:address)
""")
CALLED = _of_holders("""
    SELECT * FROM holders
    WHERE position(' ' || :words in ' ' || lower(name)) > 0
       OR starts_with(lower(email), :words) OR starts_with(lower(handle), :words)
    ORDER BY handle IS NOT NULL, lower(name), id LIMIT :most
""")
OF_PERSON = _of_holders("""
    SELECT * FROM given
    WHERE id = :id OR id IN (SELECT id FROM user_groups WHERE :id = ANY(members))
    ORDER BY role, handle NULLS FIRST
""")
ALL = _of_holders("""
    SELECT * FROM given ORDER BY handle IS NOT NULL, lower(name), id, role
""")
HOLD = text("LOCK TABLE roles IN SHARE ROW EXCLUSIVE MODE")
PEOPLE_WITH = text("""
    SELECT DISTINCT people.id FROM roles
    LEFT JOIN user_groups ON user_groups.id = holder_id
    JOIN people ON people.id = holder_id OR people.id = ANY(user_groups.members)
    WHERE role = :role AND active AND kind = 'member' ORDER BY people.id
""")
MEMBERS_WITH = text("""
    SELECT DISTINCT people.id, people.name, people.email FROM roles
    LEFT JOIN user_groups ON user_groups.id = holder_id
    JOIN people ON people.id = holder_id OR people.id = ANY(user_groups.members)
    WHERE role = ANY (CAST(:roles AS text[])) AND active AND kind = 'member'
    ORDER BY people.name, people.id
""")


class Roles:
    """Who was given which role."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def holder(self, holder_id: str) -> Holder | None:
        """The person or user group with this Slack id, if it can hold a role."""
        row = (await self._connection.execute(HOLDER, {"id": holder_id})).first()
        return Holder(*row) if row else None

    async def addressed(self, address: str) -> Holder | None:
        """Whom an e-mail address or a @handle names; case does not matter."""
        row = (await self._connection.execute(ADDRESSED, {"address": address.strip()})).first()
        return Holder(*row) if row else None

    async def called(self, typed: str, *, most: int) -> list[Holder]:
        """Those whose name, address or handle has a word that begins with what was typed."""
        asked = {"words": typed.strip().lower().lstrip("@"), "most": most}
        return [Holder(*row) for row in await self._connection.execute(CALLED, asked)]

    async def hold(self) -> None:
        """Let nobody else give or take a role until the commit."""
        await self._connection.execute(HOLD)

    async def give(self, holder_id: str, role: Role, *, by: str) -> bool:
        """Give a role; False where the holder has it already."""
        given = (
            insert(RoleRow)
            .values(holder_id=holder_id, role=role, given_by=by)
            .on_conflict_do_nothing()
            .returning(col(RoleRow.role))
        )
        return (await self._connection.execute(given)).first() is not None

    async def take(self, holder_id: str, role: Role) -> bool:
        """Take a role away; False where the holder was not given it."""
        taken = text("DELETE FROM roles WHERE holder_id = :id AND role = :role RETURNING role")
        result = await self._connection.execute(taken, {"id": holder_id, "role": role})
        return result.first() is not None

    async def people_with(self, role: Role) -> list[str]:
        """Ids of the active members who were given `role`, by name or by group, in a stable order."""
        return list((await self._connection.execute(PEOPLE_WITH, {"role": role})).scalars())

    async def members_who_may(self, role: Role) -> list[Holder]:
        """The active members who hold `role`, given or implied by another, by name."""
        giving = [each for each, implied in IMPLIED.items() if role in implied]
        rows = await self._connection.execute(MEMBERS_WITH, {"roles": giving})
        return [Holder(row.id, row.name, row.email) for row in rows]

    async def of(self, person_id: str) -> list[Given]:
        """The roles a person was given, by name or by group."""
        return [_given(row) for row in await self._connection.execute(OF_PERSON, {"id": person_id})]

    async def all(self) -> list[Given]:
        """The given roles by name of the holder, people before user groups."""
        return [_given(row) for row in await self._connection.execute(ALL)]


def _given(row: Row[Any]) -> Given:
    holder = Holder(row.id, row.name, row.email, row.handle, row.members)
    return Given(holder, Role(row.role), row.by)
