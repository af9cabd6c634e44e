"""A wave and the four people in it, clicked: it starts, fails, is paused, goes back in part, and closes."""

from datetime import UTC, date, datetime

import pytest
from playwright.async_api import Locator, Page, expect

from bot.assembly import Wavepost
from handlers.roles import give
from handlers.running import take_steps
from handlers.wave_turn import WAVEPOST, Wish
from rules.location_life import Step, Who
from rules.roles import Role
from rules.rollback import TASKS
from store.session import Store
from tests.browser.test_escalation import close, messages, say
from tests.browser.web import AtWeb, sign_in
from tests.chromium import OpenAs
from tests.sandbox.browser.axe import faults_of
from tests.typography import glued
from tests.world import ANA, World

pytestmark = pytest.mark.browser

MONDAY = date(2022, 1, 17)
BEGINS = datetime(2022, 1, 18, 9, tzinfo=UTC)
WORKING = 60_000
"""Milliseconds in which messages arrive on a busy machine."""


@pytest.fixture
async def _promised(store: Store, wavepost: Wavepost) -> None:
    """Ana moves five locations of Joe's Pizza this week. Lea leads, Ben approves."""
    world = World()
    world.csa()
    names = ["Dock", "Main St", "Quay", "Station", "Yard"]
    world.customer("Joe's Pizza", id="joes", weeks={MONDAY: 5}, locations=names)
    await world.keep(store)
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(BEGINS)
        await give(tx, ANA, Role.csa)
        await give(tx, "lea@northwind.example", Role.lead)
        await give(tx, "ben@northwind.example", Role.approver)


async def start(lea: Page) -> None:
    """Lea starts the wave."""
    await say(lea, "/wavepost wave")
    await expect(lea.get_by_role("log")).to_contain_text("is planned")
    await lea.get_by_role("button", name="Start the wave").click()
    asked = lea.get_by_role("dialog", name="Start the wave")
    await expect(asked).to_contain_text("the wave is fixed")
    await asked.get_by_role("button", name="Start", exact=True).click()
    await expect(lea.get_by_role("dialog")).to_contain_text(glued("0 of 5 locations migrated"))
    await close(lea)


async def choose(page: Page, location: str, what: str) -> None:
    """Open the menu beside a location in the list, and choose from it."""
    row = page.get_by_role("log").locator(".block", has_text=location).last
    await row.get_by_role("button").click()
    await page.get_by_role("menuitem", name=what).click()


async def fail(page: Page, location: str, cause: str, *, lost: bool = False) -> Locator:
    """Mark a location failed, by a cause that is new; gives the look of it."""
    await choose(page, location, "Mark failed")
    form = page.get_by_role("dialog", name="Mark failed")
    await form.get_by_role("combobox", name="Why did it fail?").fill(cause)
    await page.get_by_role("option", name=f"New cause: {cause}").click()
    if lost:
        await form.get_by_label("Orders were lost").check()
    await form.get_by_role("button", name="Mark failed", exact=True).click()
    dialog = page.get_by_role("dialog", name="In its wave")
    await expect(dialog).to_contain_text(cause)
    return dialog


async def roll_back(ben: Page, location: str) -> None:
    """Ben has one location go back, for a reason that everybody reads."""
    told = await messages(ben)
    await expect(told).to_contain_text("is paused", timeout=WORKING)
    await ben.get_by_role("button", name="Roll back").last.click()
    form = ben.get_by_role("dialog", name="Roll back")
    await form.get_by_label("Some locations, which you choose below").check()
    await form.get_by_role("combobox", name="Which locations").fill(location)
    await ben.get_by_role("option", name=location).click()
    await form.get_by_label("For real").check()
    await form.get_by_label("Why").fill("Its till prints nothing")
    await form.get_by_role("button", name="Roll back", exact=True).click()
    await expect(ben.get_by_role("dialog")).to_have_count(0)


async def confirm(page: Page, task: str) -> None:
    """Do a task that waits for this person; the message says that it does not wait any more."""
    log = await messages(page)
    await expect(log).to_contain_text(task, timeout=WORKING)
    await log.get_by_role("button", name="Done", exact=True).click()
    await expect(log).not_to_contain_text(task, timeout=WORKING)


