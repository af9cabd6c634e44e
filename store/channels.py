"""Channels, who is in them, and user groups, as Slack told us."""

from collections.abc import Collection, Iterable
from datetime import datetime
from operator import itemgetter

from sqlalchemy import Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from rules.roles import Kind
from store.tables import Table, instant


class ChannelRow(Table, table=True):
    """A public or private channel."""

    __tablename__ = "channels"

    id: str = Field(primary_key=True)
    name: str = Field(index=True)
    private: bool = False
    archived: bool = False
    shared: bool = False
    joined: bool = Field(default=False, description="Wavepost is a member")
    heard_at: datetime = instant(now=True)


class ChannelMemberRow(Table, table=True):
    """Who is in which channel, for the channels that Wavepost is in."""

    __tablename__ = "channel_members"

    channel_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True, index=True)


class UserGroupRow(Table, table=True):
    """A Slack user group such as @migration-leads."""

    __tablename__ = "user_groups"

    id: str = Field(primary_key=True)
    handle: str
    name: str
    members: list[str] = Field(sa_type=ARRAY(Text))


OFFERED = text("""
    SELECT * FROM channels WHERE joined AND NOT archived AND position(:typed IN name) > 0
    AND (NOT private OR EXISTS (SELECT FROM channel_members
                                WHERE channel_id = channels.id AND person_id = :person))
    ORDER BY NOT starts_with(name, :typed), name LIMIT :most
""")


