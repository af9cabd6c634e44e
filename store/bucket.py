"""The bucket looked at and set up, so that files are safe in it."""

import uuid
from typing import Any

from botocore.exceptions import ClientError

from store.bucket_properties import PROPERTIES, Client, Property, browser_uploads
from store.files import Files, FilesUnavailable, Finding, code_of

NO_BUCKET = frozenset({"404", "NoSuchBucket"})


async def check(files: Files) -> list[Finding]:
    """Try what Wavepost needs of the bucket, writing and removing one small file.

    Never raises FilesUnavailable: what it would say is a finding. Stops at the first finding that
    makes the rest pointless.
    """
    try:
        await files.reach()
        kept = await _try_writing(files)
    except FilesUnavailable as trouble:
        return [Finding(f"The bucket {files.bucket} cannot be used.", str(trouble))]
    return [
        Finding(f"The bucket {files.bucket} answers."),
        Finding("Files can be written, read and removed."),
        _encryption(files, kept),
        *[await _look(files, each) for each in PROPERTIES],
    ]


async def set_up(files: Files, *, address: str | None) -> list[Finding]:
    """Give the bucket what it lacks, and make it where there is none; says what changed.

    `address` is where people's browsers find the pages, which send large files from there. What
    others have set up stays; Object Lock is given to a bucket of our making alone, for it can never
    be taken back. Never raises FilesUnavailable.
    """
    try:
        changed = [Finding(f"The bucket {files.bucket} was made.")] if await _made(files) else []
    except FilesUnavailable as trouble:
        return [Finding(f"The bucket {files.bucket} cannot be had.", str(trouble))]
    wanted = [*PROPERTIES, browser_uploads(address)] if address else PROPERTIES
    given = [await _give(files, each) for each in wanted]
    return [*changed, *(each for each in given if each)]


async def _made(files: Files) -> bool:
    """Make the bucket where it does not exist; whether it was made."""

    def make(client: Client) -> bool:
        try:
            client.head_bucket(Bucket=files.bucket)
        except ClientError as error:
            if code_of(error) not in NO_BUCKET:
                raise
        else:
            return False
        client.create_bucket(Bucket=files.bucket, ObjectLockEnabledForBucket=True, **_where(files))
        return True

    return await files.call(make)


async def _try_writing(files: Files) -> str:
    """How the store says that it keeps a file encrypted: empty where it does not say."""
    key = f"wavepost-check/{uuid.uuid4()}"
    stored = await files.put(key, b"wavepost", content_type="text/plain")
    try:
        await files.get(key)
        return stored.encryption
    finally:
        await files.remove(key)


def _encryption(files: Files, kept: str) -> Finding:
    asked = files.encrypted.get("ServerSideEncryption", "")
    if asked and kept != asked:
        return Finding(
            f"The store was asked to encrypt files ({asked}) and does not say that it does.",
            "Use a store that can, or leave WAVEPOST_S3_ENCRYPTION empty.",
        )
    if kept:
        return Finding(f"The store encrypts files ({kept}).")
    return Finding(
        "The store does not say that it encrypts files. If its disks are not encrypted, "
        "WAVEPOST_S3_ENCRYPTION=AES256 asks for it."
    )


async def _look(files: Files, wanted: Property) -> Finding:
    try:
        has = await wanted.is_of(files)
    except FilesUnavailable as trouble:
        return Finding("A property of the bucket could not be read.", str(trouble))
    if has is None:
        return wanted.unknown
    return Finding(wanted.there) if has else wanted.lacking


async def _give(files: Files, wanted: Property) -> Finding | None:
    """What changed, or why it could not; None where nothing had to."""
    give = wanted.give
    try:
        if give is None or await wanted.is_of(files) is not False:
            return None
        await files.call(lambda client: give(client, files.bucket))
    except FilesUnavailable as trouble:
        return Finding(f"This could not be set up. {wanted.lacking.what}", str(trouble))
    return Finding(wanted.given)


def _where(files: Files) -> dict[str, Any]:
    """What goes with making a bucket: AWS wants to hear its region, but not this one."""
    if files.endpoint or files.region == "us-east-1":
        return {}
    return {"CreateBucketConfiguration": {"LocationConstraint": files.region}}
