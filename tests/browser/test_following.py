"""Follow, clicked: a newcomer opts in, mutes one again, and gets one digest at their own nine o'clock."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date

import pytest
from playwright.async_api import Page, expect

from bot.assembly import Wavepost, tell
from bot.sandbox.server import Sandbox
from bot.serving import serving
from bot.trial_clock_page import business_time
from handlers.planning import publish_first_plan
from rules.parameters import Parameters
from store.session import Store
from tests.chromium import OpenAs
from tests.sandbox.browser.axe import faults_of
from tests.typography import glued
from tests.world import World, run

pytestmark = pytest.mark.browser

MONDAY = date(2022, 1, 17)
HOME = "Australia/Sydney"
Move = Callable[[str], Awaitable[None]]


@pytest.fixture
async def _dates(store: Store, wavepost: Wavepost, sandbox: Sandbox) -> AsyncIterator[None]:
    """Two customers of Ana with a date; Vic lives in Sydney; business time can be moved."""
    world = World()
    world.csa()
    for name in ("Joe's Pizza", "Noodle House"):
        world.customer(name, weeks={date(2022, 1, 31): 1})
    await world.keep(store)
    async with (
        serving(wavepost.app) as address,
        business_time(wavepost.app, wavepost.store, sandbox, address),
    ):
        yield


async def say(page: Page, words: str) -> None:
    composer = page.get_by_label(re.compile("^Message "))
    await composer.fill(words)
    await composer.press("Enter")


async def mover(vic: Page) -> Move:
    """Moves business time, on the page for it, to a time of the zone that Vic lives in."""
    async with vic.expect_popup() as opened:
        await vic.get_by_role("link", name="Business date").click()
    page = await opened.value
    await page.get_by_label("Zone").fill(HOME)
    await page.get_by_role("button", name="Use this zone").click()

    async def move(to: str) -> None:
        await page.get_by_label(f"Date and time in {HOME}").fill(to)
        await page.get_by_role("button", name="Move there").click()
        await expect(page.get_by_role("status")).to_have_text("Business time was moved.")

    return move


async def closed_until_february(store: Store) -> None:
    """Nobody can move in the weeks in which they would have, so the next plan moves both."""
    world = World()
    world.blackout(date(2022, 1, 17), date(2022, 2, 4), "Inventory")
    await world.keep(store)
    await run(store, "SELECT nextval('plans_id_seq')")  # the world has taken the first id
    async with store.transaction(actor="U_LEAD") as tx:
        await publish_first_plan(tx, today=MONDAY, parameters=Parameters(pilot_weeks=0))


@pytest.mark.usefixtures("_dates")
async def test_who_opts_in_gets_one_digest_at_nine_of_what_they_want_to_hear(
    open_as: OpenAs, store: Store, sandbox: Sandbox
) -> None:
    vic = await open_as("vic", "general")
    log = vic.get_by_role("log")
    async with store.transaction(actor="test") as tx:
        person = await tx.people.by_email("vic@northwind.example")
        assert person
        person.timezone = HOME
        await tx.people.keep([person])
    move = await mover(vic)
    await move("2022-01-17T12:00")

    for name in ("Joe's Pizza", "Noodle House"):
        await say(vic, f"/schedule {name}")
        await expect(log).to_contain_text(f"{name} moves in the week of")
        await vic.get_by_role("button", name="Follow", exact=True).click()
        await expect(vic.get_by_role("button", name="Follow", exact=True)).to_have_count(0)
    await say(vic, "/wavepost following")
    await expect(log).to_contain_text(glued("You follow 2 things").replace("2 t", "2\u00a0t"))
    row = vic.get_by_role("combobox").last
    await row.click()
    await vic.get_by_role("option", name="Muted").click()
    await expect(row).to_have_value("Muted")
    await closed_until_february(store)

    await move("2022-01-18T08:50")
    await tell(store)
    await move("2022-01-18T09:00")
    await tell(store)

    await vic.get_by_role("button", name=re.compile("^Wavepost")).first.click()
    await vic.get_by_role("tab", name="Messages").click()
    await expect(log).to_contain_text(
        glued("News of what you follow: 1 customer with another date")
    )
    await expect(log).to_contain_text("nobody moves on those days")
    await expect(log).not_to_contain_text("Noodle House")
    await expect(log.get_by_text("News of what you follow")).to_have_count(1)
    assert await faults_of(vic) == []
    async with store.reading() as reading:
        assert await reading.tidings.untold(person.id) == []
