"""One-time links from Slack: given to one person, used once, and safe from link previews."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.assembly import Wavepost, running
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.serving import serving
from bot.settings import Settings
from handlers.web_links import NO_DOOR
from store.session import Store
from store.tables import Table
from tests.bot.web_browser import own, web_browser
from tests.conftest import patient
from tests.world import World, counted, run

USED_UP = "This link is used up"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """With more patience for Slack: each sign-in asks it several things in a row."""
    return patient(settings)


@pytest.fixture
async def browser(wavepost: Wavepost) -> AsyncIterator[httpx.AsyncClient]:
    async with web_browser(wavepost) as browser:
        yield browser


async def link_for(person: Person, about: str = "") -> str:
    """The address behind the button of the answer to /wavepost web."""
    answer = await person.command(f"/wavepost web {about}".strip())
    found = re.search(r"http://[^\s\"]+/link/[\w-]+", str(answer.blocks))
    assert found, answer.text
    return found[0]


async def test_a_link_lets_its_person_in_after_a_press(
    ana: Person, browser: httpx.AsyncClient
) -> None:
    link = await link_for(ana)

    page = await browser.get(link)
    assert page.status_code == 200
    assert "This link signs <bdi>Ana Reyes</bdi> in" in page.text
    used = await browser.post(link, headers=own(browser))

    assert (used.status_code, used.headers["location"]) == (303, "/")
    assert (await browser.get("/")).status_code == 200


async def test_a_link_about_a_customer_leads_to_its_page(
    ana: Person, browser: httpx.AsyncClient, store: Store
) -> None:
    world = World()
    world.customer("Joe's Pizza", id="C/1")
    await world.keep(store)

    used = await browser.post(await link_for(ana, "joes pizza"), headers=own(browser))

    assert used.headers["location"] == "/customers/C%2F1"
    assert "Joe&#39;s Pizza" in (await browser.get(used.headers["location"])).text


async def test_a_name_that_nobody_has_is_asked_back_and_makes_no_link(
    ana: Person, store: Store
) -> None:
    answer = await ana.command("/wavepost web nobody")

    assert "I know no customer or location called `nobody`" in answer
    assert await counted(store, "web_links") == 0


async def test_link_previews_look_as_often_as_they_like(
    ana: Person, browser: httpx.AsyncClient, wavepost: Wavepost
) -> None:
    link = await link_for(ana)
    async with web_browser(wavepost) as preview:
        for _ in range(3):
            looked = await preview.get(link, headers={"User-Agent": "Slackbot-LinkExpanding 1.0"})
            await preview.head(link)
            assert looked.headers.get("set-cookie") is None

    assert (await browser.post(link, headers=own(browser))).status_code == 303


async def test_a_link_works_once(
    ana: Person, browser: httpx.AsyncClient, wavepost: Wavepost
) -> None:
    link = await link_for(ana)
    await browser.post(link, headers=own(browser))

    async with web_browser(wavepost) as other:
        looked, used = await other.get(link), await other.post(link, headers=own(other))
        entered = await other.get("/")

    for answer in (looked, used):
        assert answer.status_code == 410
        assert USED_UP in answer.text
        assert "type <code>/wavepost web</code> in Slack" in answer.text
    assert entered.status_code == 303


async def test_a_link_is_good_for_ten_minutes(
    ana: Person, browser: httpx.AsyncClient, store: Store
) -> None:
    link = await link_for(ana)
    await run(store, "UPDATE web_links SET made_at = made_at - interval '601 seconds'")

    looked, used = await browser.get(link), await browser.post(link, headers=own(browser))

    assert looked.status_code == used.status_code == 410
    assert USED_UP in looked.text
    assert await counted(store, "web_sessions") == 0


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
async def test_no_other_site_can_use_a_link_in_somebody_s_browser(
    headers: dict[str, str], ana: Person, browser: httpx.AsyncClient, store: Store
) -> None:
    answer = await browser.post(await link_for(ana), headers=headers)

    assert answer.status_code == 403
    assert "not sent from a page of ours" in answer.text
    assert await counted(store, "web_sessions") == 0


async def test_who_lost_everything_meanwhile_is_not_let_in(
    ana: Person, browser: httpx.AsyncClient, store: Store
) -> None:
    link = await link_for(ana)
    await run(store, "UPDATE people SET active = false")

    answer = await browser.post(link, headers=own(browser))

    assert answer.status_code == 403
    assert "I can only answer members of this workspace." in answer.text
    assert await counted(store, "web_sessions") == 0


async def test_of_a_link_only_a_hash_is_kept_wherever_one_looks(ana: Person, store: Store) -> None:
    token = (await link_for(ana)).rpartition("/")[2]

    assert await counted(store, "web_links") == 1
    for table in Table.metadata.tables:
        assert await counted(store, f"{table} AS kept WHERE kept::text LIKE '%{token}%'") == 0


async def test_a_made_up_link_is_used_up_too(browser: httpx.AsyncClient) -> None:
    for token in ("made-up", "x" * 5_000, "%00", "%ED%A0%80"):
        assert (await browser.get(f"/link/{token}")).status_code == 410


async def test_without_an_address_there_is_no_link_and_it_is_said(
    settings: Settings, sandbox: Sandbox, store: Store
) -> None:
    closed = settings.model_copy(update={"address": None})
    async with running(closed) as wavepost, serving(wavepost.app) as address:
        sandbox.request_url = f"{address}/slack/events"
        await wavepost.directory_read.wait()
        ana = await sandbox.person("ana")

        assert NO_DOOR in await ana.command("/wavepost web")

    assert await counted(store, "web_links") == 0


async def test_a_press_on_the_button_is_taken_in_silence(ana: Person, store: Store) -> None:
    answer = await ana.command("/wavepost web")
    await ana.press("Open Wavepost")

    assert "Your link to Wavepost on the web" in answer
    assert await counted(store, "web_links WHERE used_at IS NOT NULL") == 0
