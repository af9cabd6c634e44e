"""Wavepost over Socket Mode: nothing comes in over HTTP, and people notice no difference."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest
import yaml
from pydantic import SecretStr

from bot.assembly import Wavepost, running
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from store.session import Store
from tests.conftest import MANIFEST
from tests.workspace import WORKSPACE
from tests.world import FIRST_MONDAY, World

PROGRAM = "from bot.cli import app; app()"
PATIENCE = 30


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Slack's stand-in, where the app is switched to Socket Mode."""
    manifest = yaml.safe_load(MANIFEST.read_text())
    manifest["settings"]["socket_mode_enabled"] = True
    async with Sandbox(manifest=manifest, workspace=WORKSPACE).running() as sandbox:
        yield sandbox


@pytest.fixture
def settings(settings: Settings, sandbox: Sandbox) -> Settings:
    """With an app token instead of a signing secret."""
    token = SecretStr(sandbox.app_token)
    return settings.model_copy(update={"slack_app_token": token, "slack_signing_secret": None})


@pytest.fixture
async def wavepost(settings: Settings, store: Store, sandbox: Sandbox) -> AsyncIterator[Wavepost]:
    """The real Wavepost, which is served nowhere."""
    async with running(settings) as wavepost:
        await wavepost.directory_read.wait()
        await connected(sandbox, [1])
        yield wavepost


@pytest.fixture
async def ana(sandbox: Sandbox, store: Store) -> Person:
    """A CSA with a customer."""
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST_MONDAY: 1})
    world.customer("Late Lunch", weeks={FIRST_MONDAY + timedelta(weeks=2): 1})
    await world.keep(store)
    return await sandbox.person("ana")


async def test_schedule_is_answered(wavepost: Wavepost, ana: Person) -> None:
    answer = await ana.command("/schedule")
    assert "You have 2 customers" in plain(answer.text)
    assert answer.is_private


async def test_a_modal_opens_suggests_and_answers(wavepost: Wavepost, ana: Person) -> None:
    await ana.command("/schedule")
    await ana.press("Look up another")
    assert await ana.modal.typeahead("name", "late") == ["Late Lunch (C-2)"]
    assert await ana.modal.submit() is not None  # an error under a field: nothing was filled in
    assert await ana.modal.submit(names="C-2") is None
    assert "Late Lunch moves in the week of Mon 31 Jan 2022" in plain(ana.modal.text)


async def test_events_reach_the_directory(
    wavepost: Wavepost, sandbox: Sandbox, ana: Person, store: Store
) -> None:
    sandbox.people.edit("ana", tz="Europe/Oslo")
    await sandbox.world.events.settle()
    async with store.reading() as reading:
        person = (await reading.people.asking(ana.id)).person
    assert person is not None
    assert person.timezone == "Europe/Oslo"


async def test_wavepost_answers_after_slack_asked_it_to_connect_anew(
    wavepost: Wavepost, sandbox: Sandbox, ana: Person
) -> None:
    await sandbox.world.sockets.refresh()
    await connected(sandbox, [2])
    assert (await ana.command("/schedule")).ok


async def test_the_connection_ends_with_wavepost(settings: Settings, sandbox: Sandbox) -> None:
    async with running(settings):
        await connected(sandbox, [1])
    await connected(sandbox, [])


async def test_wavepost_is_not_ready_while_slack_refuses_its_app_token(
    settings: Settings, sandbox: Sandbox
) -> None:
    wrong = settings.model_copy(update={"slack_app_token": SecretStr("xapp-wrong")})
    async with running(wrong) as wavepost:
        transport = httpx.ASGITransport(wavepost.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://wavepost") as asks:
            ready = await asks.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["problems"]["Socket Mode"] == "no connection is open"
    assert not sandbox.world.sockets.is_open


async def test_serve_listens_where_an_app_token_is_set(
    settings: Settings, sandbox: Sandbox, ana: Person
) -> None:
    async with serve(settings) as program:
        await connected(sandbox, [1])
        assert "You have 2 customers" in plain((await ana.command("/schedule")).text)
        program.send_signal(signal.SIGTERM)
        await connected(sandbox, [])
        async with asyncio.timeout(PATIENCE):
            assert await program.wait() == 0


def plain(words: str) -> str:
    """Words without marks, and with spaces that may break."""
    return words.replace("*", "").replace("\N{NO-BREAK SPACE}", " ")


async def connected(sandbox: Sandbox, numbers: list[int]) -> None:
    async with asyncio.timeout(PATIENCE):
        await sandbox.world.sockets.connected(numbers)


@asynccontextmanager
async def serve(settings: Settings) -> AsyncIterator[Process]:
    """`wavepost serve`, as a process of its own with nothing but these settings."""
    assert settings.slack_app_token is not None
    given = {
        "WAVEPOST_DATABASE_URL": settings.database_url,
        "WAVEPOST_SLACK_TOKEN": settings.slack_token.get_secret_value(),
        "WAVEPOST_SLACK_APP_TOKEN": settings.slack_app_token.get_secret_value(),
        "WAVEPOST_SLACK_ADDRESS": settings.slack_address,
        "WAVEPOST_S3_BUCKET": "",
        "WAVEPOST_PORT": "0",
    }
    others = {name: value for name, value in os.environ.items() if "WAVEPOST" not in name}
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, "serve", env=others | given, stdout=DEVNULL, stderr=PIPE
    )
    try:
        yield program
    finally:
        if program.returncode is None:
            program.kill()
        await program.communicate()