class Channels:
    """The directory's channels, their members, and user groups."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, channel_id: str) -> ChannelRow | None:
        """The channel with this Slack id."""
        query = text("SELECT * FROM channels WHERE id = :id")
        row = (await self._connection.execute(query, {"id": channel_id})).mappings().first()
        return ChannelRow.model_validate(row) if row else None

    async def some(self, ids: Iterable[str]) -> list[ChannelRow]:
        """The channels with these Slack ids, as far as they are known."""
        query = text("SELECT * FROM channels WHERE id = ANY (CAST(:ids AS text[]))")
        rows = (await self._connection.execute(query, {"ids": list(ids)})).mappings()
        return [ChannelRow.model_validate(row) for row in rows]

    async def unchanged(self, channel_id: str) -> ChannelRow | None:
        """The same, and nobody changes it until the commit; others may do the same at once."""
        query = text("SELECT * FROM channels WHERE id = :id FOR SHARE")
        row = (await self._connection.execute(query, {"id": channel_id})).mappings().first()
        return ChannelRow.model_validate(row) if row else None

    async def hold(self, channel_id: str) -> ChannelRow | None:
        """The same, and until the commit nobody else who holds it: what is set up for it stays so."""
        query = text("SELECT * FROM channels WHERE id = :id FOR UPDATE")
        row = (await self._connection.execute(query, {"id": channel_id})).mappings().first()
        return ChannelRow.model_validate(row) if row else None

    async def named(self, name: str) -> ChannelRow | None:
        """The channel called `name` (without #) that is not archived."""
        query = text("SELECT * FROM channels WHERE name = :name AND NOT archived")
        row = (await self._connection.execute(query, {"name": name})).mappings().first()
        return ChannelRow.model_validate(row) if row else None

    async def offered(self, typed: str, *, person: str, most: int) -> list[ChannelRow]:
        """Channels that Wavepost is in with these letters in their names, those that begin so first.

        Private ones only where the person is in them: others need not know that they exist.
        """
        asked = {"typed": typed.strip().lstrip("#").lower(), "person": person, "most": most}
        rows = (await self._connection.execute(OFFERED, asked)).mappings()
        return [ChannelRow.model_validate(row) for row in rows]

    async def keep(self, channels: Iterable[ChannelRow]) -> None:
        """Insert or refresh channels, in the order of their ids: so do all who hold several."""
        rows = [channel.model_dump(exclude={"heard_at"}) for channel in channels]
        rows.sort(key=itemgetter("id"))
        if not rows:
            return
        new = insert(ChannelRow)
        kept = {name: new.excluded[name] for name in rows[0] if name != "id"}
        await self._connection.execute(
            new.on_conflict_do_update(index_elements=["id"], set_=kept), rows
        )

    async def rename(self, channel_id: str, name: str) -> None:
        """Note a channel's new name."""
        statement = text("UPDATE channels SET name = :name WHERE id = :id")
        await self._connection.execute(statement, {"id": channel_id, "name": name})

    async def archive(self, channel_id: str, *, archived: bool) -> None:
        """Note that a channel was archived, or taken out of the archive."""
        statement = text("UPDATE channels SET archived = :archived WHERE id = :id")
        await self._connection.execute(statement, {"id": channel_id, "archived": archived})

    async def share(self, channel_id: str, *, shared: bool) -> None:
        """Note that another organisation reads a channel, or none does any more."""
        statement = text("UPDATE channels SET shared = :shared WHERE id = :id")
        await self._connection.execute(statement, {"id": channel_id, "shared": shared})

    async def join(self, channel_id: str, *, joined: bool) -> None:
        """Note that Wavepost itself joined or left a channel."""
        statement = text("UPDATE channels SET joined = :joined WHERE id = :id")
        await self._connection.execute(statement, {"id": channel_id, "joined": joined})

    async def has_outsiders(self, channel_id: str) -> bool:
        """Whether guests, or people of another company, read along in a channel."""
        query = text("""
            SELECT EXISTS (SELECT FROM channel_members JOIN people ON people.id = person_id
                           WHERE channel_id = :id AND active AND kind IN ('guest', 'stranger'))
        """)
        return bool((await self._connection.execute(query, {"id": channel_id})).scalar_one())

    async def has_strangers(self, channel_id: str) -> bool:
        """Whether people of another organisation read along in a channel."""
        query = text("""
            SELECT EXISTS (SELECT FROM channel_members JOIN people ON people.id = person_id
                           WHERE channel_id = :id AND active AND kind = 'stranger')
        """)
        return bool((await self._connection.execute(query, {"id": channel_id})).scalar_one())

    async def outsiders(self, ids: Iterable[str]) -> set[tuple[str, Kind]]:
        """In which of these channels guests, and in which people of another company, read along."""
        query = text("""
            SELECT DISTINCT channel_id, kind FROM channel_members JOIN people ON people.id = person_id
            WHERE channel_id = ANY (CAST(:ids AS text[])) AND active
              AND kind IN ('guest', 'stranger')
        """)
        rows = await self._connection.execute(query, {"ids": list(ids)})
        return {(row.channel_id, Kind(row.kind)) for row in rows}

    async def readers(self, channel_id: str) -> int:
        """How many people who have not left are in a channel that Wavepost is in."""
        query = text("""
            SELECT count(*) FROM channel_members JOIN people ON people.id = person_id
            WHERE channel_id = :id AND active AND kind <> 'bot'
        """)
        return int((await self._connection.execute(query, {"id": channel_id})).scalar_one())

    async def of_person(self, person_id: str) -> set[str]:
        """The ids of the channels that a person is in, of those that Wavepost is in."""
        query = text("SELECT channel_id FROM channel_members WHERE person_id = :id")
        return set((await self._connection.execute(query, {"id": person_id})).scalars())

    async def of_strangers(self, people: Iterable[str]) -> set[str]:
        """The ids of the channels that those of these people are in who are of another organisation."""
        query = text("""
            SELECT DISTINCT channel_id FROM channel_members JOIN people ON people.id = person_id
            WHERE person_id = ANY (CAST(:ids AS text[])) AND active AND kind = 'stranger'
        """)
        return set((await self._connection.execute(query, {"ids": list(people)})).scalars())

    async def hold_shared(self, ids: Iterable[str]) -> list[str]:
        """Those of these channels that another organisation reads; nobody changes them until the commit."""
        query = text("""
            SELECT id FROM channels WHERE id = ANY (CAST(:ids AS text[])) AND (shared OR EXISTS (
                SELECT FROM channel_members JOIN people ON people.id = person_id
                WHERE channel_id = channels.id AND active AND kind = 'stranger'
            )) ORDER BY id FOR UPDATE
        """)
        return list((await self._connection.execute(query, {"ids": list(ids)})).scalars())

    async def has(self, channel_id: str, person_id: str) -> bool:
        """Whether a person is in a channel that Wavepost is in."""
        query = text("""
            SELECT EXISTS (SELECT FROM channel_members WHERE channel_id = :channel AND person_id = :id)
        """)
        found = await self._connection.execute(query, {"channel": channel_id, "id": person_id})
        return bool(found.scalar_one())

    async def anybody_in(self, channels: Collection[str]) -> frozenset[str]:
        """All who are in any of these channels."""
        query = text("SELECT DISTINCT person_id FROM channel_members WHERE channel_id = ANY(:ids)")
        found = await self._connection.execute(query, {"ids": list(channels)})
        return frozenset(found.scalars())

    async def keep_members(self, channel_id: str, people: Iterable[str]) -> None:
        """Replace the whole membership of a channel."""
        gone = text("DELETE FROM channel_members WHERE channel_id = :id")
        await self._connection.execute(gone, {"id": channel_id})
        rows = [{"channel_id": channel_id, "person_id": person} for person in people]
        if rows:
            await self._connection.execute(insert(ChannelMemberRow).on_conflict_do_nothing(), rows)

    async def enter(self, channel_id: str, person_id: str) -> None:
        """Note that a person joined a channel."""
        row = {"channel_id": channel_id, "person_id": person_id}
        await self._connection.execute(insert(ChannelMemberRow).on_conflict_do_nothing(), row)

    async def leave(self, channel_id: str, person_id: str) -> None:
        """Note that a person left a channel."""
        gone = text("DELETE FROM channel_members WHERE channel_id = :channel AND person_id = :id")
        await self._connection.execute(gone, {"channel": channel_id, "id": person_id})

    async def keep_groups(self, groups: Iterable[UserGroupRow]) -> None:
        """Insert or refresh user groups."""
        rows = [group.model_dump() for group in groups]
        if not rows:
            return
        new = insert(UserGroupRow)
        kept = {name: new.excluded[name] for name in rows[0] if name != "id"}
        await self._connection.execute(
            new.on_conflict_do_update(index_elements=["id"], set_=kept), rows
        )

    async def missing(self, names: Iterable[str]) -> list[str]:
        """Those of the named channels that do not exist or that Wavepost is not in."""
        query = text(
            "SELECT name FROM channels WHERE name IN :names AND joined AND NOT archived"
        ).bindparams(bindparam("names", expanding=True))
        wanted = list(names)
        found = set((await self._connection.execute(query, {"names": wanted})).scalars())
        return [name for name in wanted if name not in found]
