"""The stand-in with a small app behind it, for the browser."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from tests.chromium import _function_scoped_runner, browser, open_as, running_browser
from tests.sandbox.browser import bakery
from tests.sandbox.browser.wavelet import wavelet

__all__ = ["_function_scoped_runner", "browser", "open_as", "running_browser"]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """The stand-in with the small app behind it."""
    sandbox = Sandbox(manifest=bakery.MANIFEST, workspace=bakery.workspace(), links=[bakery.CLOCK])
    async with sandbox.running():
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_address)
        app = wavelet(client, sandbox.signing_secret)
        runner = web.AppRunner(app.web_app("/slack/events"), shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        sandbox.request_url = f"http://127.0.0.1:{port}/slack/events"
        yield sandbox
        await runner.cleanup()
