"""What is served over HTTP besides Slack's posts, and to whom; and what never gets into a log."""

import io
import json
import logging
import re
from collections.abc import AsyncIterator, Iterator

import aiohttp
import httpx
import pytest
import structlog
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.assembly import Wavepost, assembled
from bot.logs import configure, masked
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from bot.web import MOST_BYTES
from handlers.errors import tell
from store.session import Store

ELSEWHERE = "192.0.2.7"
TOKEN = "a-long-token-for-the-figures"


def client(app: FastAPI, host: str = "127.0.0.1") -> httpx.AsyncClient:
    """Somebody who asks from an address."""
    transport = httpx.ASGITransport(app, client=(host, 1234))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")


async def figures(settings: Settings, host: str, authorization: str = "") -> int:
    async with assembled(settings) as wavepost, client(wavepost.app, host) as asks:
        headers = {"Authorization": authorization} if authorization else {}
        return (await asks.get("/metrics", headers=headers)).status_code


async def test_a_running_process_is_alive_and_ready(wavepost: Wavepost) -> None:
    await wavepost.store.read_names()
    async with client(wavepost.app, ELSEWHERE) as asks:
        alive, ready = await asks.get("/healthz"), await asks.get("/readyz")

    assert alive.json() == {"status": "ok"}
    assert (ready.status_code, ready.json()) == (200, {"status": "ok", "problems": {}})


async def test_without_its_database_it_is_alive_but_not_ready(settings: Settings) -> None:
    dead = settings.model_copy(
        update={"database_url": "postgresql+asyncpg://wavepost_app:s3cret@127.0.0.1:9/none"}
    )
    async with assembled(dead) as wavepost, client(wavepost.app) as asks:
        alive, ready = await asks.get("/healthz"), await asks.get("/readyz")
        counted = await asks.get("/metrics")

    assert alive.status_code == 200
    assert ready.status_code == 503
    assert ready.json()["problems"] == {
        "database": "the database cannot be reached",
        "names": "are being read",
    }
    assert "wavepost_messages_waiting NaN" in counted.text
    assert "s3cret" not in ready.text + counted.text


async def test_without_slack_it_is_not_ready(settings: Settings) -> None:
    alone = settings.model_copy(update={"slack_address": "http://127.0.0.1:9/api/"})
    async with assembled(alone) as wavepost, client(wavepost.app) as asks:
        await wavepost.store.read_names()
        ready = await asks.get("/readyz")

    assert ready.json()["problems"] == {"Slack": "cannot be reached"}


async def test_figures_are_for_this_machine_or_for_who_has_the_token(settings: Settings) -> None:
    with_token = settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})

    assert await figures(settings, "127.0.0.1") == 200
    assert await figures(settings, ELSEWHERE) == 404
    assert await figures(settings, ELSEWHERE, f"Bearer {TOKEN}") == 404
    assert await figures(with_token, ELSEWHERE) == 404
    assert await figures(with_token, ELSEWHERE, "Bearer wrong") == 404
    assert await figures(with_token, ELSEWHERE, f"Bearer {TOKEN}") == 200
    assert await figures(with_token, "127.0.0.1") == 404


