"""/wavepost escalations: what leads see, what others see, and the sheet."""

from datetime import timedelta

import pytest

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.escalating import Wish, escalate
from handlers.roles import give
from rules.escalation import Category
from rules.roles import Role
from store.session import Store
from tests.conftest import TODAY
from tests.world import FIRST_MONDAY, World

WISHED = FIRST_MONDAY + timedelta(weeks=5)


@pytest.fixture
async def lea(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> Person:
    """A lead, after Ana has escalated Joe's Pizza."""
    world = World()
    world.customer("Joe's Pizza", id="JOE", weeks={FIRST_MONDAY + timedelta(weeks=12): 2})
    await world.keep(store)
    ana = (await sandbox.person("ana")).id
    async with store.transaction(actor="test") as tx:
        await give(tx, "lea@northwind.example", Role.lead)
        wish = Wish(["JOE-L1", "JOE-L2"], Category.leaving, "They sue us", WISHED)
        await escalate(tx, wish, by=ana, today=TODAY)
    lea = await sandbox.person("lea")
    lea.patience = 60
    return lea


async def test_leads_see_all_and_take_them_as_a_sheet_and_others_see_their_own(
    lea: Person, ana: Person, sandbox: Sandbox
) -> None:
    said = await lea.command("/wavepost escalations")
    assert "1 escalation is open" in said.text.replace("\xa0", " ").replace("*", "")
    assert "Joe's Pizza" in said.text
    await lea.press("Send me a sheet")
    await lea.sees("each with the newest escalation that it is in", in_="DM")
    await lea.sees("All escalations", in_="DM")
    [file] = [f for m in await lea.messages("DM") for f in m.get("files") or ()]
    assert (await lea.downloads(file)).startswith(b"PK")

    own = await ana.command("/wavepost escalations")
    assert "You asked for or joined" in own.text
    assert "Send me a sheet" not in own.text
    stranger = await (await sandbox.person("vic")).command("/wavepost escalations sheet")
    assert "You have not escalated anything yet" in stranger.text
