"""The pages made from the data in a browser: for everyone, on every screen, and on paper."""

from datetime import UTC, datetime, time

import pytest
from playwright.async_api import Page, expect

from bot.assembly import Wavepost
from rules.announcement import Topic
from store.announcement_rows import ScheduleVersionRow
from store.session import Store
from tests.browser.web import PHONE, AtWeb, sign_in
from tests.chromium import DESK
from tests.sandbox.browser.axe import faults_of
from tests.world import FIRST_MONDAY, World

pytestmark = pytest.mark.browser

PAGES = ("Who decides what", "Who hears what", "Who is concerned")


@pytest.fixture
async def address(store: Store, wavepost: Wavepost) -> str:
    """Where the pages are, once there is something on each."""
    world = World()
    world.csa()
    world.csa("a-long-name-without-a-place-to-break@elsewhere.example", None)
    world.feature("loyalty", "Loyalty points for whoever orders twice", FIRST_MONDAY)
    world.customer("Joe's", weeks={FIRST_MONDAY: 2}, requires=["loyalty"])
    world.customer("Wim's", csa="a-long-name-without-a-place-to-break@elsewhere.example")
    await world.keep(store)
    async with store.transaction(actor="test") as tx:
        general = await tx.channels.named("general")
        assert general
        says = ScheduleVersionRow(
            schedule_id=0,
            version=1,
            since=datetime(2022, 1, 3, tzinfo=UTC),
            by="U_LEA",
            channel=general.id,
            topic=Topic.everything,
            weekday=0,
            at_time=time(9),
            zone="America/Argentina/ComodRivadavia",
        )
        await tx.announcement_schedules.add(says)
    return str(wavepost.settings.address)


async def check(page: Page) -> None:
    """It is for everyone: axe finds nothing, and nothing lies beside the screen."""
    assert await faults_of(page) == []
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")


async def check_on_paper(page: Page) -> None:
    """What it says is printed, and nothing to press."""
    await page.emulate_media(media="print")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    for unprinted in (page.get_by_role("navigation"), page.get_by_role("search")):
        await expect(unprinted).to_have_count(0)
    await page.emulate_media(media="screen")


@pytest.mark.parametrize(
    ("size", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone at night", "desk"]
)
async def test_each_leads_to_the_others_and_everyone_can_read_and_print_it(
    size: tuple[int, int], scheme: str, at_web: AtWeb, address: str
) -> None:
    page = await at_web(address, size, scheme)
    await sign_in(page, "Ana Reyes")

    for name in PAGES:
        await (
            page.get_by_role("navigation", name="About the migration")
            .get_by_role("link", name=name)
            .click()
        )
        await expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
        await check(page)
        await check_on_paper(page)
