"""A browser at the web door."""

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.assembly import Wavepost
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from tests.bot.web_browser import sign_in, web_browser
from tests.conftest import patient


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """With more patience for Slack: each sign-in asks it several things in a row."""
    return patient(settings)


@pytest.fixture
async def browser(wavepost: Wavepost, sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """In which Ana is signed in."""
    async with web_browser(wavepost) as browser:
        await sign_in(browser, sandbox, "ana")
        yield browser
