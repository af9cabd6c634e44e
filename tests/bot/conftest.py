"""What tests of the running program ask for: replicas, chance, connections, a log that comes back."""

import logging
import os
import random
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from bot.sandbox.server import Sandbox
from bot.settings import Settings
from tests.replica import Replicas, shared_port


@pytest.fixture
def replicas(settings: Settings, sandbox: Sandbox) -> Iterator[Replicas]:
    """Two at any time, behind one address."""
    with shared_port() as reserved:
        port = reserved.getsockname()[1]
        sandbox.request_url = f"http://127.0.0.1:{port}/slack/events"
        both = Replicas(settings, port)
        yield both
        both.end()


@pytest.fixture
def chance() -> random.Random:
    """Where the kills fall; a run that failed says how to repeat it."""
    seed = int(os.environ.get("WAVEPOST_TEST_SEED", random.SystemRandom().randrange(2**32)))
    print(f"repeat with WAVEPOST_TEST_SEED={seed}")
    return random.Random(seed)


@pytest.fixture
def logging_restored() -> Iterator[None]:
    """A command sets up logging for a program of its own."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Connections, as a program holds them."""
    async with aiohttp.ClientSession() as session:
        yield session
