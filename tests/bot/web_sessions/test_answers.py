"""What every answer to a browser says: what may be done with it, and what is not there."""

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute

from bot.assembly import Wavepost, assembled
from bot.settings import Settings
from handlers.pages import static_address
from store.session import Store
from tests.bot.web_sessions.browsing import COOKIE
from tests.world import run

HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
PRIVATE = {"no-store", "private, no-cache"}
"""The second lets a calendar ask whether it is still the same."""


def paths(app: FastAPI) -> set[str]:
    found = set[str]()
    for route in app.routes:
        router = getattr(route, "original_router", None)
        routes = router.routes if router else [route]
        found |= {each.path for each in routes if isinstance(each, APIRoute)}
    return found


async def test_every_answer_says_what_a_browser_may_do_with_it(
    browser: httpx.AsyncClient, wavepost: Wavepost
) -> None:
    for path in paths(wavepost.app) | {"/nothing", "/customers/none"}:
        answer = await browser.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert "unsafe" not in policy, path
        assert HEADERS.items() <= dict(answer.headers).items(), path
        if not path.startswith("/static/"):
            assert answer.headers["cache-control"] in PRIVATE, path


async def test_the_style_is_kept_by_browsers_under_an_address_that_changes_with_it(
    browser: httpx.AsyncClient,
) -> None:
    page = (await browser.get("/")).text
    address = page.partition('stylesheet" href="')[2].partition('"')[0]

    style = await browser.get(address)

    assert "?v=" in address
    assert style.headers["content-type"].startswith("text/css")
    assert "immutable" in style.headers["cache-control"]


async def test_scripts_come_as_scripts_and_nothing_else_lies_beside_them(
    browser: httpx.AsyncClient,
) -> None:
    script = await browser.get(static_address("sha256.js"))
    assert script.headers["content-type"].startswith("text/javascript")
    for name in ("", "frame.html", "../pages/frame.html", "%2e%2e/pages/frame.html"):
        assert (await browser.get(f"/static/{name}")).status_code == 404, name


async def test_what_is_not_there_is_said_in_the_frame(browser: httpx.AsyncClient) -> None:
    html = {"Accept": "text/html"}
    for path in ("/nothing", "/customers/none", "/locations/none"):
        answer = await browser.get(path, headers=html)
        assert answer.status_code == 404
        assert "<h1>There is nothing here</h1>" in answer.text
    assert (await browser.get("/nothing")).text == "Not Found"
    assert (await browser.get("/sign-out", headers=html)).status_code == 405


async def test_a_method_that_an_address_does_not_take_is_answered_with_those_it_takes(
    browser: httpx.AsyncClient,
) -> None:
    for accepted in ("text/html", "*/*"):
        answer = await browser.request("PUT", "/sign-in", headers={"Accept": accepted})
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET"


async def test_who_only_asks_for_the_head_gets_it_as_of_the_page(
    browser: httpx.AsyncClient,
) -> None:
    """Monitors and mail scanners ask so."""
    for path in ("/healthz", "/sign-in", "/", "/nothing", "/link/none"):
        page, head = await browser.get(path), await browser.head(path)
        assert head.status_code == page.status_code, path
        assert head.headers["content-length"] == page.headers["content-length"], path
        assert head.content == b""


async def test_an_accident_is_told_with_a_reference(
    browser: httpx.AsyncClient, store: Store
) -> None:
    await run(store, "DELETE FROM business_clock")

    answer = await browser.get("/")

    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "quote reference" in answer.text


async def test_without_the_database_a_page_asks_for_patience(settings: Settings) -> None:
    dead = settings.model_copy(
        update={"database_url": "postgresql+asyncpg://wavepost_app@127.0.0.1:9/none"}
    )
    async with assembled(dead) as wavepost:
        transport = httpx.ASGITransport(wavepost.app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", cookies={COOKIE: "any"}
        ) as browser:
            answer = await browser.get("/")

    assert answer.status_code == 503
    assert "Wavepost cannot reach its database just now" in answer.text
