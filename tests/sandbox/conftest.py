from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.clock import Clock
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox

from .apps import BoltApp, Receiver
from .workspaces import manifest, workspace


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    stand_in = Sandbox(manifest=manifest(), workspace=workspace(), clock=Clock())
    async with stand_in.running():
        yield stand_in


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_address)


@pytest.fixture
async def app(sandbox: Sandbox) -> AsyncIterator[BoltApp]:
    async with BoltApp(sandbox).running() as running:
        yield running


@pytest.fixture
async def receiver(sandbox: Sandbox) -> AsyncIterator[Receiver]:
    async with Receiver(sandbox).running() as running:
        yield running


@pytest.fixture
async def ana(sandbox: Sandbox) -> Person:
    return await sandbox.person("ana")


@pytest.fixture
async def bo(sandbox: Sandbox) -> Person:
    return await sandbox.person("bo")
