"""A courier with a pace that is in nobody's way, and a Slack that can be made to fail."""

from collections.abc import AsyncIterator

import pytest

from bot.sandbox.faults.faults import Faults
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from store.session import Store
from tests.post_office import PostOffice
from tests.slack_calls import SlackCalls, watched


@pytest.fixture
async def slack(sandbox: Sandbox) -> AsyncIterator[SlackCalls]:
    async with watched(sandbox) as slack:
        yield slack


@pytest.fixture
def faults(sandbox: Sandbox) -> Faults:
    return sandbox.faults


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Wavepost's settings with a pace that is in nobody's way."""
    courier = settings.courier.model_copy(update={"workspace_messages_a_minute": 60_000})
    return settings.model_copy(update={"courier": courier})


@pytest.fixture
def office(store: Store, sandbox: Sandbox) -> PostOffice:
    return PostOffice(store, sandbox)


@pytest.fixture
def general(office: PostOffice) -> str:
    return office.channel("general")
