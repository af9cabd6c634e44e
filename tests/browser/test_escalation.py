"""The life of an escalation, clicked by four people: asked, questioned, late, approved, and told."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.async_api import Locator, Page, expect

from bot.assembly import Wavepost, tell
from bot.sandbox.ids import stable_id
from handlers.escalation_knocks import knock
from handlers.planning import publish_first_plan
from handlers.roles import give
from handlers.rota_form import take_turns
from handlers.triage_settings import place_in
from rules.parameters import Parameters
from rules.roles import Role
from store.session import Store
from tests.chromium import OpenAs
from tests.sandbox.browser.axe import faults_of
from tests.world import World, run

pytestmark = pytest.mark.browser

OMAR = "omar@northwind.example"
MONDAY = date(2022, 1, 31)
BEGINS = datetime(2022, 1, 19, 15, tzinfo=UTC)
LATE = timedelta(days=4, hours=19)
NEXT_DIGEST = timedelta(days=6, hours=3)
WORKING = 60_000
"""Milliseconds in which jobs weigh and plan on a busy machine."""


@pytest.fixture
async def _planned(store: Store, wavepost: Wavepost) -> None:
    """Omar moves two locations a week: Cleo's, then Wim's, then Joe's. Lea and Ada take turns."""
    world = World()
    world.csa(OMAR, "Omar Haddad")
    for name, customer in (("Cleo's", "cleos"), ("Wim's", "wims"), ("Joe's Pizza", "joes")):
        world.customer(name, id=customer, csa=OMAR, unplaced=2, binding=None)
    await world.keep(store, planned=False)
    await run(store, "UPDATE csas SET weekly_capacity = 2")
    for customer, missed in (("cleos", 90), ("wims", 60), ("joes", 10)):
        await run(
            store,
            "UPDATE locations SET orders_28d = 400, missed_orders_28d = :missed"
            " WHERE customer_id = :customer",
            missed=missed,
            customer=customer,
        )
    await run(
        store,
        "INSERT INTO waves SELECT '2021-12-06'::date + 7 * n, 'closed' FROM generate_series(0, 3) AS n",
    )
    async with store.transaction(actor=stable_id("U", "lea")) as tx:
        await tx.clock.set_now(BEGINS - timedelta(days=1))
        for lead in ("lea", "ada"):
            await give(tx, f"{lead}@northwind.example", Role.lead)
        await publish_first_plan(tx, today=BEGINS.date(), parameters=Parameters())
    async with store.transaction(actor=stable_id("U", "lea")) as tx:
        await place_in(tx, "migration-triage", zone="UTC")
        await take_turns(tx, [stable_id("U", lead) for lead in ("lea", "ada")])
    await it_is(store, BEGINS)
    await tell(store)


async def it_is(store: Store, now: datetime) -> None:
    """Move business time."""
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(now)


async def say(page: Page, words: str) -> None:
    composer = page.get_by_label(re.compile("^Message "))
    await composer.fill(words)
    await composer.press("Enter")


async def messages(page: Page) -> Locator:
    """What Wavepost wrote to this person."""
    await page.get_by_role("navigation").get_by_role("button", name="Wavepost").click()
    await page.get_by_role("tab", name="Messages").click()
    return page.get_by_role("log")


async def close(page: Page) -> None:
    """Close what a form became when it was sent."""
    await page.get_by_role("dialog").get_by_role("button", name="Close").last.click()
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def ask_for_joes(ana: Page) -> Locator:
    """Ana asks for Joe's Pizza; gives what she hears of it from then on."""
    await say(ana, "/escalate Joe's Pizza")
    form = ana.get_by_role("dialog", name="Escalate")
    await expect(form).to_contain_text("Joe's Pizza")
    await form.get_by_role("combobox", name="What is it about?").click()
    await ana.get_by_role("option", name="Customer may leave").click()
    await form.get_by_label("Why should they move sooner?").fill("They sign elsewhere in February")
    await form.get_by_label("Moved by").fill(MONDAY.isoformat())
    await form.get_by_role("button", name="Send", exact=True).click()
    await expect(ana.get_by_role("dialog", name="Escalation 1")).to_contain_text("is with triage")
    await close(ana)
    return await messages(ana)


async def ask_back(lea: Page, ana: Page, triage: Locator, heard: Locator) -> None:
    """Lea has a question, and Ana answers it."""
    await lea.get_by_role("button", name="Ask", exact=True).click()
    form = lea.get_by_role("dialog", name="Ask")
    await form.get_by_role("textbox").fill("Who told you so?")
    await form.get_by_role("button", name="Ask", exact=True).click()
    await expect(heard).to_contain_text("Who told you so?")
    await ana.get_by_role("button", name="Answer").last.click()
    form = ana.get_by_role("dialog").filter(has=ana.get_by_label("Your answer"))
    await form.get_by_role("textbox").fill("Their owner, this morning")
    await form.get_by_role("button", name="Send", exact=True).click()
    await close(ana)
    await expect(triage).to_contain_text("Their owner, this morning")


@pytest.mark.usefixtures("_planned")
async def test_an_escalation_is_asked_questioned_late_approved_and_told(
    open_as: OpenAs, store: Store
) -> None:
    ana, lea = await open_as("ana", "general"), await open_as("lea", "triage")
    triage = lea.get_by_role("log")
    heard = await ask_for_joes(ana)
    await expect(triage).to_contain_text("They sign elsewhere in February")
    await expect(triage).to_contain_text("What it would take to go by", timeout=WORKING)
    await expect(triage).to_contain_text("Wim's (Omar Haddad)")
    await ask_back(lea, ana, triage, heard)

    # Nobody decides in time: it goes to whose turn comes next, and Ana hears that it is late.
    await it_is(store, BEGINS + LATE)
    await knock(store)
    ada = await open_as("ada", "triage")
    await expect(heard).to_contain_text("nobody has decided in time about escalation 1")
    told = await messages(ada)
    await expect(told).to_contain_text("so it is in your hand now")

    await ada.get_by_role("button", name=re.compile("^migration-triage")).click()
    await ada.get_by_role("button", name="Approve", exact=True).click()
    form = ada.get_by_role("dialog", name="Approve")
    await form.get_by_role("textbox").last.fill("Their owner has told us too")
    await form.get_by_role("button", name="Approve", exact=True).click()
    await expect(heard).to_contain_text("Their owner has told us too")
    await expect(heard).to_contain_text("has its week", timeout=WORKING)
    omar = await open_as("omar", "general")
    await it_is(store, BEGINS + NEXT_DIGEST)
    await tell(store)
    displaced = await messages(omar)
    await expect(displaced).to_contain_text("an escalation took its place", timeout=WORKING)
    await expect(triage).to_contain_text("What it took")
    await expect(lea.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
    for page in (ana, lea, ada, omar):
        assert await faults_of(page) == []
