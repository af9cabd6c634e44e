"""The bucket looked at and set up, on a real S3 server; what that one does not know is said so."""

from typing import Any
from uuid import uuid4

import pytest

from bot.embedded_s3 import EmbeddedS3
from store.bucket import check, set_up
from store.files import Files

ADDRESS = "https://wavepost.example.com"
NOT_KNOWN = "This store has no block of public access"


def at(server: EmbeddedS3, name: str, **others: Any) -> Files:
    return Files(
        **{
            "endpoint": server.endpoint,
            "region": "us-east-1",
            "bucket": name,
            "access_key": server.access_key,
            "secret_key": server.secret_key,
        }
        | others
    )


async def lacking(files: Files) -> list[str]:
    return [finding.what for finding in await check(files) if not finding.well]


async def rules(files: Files) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What the bucket says of pages elsewhere, and of how long what lies in it."""
    cors = await files.call(lambda client: client.get_bucket_cors(Bucket=files.bucket))
    lifecycle = await files.call(
        lambda client: client.get_bucket_lifecycle_configuration(Bucket=files.bucket)
    )
    return cors["CORSRules"], lifecycle["Rules"]


async def test_a_plain_bucket_lacks_what_makes_files_safe(files: Files) -> None:
    assert await lacking(files) == [
        "The bucket keeps no versions.",
        "Uploads that break off stay in the bucket, and cost.",
        "The bucket has no Object Lock: the audit's seals are kept, but could be replaced.",
    ]
    assert all(finding.remedy for finding in await check(files) if not finding.well)


async def test_what_is_lacking_is_set_up_once(files: Files) -> None:
    changed = await set_up(files, address=ADDRESS)

    assert [finding.what for finding in changed] == [
        "The bucket keeps versions now.",
        "Uploads that break off are cleared away after 7 days now.",
        f"Pages at {ADDRESS} may send files to the store now.",
    ]
    assert [what for what in await lacking(files) if "Object Lock" not in what] == []
    assert await set_up(files, address=ADDRESS) == []


async def test_a_bucket_that_is_not_there_is_made_with_all_that_it_needs(
    s3_server: EmbeddedS3,
) -> None:
    files = at(s3_server, f"new-{uuid4().hex}")

    changed = await set_up(files, address=None)

    assert changed[0].what == f"The bucket {files.bucket} was made."
    assert await lacking(files) == []


async def test_a_store_that_does_not_know_a_call_is_told_of_and_fails_nothing(
    files: Files,
) -> None:
    [unknown] = [each for each in await check(files) if each.what.startswith(NOT_KNOWN)]
    assert unknown.well
    assert not any(NOT_KNOWN in each.what for each in await set_up(files, address=ADDRESS))


async def test_rules_of_others_stay_and_an_earlier_one_of_ours_goes(files: Files) -> None:
    theirs = {"ID": "theirs", "AllowedOrigins": ["https://shop.example"], "AllowedMethods": ["GET"]}
    logs = {
        "ID": "logs",
        "Status": "Enabled",
        "Filter": {"Prefix": "logs/"},
        "Expiration": {"Days": 30},
    }
    await files.call(
        lambda client: (
            client.put_bucket_cors(Bucket=files.bucket, CORSConfiguration={"CORSRules": [theirs]}),
            client.put_bucket_lifecycle_configuration(
                Bucket=files.bucket, LifecycleConfiguration={"Rules": [logs]}
            ),
        )
    )

    for address in ("https://earlier.example.com", ADDRESS):
        await set_up(files, address=address)

    cors, lifecycle = await rules(files)
    assert [each["AllowedOrigins"] for each in cors] == [["https://shop.example"], [ADDRESS]]
    assert [each["ID"] for each in lifecycle] == ["logs", "wavepost-half-uploads"]


async def test_half_uploads_of_some_keys_alone_are_not_all(files: Files) -> None:
    some = {
        "ID": "some",
        "Status": "Enabled",
        "Filter": {"Prefix": "imports/"},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
    }
    await files.call(
        lambda client: client.put_bucket_lifecycle_configuration(
            Bucket=files.bucket, LifecycleConfiguration={"Rules": [some]}
        )
    )
    assert "Uploads that break off stay in the bucket, and cost." in await lacking(files)


async def test_the_check_leaves_nothing_behind(files: Files) -> None:
    await set_up(files, address=ADDRESS)
    await check(files)

    left = await files.call(lambda client: client.list_object_versions(Bucket=files.bucket))
    assert "Versions" not in left
    assert "DeleteMarkers" not in left


async def test_a_store_that_encrypts_as_asked_is_told_from_one_that_says_nothing(
    files: Files, s3_server: EmbeddedS3
) -> None:
    said = [finding.what for finding in await check(files)]
    assert any("WAVEPOST_S3_ENCRYPTION=AES256 asks for it" in what for what in said)

    encrypting = at(s3_server, files.bucket, encryption="AES256")
    assert "The store encrypts files (AES256)." in [each.what for each in await check(encrypting)]

    [refused] = await check(at(s3_server, files.bucket, encryption="aws:kms"))
    assert "cannot be used" in refused.what


@pytest.mark.parametrize("wrong", [{"access_key": "wrong"}, {"endpoint": "http://127.0.0.1:9"}])
async def test_a_bucket_that_cannot_be_set_up_is_told(
    s3_server: EmbeddedS3, wrong: dict[str, str]
) -> None:
    [finding] = await set_up(at(s3_server, "any", **wrong), address=ADDRESS)
    assert not finding.well
    assert "cannot be had" in finding.what


async def test_the_check_of_a_missing_bucket_says_so_and_stops(s3_server: EmbeddedS3) -> None:
    [finding] = await check(at(s3_server, f"no-{uuid4().hex}"))

    assert not finding.well
    assert "bucket does not exist" in finding.remedy
