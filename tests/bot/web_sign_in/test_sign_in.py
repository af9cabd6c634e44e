"""Signing in with Slack: where it leads, and who is let in."""

import httpx
import pytest

from bot.assembly import Wavepost, assembled
from bot.sandbox.server import Sandbox
from bot.sandbox.sign_in import Wish
from bot.settings import Settings
from bot.slack_sign_in import CANCELLED, TOO_OLD, UNREACHABLE
from store.session import Store
from tests.bot.web_browser import sign_in, web_browser
from tests.bot.web_sign_in.signing_in import asking, is_signed_in, sent_to_slack
from tests.world import counted, run


async def test_who_signs_in_lands_where_they_wanted_to_go(
    browser: httpx.AsyncClient, sandbox: Sandbox
) -> None:
    wanted = "/search?q=joe"
    asked = await browser.get(wanted)
    assert asked.headers["location"] == "/sign-in?next=%2Fsearch%3Fq%3Djoe"

    answer = await sign_in(browser, sandbox, "ana", wanted)

    assert (answer.status_code, answer.headers["location"]) == (303, wanted)
    assert await is_signed_in(browser)


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example"])
async def test_nobody_is_led_away_from_our_pages(
    wanted: str, browser: httpx.AsyncClient, sandbox: Sandbox
) -> None:
    answer = await sign_in(browser, sandbox, "ana", wanted)
    again = await browser.get("/sign-in", params={"next": wanted})

    assert answer.headers["location"] == again.headers["location"] == "/"


async def test_the_session_is_kept_from_scripts_and_from_other_sites(
    browser: httpx.AsyncClient, sandbox: Sandbox
) -> None:
    answer = await sign_in(browser, sandbox, "ana")

    kept = answer.headers.get_list("set-cookie")
    session = next(each for each in kept if each.startswith("wavepost="))
    assert "; HttpOnly" in session
    assert "; SameSite=lax" in session
    assert "; Path=/" in session
    assert "Domain" not in session
    assert "Secure" not in session  # plain http, which is for this machine only


async def test_over_https_cookies_are_bound_to_the_host(settings: Settings) -> None:
    host = "https://wavepost.example.com"
    public = settings.model_copy(update={"address": host})
    async with assembled(public) as wavepost, asking(wavepost, host) as browser:
        answer = await browser.get("/sign-in/slack")

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-wavepost-sign-in=")
    assert "; Secure" in cookie
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    asked = httpx.URL(answer.headers["location"]).params
    assert asked["redirect_uri"] == "https://wavepost.example.com/sign-in/done"


async def test_a_guest_is_told_kindly_and_gets_no_session(
    browser: httpx.AsyncClient, sandbox: Sandbox, store: Store
) -> None:
    answer = await sign_in(browser, sandbox, "gus")

    assert answer.status_code == 403
    assert "You are here as a guest: please ask the person who works with you" in answer.text
    assert not await is_signed_in(browser)
    assert await counted(store, "web_sessions") == 0
    assert await counted(store, "audit WHERE action = 'refused'") == 1


@pytest.mark.parametrize("name", ["sam", "dan"])
async def test_a_stranger_and_who_has_left_are_refused_even_with_a_code(
    name: str, browser: httpx.AsyncClient, sandbox: Sandbox, store: Store
) -> None:
    asked = await sent_to_slack(browser)
    wish = Wish(asked["redirect_uri"], frozenset({"openid"}), asked["state"], asked["nonce"])
    code = sandbox.world.sign_ins.approve(wish, sandbox.people.user(name))

    back = {"code": code, "state": asked["state"]}
    answer = await browser.get("/sign-in/done", params=back)

    assert answer.status_code == 403
    assert "I can only answer members of this workspace." in answer.text
    assert await counted(store, "web_sessions") == 0


async def test_who_was_never_seen_before_is_looked_up_in_slack(
    browser: httpx.AsyncClient, sandbox: Sandbox, store: Store
) -> None:
    await run(store, "DELETE FROM people")

    answer = await sign_in(browser, sandbox, "vic")

    assert answer.status_code == 303
    assert await is_signed_in(browser)


async def test_who_goes_back_at_slack_is_told_that_nothing_happened(
    browser: httpx.AsyncClient,
) -> None:
    asked = await sent_to_slack(browser)

    back = {"error": "access_denied", "state": asked["state"]}
    answer = await browser.get("/sign-in/done", params=back)

    assert answer.status_code == 400
    assert CANCELLED in answer.text


async def test_a_sign_in_that_another_browser_began_is_refused(
    browser: httpx.AsyncClient, wavepost: Wavepost, sandbox: Sandbox
) -> None:
    async with web_browser(wavepost) as other:
        asked = await sent_to_slack(other)
    await sent_to_slack(browser)

    answer = await browser.get("/sign-in/done", params={"code": "x", "state": asked["state"]})

    assert answer.status_code == 400
    assert TOO_OLD in answer.text


@pytest.mark.parametrize("kept", ["", "nonsense", "e30=", "é"])
async def test_a_cookie_that_is_none_of_ours_begins_anew(kept: str, wavepost: Wavepost) -> None:
    cookie = {"Cookie": f"wavepost-sign-in={kept}".encode()}
    async with web_browser(wavepost) as browser:
        answer = await browser.get("/sign-in/done", params={"state": "x"}, headers=cookie)  # type: ignore[arg-type]  # bytes, as browsers send them

    assert answer.status_code == 400
    assert TOO_OLD in answer.text


async def test_who_signs_in_again_gets_another_session_and_the_first_one_ends(
    browser: httpx.AsyncClient, sandbox: Sandbox
) -> None:
    await sign_in(browser, sandbox, "ana")
    first = browser.cookies["wavepost"]
    await sign_in(browser, sandbox, "omar")
    second = browser.cookies["wavepost"]

    assert first != second
    assert await is_signed_in(browser)
    browser.cookies.set("wavepost", first, domain="127.0.0.1")
    assert not await is_signed_in(browser)


async def test_without_a_client_id_pages_tell_of_links_only(settings: Settings) -> None:
    without = settings.model_copy(update={"slack_client_id": None})
    async with assembled(without) as wavepost, asking(wavepost, str(settings.address)) as browser:
        page = await browser.get("/sign-in")
        to_slack = await browser.get("/sign-in/slack")

    assert "Sign in with Slack" not in page.text
    assert "/wavepost web" in page.text
    assert to_slack.status_code == 404


async def test_slack_out_of_reach_is_told_in_words(settings: Settings) -> None:
    away = settings.model_copy(update={"slack_address": "http://127.0.0.1:9/api/"})
    async with assembled(away) as wavepost, asking(wavepost, str(settings.address)) as browser:
        answer = await browser.get("/sign-in/slack")

    assert answer.status_code == 400
    assert UNREACHABLE in answer.text
