"""Uploads whose parts somebody else sends, on a real S3 server: whole files or none."""

import base64
import hashlib

import httpx
import pytest

from store.browser_uploads import UploadGone, arrived, give_up, put_together
from store.file_links import link_for_part
from store.file_streams import CutShort, begin_upload
from store.files import FileMissing, Files

KEY = "3f0a"
PARTS = {1: b"a" * (5 * 1024 * 1024), 2: b"the rest"}
SIZE = sum(map(len, PARTS.values()))


def digest(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


DIGESTS = {number: digest(data) for number, data in PARTS.items()}


async def send(files: Files, upload_id: str, *numbers: int) -> None:
    async with httpx.AsyncClient() as browser:
        for number in numbers:
            sha256 = DIGESTS[number]
            address = await link_for_part(
                files,
                KEY,
                upload_id=upload_id,
                number=number,
                sha256=sha256,
                size=len(PARTS[number]),
            )
            headers = {"x-amz-checksum-sha256": sha256}
            (await browser.put(address, content=PARTS[number], headers=headers)).raise_for_status()


async def begin(files: Files) -> str:
    return await begin_upload(files, KEY, "application/octet-stream")


async def test_the_file_is_there_once_all_parts_are_and_not_before(files: Files) -> None:
    upload_id = await begin(files)
    await send(files, upload_id, 1)
    with pytest.raises(CutShort):
        await put_together(files, KEY, upload_id=upload_id, size=SIZE, digests=DIGESTS)
    assert not await files.exists(KEY)

    await send(files, upload_id, 2)
    await put_together(files, KEY, upload_id=upload_id, size=SIZE, digests=DIGESTS)
    assert await files.get(KEY) == b"".join(PARTS.values())


async def test_what_arrived_is_listed_by_number(files: Files) -> None:
    upload_id = await begin(files)
    assert await arrived(files, KEY, upload_id=upload_id) == {}
    await send(files, upload_id, 2)
    parts = await arrived(files, KEY, upload_id=upload_id)
    assert parts
    assert {number: part.size for number, part in parts.items()} == {2: len(PARTS[2])}


async def test_to_put_it_together_twice_is_to_do_it_once(files: Files) -> None:
    on = {"Status": "Enabled"}
    await files.call(
        lambda client: client.put_bucket_versioning(Bucket=files.bucket, VersioningConfiguration=on)
    )
    upload_id = await begin(files)
    await send(files, upload_id, 1, 2)
    first, again = [
        await put_together(files, KEY, upload_id=upload_id, size=SIZE, digests=DIGESTS)
        for _ in range(2)
    ]
    assert first
    assert first == again
    assert len(await files.get(KEY)) == SIZE


async def test_who_gives_up_leaves_nothing_and_may_do_so_twice(files: Files) -> None:
    upload_id = await begin(files)
    await send(files, upload_id, 1, 2)
    for _ in range(2):
        await give_up(files, KEY, upload_id=upload_id)
    assert await arrived(files, KEY, upload_id=upload_id) is None
    with pytest.raises(UploadGone):
        await put_together(files, KEY, upload_id=upload_id, size=SIZE, digests=DIGESTS)
    with pytest.raises(FileMissing):
        await files.get(KEY)


@pytest.mark.parametrize(
    ("content", "sha256"),
    [
        (b"another!", digest(b"another!")),
        (b"another!", digest(PARTS[2])),
        (PARTS[2] * 2, digest(PARTS[2])),
        (PARTS[2] * 2, digest(PARTS[2] * 2)),
    ],
    ids=["another part", "other bytes", "more bytes", "another size"],
)
async def test_the_address_of_a_part_takes_that_part_and_no_other(
    files: Files, content: bytes, sha256: str
) -> None:
    upload_id = await begin(files)
    size = len(PARTS[2])
    address = await link_for_part(
        files, KEY, upload_id=upload_id, number=2, sha256=DIGESTS[2], size=size
    )
    assert f"X-Amz-Expires={60 * 60}&" in address
    async with httpx.AsyncClient() as browser:
        headers = {"x-amz-checksum-sha256": sha256}
        told = await browser.put(address, content=content, headers=headers)
        elsewhere = address.replace("partNumber=2", "partNumber=1")
        moved = await browser.put(
            elsewhere, content=PARTS[2], headers={"x-amz-checksum-sha256": DIGESTS[2]}
        )
    assert told.is_client_error
    assert moved.is_client_error
    assert await arrived(files, KEY, upload_id=upload_id) == {}
