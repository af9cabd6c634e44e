"""The web door, clicked: coming in, the timeline of a customer, and names that want to be more than names."""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.assembly import Wavepost
from bot.sandbox.server import Sandbox
from handlers.importing import import_sheets
from handlers.planning import publish_first_plan
from rules.parameters import Parameters
from store.session import Store
from tests.browser.web import PHONE, AtWeb, sign_in
from tests.chromium import DESK, OpenAs
from tests.sandbox.browser.axe import faults_of
from tests.typography import glued

pytestmark = pytest.mark.browser

TODAY = date(2022, 1, 15)
MASTER = "location_id,customer_id,customer_name,csa_email,location_name"
STORES = 70
ODD = ["<script>alert(1)</script>", "<!channel> & <b>co</b>", "مطعم السلام", "Taco 🌮 *Star* _bar_"]


@pytest.fixture
async def address(store: Store, wavepost: Wavepost, tmp_path: Path) -> str:
    """Where the pages are; Ana owns a large customer and some with odd names, all with dates."""
    rows = [
        *(f"L-{n},C-1,Joe's Pizza,ana@northwind.example,Joe's {n}" for n in range(STORES)),
        *(f'X-{n},C-X{n},"{name}",ana@northwind.example,"{name}"' for n, name in enumerate(ODD)),
    ]
    sheet = tmp_path / "master.csv"
    sheet.write_text("\n".join([MASTER, *rows]) + "\n")
    async with store.transaction(actor="U_ANA") as tx:
        await import_sheets(tx, [sheet], today=TODAY)
        await publish_first_plan(tx, today=TODAY, parameters=Parameters(pilot_weeks=0))
    return str(wavepost.settings.address)


async def check(page: Page) -> None:
    """It is for everyone: axe finds nothing, and nothing lies beside the screen."""
    assert await faults_of(page) == []
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")


async def test_a_csa_signs_in_with_slack_and_finds_her_customers(
    at_web: AtWeb, address: str
) -> None:
    page = await at_web(address)
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await check(page)

    await sign_in(page, "Ana Reyes")

    await expect(page.get_by_role("heading", name="Your customers")).to_be_visible()
    await expect(page.get_by_text(glued("You have 5 customers"))).to_be_visible()
    await check(page)
    await page.get_by_role("link", name="Joe's Pizza").click()
    await expect(page.get_by_role("heading", name="Joe's Pizza")).to_be_visible()


async def test_who_has_no_customers_sees_the_next_wave(at_web: AtWeb, address: str) -> None:
    page = await at_web(address)
    await sign_in(page, "Vic Viewer")

    await expect(page.get_by_role("heading", name="The next wave")).to_be_visible()
    await expect(page.get_by_text(glued("in the week of Mon 17 Jan 2022"))).to_be_visible()


async def test_a_guest_who_signs_in_is_told_whom_to_ask(at_web: AtWeb, address: str) -> None:
    page = await at_web(address, PHONE)
    await page.get_by_role("link", name="Sign in with Slack").click()
    await page.get_by_role("button", name="Gus Guest").click()

    await expect(page.get_by_role("heading", name="This is not open to you")).to_be_visible()
    await expect(page.get_by_text("please ask the person who works with you")).to_be_visible()
    await check(page)


async def test_a_stranger_is_not_even_offered(at_web: AtWeb, address: str) -> None:
    page = await at_web(address)
    await page.get_by_role("link", name="Sign in with Slack").click()

    await expect(page.get_by_role("button", name="Ana Reyes")).to_be_visible()
    await expect(page.get_by_role("button", name="Sam Stranger")).to_have_count(0)


async def test_a_link_from_slack_opens_the_page_once(
    open_as: OpenAs, at_web: AtWeb, address: str
) -> None:
    ana = await open_as("ana", "general")
    composer = ana.get_by_label(re.compile("^Message "))
    await composer.fill("/wavepost web joes pizza")
    await composer.press("Enter")
    button = ana.get_by_role("link", name="Open Wavepost")
    link = await button.get_attribute("href")
    assert link

    page = await at_web(link, PHONE)
    await expect(page.get_by_role("heading", name="Is this you?")).to_be_visible()
    await check(page)
    await page.get_by_role("button", name="Continue as Ana Reyes").click()
    await expect(page.get_by_role("heading", name="Joe's Pizza")).to_be_visible()

    again = await at_web(link, PHONE)
    await expect(again.get_by_role("heading", name="This link is used up")).to_be_visible()
    await check(again)


async def test_an_answer_in_slack_leads_to_the_page_and_holds_no_secret(
    open_as: OpenAs, address: str
) -> None:
    ana = await open_as("ana", "general")
    composer = ana.get_by_label(re.compile("^Message "))
    await composer.fill("/migration joes pizza")
    await composer.press("Enter")
    button = ana.get_by_role("link", name="See it on the web")
    await expect(button).to_have_attribute("href", f"{address}/customers/C-1")


