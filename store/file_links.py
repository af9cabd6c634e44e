"""Links to bytes in S3, made at the click: for a minute, for one version, to be saved and not shown."""

from datetime import timedelta
from urllib.parse import urlsplit

from rules.file_names import disposition
from store.files import Files

HOLDS_FOR = timedelta(seconds=60)
PART_HOLDS_FOR = timedelta(hours=1)
NEVER_SHOWN = "application/octet-stream"
"""Whatever a file holds, a browser saves it: HTML and SVG would run as a page of the store's."""


async def link_to(
    files: Files, key: str, *, version: str | None, name: str, holds_for: timedelta = HOLDS_FOR
) -> str:
    """An address at which whoever has it gets these bytes until it is over, under a safe name.

    Nothing is asked of the store. Raises FilesUnavailable where there are no keys to sign with.
    """
    wanted = {
        "Key": key,
        "ResponseContentDisposition": disposition(name),
        "ResponseContentType": NEVER_SHOWN,
        "ResponseCacheControl": "private, no-store",
        **({"VersionId": version} if version else {}),
    }
    return await files.link("get_object", wanted, holds_for)


async def link_for_part(
    files: Files, key: str, *, upload_id: str, number: int, sha256: str, size: int
) -> str:
    """An address to which a browser sends one part of an upload, for an hour.

    `sha256` is that part's, in base64, and `size` the number of its bytes: the store refuses others.
    Raises FilesUnavailable.
    """
    part = {
        "Key": key,
        "UploadId": upload_id,
        "PartNumber": number,
        "ChecksumSHA256": sha256,
        "ContentLength": size,
    }
    return await files.link("upload_part", part, PART_HOLDS_FOR)


async def origin_of_links(files: Files) -> str:
    """Where all these links lead, for the policy of a page that uses them: "https://store.example.com".

    Raises FilesUnavailable where there are no keys to sign with.
    """
    parts = urlsplit(await files.link("head_object", {"Key": "any"}, HOLDS_FOR))
    return f"{parts.scheme}://{parts.netloc}"
