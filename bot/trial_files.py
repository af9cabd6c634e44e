"""The files of the trial: spaces, what was sent there, and what is proven of each delivery."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from bot.example import files as example
from bot.example.files import FileGiven, SpaceGiven
from bot.example.people import EXECUTIVE, LEAD, Colleague
from handlers.files.clearing import settle
from handlers.files.ended import REVOKED, tell_ended
from handlers.files.receiving import NewFile, Via, draft
from handlers.files.space_keeping import add_address, add_person, held_space, make
from handlers.files.taking import held as held_file
from handlers.files.taking import take
from handlers.interaction import GivenFile
from handlers.roles import give
from rules.clearance import Scan
from rules.file_life import Step, Who
from rules.media_types import media_type
from rules.receipts import NEEDS_PERSON, Kind
from rules.roles import Role
from store.file_streams import keep_stream
from store.files import Files
from store.session import Transaction
from store.shared_file_rows import SharedFileRow

VIA = "trial"
ASKED_AFTER = timedelta(hours=5)
NAMED = text("SELECT id FROM people WHERE name = :name AND active")


class TrialFiles:
    """Has files sent in a trial's past, in one transaction. Business time is back where it was then."""

    def __init__(self, tx: Transaction, bucket: Files) -> None:
        self._tx, self._bucket = tx, bucket
        self._spaces: dict[tuple[str, str], UUID] = {}
        self._sent: dict[str, UUID] = {}

    async def live(self) -> None:
        """Make the spaces, then send the files, the oldest first."""
        now = await self._tx.clock.now()
        await give(self._tx, EXECUTIVE.email, Role.privacy)
        await self._tx.clock.set_now(now - timedelta(days=14))
        for given in example.SPACES:
            await self._make(given)
        for file in example.FILES:
            await self._tx.clock.set_now(now - timedelta(days=file.days_ago))
            await self._send(file)
        await self._tx.clock.set_now(now)

    async def _make(self, given: SpaceGiven) -> None:
        async with self._by(LEAD) as tx:
            space = await make(tx, given.organisation, given.name)
            self._spaces[given.organisation, given.name] = space.id
            space = await held_space(tx, space.id)
            for member in given.members:
                if isinstance(member, Colleague):
                    await add_person(tx, space, await self._id_of(member))
                else:
                    name, address = member
                    await add_address(tx, space, address, name)

    async def _send(self, given: FileGiven) -> None:
        """Send a file as its sender does, have it checked, and let its recipients do what they did."""
        async with self._by(example.SENDER) as tx:
            now = await tx.clock.now()
            row = await self._drafted(tx, given, now)
            file = await held_file(tx, row.id)
            file = await take(tx, file, Step.submit, by=tx.actor, who=Who.sender, now=now)
            await tx.shared_files.change(row.id, **await self._kept(row, given.content, now))
            await settle(tx, [await held_file(tx, row.id)], now)
        await self._note(row.id, given, now)
        self._sent[given.title] = row.id
        if given.revoked:
            async with self._by(example.SENDER) as tx:
                file = await held_file(tx, row.id)
                words, by = given.revoked, tx.actor
                file = await take(
                    tx, file, Step.revoke, by=by, who=Who.sender, words=words, now=now
                )
                await tell_ended(tx, file, REVOKED, by=by, why=words)

    async def _drafted(self, tx: Transaction, given: FileGiven, now: datetime) -> SharedFileRow:
        new = NewFile(
            title=given.title,
            space_ids=(self._spaces[given.space],),
            tags=given.tags,
            facts=given.facts,
            classification=given.classification,
            note=given.note,
            supersedes=self._sent.get(given.replaces),
        )
        as_given = GivenFile("", given.name, len(given.content.encode()))
        (row,) = await draft(tx, [(as_given, new)], by=tx.actor, via=Via.page, now=now)
        return row

    async def _kept(self, row: SharedFileRow, content: str, now: datetime) -> dict[str, object]:
        """Keep the bytes in the bucket; gives what a check finds out about them."""
        data = content.encode()

        async def source() -> AsyncIterator[bytes]:
            yield data

        kind = media_type(data, data, row.file_name)
        streamed = await keep_stream(self._bucket, row.key, source(), content_type=kind)
        return {
            "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "media_type": kind,
            "object_version": streamed.version,
            "scan": Scan.off,
            "checked_at": now,
        }

    async def _note(self, file_id: UUID, given: FileGiven, sent_at: datetime) -> None:
        """What each recipient did, and what they were refused."""
        members = await self._tx.spaces.members(self._spaces[given.space])
        by_name = {each.name: each.id for each in members}
        deliveries = self._tx.deliveries
        for name, deeds in given.done.items():
            if delivery := await deliveries.of(file_id, by_name[name]):
                for kind, hours in deeds:
                    by = by_name[name] if kind in NEEDS_PERSON else None
                    at = sent_at + timedelta(hours=hours)
                    await self._tx.evidence.note(delivery.id, kind, at, by=by, via=VIA)
        asked_for = self._sent.get(given.replaces, file_id)
        for name, why in given.refused.items():
            if delivery := await deliveries.of(asked_for, by_name[name]):
                at, by = sent_at + ASKED_AFTER, by_name[name]
                await self._tx.evidence.note(delivery.id, Kind.refused, at, by=by, why=why, via=VIA)

    async def _id_of(self, who: Colleague) -> str:
        """Slack tells no address of people of other companies: all of the example are known by name."""
        found = await self._tx.connection.execute(NAMED, {"name": who.name})
        return str(found.scalar_one())

    @asynccontextmanager
    async def _by(self, who: Colleague) -> AsyncIterator[Transaction]:
        """What somebody did then; what they said of it is said."""
        actor = await self._id_of(who)
        tx = Transaction.within(self._tx, actor)
        yield tx
        await tx.write_down(None)