async def let_go_on(ben: Page) -> None:
    """Ben says what is different now."""
    await ben.get_by_role("button", name="Let it go on").last.click()
    form = ben.get_by_role("dialog", name="Let the wave go on")
    await form.get_by_label("What is different now").fill("The payment provider is back")
    await form.get_by_role("button", name="Go on", exact=True).click()
    await expect(ben.get_by_role("dialog")).to_have_count(0)


async def try_again(ana: Page, location: str) -> None:
    """Ana says what was done, and marks it migrated."""
    await choose(ana, location, "Try again")
    form = ana.get_by_role("dialog", name="Try again")
    await form.get_by_role("textbox").fill("Sent the menu once more")
    await form.get_by_role("button", name="Try again", exact=True).click()
    card = ana.get_by_role("dialog", name="In its wave")
    await card.get_by_role("button", name="Mark migrated").click()
    await expect(card).to_contain_text("migrated on")
    await close(ana)


async def checks_pass(store: Store, *locations: str) -> None:
    """What the clock finds in the weeks to come: these are no worse than before."""
    async with store.transaction(actor="test") as tx:
        wishes = [Wish(each, Step.passes, "No worse than before") for each in locations]
        outcome = await take_steps(tx, MONDAY, wishes, by=WAVEPOST, who=Who.wavepost)
        assert not outcome.refused


@pytest.mark.usefixtures("_promised")
async def test_a_wave_starts_fails_is_paused_goes_back_in_part_and_closes(
    open_as: OpenAs, at_web: AtWeb, store: Store, wavepost: Wavepost
) -> None:
    lea, ana = await open_as("lea", "general"), await open_as("ana", "general")
    await start(lea)

    await say(ana, "/wavepost wave")
    await expect(ana.get_by_role("log")).to_contain_text("Station")
    for location in ("Quay", "Station"):
        await choose(ana, location, "Mark migrated")
        await expect(ana.get_by_role("log")).to_contain_text(f"{location}, Joe's Pizza: migrated")
    await fail(ana, "Dock", "Menu did not sync")
    await close(ana)
    card = await fail(ana, "Main St", "Orders vanished", lost=True)
    await expect(card).to_contain_text("Nobody has found a remedy for this yet")
    await close(ana)

    # The brake pauses it at once; Lea reads why, Ben takes one location back.
    told = await messages(lea)
    await expect(told).to_contain_text("is paused", timeout=WORKING)
    await expect(told).to_contain_text("A location lost orders")
    ben = await open_as("ben", "general")
    await roll_back(ben, "Quay")
    for page, task in zip((ana, lea, lea, ana), TASKS, strict=True):
        await confirm(page, task.words)
    await expect(await messages(ben)).to_contain_text("on the old system again", timeout=WORKING)

    await let_go_on(ben)
    await ana.get_by_role("button", name="general").first.click()
    await say(ana, "/wavepost wave")
    await expect(ana.get_by_role("log")).to_contain_text(glued("1 of 5 locations migrated"))
    for location in ("Dock", "Main St"):
        await try_again(ana, location)
    await choose(ana, "Yard", "Mark migrated")
    await expect(ana.get_by_role("log")).to_contain_text("is being checked")
    await checks_pass(store, "joes-L1", "joes-L2", "joes-L4", "joes-L5")
    await expect(await messages(lea)).to_contain_text("is closed", timeout=WORKING)

    vic = await open_as("vic", "general")
    await say(vic, "/migration Quay")
    answer = vic.get_by_role("log")
    first_line = glued("Quay has no new date yet: it was rolled back on Tue 18 Jan 2022")
    await expect(answer).to_contain_text(f"{first_line} (Its till prints nothing).")
    shown = await at_web(f"{wavepost.settings.address}/wave/{MONDAY}")
    await sign_in(shown, "Ana Reyes")
    await expect(shown.get_by_text("is closed")).to_be_visible()
    for page in (lea, ana, ben, vic, shown):
        assert await faults_of(page) == []
