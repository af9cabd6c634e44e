"""Deciding about an escalation, as leads and the requester meet it in Slack."""

from datetime import date

import pytest

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.escalating import Wish, escalate
from handlers.planning import publish_first_plan
from handlers.roles import give as give_role
from rules.escalation import Category
from rules.parameters import Parameters
from rules.roles import Role
from store.session import Store
from tests.conftest import TODAY
from tests.handlers.displacing.room import weeks
from tests.world import World, counted, run

PATIENCE = 60.0
DUE = date(2022, 1, 24)
TRIAGE = "DM"


@pytest.fixture
async def lea(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> Person:
    """A lead; Ada is another. Ana moves two locations a week: Cleo's, then Wim's, then Joe's."""
    async with store.transaction(actor="test") as tx:
        await give_role(tx, "lea@northwind.example", Role.lead)
        await give_role(tx, "ada@northwind.example", Role.lead)
    world = World()
    world.csa()
    for name, customer in (("Cleo's", "cleos"), ("Wim's", "wims"), ("Joe's Pizza", "joes")):
        world.customer(name, id=customer, unplaced=2, binding=None)
    await world.keep(store, planned=False)
    await run(store, "UPDATE csas SET weekly_capacity = 2")
    await run(
        store,
        "UPDATE locations SET orders_28d = 400, missed_orders_28d ="
        " CASE customer_id WHEN 'cleos' THEN 90 WHEN 'wims' THEN 60 ELSE 10 END",
    )
    await run(
        store,
        "INSERT INTO waves SELECT '2021-12-06'::date + 7 * n, 'closed' FROM generate_series(0, 2) n",
    )
    async with store.transaction(actor="U_ELSE") as tx:
        await publish_first_plan(tx, today=TODAY, parameters=Parameters())
    return await patient(sandbox, "lea")


async def patient(sandbox: Sandbox, name: str) -> Person:
    person = await sandbox.person(name)
    person.patience = PATIENCE
    return person


async def sent(store: Store, by: Person, *locations: str) -> int:
    wish = Wish(locations, Category.launch, "Their partner opens in March", DUE)
    async with store.transaction(actor=by.id) as tx:
        return await escalate(tx, wish, by=by.id, today=TODAY)


def plain(said: str) -> str:
    return said.replace("\N{NO-BREAK SPACE}", " ").replace("*", "")


async def test_leads_ask_hand_over_and_approve_in_part_and_of_two_one_wins(
    lea: Person, sandbox: Sandbox, store: Store
) -> None:
    ana, ada = await patient(sandbox, "ana"), await patient(sandbox, "ada")
    await sent(store, ana, "joes-L1", "joes-L2")
    await lea.sees("What it would take to go by", in_=TRIAGE)
    shown = plain("\n".join(await lea.reads(TRIAGE)))
    assert "2 locations of 1 customer would make room" in shown
    assert "Wim's (Ana Reyes): 2 locations from Mon 24 Jan 2022 to Mon 31 Jan 2022" in shown

    await lea.press("Ask", in_=TRIAGE)
    assert "words" in str(await lea.modal.submit(words="  "))
    assert await lea.modal.submit(words="Which of them opens first?") is None
    await ana.sees("Which of them opens first?", in_="DM")
    await lea.sees("Waits for an answer of", in_=TRIAGE)
    await ana.home()
    assert await ana.sees("Waits for your answer", in_="home")
    await ana.press("Answer", in_="DM")
    await ana.modal.submit(words="The one at the dock")
    await lea.sees("The one at the dock", in_=TRIAGE)

    await lea.press("Hand over", in_=TRIAGE)
    assert await lea.modal.submit(to="Ada", words="You know them") is None
    await ada.sees("hands escalation 1 to you", in_="DM")

    await ada.press("Weigh another day", in_=TRIAGE)
    assert await ada.modal.submit(due_on=date(2022, 1, 31)) is None
    await ada.sees("Nothing: the week is early enough already.", in_=TRIAGE)

    await ada.press("Approve partly", in_=TRIAGE)
    refused = await ada.modal.submit(
        which=["Joe's Pizza (Joe's Pizza)"], due_on=date(2022, 1, 14), words="One of them"
    )
    assert refused
    assert "Go by" in refused
    assert "is over" in refused["Go by"] or "past" in refused["Go by"]
    refused = await ada.modal.submit(due_on=date(2022, 2, 4))
    assert refused
    assert "by then as it is, in the week of Mon 31 Jan 2022" in plain(refused["Go by"])
    assert await ada.modal.submit(due_on=DUE, words="One of them, for the opening") is None
    await ana.sees(
        "1 of the 2\N{NO-BREAK SPACE}locations of Joe's Pizza (Joe's Pizza (joes-L1))", in_="DM"
    )
    await ana.sees("what was granted of it, has its week", in_="DM")
    assert (await weeks(store))["joes"].count(DUE) == 1
    await lea.sees("Approved in part", in_=TRIAGE)
    await lea.sees("made room", in_=TRIAGE)

    await sent(store, ana, "wims-L1")
    await lea.sees("Escalation 2", in_=TRIAGE)
    await ada.sees("Escalation 2", in_=TRIAGE)
    await lea.press("Approve", in_=TRIAGE)
    await ada.press("Decline", in_=TRIAGE)
    assert await ada.modal.submit(words="Nobody can make room") is None
    refused = await lea.modal.submit(words="Their date is fixed")
    assert refused
    said = "".join(refused.values())
    assert "Ada" in said
    assert "declined" in said
    assert "Nobody can make room" in said
    await ana.sees("Nobody can make room", in_="DM")
    assert await counted(store, "jobs WHERE kind = 'make room'") == 1
