"""Files in S3: any store that speaks it, through boto3, in threads beside the loop."""

import asyncio
import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, TypeVar

import boto3
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, FlexibleChecksumError

CONNECT_SECONDS = 3
READ_SECONDS = 20
ATTEMPTS = 3
CONNECTIONS = 16

REMEDIES = {
    "InvalidAccessKeyId": "The store does not know the access key. Check the key in the settings.",
    "SignatureDoesNotMatch": "The store refused the secret key. Check the key in the settings.",
    "RequestTimeTooSkewed": "This machine's clock is wrong. Set it, then try again.",
    "AccessDenied": "The keys may not do this. Allow it in the store's policy for this bucket.",
    "403": "The store refused the keys, or they may not use this bucket. Check both.",
    "NoSuchBucket": "The bucket does not exist. Make it, or name another in the settings.",
    "404": "The bucket does not exist. Make it, or name another in the settings.",
}
GONE = frozenset({"NoSuchUpload", "NoSuchKey", "NoSuchVersion"})
"""Somebody else removed it meanwhile, which is as well."""
ELSE = "Check that the store runs and that the settings name it."

Answer = TypeVar("Answer")

# One for all: the first client of a session reads what S3 is for a tenth of a second, the next do not.
_session = boto3.session.Session()
_making = Lock()


class FilesUnavailable(Exception):
    """The file store did not do what was asked; the words say what to do about it."""


class FileMissing(Exception):
    """No file has this key."""


