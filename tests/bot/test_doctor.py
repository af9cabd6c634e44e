"""`wavepost doctor`: each thing that can be wrong is named, with what to do about it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import uuid4

import aiohttp
import pytest
from pydantic import SecretStr
from rich.console import Console
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.assembly import files
from bot.doctor import Doctor, table
from bot.doctor_clock import clock_finding
from bot.embedded_postgres import EmbeddedPostgres
from bot.embedded_s3 import EmbeddedS3
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from rules.triage import Triage
from store.audit import Change
from store.bucket import set_up
from store.files import Finding
from store.session import Store
from tests.bot.buckets_given import with_bucket
from tests.workspace import WORKSPACE


async def unwell(settings: Settings, session: aiohttp.ClientSession, part: str) -> list[Finding]:
    findings = await Doctor(settings, session).findings()
    return [finding for finding in findings[part] if not finding.well]


async def test_nothing_is_found_where_all_is_well(
    settings: Settings, session: aiohttp.ClientSession, s3_server: EmbeddedS3
) -> None:
    settings = with_bucket(settings, s3_server, f"doctor-{uuid4().hex}").model_copy(
        update={"slack_signing_secret": SecretStr("0" * 32)}
    )
    bucket = files(settings)
    assert bucket
    await set_up(bucket, address=settings.address)

    findings = await Doctor(settings, session).findings()

    assert [each for found in findings.values() for each in found if not each.well] == []
    said = [each.what for each in findings["Files"]]
    assert "Who has no key reads no file." in said
    assert f"Pages at {settings.address} can send files to the store." in said


async def test_a_wrong_token_is_named(settings: Settings, session: aiohttp.ClientSession) -> None:
    wrong = settings.model_copy(update={"slack_token": SecretStr("xoxb-wrong")})
    (finding,) = await unwell(wrong, session, "Slack")
    assert "invalid_auth" in finding.what
    assert "WAVEPOST_SLACK_TOKEN" in finding.remedy


async def test_slack_out_of_reach_is_named(
    settings: Settings, session: aiohttp.ClientSession
) -> None:
    away = settings.model_copy(update={"slack_address": "http://127.0.0.1:9/api/"})
    (finding,) = await unwell(away, session, "Slack")
    assert "cannot be reached" in finding.what


async def test_a_scope_that_is_missing_is_named(
    settings: Settings, session: aiohttp.ClientSession
) -> None:
    manifest = {
        "display_information": {"name": "Wavepost"},
        "features": {"bot_user": {"display_name": "Wavepost"}},
        "oauth_config": {"scopes": {"bot": ["chat:write", "channels:read", "groups:read"]}},
    }
    async with Sandbox(manifest=manifest, workspace=WORKSPACE).running() as less:
        few = settings.model_copy(
            update={"slack_address": less.api_address, "slack_token": SecretStr(less.bot_token)}
        )
        (finding,) = await unwell(few, session, "Slack")
    assert "users:read" in finding.what
    assert "manifest.yml" in finding.remedy


@pytest.mark.parametrize("secret", [None, SecretStr("too short")])
async def test_a_signing_secret_that_cannot_be_right_is_named(
    settings: Settings, session: aiohttp.ClientSession, secret: SecretStr | None
) -> None:
    without = settings.model_copy(update={"slack_signing_secret": secret})
    (finding,) = await unwell(without, session, "Signing")
    assert "signing secret" in finding.what


async def test_a_channel_that_wavepost_is_not_in_is_named(
    settings: Settings, session: aiohttp.ClientSession
) -> None:
    (finding,) = await unwell(
        settings.model_copy(update={"leads_channel": "random"}), session, "Channels"
    )
    assert finding.remedy == "Type /invite @Wavepost in #random."
    (finding,) = await unwell(
        settings.model_copy(update={"leads_channel": "nowhere"}), session, "Channels"
    )
    assert "no channel #nowhere" in finding.what


async def test_a_channel_in_which_escalations_cannot_be_decided_is_named(
    settings: Settings, session: aiohttp.ClientSession, sandbox: Sandbox, store: Store
) -> None:
    async def found(name: str) -> Finding:
        channel = sandbox.people.channel(name).id
        async with store.transaction(actor="test") as tx:
            await tx.triage.save(Triage(channel=channel), by="test", at=datetime.now(UTC))
        (finding,) = (await Doctor(settings, session).findings())["Triage"]
        return finding

    assert (await found("general")).what == "Escalations can be posted in #general."
    assert "Wavepost is not in #random" in (await found("random")).what
    archived = await found("old-pilot")
    assert "#old-pilot, where escalations are decided, was archived" in archived.what
    assert "/wavepost triage #channel" in archived.remedy


async def web_words(settings: Settings, session: aiohttp.ClientSession) -> str:
    findings = (await Doctor(settings, session).findings())["Web"]
    assert all(finding.well for finding in findings)
    return " ".join(finding.what for finding in findings)


async def test_a_web_door_says_what_slack_has_to_know_of_it(
    settings: Settings, session: aiohttp.ClientSession
) -> None:
    assert f"must list {settings.address}/sign-in/done" in await web_words(settings, session)


async def test_a_web_door_may_be_closed_or_take_links_only(
    settings: Settings, session: aiohttp.ClientSession
) -> None:
    closed = settings.model_copy(update={"address": None})
    assert "It is closed. To open it, set WAVEPOST_ADDRESS" in await web_words(closed, session)
    links = settings.model_copy(update={"slack_client_id": None, "slack_client_secret": None})
    assert "People come in by links from Slack" in await web_words(links, session)


@pytest.mark.parametrize("name", ["slack_client_id", "slack_client_secret"])
async def test_half_of_what_signing_in_takes_is_named(
    name: str, settings: Settings, session: aiohttp.ClientSession
) -> None:
    (finding,) = await unwell(settings.model_copy(update={name: None}), session, "Web")
    assert f"WAVEPOST_{name.upper()}" in finding.what


async def test_slack_out_of_reach_is_found_at_the_web_door_too(
    settings: Settings, session: aiohttp.ClientSession
) -> None:
    away = settings.model_copy(update={"slack_address": "http://127.0.0.1:9/api/"})
    (finding,) = await unwell(away, session, "Web")
    assert "Slack does not answer" in finding.what


async def test_a_database_that_is_down_or_not_migrated_or_the_owners_is_named(
    settings: Settings,
    session: aiohttp.ClientSession,
    postgres_server: EmbeddedPostgres,
    database_url: str,
) -> None:
    down = settings.model_copy(
        update={"database_url": "postgresql+asyncpg://nobody@/wavepost?host=/nowhere"}
    )
    (finding,) = await unwell(down, session, "Database")
    assert "WAVEPOST_DATABASE_URL" in finding.remedy

    bare = settings.model_copy(
        update={"database_url": postgres_server.url("wavepost_app", "postgres")}
    )
    (finding,) = await unwell(bare, session, "Database")
    assert finding.remedy == "Run wavepost migrate."

    owner = settings.model_copy(
        update={"database_url": database_url.replace("wavepost_app@", "wavepost_owner@")}
    )
    (finding,) = await unwell(owner, session, "Database")
    assert "rewrite the audit" in finding.what


async def test_a_missing_bucket_is_named(
    settings: Settings, session: aiohttp.ClientSession
) -> None:
    (finding,) = await unwell(settings, session, "Files")
    assert "WAVEPOST_S3_BUCKET" in finding.remedy


@pytest.fixture
async def owner(store: Store) -> AsyncIterator[AsyncEngine]:
    """The tables' owner, whom nothing in the database stops."""
    engine = create_async_engine(make_url(store.url).set(username="wavepost_owner"))
    yield engine
    await engine.dispose()