@pytest.mark.parametrize(
    ("size", "scheme"),
    [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")],
    ids=["phone", "phone at night", "desk", "desk at night"],
)
async def test_the_timeline_of_a_customer_is_for_everyone(
    size: tuple[int, int], scheme: str, at_web: AtWeb, address: str
) -> None:
    page = await at_web(f"{address}/customers/C-1", size, scheme)
    await check(page)
    await sign_in(page, "Ana Reyes")

    await expect(page.get_by_text(glued("from Mon 17 Jan 2022 to"))).to_be_visible()
    events = page.get_by_role("region", name="What happened so far").get_by_role("listitem")
    await expect(events).to_have_count(2)
    await expect(events.last).to_contain_text("Came with 70 locations")
    await expect(events.last).to_contain_text("From master.csv.")
    await check(page)
    await page.get_by_role("link", name="Oldest first").click()
    await expect(events.first).to_contain_text("Came with 70 locations")


async def test_many_locations_come_page_by_page(at_web: AtWeb, address: str) -> None:
    page = await at_web(f"{address}/customers/C-1")
    await sign_in(page, "Ana Reyes")
    pages = page.get_by_role("navigation", name="Pages of locations")

    await expect(pages).to_contain_text("1–15 of 70")
    await pages.get_by_role("link", name="Last").click()

    await expect(pages).to_contain_text("61–70 of 70")
    await page.get_by_role("region", name="Its locations").get_by_role("link").first.click()
    await expect(page.get_by_role("heading", name=re.compile(r"^Joe's \d+$"))).to_be_visible()
    await expect(page.get_by_text("What happened so far")).to_be_visible()
    await page.get_by_role("link", name="Joe's Pizza", exact=True).click()
    await expect(page).to_have_url(f"{address}/customers/C-1")


async def test_names_are_shown_as_they_are_and_do_nothing(at_web: AtWeb, address: str) -> None:
    page = await at_web(address)
    alerts: list[str] = []
    page.on("dialog", lambda dialog: alerts.append(dialog.message))
    await sign_in(page, "Ana Reyes")
    for number, name in enumerate(ODD):
        await expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
        await page.goto(f"{address}/customers/C-X{number}")
        await expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        await expect(page.get_by_text(f"{name} moves in the week of")).to_be_visible()
        await check(page)
        await page.goto(address)
    assert alerts == []


async def test_a_name_is_found_with_a_slip_in_it(at_web: AtWeb, address: str) -> None:
    page = await at_web(address, PHONE)
    await sign_in(page, "Ana Reyes")
    search = page.get_by_role("searchbox", name="Customer or location")

    await search.fill("joes piza")
    await search.press("Enter")
    await expect(page.get_by_text("Did you mean this?")).to_be_visible()
    await expect(search).to_have_value("joes piza")
    await check(page)
    await page.get_by_role("link", name="Joe's Pizza").click()
    await expect(page).to_have_url(f"{address}/customers/C-1")

    await search.fill('"><script>alert(1)</script> nobody')
    await search.press("Enter")
    await expect(page.get_by_text("I know no customer or location called")).to_be_visible()
    await check(page)


async def test_who_signs_out_is_out_also_when_going_back(at_web: AtWeb, address: str) -> None:
    page = await at_web(f"{address}/customers/C-1")
    await sign_in(page, "Ana Reyes")
    await page.locator("summary").click()
    await check(page)
    await page.get_by_role("button", name="Sign out", exact=True).click()
    await expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    await check(page)

    await page.goto(f"{address}/customers/C-1")

    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_all_of_it_is_reached_by_keyboard(at_web: AtWeb, address: str) -> None:
    page = await at_web(address)
    await sign_in(page, "Ana Reyes")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to what is on this page")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("main").get_by_role("link").first).to_be_focused()


async def test_times_are_those_of_the_person_s_own_zone(
    at_web: AtWeb, address: str, sandbox: Sandbox, store: Store
) -> None:
    async with store.transaction(actor="test") as tx:
        person = await tx.people.by_email("ana@northwind.example")
        assert person
        await tx.people.keep([person.model_copy(update={"timezone": "Asia/Tokyo"})])
    page = await at_web(f"{address}/customers/C-1")
    await sign_in(page, "Ana Reyes")

    await expect(page.get_by_text("Times are those of Asia/Tokyo.")).to_be_visible()
    shown = page.get_by_role("region", name="What happened so far").get_by_role("time").first
    at = await shown.evaluate(
        "node => new Date(node.dateTime).toLocaleTimeString('en-GB',"
        " { timeZone: 'Asia/Tokyo', hour: '2-digit', minute: '2-digit' })"
    )
    await expect(shown).to_contain_text(at)
