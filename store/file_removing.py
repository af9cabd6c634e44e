"""Removing bytes from S3 for good: every version of a file, and what was begun of it and never ended."""

from botocore.client import BaseClient

from store.files import Files, unless_gone


async def remove_file(files: Files, key: str) -> None:
    """Remove all that has this key, so that no older version can be had back; nothing there is well.

    Raises FilesUnavailable, also where the store has to keep a version for a while (Object Lock).
    """
    await remove_half_uploads(files, key)
    await files.remove(key)


async def remove_half_uploads(files: Files, key: str) -> None:
    """Give up uploads in parts that were begun for this key, by a program that was killed, say.

    Raises FilesUnavailable.
    """
    for upload_id in await files.call(lambda client: _begun(client, files.bucket, key)):
        await give_up(files, key, upload_id=upload_id)


async def give_up(files: Files, key: str, *, upload_id: str) -> None:
    """Forget one upload in parts and all that arrived of it; one that is gone already is no error.

    Raises FilesUnavailable.
    """
    await files.call(
        lambda client: unless_gone(
            client.abort_multipart_upload, Bucket=files.bucket, Key=key, UploadId=upload_id
        )
    )


def _begun(client: BaseClient, bucket: str, key: str) -> list[str]:
    pages = client.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, Prefix=key)
    return [
        each["UploadId"] for page in pages for each in page.get("Uploads", ()) if each["Key"] == key
    ]
