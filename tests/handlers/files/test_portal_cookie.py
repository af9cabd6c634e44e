"""What a browser keeps while a code is on its way: nobody signed it, so it is worth what is typed."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

import httpx
import pytest

from bot.cookies import PORTAL_CODE
from tests.handlers.files.portal_world import PortalWorld, ask, code_in
from tests.world import counted

IVY = "ivy@acme.example"
FORGED = [
    ("address", "a" * 2_500 + "@evil.example"),
    ("address", "x\0y@evil.example"),
    ("address", "boss@acme.example>* <https://evil.example|click> \n*verified*"),
    ("address", ""),
    ("path", "https://evil.example/"),
    ("path", "//evil.example/d/"),
    ("path", "/admin"),
    ("path", "/d/x\0y"),
]


def forge(browser: httpx.AsyncClient, field: str, value: str) -> None:
    """Keep another value in a cookie of ours."""
    held = json.loads(urlsafe_b64decode(browser.cookies[PORTAL_CODE]))
    browser.cookies.clear()
    forged = urlsafe_b64encode(json.dumps(held | {field: value}).encode()).decode()
    browser.cookies.set(PORTAL_CODE, forged)


@pytest.mark.parametrize(("field", "value"), FORGED)
async def test_a_cookie_that_we_never_gave_is_as_good_as_none(
    world: PortalWorld, field: str, value: str
) -> None:
    given = await world.given(await world.recipient(IVY))
    async with world.browser() as browser:
        await ask(browser, given.link, address=IVY)
        forge(browser, field, value)
        for path in ("/portal/access", "/portal/code"):
            answer = await ask(browser, path, code=code_in(world.mails))
            assert (answer.status_code, answer.headers["location"]) == (303, "/portal/sign-in")
        assert (await browser.get("/portal/code")).status_code == 303
    assert await counted(world.store, "access_requests") == 0
    assert await counted(world.store, "portal_sessions") == 0


async def test_an_address_that_was_typed_is_shown_as_it_is_and_says_nothing_else(
    world: PortalWorld,
) -> None:
    given = await world.given(await world.recipient(IVY))
    async with world.browser() as browser:
        await ask(browser, given.link, address="*boss*`_verified_`@acme.example")
        await ask(browser, "/portal/access")
    shown = "address `*boss*'_verified_'@acme.example` asks for"
    said = shown.replace("'", "''")
    assert await counted(world.store, f"outbox WHERE blocks::text LIKE '%{said}%'") == 1
