"""Parcels of every sort that there is, sent as people send them, for tests of what becomes of them."""

import base64
import hashlib
import random
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from bot.sandbox.files_sharing import delete
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.files.receiving import NewFile, Via, draft, receive, submit
from handlers.interaction import GivenFile, given_files
from rules.clearance import Classification, Encryption
from store.file_links import NEVER_SHOWN
from store.file_streams import begin_upload
from store.files import Files
from store.session import Store

LARGE = 9 * 2**20
"""Bytes of a file that goes to the store in two parts."""
PART = 5 * 2**20
"""Bytes of a part as small as the store takes it."""
MOST_SMALL = 50_000


class Sort(StrEnum):
    """What is sent, so that each way that a file can go is gone."""

    plain = "plain"
    sealed = "sealed"  # a second person releases it
    personal = "personal"  # a privacy approver does
    gone = "gone"  # Slack has it no more when it is to be brought
    uploaded = "uploaded"  # from a browser, in parts
    cut = "cut"  # the same, but one of its parts never arrived

    @property
    def arrives(self) -> bool:
        """Whether there is anything to deliver."""
        return self not in {Sort.gone, Sort.cut}


@dataclass
class Sent:
    """One parcel: its files by their ids, with the bytes that they have to have."""

    sort: Sort
    title: str
    files: dict[UUID, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Sending:
    """Who sends, with what, and what is said of each file."""

    store: Store
    sandbox: Sandbox
    bucket: Files
    sender: Person
    new: NewFile
    chance: random.Random

    async def send(self, number: int) -> Sent:
        """Send the parcel with this number; its sorts take turns."""
        sort = [*Sort][number % len(Sort)]
        parcel = Sent(sort, f"parcel {number} ({sort})")
        facts = self._facts(parcel)
        if sort in {Sort.uploaded, Sort.cut}:
            await self._upload(parcel, facts)
        else:
            await self._give(parcel, facts, is_large=number % 3 == 0)
        return parcel

    def _facts(self, parcel: Sent) -> NewFile:
        sealed = Encryption("age", "Ana", "+49 30 1234") if parcel.sort is Sort.sealed else None
        is_personal = parcel.sort is Sort.personal
        holds = Classification.personal if is_personal else Classification.customer
        return replace(self.new, title=parcel.title, classification=holds, encryption=sealed)

    async def _give(self, parcel: Sent, facts: NewFile, *, is_large: bool) -> None:
        """Give files in Slack; those that are to be `gone` are deleted there at once."""
        chance = self.chance
        sizes = [chance.randrange(1, MOST_SMALL) for _ in range(chance.randrange(1, 4))]
        contents = [
            chance.randbytes(size) for size in (*sizes[1:], LARGE if is_large else sizes[0])
        ]
        named = [(f"{at}.bin", each) for at, each in enumerate(contents)]
        said = await self.sender.says("here", "#general", files=named)
        if parcel.sort is Sort.gone:
            for each in said["files"]:
                file = self.sandbox.world.files.get(each["id"])
                assert file
                delete(self.sandbox.world, file)
        by = self.sender.id
        async with self.store.transaction(actor=by) as tx:
            pairs = [(each, facts) for each in given_files(said["files"])]
            now = await tx.clock.now()
            kept = await receive(tx, pairs, by=by, via=Via.message, now=now)
            files = await tx.shared_files.of_parcel(kept)
        parcel.files = {each.id: bytes_ for each, bytes_ in zip(files, contents, strict=True)}

    async def _upload(self, parcel: Sent, facts: NewFile) -> None:
        """Bring a file to the store in parts, as a browser does, and have it checked."""
        content, by = self.chance.randbytes(PART + MOST_SMALL), self.sender.id
        given = GivenFile("", "survey.bin", len(content))
        async with self.store.transaction(actor=by) as tx:
            now = await tx.clock.now()
            [row] = await draft(tx, [(given, facts)], by=by, via=Via.page, now=now)
            upload_id = await begin_upload(self.bucket, row.key, NEVER_SHOWN)
            upload = await tx.uploads.begin(row.id, upload_id, len(content), PART)
            for number, part in enumerate((content[:PART], content[PART:]), 1):
                digest = base64.b64encode(hashlib.sha256(part).digest()).decode()
                await tx.uploads.keep_part(upload.id, number, digest)
                if number == 1 or parcel.sort is not Sort.cut:
                    await self._send_part(row.key, upload_id, number, part, digest)
        async with self.store.transaction(actor=by) as tx:
            whole = hashlib.sha256(content).hexdigest()
            await tx.shared_files.change(row.id, promised_sha256=whole)
            await tx.uploads.end(upload.id)
            await submit(tx, [row.id], by=by, now=now)
        parcel.files = {row.id: content}

    async def _send_part(
        self, key: str, upload_id: str, number: int, part: bytes, digest: str
    ) -> None:
        await self.bucket.call(
            lambda client: client.upload_part(
                Bucket=self.bucket.bucket,
                Key=key,
                UploadId=upload_id,
                PartNumber=number,
                Body=part,
                ChecksumSHA256=digest,
            )
        )