async def test_figures_count_interactions_by_name_and_outcome_and_tell_no_secret(
    wavepost: Wavepost, settings: Settings
) -> None:
    async with client(wavepost.app) as asks:
        shown = (await asks.get("/metrics")).text

    assert "wavepost_interaction_seconds" in shown
    assert settings.slack_token.get_secret_value() not in shown


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/redoc", "/slack/events", "/nothing"])
async def test_nothing_else_is_there_to_be_read(path: str, wavepost: Wavepost) -> None:
    async with client(wavepost.app) as asks:
        assert (await asks.get(path)).status_code in {404, 405}


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the configured logs write."""
    root = logging.getLogger()
    before, level = root.handlers, root.level
    configure("INFO")
    written = io.StringIO()
    root.handlers[0].setStream(written)  # type: ignore[attr-defined]  # it is a StreamHandler
    yield written
    root.handlers = before
    root.setLevel(level)
    structlog.reset_defaults()


SECRETS = [
    "xoxb-1-2-abc",
    "xoxe.xoxp-1-abc",
    "xapp-1-A-b",
    "hunter2",
    "once-only",
    "my-dates",
    "my-file",
    "come-in",
    "5ea1",
]


def test_no_secret_gets_into_a_log_line(lines: io.StringIO) -> None:
    url = "postgresql+asyncpg://wavepost:hunter2@db/wavepost"
    log = structlog.get_logger("test")
    log.info("connecting", url=url, token="xoxb-1-2-abc")
    log.error("failed", exc_info=ValueError(f"{url} with xoxe.xoxp-1-abc"))
    logging.getLogger("library").warning("calling %s with %s", url, "xapp-1-A-b")
    log.warning("a request was cut off", path="/link/once-only", other="/calendar/my-dates.ics")
    log.warning("a file", path="/d/my-file", way="https://s3/bucket/key?X-Amz-Signature=5ea1&x=y")
    log.warning("a request was cut off", path="/portal/enter/come-in")

    written = lines.getvalue()
    assert len([json.loads(line) for line in written.splitlines()]) == 6
    assert not [secret for secret in SECRETS if secret in written]
    assert "db/wavepost" in written


async def test_a_failed_query_tells_no_secret_that_it_asked_for(
    lines: io.StringIO, wavepost: Wavepost, ana: Person, store: Store
) -> None:
    said = await ana.command("/wavepost calendar")
    address = re.search(r"/calendar/([\w-]+)\.ics", str(said))
    assert address
    owner = create_async_engine(store.url.set(username="wavepost_owner"), poolclass=NullPool)
    async with owner.begin() as connection:
        await connection.execute(text("ALTER TABLE calendar_feeds RENAME TO lost"))
    async with client(wavepost.app) as asks:
        answer = await asks.get(address[0])

    assert answer.status_code == 503
    written = lines.getvalue()
    assert 'relation \\"calendar_feeds\\" does not exist' in written
    assert address[1] not in written


LETS_IN = [
    "/upload/v1/once-only",
    "/actions/T1/23/once-only",
    "/commands/T1/23/once-only",
    "/link?ticket=once-only&app_id=1",
    "/sign-in/done?state=1&code=once-only",
]


@pytest.mark.parametrize("address", LETS_IN)
async def test_a_traceback_tells_no_address_that_lets_in_whoever_has_it(
    lines: io.StringIO, sandbox: Sandbox, address: str
) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(sandbox.address + address) as answer,
    ):
        with pytest.raises(aiohttp.ClientResponseError, match="once-only") as refused:
            answer.raise_for_status()
    tell(refused.value)

    written = json.loads(lines.getvalue().splitlines()[-1])
    assert "ClientResponseError" in written["exception"]
    assert "once-only" not in str(written)


async def test_at_the_closest_look_no_library_writes_down_what_it_sends(
    lines: io.StringIO, ana: Person
) -> None:
    logging.getLogger().setLevel("DEBUG")
    await ana.command("/wavepost calendar")
    await ana.press("calendar_renew", in_="DM")
    structlog.get_logger("test").debug("ours is written down")

    written = lines.getvalue()
    assert "ours is written down" in written
    assert "Sending a request" not in written
    assert "response_type" not in written


@given(st.text(max_size=30), st.from_regex(r"xox[abepr]-[0-9A-Za-z-]{5,30}", fullmatch=True))
def test_tokens_are_masked_wherever_they_stand(around: str, token: str) -> None:
    event = masked(None, "", {"event": f"{around} {token} {around}", "number": 1})

    assert token not in event["event"]
    assert event["number"] == 1


async def test_a_name_of_somebody_elses_that_leads_here_shows_no_figures(
    settings: Settings,
) -> None:
    async with assembled(settings) as wavepost, client(wavepost.app) as asks:
        refused = await asks.get("/metrics", headers={"Host": "evil.example"})

    assert refused.status_code == 404


async def test_a_body_longer_than_slacks_is_not_read_to_its_end(wavepost: Wavepost) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(1_000):
            taken += 1
            yield bytes(65_536)

    headers = {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": f"v0={'0' * 64}"}
    async with client(wavepost.app) as asks:
        unsigned = await asks.post("/slack/events", content=endless())
        assert (unsigned.status_code, taken) == (401, 0)
        signed = await asks.post("/slack/events", content=endless(), headers=headers)

    assert signed.status_code == 413
    assert taken <= MOST_BYTES // 65_536 + 1


@pytest.mark.parametrize("content", ["[]", "{", "[" * 100_000, "payload=[]", "payload=%ff"])
async def test_what_cannot_be_read_is_refused_without_a_fuss(
    wavepost: Wavepost, content: str
) -> None:
    headers = {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": f"v0={'0' * 64}"}
    kinds = ("application/json", "application/x-www-form-urlencoded")
    async with client(wavepost.app) as asks:
        answers = [
            await asks.post(
                "/slack/events", content=content, headers=headers | {"Content-Type": kind}
            )
            for kind in kinds
        ]

    assert {answer.status_code for answer in answers} <= {400, 401}
