"""People as Slack told us, and what they may do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Text, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field, col, select

from rules.roles import Kind, Role, effective
from store.driver import looked_up
from store.tables import Table, instant


class PersonRow(Table, table=True):
    """A member, guest, bot or stranger of the workspace; the id is Slack's."""

    __tablename__ = "people"

    id: str = Field(primary_key=True)
    name: str
    email: str | None = Field(default=None, index=True)
    timezone: str = "UTC"
    kind: Kind = Field(sa_type=Text)
    active: bool = True
    direct_channel: str | None = None
    heard_at: datetime = instant(now=True)


@dataclass(frozen=True, slots=True)
class Person:
    """Who is asking: Slack's id, what to call them, and what they may do."""

    id: str
    name: str
    email: str | None
    timezone: str
    kind: Kind
    roles: frozenset[Role]
    owns_customers: bool = False

    def may(self, role: Role) -> bool:
        """Whether this person holds `role`, given or implied."""
        return role in self.roles


@dataclass(frozen=True, slots=True)
class Asking:
    """One look at all that an answer begins with.

    The person (None: not known yet), how far business time is ahead, and the newest import (0: none).
    """

    person: Person | None
    offset: timedelta
    newest_import: int


ASKING = """
    SELECT clock.ahead, (SELECT coalesce(max(id), 0) FROM imports) AS newest_import, people.id,
           people.name, people.email, people.timezone, people.kind, people.active,
           ARRAY(SELECT role FROM roles WHERE holder_id = people.id
                 UNION SELECT role FROM roles JOIN user_groups ON user_groups.id = holder_id
                       WHERE people.id = ANY(members)) AS given,
           EXISTS (SELECT FROM customers WHERE csa_email = lower(people.email))
            OR EXISTS (SELECT FROM csas WHERE email = lower(people.email)) AS owns_customers
    FROM business_clock AS clock LEFT JOIN people ON people.id = $1
"""


class People:
    """The directory's people."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def asking(self, person_id: str) -> Asking:
        """The person with this Slack id and what else an answer begins with, in one round trip."""
        row = await looked_up(self._connection, ASKING, person_id)
        if row["id"] is None:
            return Asking(None, row["ahead"], row["newest_import"])
        kind, owns_customers = Kind(row["kind"]), row["owns_customers"]
        given = {Role(role) for role in row["given"]} | ({Role.csa} if owns_customers else set())
        person = Person(
            id=row["id"],
            name=row["name"],
            email=row["email"],
            timezone=row["timezone"],
            kind=kind,
            roles=effective(given, kind, active=row["active"]),
            owns_customers=owns_customers,
        )
        return Asking(person, row["ahead"], row["newest_import"])

    async def keep(self, people: Iterable[PersonRow]) -> None:
        """Insert or refresh people; a direct channel once known stays."""
        rows = [person.model_dump(exclude={"heard_at", "direct_channel"}) for person in people]
        if not rows:
            return
        new = insert(PersonRow)
        kept = {name: new.excluded[name] for name in rows[0] if name != "id"}
        await self._connection.execute(
            new.on_conflict_do_update(index_elements=["id"], set_=kept), rows
        )

    async def keep_direct_channel(self, person_id: str, channel: str) -> None:
        """Remember the DM channel Slack opened with a person."""
        statement = text("""
            UPDATE people SET direct_channel = :channel
            WHERE id = :id AND direct_channel IS DISTINCT FROM :channel
        """)
        await self._connection.execute(statement, {"id": person_id, "channel": channel})

    async def direct_channel(self, person_id: str) -> str | None:
        """The DM channel with a person, if one was opened before and the person is still active."""
        query = select(PersonRow.direct_channel).where(
            PersonRow.id == person_id, col(PersonRow.active)
        )
        return (await self._connection.execute(query)).scalar_one_or_none()

    async def present(self, ids: Iterable[str]) -> set[str]:
        """Those of these people who have not left, as far as the directory knows."""
        query = text("SELECT id FROM people WHERE id = ANY (CAST(:ids AS text[])) AND NOT active")
        asked = set(ids)
        return asked - set((await self._connection.execute(query, {"ids": list(asked)})).scalars())

    async def names(self) -> dict[str, str]:
        """What people are called who are active, by their ids; bots are none."""
        query = text("SELECT id, name FROM people WHERE active AND kind <> 'bot' ORDER BY name, id")
        return {row.id: row.name for row in await self._connection.execute(query)}

    async def by_email(self, email: str) -> PersonRow | None:
        """The active person with this e-mail address, whatever its case."""
        query = text("SELECT * FROM people WHERE lower(email) = lower(:email) AND active")
        row = (await self._connection.execute(query, {"email": email})).mappings().first()
        return PersonRow.model_validate(row) if row else None
