"""A browser on its way through Slack."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from bot.assembly import Wavepost


async def is_signed_in(browser: httpx.AsyncClient) -> bool:
    return (await browser.get("/")).status_code == 200


async def sent_to_slack(browser: httpx.AsyncClient) -> httpx.QueryParams:
    """What the browser is sent to Slack with."""
    return httpx.URL((await browser.get("/sign-in/slack")).headers["location"]).params


@asynccontextmanager
async def asking(wavepost: Wavepost, address: str) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(wavepost.app)
    async with httpx.AsyncClient(transport=transport, base_url=address) as browser:
        yield browser