@dataclass(frozen=True)
class Stored:
    """What the store kept: the bytes' SHA-256 in hex, its version if it keeps versions, its lock.

    `encryption` is how the store says that it encrypts them; empty where it says nothing.
    """

    sha256: str
    version: str | None
    locked_until: datetime | None
    encryption: str


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `remedy` says what to do about it and is empty when all is well."""

    what: str
    remedy: str = ""

    @property
    def well(self) -> bool:
        """Whether nothing needs doing."""
        return not self.remedy


class Files:
    """A bucket. Nothing connects until the first call; one client then serves the process.

    Without keys, boto3 looks for them where AWS puts them (a role, a profile). Browsers find the
    store at `public_endpoint`, where that is another than ours. `encryption` is what is asked of the
    store for all that is put there: "AES256", "aws:kms" or "aws:kms:KEY"; empty asks for nothing and
    leaves it to the bucket. Every method raises FilesUnavailable when the store cannot be reached or
    refuses.
    """

    def __init__(
        self,
        *,
        endpoint: str | None,
        region: str,
        bucket: str,
        access_key: str | None,
        secret_key: str | None,
        public_endpoint: str | None = None,
        encryption: str = "",
    ) -> None:
        self.endpoint, self.region, self.bucket = endpoint, region, bucket
        self.encrypted = _encrypted(encryption)
        self._public = public_endpoint or endpoint
        self._speaking: dict[str, Any] = {
            "region_name": region,
            "aws_access_key_id": access_key,
            "aws_secret_access_key": secret_key,
        }
        self._made: dict[str | None, Any] = {}

    async def put(
        self, key: str, data: bytes, *, content_type: str, locked_until: datetime | None = None
    ) -> Stored:
        """Keep these bytes; the store checks their SHA-256 before it says yes.

        With `locked_until` (aware) nobody can change or remove this version before then, where the
        bucket has Object Lock; where it has not, the file is kept and `Stored.locked_until` is None.
        """
        return await self._ask(lambda: self._put(key, data, content_type, locked_until))

    async def get(self, key: str) -> bytes:
        """The bytes of the newest version, checked on the way; raises FileMissing."""
        return await self._ask(lambda: self._get(key))

    async def exists(self, key: str) -> bool:
        """Whether a file has this key."""
        return await self._ask(lambda: self._exists(key))

    async def remove(self, key: str) -> None:
        """Remove the file of this key, all its versions; one that is gone already is no error."""
        await self._ask(lambda: self._remove(key, lambda found: bool(found["Key"] == key)))

    async def remove_older_than(self, prefix: str, age: timedelta) -> None:
        """Remove files whose keys begin so and that were put there longer ago than this."""
        before = datetime.now(UTC) - age
        await self._ask(lambda: self._remove(prefix, lambda found: found["LastModified"] < before))

    async def call(self, do: Callable[[Any], Answer]) -> Answer:
        """What boto3's client answers to something this class has no word for, in a thread."""
        return await self._ask(lambda: do(self._client))

    async def link(self, operation: str, wanted: dict[str, Any], holds_for: timedelta) -> str:
        """An address at which a browser does one thing of boto3's, until it is over.

        It is signed here, nothing is asked of the store; raises FilesUnavailable where there are no
        keys to sign with.
        """
        params, seconds = {"Bucket": self.bucket, **wanted}, int(holds_for.total_seconds())
        return await self._ask(
            lambda: str(
                self._client_at(self._public).generate_presigned_url(
                    operation, Params=params, ExpiresIn=seconds
                )
            )
        )

    async def reach(self) -> None:
        """Return when the bucket answers to our keys: cheap enough for a readiness probe."""
        await self._ask(lambda: self._client.head_bucket(Bucket=self.bucket))

    @property
    def _client(self) -> BaseClient:
        return self._client_at(self.endpoint)

    def _client_at(self, endpoint: str | None) -> BaseClient:
        # Threads come here at once; making a client is not safe to do twice at a time.
        with _making:
            if endpoint not in self._made:
                self._made[endpoint] = _session.client(
                    "s3",
                    endpoint_url=endpoint,
                    **self._speaking,
                    config=_config(own=bool(endpoint)),
                )
            return self._made[endpoint]

    async def _ask(self, call: Callable[[], Answer]) -> Answer:
        try:
            return await asyncio.to_thread(call)
        except FlexibleChecksumError as error:
            raise FilesUnavailable(
                f"A file in {self.bucket} is not what was stored: {error}. "
                "Restore it from a version or a backup."
            ) from error
        except ClientError as error:
            raise FilesUnavailable(self._words(error)) from error
        except (BotoCoreError, ValueError) as error:
            # boto3 says ValueError to an endpoint that is no address.
            raise FilesUnavailable(f"The file store cannot be reached: {error}. {ELSE}") from error

    def _words(self, error: ClientError) -> str:
        said = error.response.get("Error", {})
        remedy = REMEDIES.get(code_of(error), ELSE)
        return f"The file store said {code_of(error)} ({said.get('Message', 'no more')}). {remedy}"

    def _put(
        self, key: str, data: bytes, content_type: str, locked_until: datetime | None
    ) -> Stored:
        lock = locked_until if locked_until and self._locks() else None
        retention = (
            {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": lock} if lock else {}
        )
        digest = hashlib.sha256(data)
        kept = self._client.put_object(
            Bucket=self.bucket,
            Key=key,
            Body=data,
            ContentType=content_type,
            ChecksumSHA256=base64.b64encode(digest.digest()).decode(),
            **self.encrypted,
            **retention,
        )
        return Stored(
            digest.hexdigest(), kept.get("VersionId"), lock, kept.get("ServerSideEncryption", "")
        )

    def _get(self, key: str) -> bytes:
        try:
            answer = self._client.get_object(Bucket=self.bucket, Key=key, ChecksumMode="ENABLED")
        except ClientError as error:
            if code_of(error) == "NoSuchKey":
                raise FileMissing(f"There is no file {key} in {self.bucket}.") from error
            raise
        with answer["Body"] as body:
            data: bytes = body.read()
        return data

    def _exists(self, key: str) -> bool:
        try:
            self._client.head_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if code_of(error) != "404":
                raise
            # A missing bucket gives the same bare 404 as a missing file.
            self._client.head_bucket(Bucket=self.bucket)
            return False
        return True

    def _remove(self, prefix: str, which: Callable[[dict[str, Any]], bool]) -> None:
        # By version: where the bucket keeps versions, removing a key only hides its bytes.
        pages = self._client.get_paginator("list_object_versions").paginate(
            Bucket=self.bucket, Prefix=prefix
        )
        versions = [
            {"Key": found["Key"], "VersionId": found["VersionId"]}
            for page in pages
            for found in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
            if which(found)
        ]
        for version in versions:
            unless_gone(self._client.delete_object, Bucket=self.bucket, **version)

    def _locks(self) -> bool:
        try:
            return has_object_lock(self._client, self.bucket)
        except ClientError as error:
            if code_of(error) in {"ObjectLockConfigurationNotFoundError", "NotImplemented"}:
                return False
            raise


def has_object_lock(client: BaseClient, bucket: str) -> bool:
    """Whether versions in this bucket can be locked; raises botocore's ClientError."""
    answer = client.get_object_lock_configuration(Bucket=bucket)
    return bool(answer["ObjectLockConfiguration"].get("ObjectLockEnabled") == "Enabled")


def _config(*, own: bool) -> Config:
    """How to speak: `own` stores (any but AWS) take the bucket in the path, not in the host."""
    return Config(
        # Without this, presigning falls back to the old signature.
        signature_version="s3v4",
        s3={
            "addressing_style": "path" if own else "auto",
            # What is put has its SHA-256 in a header that is signed, and the store checks it: a
            # signature of the bytes as well would hash them once more on both sides.
            "payload_signing_enabled": False,
        },
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        max_pool_connections=CONNECTIONS,
        # Other stores than AWS refuse the checksums boto3 adds of its own; ours is sent by name.
        request_checksum_calculation="when_required",
    )


def _encrypted(how: str) -> dict[str, str]:
    """What goes with a file that is put there, so that the store encrypts it."""
    if not how:
        return {}
    key = how.removeprefix("aws:kms:")
    if key != how:
        return {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key}
    return {"ServerSideEncryption": how}


def unless_gone(remove: Callable[..., Any], **what: str) -> None:
    """Remove something by a call of boto3's; it may be gone already. Raises botocore's ClientError."""
    try:
        remove(**what)
    except ClientError as error:
        if code_of(error) not in GONE:
            raise


def code_of(error: ClientError) -> str:
    """What the store calls its refusal."""
    code: str = error.response.get("Error", {}).get("Code", "an unknown error")
    return code
