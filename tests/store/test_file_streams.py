"""Files of any size to a real S3 server: whole, or not at all."""

import asyncio
import hashlib
from collections.abc import AsyncIterator

import pytest

from store.file_streams import PART, CutShort, TooLarge, keep_stream, read_stream
from store.files import Files, FilesUnavailable

KEY = "files/4f"
KIND = "application/octet-stream"


def letters(size: int) -> bytes:
    return bytes(range(251)) * (size // 251 + 1)


async def pieces(
    data: bytes, *, of: int = 70_001, breaks_at: int | None = None
) -> AsyncIterator[bytes]:
    for begin in range(0, len(data), of):
        if breaks_at is not None and begin >= breaks_at:
            raise ConnectionError("the source broke")
        yield data[begin : begin + of]


async def half_uploads(files: Files) -> int:
    found = await files.call(lambda client: client.list_multipart_uploads(Bucket=files.bucket))
    return len(found.get("Uploads", []))


async def read(files: Files) -> bytes:
    return b"".join([chunk async for chunk in read_stream(files, KEY)])


@pytest.mark.parametrize("size", [0, 1, PART, 2 * PART + 12_345])
async def test_what_streams_in_streams_out(files: Files, size: int) -> None:
    data = letters(size)[:size]
    kept = await keep_stream(files, KEY, pieces(data), content_type=KIND, size=size)
    assert (kept.size, kept.sha256) == (size, hashlib.sha256(data).hexdigest())
    assert await read(files) == data


@pytest.mark.parametrize("breaks_at", [0, 100_000, PART + 1])
async def test_a_source_that_breaks_leaves_nothing(files: Files, breaks_at: int) -> None:
    with pytest.raises(ConnectionError):
        await keep_stream(
            files, KEY, pieces(letters(2 * PART), breaks_at=breaks_at), content_type=KIND
        )
    assert not await files.exists(KEY)
    assert await half_uploads(files) == 0


@pytest.mark.parametrize("said", [99_999, 100_001])
async def test_a_source_that_gives_another_number_of_bytes_leaves_nothing(
    files: Files, said: int
) -> None:
    with pytest.raises(CutShort, match=f"to have {said:,} bytes, and 100,000 came"):
        await keep_stream(
            files, KEY, pieces(letters(100_000)[:100_000]), content_type=KIND, size=said
        )
    assert not await files.exists(KEY)
    assert await half_uploads(files) == 0


async def test_what_is_too_large_is_not_read_to_its_end(files: Files) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield letters(100_000)

    with pytest.raises(TooLarge):
        await keep_stream(files, KEY, endless(), content_type=KIND, most=PART + 5)
    assert not await files.exists(KEY)


async def test_who_is_cancelled_leaves_nothing(files: Files) -> None:
    sent = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield letters(PART + 1)
        sent.set()
        await asyncio.Event().wait()

    keeping = asyncio.create_task(keep_stream(files, KEY, slow(), content_type=KIND))
    await sent.wait()
    keeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await keeping
    assert await half_uploads(files) == 0
    assert not await files.exists(KEY)


async def test_a_store_that_is_away_is_told_in_words(files: Files) -> None:
    files = Files(
        endpoint="http://127.0.0.1:9",
        region="us-east-1",
        bucket="b",
        access_key="a",
        secret_key="s",
    )
    with pytest.raises(FilesUnavailable, match="cannot be reached"):
        await keep_stream(files, KEY, pieces(b"x"), content_type=KIND)
