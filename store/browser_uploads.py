"""Uploads whose parts a browser sends to S3 itself: what has arrived, and the file put together of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from store.file_removing import give_up
from store.file_streams import CutShort
from store.files import Files, code_of

__all__ = ["Part", "UploadGone", "arrived", "give_up", "put_together"]


class UploadGone(Exception):
    """The store does not know this upload any more, and no file came of it."""


@dataclass(frozen=True)
class Part:
    """A part that arrived: its bytes, and what the store calls it by."""

    size: int
    tag: str


async def arrived(files: Files, key: str, *, upload_id: str) -> Mapping[int, Part] | None:
    """The parts that the store has, by number; None where it knows no such upload (any more).

    Raises FilesUnavailable.
    """

    def look(client: BaseClient) -> Mapping[int, Part] | None:
        pages = client.get_paginator("list_parts").paginate(
            Bucket=files.bucket, Key=key, UploadId=upload_id
        )
        try:
            listed = [part for page in pages for part in page.get("Parts", ())]
        except client.exceptions.NoSuchUpload:
            return None
        return {part["PartNumber"]: Part(part["Size"], part["ETag"]) for part in listed}

    return await files.call(look)


async def put_together(
    files: Files, key: str, *, upload_id: str, size: int, digests: Mapping[int, str]
) -> str | None:
    """Make the file of its parts, which have these SHA-256 in base64; done before, it stays as it is.

    Returns its version, where the store keeps versions.

    Raises:
        CutShort: what arrived is not as many bytes as `size`; nothing was made.
        UploadGone: the store has neither the upload nor the file.
        FilesUnavailable: the store did not do it.
    """
    parts = await arrived(files, key, upload_id=upload_id)
    if parts is None:
        return await _version_of(files, key)
    there = sorted(parts.keys() & digests.keys())
    got = sum(parts[number].size for number in there)
    if got != size:
        raise CutShort(got, size)
    wanted = [
        {"PartNumber": number, "ETag": parts[number].tag, "ChecksumSHA256": digests[number]}
        for number in there
    ]
    kept: dict[str, Any] = await files.call(
        lambda client: client.complete_multipart_upload(
            Bucket=files.bucket, Key=key, UploadId=upload_id, MultipartUpload={"Parts": wanted}
        )
    )
    return kept.get("VersionId")


async def _version_of(files: Files, key: str) -> str | None:
    """The version of a file that was put together before; raises UploadGone where there is none."""

    def look(client: BaseClient) -> str | None:
        try:
            found: dict[str, Any] = client.head_object(Bucket=files.bucket, Key=key)
        except ClientError as error:
            if code_of(error) != "404":
                raise
            raise UploadGone from error
        return found.get("VersionId")

    return await files.call(look)
