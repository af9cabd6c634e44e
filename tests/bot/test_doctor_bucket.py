"""`wavepost doctor` and the bucket: what strangers and browsers get of it, and setting it up."""

import json
from uuid import uuid4

import aiohttp
import pytest
from typer.testing import CliRunner

from bot.assembly import files
from bot.cli import app
from bot.doctor_bucket import bucket_findings
from bot.embedded_s3 import EmbeddedS3
from bot.settings import Settings
from bot.terminal import console
from store.bucket import set_up
from store.files import Finding
from tests.bot.buckets_given import with_bucket


async def unwell(settings: Settings, session: aiohttp.ClientSession) -> list[Finding]:
    return [each for each in await bucket_findings(settings, session) if not each.well]


async def test_a_bucket_that_browsers_cannot_send_to_is_named(
    settings: Settings, session: aiohttp.ClientSession, s3_server: EmbeddedS3
) -> None:
    settings = with_bucket(settings, s3_server, f"doctor-{uuid4().hex}")
    bucket = files(settings)
    assert bucket
    await set_up(bucket, address="https://elsewhere.example.com")

    (finding,) = await unwell(settings, session)
    assert finding.what.endswith("cannot send files to the store: it does not take PUT from there.")
    assert "--set-up-bucket" in finding.remedy

    secure = settings.model_copy(update={"address": "https://elsewhere.example.com"})
    (finding,) = await unwell(secure, session)
    assert "an http:// store" in finding.what


async def test_a_bucket_that_keeps_etag_from_pages_is_named(
    settings: Settings, session: aiohttp.ClientSession, s3_server: EmbeddedS3
) -> None:
    settings = with_bucket(settings, s3_server, f"doctor-{uuid4().hex}")
    bucket = files(settings)
    assert bucket
    await set_up(bucket, address=None)
    rule = {"AllowedOrigins": ["*"], "AllowedMethods": ["PUT"], "AllowedHeaders": ["*"]}
    await bucket.call(
        lambda client: client.put_bucket_cors(
            Bucket=bucket.bucket, CORSConfiguration={"CORSRules": [rule]}
        )
    )

    (finding,) = await unwell(settings, session)
    assert "keeps ETag from them" in finding.what


async def test_a_bucket_that_everybody_can_read_is_named(
    settings: Settings, session: aiohttp.ClientSession, s3_server: EmbeddedS3
) -> None:
    settings = with_bucket(settings, s3_server, f"doctor-{uuid4().hex}")
    bucket = files(settings)
    assert bucket
    await set_up(bucket, address=settings.address)
    everybody = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": f"arn:aws:s3:::{bucket.bucket}/*",
            }
        ],
    }
    await bucket.call(
        lambda client: client.put_bucket_policy(Bucket=bucket.bucket, Policy=json.dumps(everybody))
    )

    (finding,) = await unwell(settings, session)
    assert finding.what == "Everybody can read the files in this bucket, without any key."


async def test_a_store_that_browsers_are_sent_to_and_that_is_not_there_is_named(
    settings: Settings, session: aiohttp.ClientSession, s3_server: EmbeddedS3
) -> None:
    settings = with_bucket(settings, s3_server, f"doctor-{uuid4().hex}").model_copy(
        update={"s3_public_endpoint": "http://127.0.0.1:9"}
    )
    bucket = files(settings)
    assert bucket
    await set_up(bucket, address=settings.address)

    (finding,) = await unwell(settings, session)
    assert "sent to http://127.0.0.1:9, which does not answer" in finding.what
    assert "WAVEPOST_S3_PUBLIC_ENDPOINT" in finding.remedy


def test_the_bucket_is_set_up_from_the_terminal(
    s3_server: EmbeddedS3, logging_restored: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"doctor-{uuid4().hex}"
    given = {
        "DATABASE_URL": "postgresql+asyncpg://nobody@/wavepost?host=/nowhere",
        "SLACK_TOKEN": "xoxb-1",
        "SLACK_ADDRESS": "http://127.0.0.1:9/api/",
        "ADDRESS": "http://127.0.0.1:8000",
        "S3_ENDPOINT": s3_server.endpoint,
        "S3_BUCKET": name,
        "S3_ACCESS_KEY": s3_server.access_key,
        "S3_SECRET_KEY": s3_server.secret_key,
    }
    for variable, value in given.items():
        monkeypatch.setenv(f"WAVEPOST_{variable}", value)
    monkeypatch.setattr(console, "width", 300)

    first = CliRunner().invoke(app, ["doctor", "--set-up-bucket"])
    again = CliRunner().invoke(app, ["doctor", "--set-up-bucket"])

    assert f"The bucket {name} was made." in first.output
    assert "Pages at http://127.0.0.1:8000 may send files to the store now." in first.output
    assert "The bucket lacks nothing." in again.output
    assert "Pages at http://127.0.0.1:8000 can send files to the store." in again.output

    monkeypatch.setenv("WAVEPOST_S3_BUCKET", "")
    none = CliRunner().invoke(app, ["doctor", "--set-up-bucket"])
    assert none.exit_code == 2
    assert "No bucket is set" in none.output
