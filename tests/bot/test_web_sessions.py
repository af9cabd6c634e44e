"""Being signed in on the web: how long, until when, and what a thief of a cookie or another site can do."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from bot.assembly import Wavepost, assembled
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.pages import static_address
from store.session import Store
from tests.bot.web_browser import csrf_in, own, sign_in, web_browser
from tests.conftest import patient
from tests.world import counted, run

COOKIE = "wavepost"
FORM = "application/x-www-form-urlencoded"


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


async def is_signed_in(browser: httpx.AsyncClient) -> bool:
    return (await browser.get("/")).status_code == 200


async def press(
    browser: httpx.AsyncClient, path: str, *, csrf: str | None = None, **headers: str
) -> httpx.Response:
    """Send a form of our own page, with its proof unless another one is given."""
    proof = csrf if csrf is not None else csrf_in((await browser.get("/")).text)
    return await browser.post(path, data={"csrf": proof}, headers=own(browser) | headers)


async def test_a_stolen_cookie_is_dead_after_signing_out(
    browser: httpx.AsyncClient, wavepost: Wavepost
) -> None:
    async with web_browser(wavepost) as thief:
        thief.cookies.set(COOKIE, browser.cookies[COOKIE])
        assert await is_signed_in(thief)

        out = await press(browser, "/sign-out")

        assert out.headers["location"] == "/signed-out"
        assert "You are signed out" in (await browser.get("/signed-out")).text
        assert not await is_signed_in(browser)
        assert not await is_signed_in(thief)


async def test_signing_out_here_leaves_other_browsers_and_everywhere_does_not(
    browser: httpx.AsyncClient, wavepost: Wavepost, sandbox: Sandbox
) -> None:
    async with web_browser(wavepost) as phone, web_browser(wavepost) as somebody_else:
        await sign_in(phone, sandbox, "ana")
        await sign_in(somebody_else, sandbox, "omar")
        await press(browser, "/sign-out")
        assert await is_signed_in(phone)

        await sign_in(browser, sandbox, "ana")
        await press(phone, "/sign-out-everywhere")

        assert not await is_signed_in(phone)
        assert not await is_signed_in(browser)
        assert await is_signed_in(somebody_else)


JUST_UNDER = [
    ("seen_at", timedelta(hours=11, minutes=59)),
    ("made_at", timedelta(days=6, hours=23)),
]
JUST_OVER = [("seen_at", timedelta(hours=12, minutes=1)), ("made_at", timedelta(days=7, minutes=1))]


async def made_older(store: Store, column: str, ago: timedelta) -> None:
    await run(store, f"UPDATE web_sessions SET {column} = now() - CAST(:ago AS interval)", ago=ago)


@pytest.mark.parametrize(("column", "ago"), JUST_UNDER)
async def test_a_session_goes_on_for_twelve_idle_hours_and_seven_days(
    column: str, ago: timedelta, browser: httpx.AsyncClient, store: Store
) -> None:
    await made_older(store, column, ago)

    assert await is_signed_in(browser)


@pytest.mark.parametrize(("column", "ago"), JUST_OVER)
async def test_and_then_it_ends(
    column: str, ago: timedelta, browser: httpx.AsyncClient, store: Store
) -> None:
    await made_older(store, column, ago)

    assert not await is_signed_in(browser)


async def test_who_is_there_again_is_idle_from_then_on(
    browser: httpx.AsyncClient, store: Store
) -> None:
    await run(store, "UPDATE web_sessions SET seen_at = now() - interval '11 hours'")

    await browser.get("/")

    recent = "web_sessions WHERE seen_at > now() - interval '1 minute'"
    assert await counted(store, recent) == 1


async def test_who_is_deactivated_is_out_at_the_next_request_and_stays_out(
    browser: httpx.AsyncClient, store: Store
) -> None:
    await run(store, "UPDATE people SET active = false")
    refused = await browser.get("/")
    await run(store, "UPDATE people SET active = true")

    assert refused.status_code == 403
    assert "I can only answer members of this workspace." in refused.text
    assert not await is_signed_in(browser)
    assert await counted(store, "audit WHERE action = 'refused' AND subject = 'GET /'") == 1


async def test_who_becomes_a_guest_is_refused_at_the_next_request(
    browser: httpx.AsyncClient, store: Store
) -> None:
    await run(store, "UPDATE people SET kind = 'guest'")

    assert (await browser.get("/")).status_code == 403


@pytest.mark.parametrize("csrf", ["", "0" * 64, "é"])
async def test_a_form_without_its_proof_changes_nothing(
    csrf: str, browser: httpx.AsyncClient
) -> None:
    answer = await press(browser, "/sign-out", csrf=csrf)

    assert answer.status_code == 403
    assert "This page is from an earlier sign-in" in answer.text
    assert await is_signed_in(browser)


async def test_the_proof_of_another_session_is_none(
    browser: httpx.AsyncClient, wavepost: Wavepost, sandbox: Sandbox
) -> None:
    async with web_browser(wavepost) as other:
        await sign_in(other, sandbox, "ana")
        theirs = csrf_in((await other.get("/")).text)

    assert (await press(browser, "/sign-out", csrf=theirs)).status_code == 403
    assert await is_signed_in(browser)


@pytest.mark.parametrize(
    "said",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none"},
    ],
    ids=str,
)
async def test_a_form_of_another_site_changes_nothing_even_with_the_proof(
    said: dict[str, str], browser: httpx.AsyncClient
) -> None:
    answer = await press(browser, "/sign-out", **said)

    assert answer.status_code == 403
    assert "not sent from a page of ours" in answer.text
    assert await is_signed_in(browser)


async def test_a_form_that_says_nothing_of_where_it_comes_from_is_refused(
    browser: httpx.AsyncClient,
) -> None:
    proof = csrf_in((await browser.get("/")).text)

    assert (await browser.post("/sign-out", data={"csrf": proof})).status_code == 403


async def test_a_form_that_is_far_too_long_is_refused(browser: httpx.AsyncClient) -> None:
    answer = await press(browser, "/sign-out", csrf="x" * 200_000)

    assert answer.status_code == 400
    assert "too long for one, so nothing was changed" in answer.text
    assert await is_signed_in(browser)


@pytest.mark.parametrize(
    "content", [b"garbage", b"a=1&" * 1_500], ids=["no form", "too many fields"]
)
async def test_what_is_no_form_is_refused_without_a_fuss(
    content: bytes, browser: httpx.AsyncClient
) -> None:
    kind = "multipart/form-data; boundary=x" if content == b"garbage" else FORM
    answer = await browser.post(
        "/sign-out", content=content, headers={**own(browser), "Content-Type": kind}
    )

    assert answer.status_code == 400
    assert "What was sent is no form of ours" in answer.text
    assert await is_signed_in(browser)


@pytest.mark.parametrize("path", ["/customers/%00", "/locations/L%00"])
async def test_an_address_with_a_sign_that_is_none_leads_nowhere(
    path: str, browser: httpx.AsyncClient
) -> None:
    answer = await browser.get(path)

    assert answer.status_code == 404
    assert "No page has this address" in answer.text


async def test_of_a_session_only_a_hash_is_kept(browser: httpx.AsyncClient, store: Store) -> None:
    token = browser.cookies[COOKIE]

    assert await counted(store, "web_sessions") == 1
    assert await counted(store, f"web_sessions WHERE web_sessions::text LIKE '%{token}%'") == 0


@pytest.mark.parametrize("token", ["", "made-up", "é", "x" * 3_000])
async def test_a_made_up_cookie_opens_nothing(token: str, wavepost: Wavepost) -> None:
    async with web_browser(wavepost) as browser:
        cookie = {b"Cookie": f"{COOKIE}={token}".encode()}
        assert (await browser.get("/", headers=cookie)).status_code == 303


async def test_what_is_old_is_forgotten(browser: httpx.AsyncClient, store: Store) -> None:
    await run(store, "UPDATE web_sessions SET made_at = now() - interval '8 days'")
    async with store.transaction(actor="clock") as tx:
        await tx.web_sessions.forget_old()

    assert await counted(store, "web_sessions") == 0


# What every answer carries

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
