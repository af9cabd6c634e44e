"""Each property that a bucket should have: how to look at it, and how to give it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from store.files import Files, Finding, code_of, has_object_lock

Client = Any
"""boto3's for S3, which is made at run time."""

HALF_UPLOADS_LAST = timedelta(days=7)
HALF_UPLOADS = "wavepost-half-uploads"
BROWSER_UPLOADS = "wavepost-browser-uploads"
"""What Wavepost's own rules are called; rules of other names belong to others and stay."""
REMEMBERED_FOR = timedelta(hours=1)
SET_UP = "`wavepost doctor --set-up-bucket` does it."

UNKNOWN_CALL = frozenset({"NotImplemented", "MethodNotAllowed", "NotSupported", "405", "501"})
NOT_SET = frozenset(
    {
        "NoSuchPublicAccessBlockConfiguration",
        "NoSuchLifecycleConfiguration",
        "NoSuchCORSConfiguration",
        "ObjectLockConfigurationNotFoundError",
    }
)
PUBLIC_ACCESS = (
    "BlockPublicAcls",
    "IgnorePublicAcls",
    "BlockPublicPolicy",
    "RestrictPublicBuckets",
)


@dataclass(frozen=True)
class Property:
    """Something a bucket should have. `has` and `give` take boto3's client and the bucket's name.

    A store may not know the calls for it: `unknown` is then told, and fails nothing.
    """

    has: Callable[[Client, str], bool]
    there: str
    lacking: Finding
    unknown: Finding
    give: Callable[[Client, str], object] | None = None
    given: str = ""

    async def is_of(self, files: Files) -> bool | None:
        """Whether the bucket has it; None where the store does not know the call."""

        def look(client: Client) -> bool | None:
            try:
                return self.has(client, files.bucket)
            except ClientError as error:
                if code_of(error) in UNKNOWN_CALL:
                    return None
                if code_of(error) in NOT_SET:
                    return False
                raise

        return await files.call(look)


def _keeps_versions(client: Client, bucket: str) -> bool:
    return bool(client.get_bucket_versioning(Bucket=bucket).get("Status") == "Enabled")


def _keep_versions(client: Client, bucket: str) -> None:
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


def _is_closed(client: Client, bucket: str) -> bool:
    said = client.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    return all(said.get(each) for each in PUBLIC_ACCESS)


def _close(client: Client, bucket: str) -> None:
    client.put_public_access_block(
        Bucket=bucket, PublicAccessBlockConfiguration=dict.fromkeys(PUBLIC_ACCESS, True)
    )


def _ends_half_uploads(client: Client, bucket: str) -> bool:
    rules = client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    return any(map(_ends_all_half_uploads, rules))


def _ends_all_half_uploads(rule: dict[str, Any]) -> bool:
    """Whether a rule of a lifecycle ends half uploads, and of all keys."""
    narrowed = rule.get("Prefix") or {
        name for name, value in rule.get("Filter", {}).items() if value
    }
    return bool(
        rule["Status"] == "Enabled" and rule.get("AbortIncompleteMultipartUpload") and not narrowed
    )


def _end_half_uploads(client: Client, bucket: str) -> None:
    try:
        rules = client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    except ClientError as error:
        if code_of(error) not in NOT_SET:
            raise
        rules = []
    ours = {
        "ID": HALF_UPLOADS,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": HALF_UPLOADS_LAST.days},
    }
    client.put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={"Rules": [*_of_others(rules, HALF_UPLOADS), ours]},
    )


def browser_uploads(address: str) -> Property:
    """That pages at this address may send files to the store, and read what it says to each part."""
    ours = {
        "ID": BROWSER_UPLOADS,
        "AllowedOrigins": [address],
        "AllowedMethods": ["PUT"],
        "AllowedHeaders": ["*"],
        "ExposeHeaders": ["ETag"],
        "MaxAgeSeconds": int(REMEMBERED_FOR.total_seconds()),
    }

    def rules_of(client: Client, bucket: str) -> list[dict[str, Any]]:
        try:
            return list(client.get_bucket_cors(Bucket=bucket)["CORSRules"])
        except ClientError as error:
            if code_of(error) not in NOT_SET:
                raise
            return []

    def has(client: Client, bucket: str) -> bool:
        return ours in rules_of(client, bucket)

    def give(client: Client, bucket: str) -> None:
        rules = [*_of_others(rules_of(client, bucket), BROWSER_UPLOADS), ours]
        client.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": rules})

    return Property(
        has=has,
        there=f"Pages at {address} may send files to the store.",
        lacking=Finding(f"Pages at {address} may not send files to the store."),
        unknown=Finding("This store has no rules for pages by bucket."),
        give=give,
        given=f"Pages at {address} may send files to the store now.",
    )


def _of_others(rules: list[dict[str, Any]], own: str) -> list[dict[str, Any]]:
    return [rule for rule in rules if rule.get("ID") != own]


PROPERTIES = (
    Property(
        has=_keeps_versions,
        there="The bucket keeps versions.",
        lacking=Finding(
            "The bucket keeps no versions.",
            "Turn versioning on, so that a link always gives the version it was made for: "
            + SET_UP,
        ),
        unknown=Finding(
            "This store keeps no versions.",
            "Use one that does: a link must always give the version it was made for.",
        ),
        give=_keep_versions,
        given="The bucket keeps versions now.",
    ),
    Property(
        has=_is_closed,
        there="No policy can open the bucket to the public.",
        lacking=Finding(
            "A policy could open the bucket to the public.", f"Block public access: {SET_UP}"
        ),
        unknown=Finding(
            "This store has no block of public access: see that no policy of it opens the bucket."
        ),
        give=_close,
        given="Public access is blocked now.",
    ),
    Property(
        has=_ends_half_uploads,
        there="Uploads that broke off are cleared away.",
        lacking=Finding(
            "Uploads that break off stay in the bucket, and cost.",
            f"Let the store end them after {HALF_UPLOADS_LAST.days} days: {SET_UP}",
        ),
        unknown=Finding("This store does not clear away uploads that broke off."),
        give=_end_half_uploads,
        given=f"Uploads that break off are cleared away after {HALF_UPLOADS_LAST.days} days now.",
    ),
    Property(
        has=has_object_lock,
        there="The bucket has Object Lock.",
        lacking=Finding(
            "The bucket has no Object Lock: the audit's seals are kept, but could be replaced.",
            "Use a bucket made with Object Lock if your audit must withstand its own keepers.",
        ),
        unknown=Finding(
            "This store has no Object Lock: the audit's seals are kept, but could be replaced.",
            "Use one that has it if your audit must withstand its own keepers.",
        ),
    ),
)
