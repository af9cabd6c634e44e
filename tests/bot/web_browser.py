"""A browser without a window: keeps cookies, follows nothing by itself, sends forms as browsers do."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape

import httpx

from bot.assembly import Wavepost
from bot.sandbox.server import Sandbox
from tests.tls import TRUST


@asynccontextmanager
async def web_browser(wavepost: Wavepost) -> AsyncIterator[httpx.AsyncClient]:
    """At the address of Wavepost's pages."""
    async with httpx.AsyncClient(
        base_url=str(wavepost.settings.address), timeout=20, verify=TRUST
    ) as browser:
        yield browser


def own(browser: httpx.AsyncClient) -> dict[str, str]:
    """What a browser says of a form of our own pages."""
    origin = str(browser.base_url).rstrip("/")
    return {"Origin": origin, "Sec-Fetch-Site": "same-origin"}


async def choose(browser: httpx.AsyncClient, sandbox: Sandbox, address: str, user: str) -> str:
    """On the stand-in's page of signing in, choose a person; gives where the browser is sent back to."""
    asked = httpx.URL(address)
    form = dict(asked.params) | {"user": sandbox.people.user(user).id}
    went = await browser.post(asked.copy_with(query=None), data=form)
    assert went.status_code == 303, went.text
    return went.headers["location"]


async def sign_in(
    browser: httpx.AsyncClient, sandbox: Sandbox, user: str, onward: str = "/"
) -> httpx.Response:
    """Sign in with Slack; gives our answer when the browser comes back."""
    to_slack = await browser.get("/sign-in/slack", params={"next": onward})
    assert to_slack.status_code == 303, to_slack.text
    back = await choose(browser, sandbox, to_slack.headers["location"], user)
    return await browser.get(back)


def csrf_in(page: str) -> str:
    """The proof that a page's forms carry."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return unescape(found[1])
