"""Removing bytes from S3 for good: every version of a file, and what was begun of it and never ended."""

from typing import Any

from botocore.exceptions import ClientError

from store.files import Files

GONE = frozenset({"NoSuchUpload", "NoSuchKey", "NoSuchVersion"})
"""Somebody else removed it meanwhile, which is as well."""


async def remove_file(files: Files, key: str) -> None:
    """Remove all that has this key, so that no older version can be had back; nothing there is well.

    Raises FilesUnavailable, also where the store has to keep a version for a while (Object Lock).
    """
    await remove_half_uploads(files, key)
    await files.call(lambda client: _remove_versions(client, files.bucket, key))


async def remove_half_uploads(files: Files, key: str) -> None:
    """Give up uploads in parts that were begun for this key, by a program that was killed, say.

    Raises FilesUnavailable.
    """
    await files.call(lambda client: _give_up(client, files.bucket, key))


def _remove_versions(client: Any, bucket: str, key: str) -> None:  # noqa: ANN401 - boto3 makes its clients at run time
    pages = client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key)
    versions = [
        each["VersionId"]
        for page in pages
        for each in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
        if each["Key"] == key
    ]
    for version in versions:
        _unless_gone(client.delete_object, Bucket=bucket, Key=key, VersionId=version)


def _give_up(client: Any, bucket: str, key: str) -> None:  # noqa: ANN401 - as above
    pages = client.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, Prefix=key)
    begun = [
        each["UploadId"] for page in pages for each in page.get("Uploads", ()) if each["Key"] == key
    ]
    for upload in begun:
        _unless_gone(client.abort_multipart_upload, Bucket=bucket, Key=key, UploadId=upload)


def _unless_gone(call: Any, **what: str) -> None:  # noqa: ANN401 - as above
    try:
        call(**what)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") not in GONE:
            raise
