"""A house in which files are sent, looked into, decided about and released, said in a line each."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.files.clearing import settle
from handlers.roles import give
from rules.clearance import Scan
from rules.file_life import Step, Who
from rules.roles import Role
from store.session import Store, Transaction
from store.shared_files import SharedFile
from store.space_rows import RecipientRow, SpaceRow
from tests.store import parcels_given

TODAY = date(2022, 1, 15)
ROLES = {"sue": Role.sender, "ben": Role.approver, "lea": Role.lead, "ana": Role.privacy}
SEALED: dict[str, Any] = {
    "is_encrypted": True,
    "encryption_method": "ZIP with AES-256",
    "key_holder": "Omar",
    "key_reach": "omar@northwind.example",
}


@dataclass
class House:
    """One space of Acme with a guest, a stranger and somebody outside; who does what, by their names."""

    store: Store
    sandbox: Sandbox
    ids: dict[str, str]
    space: SpaceRow
    outside: RecipientRow

    @classmethod
    async def built(cls, store: Store, sandbox: Sandbox) -> "House":
        ids = {}
        for key in ("sue", "ben", "lea", "ana", "ada", "gus", "sam", "dan"):
            async with await sandbox.person(key) as person:
                ids[key] = person.id
        async with store.transaction(actor="test") as tx:
            for key, role in ROLES.items():
                await give(tx, f"{key}@northwind.example", role)
            space = await parcels_given.space(tx, "Menus", "Acme Foods")
            outside = await parcels_given.member(tx, space, "chef@acme.example")
        house = cls(store, sandbox, ids, space, outside)
        await house.joined("gus")
        return house

    async def joined(self, key: str, space: SpaceRow | None = None) -> RecipientRow:
        """Somebody of Slack who is a member of a space from now on; nobody is told."""
        space = space or self.space
        async with self.store.transaction(actor="test") as tx:
            row = await tx.spaces.keep_recipient(
                space.organisation_id, person_id=self.ids[key], name=key
            )
            await tx.spaces.add(space.id, row.id, "test")
        return row

    @asynccontextmanager
    async def changing(self, actor: str = "test") -> AsyncIterator[Transaction]:
        async with self.store.transaction(actor=self.ids.get(actor, actor)) as tx:
            yield tx

    async def sent(
        self,
        *titles: str,
        spaces: Sequence[SpaceRow] = (),
        **columns: Any,
    ) -> list[SharedFile]:
        """Files that Sue sends together, found to be well as far as a scanner can tell, and settled."""
        sue = self.ids["sue"]
        async with self.changing("sue") as tx:
            now = await tx.clock.now()
            parcel = await tx.shared_files.keep_parcel(sue, "test", now)
            files = []
            for title in titles:
                found = {
                    "title": title,
                    "file_name": f"{title.lower()}.csv",
                    "uploaded_by": sue,
                    "author": sue,
                    "uploaded_at": now,
                    "state_since": now,
                    "size": 2_349_000,
                    "media_type": "text/csv",
                    "sha256": sha256(title.encode()).hexdigest(),
                    "scan": Scan.clean,
                    "parcel_id": parcel,
                    "expires_at": now + timedelta(days=30),
                }
                row = await parcels_given.file(tx, *(spaces or [self.space]), **found | columns)
                await parcels_given.step(tx, row.id, Step.submit, Who.sender, at=now)
                file = await tx.shared_files.get(row.id)
                assert file
                files.append(file)
            await settle(tx, files, now)
        return [await self.file(file.id) for file in files]

    async def file(self, file_id: UUID) -> SharedFile:
        async with self.store.reading() as reading:
            file = await reading.shared_files.get(file_id)
        assert file
        return file

    async def on(self, days: int, at: time = time(12, tzinfo=UTC)) -> datetime:
        """Let it be noon so many days after today."""
        moment = datetime.combine(TODAY + timedelta(days=days), at)
        async with self.changing() as tx:
            await tx.clock.set_now(moment)
        return moment


async def messages(person: Person) -> list[str]:
    """What stands in somebody's conversation with Wavepost, each message as one text."""
    found = await person.messages("DM")
    return [str(each["blocks"]).replace("\N{NO-BREAK SPACE}", " ") for each in found]


async def heard_by(person: Person, words: str) -> int:
    """How many messages to somebody have these words, once all that is said has arrived."""
    await person.sees(words, in_="DM")
    return sum(words in each for each in await messages(person))