async def test_an_application_that_owns_the_tables_is_named_whatever_was_taken_from_it(
    settings: Settings, session: aiohttp.ClientSession, store: Store, owner: AsyncEngine
) -> None:
    async with owner.begin() as connection:
        await connection.execute(text("REVOKE UPDATE, DELETE ON audit FROM wavepost_owner"))
    as_owner = store.url.set(username="wavepost_owner").render_as_string(hide_password=False)

    rights, sealing = await unwell(
        settings.model_copy(update={"database_url": as_owner}), session, "Database"
    )

    assert "owns the tables" in rights.what
    assert "WAVEPOST_OWNER_URL" in rights.remedy
    assert "the audit cannot be sealed" in sealing.what
    assert "Run wavepost migrate" in sealing.remedy


async def test_rows_that_nobody_sealed_for_minutes_are_named(
    settings: Settings, session: aiohttp.ClientSession, store: Store, owner: AsyncEngine
) -> None:
    async with store.transaction(actor="U1") as tx:
        tx.audit(Change("moved", "a"))
    assert await unwell(settings, session, "Database") == []

    async with owner.begin() as connection:
        await connection.execute(text("UPDATE audit SET at = '2022-01-15 09:30Z'"))

    (finding,) = await unwell(settings, session, "Database")
    assert "Not sealed yet: 1 row of the audit, the oldest since 2022-01-15 09:30" in finding.what
    assert "wavepost serve" in finding.remedy


async def test_a_role_that_the_database_does_not_know_is_named_with_the_reason(
    settings: Settings, session: aiohttp.ClientSession
) -> None:
    stranger = settings.database_url.replace("wavepost_app@", "nobody_here@")

    (finding,) = await unwell(
        settings.model_copy(update={"database_url": stranger}), session, "Database"
    )

    assert 'role "nobody_here" does not exist' in finding.remedy


async def test_a_bucket_that_cannot_be_one_is_shown_as_it_was_written(
    settings: Settings, session: aiohttp.ClientSession
) -> None:
    console = Console(width=300, file=StringIO())
    odd = settings.model_copy(update={"s3_bucket": "bad [/bucket]!"})

    console.print(table(await Doctor(odd, session).findings()))

    assert isinstance(console.file, StringIO)
    assert "The bucket bad [/bucket]! cannot be used." in console.file.getvalue()


def test_a_clock_that_is_wrong_is_named() -> None:
    assert clock_finding(datetime.now(UTC) - timedelta(seconds=5)).well
    assert "NTP" in clock_finding(datetime.now(UTC) - timedelta(minutes=4)).remedy
    assert "NTP" in clock_finding(datetime.now(UTC) + timedelta(minutes=4)).remedy
