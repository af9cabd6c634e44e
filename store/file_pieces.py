"""Pieces of files in S3, for who wants to see some bytes of a file of any size."""

from store.file_streams import CutShort
from store.files import Files


async def read_piece(
    files: Files, key: str, *, start: int, length: int, version: str | None = None
) -> bytes:
    """So many bytes of a file from there, all of which it has; raises CutShort where the store gives fewer.

    Raises FilesUnavailable.
    """
    of_version = {"VersionId": version} if version else {}
    wanted = f"bytes={start}-{start + length - 1}"

    answer = await files.call(
        lambda client: client.get_object(Bucket=files.bucket, Key=key, Range=wanted, **of_version)
    )
    with answer["Body"] as body:
        data: bytes = await files.call(lambda _: body.read(length))
    if len(data) != length:
        raise CutShort(len(data), length)
    return data
