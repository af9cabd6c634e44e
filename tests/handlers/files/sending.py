"""Somebody who sends files in Slack, for tests of what becomes of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.files.file_days_knock import knock
from handlers.files.receiving import NewFile, Via, receive
from handlers.interaction import given_files
from handlers.roles import give as give_role
from rules.file_life import State
from rules.roles import Role
from store.files import Files
from store.session import Store
from store.shared_files import SharedFile
from tests.handlers.files.files_given import spaces_given
from tests.post_office import until

PATIENCE = 60.0


@dataclass(frozen=True)
class Sender:
    """A person, and the store of the Wavepost that they send with."""

    person: Person
    store: Store

    async def sends(
        self, *files: tuple[str, bytes], new: NewFile, in_: str = "#general", via: Via = Via.message
    ) -> list[UUID]:
        """Give files in a message and have them delivered; their ids, in order."""
        said = await self.person.says("here", in_, files=list(files))
        given = given_files(said["files"])
        async with self.store.transaction(actor=self.person.id) as tx:
            now: datetime = await tx.clock.now()
            facts = [(each, new) for each in given]
            parcel = await receive(tx, facts, by=self.person.id, via=via, now=now)
            return [file.id for file in await tx.shared_files.of_parcel(parcel)]

    async def file(self, file_id: UUID) -> SharedFile:
        """A file as it stands now."""
        async with self.store.reading() as reading:
            found = await reading.shared_files.get(file_id)
        assert found
        return found

    async def reads(self) -> str:
        """All that Wavepost says to them, without what marks words up."""
        return "\n".join(await self.person.reads("DM")).replace("*", "")

    async def stands(self, file_id: UUID, state: str) -> SharedFile:
        """The file, once it stands so."""

        async def does() -> bool:
            return (await self.file(file_id)).state == state

        await until(does)
        return await self.file(file_id)

    async def stands_without_bytes(self, file_id: UUID, files: Files) -> SharedFile:
        """A file once it was refused, and the clock has removed its bytes."""
        await self.stands(file_id, State.refused)
        await knock(self.store, files)
        file = await self.file(file_id)
        assert file.row.removed_at
        return file


async def sender(sandbox: Sandbox, store: Store) -> Sender:
    """Sue, who sends files."""
    async with store.transaction(actor="test") as tx:
        await give_role(tx, "sue@northwind.example", Role.sender)
    person = await sandbox.person("sue")
    person.patience = PATIENCE
    return Sender(person, store)


async def new_file(sandbox: Sandbox, store: Store) -> NewFile:
    """What is said of a file for a space in which Gus is, a guest."""
    async with await sandbox.person("gus") as gus:
        people = [(gus.id, "Gus Guest")]
    given = await spaces_given(store, "Acme Foods", "Menus", people=people)
    return NewFile(space_ids=(given.spaces["Menus"],))


async def keys_in(files: Files) -> list[str]:
    """What lies in a bucket, and what was begun of it."""
    found = await files.call(lambda client: client.list_objects_v2(Bucket=files.bucket))
    begun = await files.call(lambda client: client.list_multipart_uploads(Bucket=files.bucket))
    return [each["Key"] for each in (*found.get("Contents", ()), *begun.get("Uploads", ()))]
