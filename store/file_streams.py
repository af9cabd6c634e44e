"""Files of any size, to S3 and back, in little memory: they come whole or not at all."""

import asyncio
import base64
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from botocore.client import BaseClient

from store.file_removing import give_up
from store.files import Files, FilesUnavailable

MB = 1024 * 1024
PART = 8 * MB
LARGE_PART = 16 * MB
SMALL_PARTS = 1_000
MOST_PARTS = 10_000
"""S3's limit, and its parts but the last have at least 5 MB. So 8 GB go in small parts, 152 GB in all."""
AT_ONCE = 3
"""So many parts are under way while the next is gathered: with them all, 32 to 64 MB."""
READ_AT_ONCE = MB


class CutShort(Exception):
    """The source ended early, or gave more than it had said; nothing was kept."""

    def __init__(self, got: int, said: int) -> None:
        super().__init__(f"It was to have {said:,} bytes, and {got:,} came.")
        self.got, self.said = got, said


class TooLarge(Exception):
    """More came than may; nothing was kept."""


@dataclass(frozen=True)
class Streamed:
    """What the store kept: how many bytes, their SHA-256 in hex, and its version if it keeps versions."""

    size: int
    sha256: str
    version: str | None


async def keep_stream(
    files: Files,
    key: str,
    source: AsyncIterator[bytes],
    *,
    content_type: str,
    size: int | None = None,
    most: int = SMALL_PARTS * PART + (MOST_PARTS - SMALL_PARTS) * LARGE_PART,
) -> Streamed:
    """Keep what a source gives, hashed on the way; the store checks the SHA-256 of each part.

    `size` is what the source said that it has, in bytes. Whatever happens on the way, no object of
    this key and no half upload stays.

    Raises:
        CutShort: another number of bytes came than was said.
        TooLarge: more than `most` bytes came.
        FilesUnavailable: the store did not take it.
        Whatever the source raises.
    """
    async with _upload(files, key, content_type) as upload:
        async for chunk in source:
            await upload.add(chunk)
            if upload.size > most:
                raise TooLarge(f"More than {most:,} bytes came.")
        if size is not None and upload.size != size:
            raise CutShort(upload.size, size)
        return await upload.finish()


async def read_stream(
    files: Files, key: str, *, version: str | None = None
) -> AsyncGenerator[bytes, None]:
    """The bytes of a file, a megabyte at a time; raises CutShort where the store gives fewer than it has.

    Close it (`contextlib.aclosing`) where you may stop early. Raises FilesUnavailable.
    """
    of_version = {"VersionId": version} if version else {}
    answer = await files.call(
        lambda client: client.get_object(Bucket=files.bucket, Key=key, **of_version)
    )
    body, got = answer["Body"], 0
    try:
        while chunk := await files.call(lambda _: body.read(READ_AT_ONCE)):
            got += len(chunk)
            yield chunk
    finally:
        body.close()
    if got != answer["ContentLength"]:
        raise CutShort(got, answer["ContentLength"])


async def begin_upload(files: Files, key: str, content_type: str) -> str:
    """The id of a new upload in parts, each with its SHA-256, encrypted by the store where that is set.

    Finish or abort it: until then it takes room. Raises FilesUnavailable.
    """
    begun = await files.call(
        lambda client: client.create_multipart_upload(
            Bucket=files.bucket,
            Key=key,
            ContentType=content_type,
            ChecksumAlgorithm="SHA256",
            **files.encrypted,
        )
    )
    return str(begun["UploadId"])


class _Upload:
    """One upload in parts: those that are gathered, under way, and kept."""

    def __init__(self, files: Files, key: str, upload_id: str) -> None:
        self._files, self._key, self._id = files, key, upload_id
        self._of = {"Bucket": files.bucket, "Key": key, "UploadId": upload_id}
        self._gathered: list[memoryview] = []
        self._room = PART
        self._hash = hashlib.sha256()
        self._hashing: asyncio.Task[None] | None = None
        self._under_way: set[asyncio.Task[dict[str, Any]]] = set()
        self._kept: list[dict[str, Any]] = []
        self._parts = 0
        self.size = 0

    async def add(self, chunk: bytes) -> None:
        """Take in bytes; waits where too many parts are under way."""
        self.size += len(chunk)
        rest = memoryview(chunk)
        while len(rest) >= self._room:
            self._gathered.append(rest[: self._room])
            rest = rest[self._room :]
            await self._send()
        if rest:
            self._gathered.append(rest)
            self._room -= len(rest)

    async def finish(self) -> Streamed:
        """The whole file, once its last part is there."""
        if self._gathered or not self._parts:
            await self._send()
        while self._under_way:
            await self._wait_for_one()
        if self._hashing:
            await self._hashing
        parts = {"Parts": sorted(self._kept, key=itemgetter("PartNumber"))}
        kept = await self._files.call(
            lambda client: client.complete_multipart_upload(**self._of, MultipartUpload=parts)
        )
        return Streamed(self.size, self._hash.hexdigest(), kept.get("VersionId"))

    async def abandon(self) -> None:
        """Leave nothing behind. What is under way is waited for: a part that came after would stay."""
        hashing = [self._hashing] if self._hashing else []
        await asyncio.gather(*self._under_way, *hashing, return_exceptions=True)
        with suppress(FilesUnavailable):
            await give_up(self._files, self._key, upload_id=self._id)

    async def _send(self) -> None:
        """Send what is gathered, as a part; only here are its bytes copied."""
        part = b"".join(self._gathered)
        self._gathered.clear()
        if len(self._under_way) == AT_ONCE:
            await self._wait_for_one()
        self._parts += 1
        self._room = PART if self._parts < SMALL_PARTS else LARGE_PART
        self._under_way.add(asyncio.create_task(self._sent(part, self._parts)))
        # A part at a time and in order, beside the loop: SHA-256 takes longer than the loop may wait.
        if self._hashing:
            await self._hashing
        self._hashing = asyncio.create_task(asyncio.to_thread(self._hash.update, part))

    async def _wait_for_one(self) -> None:
        """Wait for whichever part is kept first. Raises FilesUnavailable where one is not."""
        done, self._under_way = await asyncio.wait(
            self._under_way, return_when=asyncio.FIRST_COMPLETED
        )
        self._kept += await asyncio.gather(*done)

    async def _sent(self, part: bytes, number: int) -> dict[str, Any]:
        def send(client: BaseClient) -> dict[str, Any]:
            checksum = base64.b64encode(hashlib.sha256(part).digest()).decode()
            sent = client.upload_part(
                **self._of, PartNumber=number, Body=part, ChecksumSHA256=checksum
            )
            return {"PartNumber": number, "ETag": sent["ETag"], "ChecksumSHA256": checksum}

        return await self._files.call(send)


@asynccontextmanager
async def _upload(files: Files, key: str, content_type: str) -> AsyncIterator[_Upload]:
    """An upload that is abandoned where anything goes wrong."""
    upload = _Upload(files, key, await begin_upload(files, key, content_type))
    try:
        yield upload
    except BaseException:
        await upload.abandon()
        raise
