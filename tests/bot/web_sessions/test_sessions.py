"""Sessions of browsers: how long they hold, what ends them, and which forms are believed."""

from datetime import timedelta

import httpx
import pytest

from bot.assembly import Wavepost
from bot.sandbox.server import Sandbox
from store.session import Store
from tests.bot.web_browser import csrf_in, own, sign_in, web_browser
from tests.bot.web_sessions.browsing import COOKIE, is_signed_in
from tests.world import counted, run

FORM = "application/x-www-form-urlencoded"


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
