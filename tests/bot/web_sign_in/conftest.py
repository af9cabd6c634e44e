"""A browser at the web door, where Slack signs people in."""

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.assembly import Wavepost
from bot.settings import Settings
from tests.bot.web_browser import web_browser
from tests.conftest import patient


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """With more patience for Slack: each sign-in asks it several things in a row."""
    return patient(settings)


@pytest.fixture
async def browser(wavepost: Wavepost) -> AsyncIterator[httpx.AsyncClient]:
    async with web_browser(wavepost) as browser:
        yield browser
