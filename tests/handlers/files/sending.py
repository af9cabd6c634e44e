"""Somebody who sends files in Slack, for tests of what becomes of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bot.sandbox.person import Person
from handlers.files.receiving import NewFile, Via, receive
from handlers.interaction import given_files
from store.files import Files
from store.session import Store
from store.shared_files import SharedFile


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


async def keys_in(files: Files) -> list[str]:
    """What lies in a bucket, and what was begun of it."""
    found = await files.call(lambda client: client.list_objects_v2(Bucket=files.bucket))
    begun = await files.call(lambda client: client.list_multipart_uploads(Bucket=files.bucket))
    return [each["Key"] for each in (*found.get("Contents", ()), *begun.get("Uploads", ()))]
