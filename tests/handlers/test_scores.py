"""/wavepost scores: where the points of one come from, in the plan in force and in any before."""

from datetime import date
from pathlib import Path

import pytest

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.importing import import_sheets
from handlers.planning import publish_first_plan
from rules.parameters import Parameters
from store.session import Store
from tests.typography import glued
from tests.world import run

TODAY = date(2022, 1, 15)
HEADER = (
    "location_id,location_name,customer_id,customer_name,csa_email,status,signed_up_on,"
    "last_order_on,orders_28d,missed_orders_28d,cancelled_orders_28d,orders_prev_28d,"
    "open_hours_28d,online_hours_28d"
)
JOES = "C-joe,Joe's Pizza,ana@northwind.example,active,2020-01-01,2022-01-15"
LOCATIONS = (
    f"L-1,Main Street,{JOES},1000,150,30,1100,100,90",
    f"L-2,Harbour,{JOES},800,8,16,790,100,97",
    "L-3,Only One,C-ramen,Ramen Bar,ana@northwind.example,active,,,,,,,,",
    "L-4,Long Gone,C-gone,Gone Grill,ana@northwind.example,active,2020-01-01,2021-01-15,,,,,,",
)


@pytest.fixture
async def vic(sandbox: Sandbox, wavepost: Wavepost, store: Store, tmp_path: Path) -> Person:
    """A member who plans nothing; the master sheet is imported and planned."""
    sheet = tmp_path / "master.csv"
    sheet.write_text("\n".join([HEADER, *LOCATIONS]) + "\n")
    async with store.transaction(actor="U_ANA") as tx:
        await import_sheets(tx, [sheet], today=TODAY)
    await plan(store)
    return await sandbox.person("vic")


async def plan(store: Store, weeks: int = 52) -> None:
    async with store.transaction(actor="U_LEAD") as tx:
        parameters = Parameters(pilot_weeks=0, weeks=weeks)
        await publish_first_plan(tx, today=TODAY, parameters=parameters)


async def test_a_location_is_shown_in_all_its_parts(vic: Person) -> None:
    answer = await vic.command("/wavepost scores Main Street")

    assert answer.is_private
    assert answer.lines[0].startswith("*Main Street* has priority *")
    assert answer.lines[0].endswith(glued("and health *56*, amber."))
    assert "*55.9*, amber" in answer.text
    assert "Reliability 28: takes 39.0" in answer.text
    assert "Trend 82: takes 2.3" in answer.text
    assert "1,000 in 28 days\n150 of them missed" in answer.text
    assert "for missed orders that the new system avoids" in answer.text
    assert glued("As plan 1 counts it, which is in force") in answer.text


async def test_a_customer_is_shown_location_by_location_the_most_urgent_first(vic: Person) -> None:
    answer = await vic.command("/wavepost scores joe")

    assert glued("the mean of 2 locations") in answer.lines[0]
    rows = [line for line in answer.text.split("\n") if line.startswith("• ")]
    assert [row.split("*")[1] for row in rows] == ["Main Street", "Harbour"]
    assert "health 56, amber, most lost to reliability" in rows[0]

    below = await vic.choose("Harbour")
    assert below.lines[0].endswith(glued("and health *96*, green."))


async def test_who_has_no_figures_is_told_what_was_assumed(vic: Person) -> None:
    answer = await vic.command("/wavepost scores Ramen Bar")

    assert "its health is not known" in answer.lines[0]
    assert "Not known: there are no figures for it" in answer.text
    assert "Where figures are missing, the middle of all counts" in answer.text


async def test_who_churned_has_no_priority(vic: Person) -> None:
    answer = await vic.command("/wavepost scores Gone Grill")

    assert answer.lines[0].startswith("*Gone Grill* is not to be scheduled")
    assert "None: it is not to be scheduled" in answer.text
    assert "Churned" in answer.text


async def test_what_counted_in_an_earlier_plan_can_be_seen_again(vic: Person, store: Store) -> None:
    await run(store, "UPDATE locations SET orders_28d = 60, missed_orders_28d = 0 WHERE id = 'L-1'")
    await plan(store, weeks=40)
    now = await vic.command("/wavepost scores Main Street")
    assert "60 in 28 days" in now.text
    assert glued("As plan 2 counts it") in now.text

    await vic.choose(f"Plan 1, {glued('Sat 15 Jan 2022')}: priority 67, health 56")

    assert await vic.sees("As plan 1 counted it")
    assert await vic.sees("1,000 in 28 days")


async def test_before_any_plan_it_says_when_scores_come(vic: Person, store: Store) -> None:
    await run(store, "UPDATE plans SET state = 'discarded'")
    answer = await vic.command("/wavepost scores Main Street")
    assert answer.lines[0] == "*Main Street* has no scores yet: they come with the next plan."


async def test_help_and_several_names(vic: Person) -> None:
    assert "`/wavepost scores Joe's Pizza`" in (await vic.command("/wavepost scores")).text
    several = await vic.command("/wavepost scores Ramen Bar, Joe's Pizza")
    assert "one at a time" in several.text
