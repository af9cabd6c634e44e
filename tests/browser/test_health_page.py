"""The page of the health score: the numbers that count, a real example, one sheet of paper."""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.assembly import Wavepost
from handlers.importing import import_sheets
from handlers.planning import publish_first_plan
from rules.parameters import Parameters
from store.session import Store
from tests.browser.web import PHONE, AtWeb, sign_in
from tests.chromium import DESK
from tests.sandbox.browser.axe import faults_of

pytestmark = pytest.mark.browser

TODAY = date(2022, 1, 15)
MASTER = (
    "location_id,customer_id,customer_name,csa_email,location_name,last_order_on,orders_28d,"
    "missed_orders_28d,cancelled_orders_28d,orders_prev_28d,open_hours_28d,online_hours_28d"
)
STORES = (
    "L-1,C-1,Joe's Pizza,ana@northwind.example,<b>Joe's</b> East,2022-01-15,1000,150,30,1100,100,90",
    "L-2,C-1,Joe's Pizza,ana@northwind.example,Joe's West,2022-01-15,800,8,16,790,100,97",
    "L-3,C-2,Noodle Bar,omar@northwind.example,Noodle Bar,,,,,,,",
)
A_PAGE = re.compile(rb"/Type\s*/Page\b")


@pytest.fixture
async def address(store: Store, wavepost: Wavepost, tmp_path: Path) -> str:
    """Where the pages are, once three locations are scored."""
    sheet = tmp_path / "master.csv"
    sheet.write_text("\n".join([MASTER, *STORES]) + "\n")
    async with store.transaction(actor="U_ANA") as tx:
        await import_sheets(tx, [sheet], today=TODAY)
        await publish_first_plan(tx, today=TODAY, parameters=Parameters(pilot_weeks=0))
    return f"{wavepost.settings.address}/health-score"


async def check(page: Page) -> None:
    """It is for everyone: axe finds nothing, and nothing lies beside the screen."""
    assert await faults_of(page) == []
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize(
    ("size", "scheme"),
    [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")],
    ids=["phone", "phone at night", "desk", "desk at night"],
)
async def test_it_explains_the_score_with_a_location_of_ones_own(
    size: tuple[int, int], scheme: str, at_web: AtWeb, address: str
) -> None:
    page = await at_web(address, size, scheme)
    await sign_in(page, "Ana Reyes")

    await expect(page.get_by_role("heading", name="The health score")).to_be_visible()
    example = page.get_by_role("region", name="An example: <b>Joe's</b> East")
    await expect(example).to_contain_text("56 Amber.")
    await expect(example).to_contain_text("Most is lost to reliability. Orders are missed: ask who")
    await expect(example.get_by_role("row", name="Reliability")).to_contain_text(
        "150 of 1,000 orders missed"
    )
    await check(page)


async def test_it_is_one_sheet_of_paper(at_web: AtWeb, address: str) -> None:
    page = await at_web(address)
    await sign_in(page, "Ana Reyes")
    await expect(page.get_by_role("heading", name="The health score")).to_be_visible()

    printed = await page.pdf(format="A4")

    assert len(A_PAGE.findall(printed)) == 1


async def test_a_location_leads_to_how_its_own_score_came_about(
    at_web: AtWeb, address: str
) -> None:
    page = await at_web(address.replace("health-score", "locations/L-2"))
    await sign_in(page, "Vic Viewer")
    await expect(page.get_by_text("96, green")).to_be_visible()

    await page.get_by_role("link", name="How it came about").click()

    await expect(page.get_by_role("region", name="An example: Joe's West")).to_contain_text("96")
    await page.goto(f"{address}?location=L-3")
    example = page.get_by_role("region", name="An example: Noodle Bar")
    await expect(example).to_contain_text("Nothing is known of it, so it has no score")
    await page.goto(f"{address}?location=nobody")
    await expect(page.get_by_text("nobody was not scored")).to_be_visible()


async def test_it_is_drawn_from_the_parameters_that_count(
    at_web: AtWeb, address: str, store: Store
) -> None:
    async with store.transaction(actor="U_LEA") as tx:
        stricter = Parameters.model_validate({"health": {"green": 90, "worst_missed": 0.1}})
        now = await tx.clock.now()
        await tx.parameters.save(stricter, by="U_LEA", at=now, note="Stricter")
    page = await at_web(address)
    await sign_in(page, "Ana Reyes")

    await expect(page.get_by_role("row", name="Green from 90")).to_be_visible()
    await expect(page.get_by_role("row", name="Reliability 40 %")).to_contain_text("10 % missed")
    await expect(
        page.get_by_text("It was scored with the numbers that counted then")
    ).to_be_visible()


async def test_before_anything_is_scored_the_example_says_that_it_is_made_up(
    at_web: AtWeb, wavepost: Wavepost
) -> None:
    page = await at_web(f"{wavepost.settings.address}/health-score", PHONE)
    await sign_in(page, "Vic Viewer")

    await expect(page.get_by_text("These figures are made up")).to_be_visible()
    await expect(page.get_by_role("region", name="An example")).to_contain_text("56 Amber.")
    await check(page)
