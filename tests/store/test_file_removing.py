"""Removing bytes from a real S3 server: nothing of a file can be had back."""

import asyncio

import pytest

from store.file_removing import remove_file, remove_half_uploads
from store.files import FileMissing, Files

KEY = "files/4f"
KIND = "application/octet-stream"


async def versions(files: Files) -> list[str]:
    found = await files.call(lambda client: client.list_object_versions(Bucket=files.bucket))
    return [each["Key"] for each in (*found.get("Versions", ()), *found.get("DeleteMarkers", ()))]


async def half_uploads(files: Files) -> list[str]:
    found = await files.call(lambda client: client.list_multipart_uploads(Bucket=files.bucket))
    return [each["Key"] for each in found.get("Uploads", ())]


async def begin(files: Files, key: str) -> None:
    await files.call(lambda client: client.create_multipart_upload(Bucket=files.bucket, Key=key))


async def keep_versions(files: Files) -> None:
    settings = {"Status": "Enabled"}
    await files.call(
        lambda client: client.put_bucket_versioning(
            Bucket=files.bucket, VersioningConfiguration=settings
        )
    )


@pytest.mark.parametrize("has_versions", [False, True])
async def test_a_removed_file_cannot_be_had_back(files: Files, has_versions: bool) -> None:
    if has_versions:
        await keep_versions(files)
    for data in (b"first", b"second"):
        await files.put(KEY, data, content_type=KIND)
    await files.put(f"{KEY}0", b"of another", content_type=KIND)
    await begin(files, KEY)
    await remove_file(files, KEY)
    with pytest.raises(FileMissing):
        await files.get(KEY)
    assert await versions(files) == [f"{KEY}0"]
    assert await half_uploads(files) == []


async def test_what_is_not_there_is_removed_already(files: Files) -> None:
    await asyncio.gather(*(remove_file(files, KEY) for _ in range(3)))


async def test_half_uploads_of_others_go_on(files: Files) -> None:
    await files.put(KEY, b"whole", content_type=KIND)
    await begin(files, KEY)
    await begin(files, f"{KEY}0")
    await remove_half_uploads(files, KEY)
    assert await half_uploads(files) == [f"{KEY}0"]
    assert await files.get(KEY) == b"whole"
