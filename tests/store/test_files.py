import hashlib
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from bot.embedded_s3 import EmbeddedS3
from store.file_streams import keep_stream
from store.files import FileMissing, Files, FilesUnavailable


@dataclass(frozen=True)
class Bucket:
    """A bucket of the server and the ways a test may hold it wrongly."""

    server: EmbeddedS3
    name: str

    def files(
        self,
        *,
        bucket: str | None = None,
        access_key: str | None = None,
        secret_key: str | None = None,
        encryption: str = "",
    ) -> Files:
        return Files(
            endpoint=self.server.endpoint,
            region="us-east-1",
            bucket=bucket or self.name,
            access_key=access_key or self.server.access_key,
            secret_key=secret_key or self.server.secret_key,
            encryption=encryption,
        )


@pytest.fixture
def bucket(s3_server: EmbeddedS3) -> Bucket:
    name = f"plain-{uuid4().hex}"
    s3_server.create_bucket(name)
    return Bucket(s3_server, name)


@pytest.fixture
def locking_bucket(s3_server: EmbeddedS3) -> Bucket:
    name = f"locking-{uuid4().hex}"
    s3_server.create_bucket(name, object_lock=True)
    return Bucket(s3_server, name)


@pytest.fixture
def nobody_listens() -> Iterator[str]:
    """An address that refuses: the port is taken but nothing listens on it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


async def test_what_is_put_is_what_is_got(bucket: Bucket) -> None:
    files = bucket.files()
    data = bytes(range(256)) * 5000

    stored = await files.put("some/key", data, content_type="application/octet-stream")

    assert stored.sha256 == hashlib.sha256(data).hexdigest()
    assert await files.get("some/key") == data
    assert await files.exists("some/key")


async def test_a_missing_file_is_told_from_a_missing_bucket(bucket: Bucket) -> None:
    assert not await bucket.files().exists("nothing")
    with pytest.raises(FileMissing, match="no file nothing"):
        await bucket.files().get("nothing")

    elsewhere = bucket.files(bucket=f"no-{uuid4().hex}")
    with pytest.raises(FilesUnavailable, match="bucket does not exist"):
        await elsewhere.exists("nothing")
    with pytest.raises(FilesUnavailable, match="bucket does not exist"):
        await elsewhere.get("nothing")
    with pytest.raises(FilesUnavailable, match="bucket does not exist"):
        await elsewhere.put("key", b"data", content_type="text/plain")


async def test_a_wrong_key_is_refused_and_named(bucket: Bucket) -> None:
    with pytest.raises(FilesUnavailable, match="refused the secret key"):
        await bucket.files(secret_key="wrong").put("key", b"data", content_type="text/plain")
    with pytest.raises(FilesUnavailable, match="does not know the access key"):
        await bucket.files(access_key="wrong").put("key", b"data", content_type="text/plain")
    assert not await bucket.files().exists("key")


async def test_a_locked_version_cannot_be_removed_before_its_time(locking_bucket: Bucket) -> None:
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)

    stored = await locking_bucket.files().put(
        "seal", b"head", content_type="text/plain", locked_until=until
    )

    assert stored.locked_until == until
    assert stored.version is not None
    server = locking_bucket.server
    client = boto3.client(
        "s3",
        endpoint_url=server.endpoint,
        region_name="us-east-1",
        aws_access_key_id=server.access_key,
        aws_secret_access_key=server.secret_key,
        config=Config(signature_version="s3v4", retries={"total_max_attempts": 1}),
    )
    with pytest.raises(ClientError, match="AccessDenied"):
        client.delete_object(Bucket=locking_bucket.name, Key="seal", VersionId=stored.version)
    assert await locking_bucket.files().get("seal") == b"head"
    client.close()


async def test_a_bucket_without_object_lock_keeps_the_file_and_says_it_is_not_locked(
    bucket: Bucket,
) -> None:
    until = datetime.now(UTC) + timedelta(days=1)

    stored = await bucket.files().put(
        "seal", b"head", content_type="text/plain", locked_until=until
    )

    assert stored.locked_until is None
    assert await bucket.files().get("seal") == b"head"


async def all_versions(files: Files) -> list[str]:
    """The key of each version that the bucket keeps, those that were removed and are still there too."""
    kept = await files.call(lambda client: client.list_object_versions(Bucket=files.bucket))
    return [each["Key"] for each in (*kept.get("Versions", ()), *kept.get("DeleteMarkers", ()))]


async def test_what_is_removed_is_gone_with_all_its_versions(locking_bucket: Bucket) -> None:
    files = locking_bucket.files()
    for data in (b"first", b"second"):
        await files.put("menu", data, content_type="text/plain")
    await files.put("menu-2", b"other", content_type="text/plain")

    for _ in range(2):
        await files.remove("menu")

    assert not await files.exists("menu")
    assert await all_versions(files) == ["menu-2"]


async def test_what_is_old_is_removed_with_all_its_versions(
    bucket: Bucket, locking_bucket: Bucket
) -> None:
    for files in (bucket.files(), locking_bucket.files()):
        for key in ("imports/1", "imports/1", "seals/1"):
            await files.put(key, b"data", content_type="text/plain")
        await files.remove_older_than("imports/", timedelta(days=1))
        assert await files.exists("imports/1")

        await files.remove_older_than("imports/", timedelta(days=-1))

        assert await all_versions(files) == ["seals/1"]


async def how_it_is_kept(files: Files, key: str) -> str | None:
    """How the store says that it encrypted a file."""
    found = await files.call(lambda client: client.head_object(Bucket=files.bucket, Key=key))
    kept: str | None = found.get("ServerSideEncryption")
    return kept


async def test_the_store_encrypts_what_is_put_there_where_that_is_set(bucket: Bucket) -> None:
    await bucket.files().put("open", b"menu", content_type="text/plain")
    encrypting = bucket.files(encryption="AES256")
    await encrypting.put("whole", b"menu", content_type="text/plain")
    await keep_stream(encrypting, "streamed", given(b"menu"), content_type="text/plain")

    assert await how_it_is_kept(encrypting, "open") is None
    for key in ("whole", "streamed"):
        assert await how_it_is_kept(encrypting, key) == "AES256"
        assert await encrypting.get(key) == b"menu"


@pytest.mark.parametrize("encryption", ["aws:kms", "aws:kms:arn:aws:kms:eu-central-1:1:key/7"])
async def test_a_store_that_cannot_encrypt_as_asked_keeps_nothing(
    bucket: Bucket, encryption: str
) -> None:
    files = bucket.files(encryption=encryption)
    sent: dict[str, bytes | str] = {}
    await files.call(
        lambda client: client.meta.events.register(
            "before-send.s3", lambda request, **_: sent.update(request.headers)
        )
    )

    with pytest.raises(FilesUnavailable):
        await files.put("key", b"menu", content_type="text/plain")
    assert sent["x-amz-server-side-encryption"] == b"aws:kms"
    key = sent.get("x-amz-server-side-encryption-aws-kms-key-id", b"")
    assert isinstance(key, bytes)
    assert key.decode() == encryption.removeprefix("aws:kms").removeprefix(":")
    with pytest.raises(FilesUnavailable):
        await keep_stream(files, "key", given(b"menu"), content_type="text/plain")
    assert not await bucket.files().exists("key")


async def given(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def test_a_store_that_is_not_there_is_unavailable_but_making_files_is_not_an_error(
    nobody_listens: str,
) -> None:
    files = Files(
        endpoint=nobody_listens, region="r", bucket="bucket", access_key="a", secret_key="s"
    )

    with pytest.raises(FilesUnavailable, match="cannot be reached"):
        await files.reach()


async def test_an_endpoint_that_is_no_address_is_told_in_words() -> None:
    files = Files(endpoint="nonsense", region="r", bucket="b", access_key="a", secret_key="s")

    with pytest.raises(FilesUnavailable, match="nonsense"):
        await files.reach()
