"""Setting triage up in Slack: where, when and how long, and who takes turns; each a whole conversation."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.assembly import Wavepost, mind_escalations
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.escalating import Wish, escalate
from handlers.roles import give as give_role
from handlers.rota_form import take_turns
from handlers.triage_settings import place_in
from rules.escalation import Category
from rules.roles import Role
from rules.triage import Triage
from store.session import Store
from tests.world import World, run

PATIENCE = 60.0
WEDNESDAY = datetime(2022, 1, 19, 15, tzinfo=UTC)


@pytest.fixture
async def lea(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> Person:
    """A lead, on a Wednesday."""
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(WEDNESDAY)
        await give_role(tx, "lea@northwind.example", Role.lead)
        await give_role(tx, "ada@northwind.example", Role.admin)
    return await patient(sandbox, "lea")


async def patient(sandbox: Sandbox, name: str) -> Person:
    person = await sandbox.person(name)
    person.patience = PATIENCE
    return person


async def set_up(store: Store) -> Triage:
    async with store.reading() as reading:
        return (await reading.triage.now()).triage


def words_of(refused: dict[str, str] | None) -> str:
    return " ".join((refused or {}).values())


async def test_a_lead_sets_triage_up(lea: Person, sandbox: Sandbox, store: Store) -> None:
    answer = await lea.command("/wavepost triage")
    assert "they have chosen no channel yet. Nobody is on duty." in answer.lines[0]
    assert "/wavepost triage #channel" in answer

    # Where: only where Wavepost is, and nobody reads along.
    assert "Invite me there with /invite" in await lea.command("/wavepost triage #random")
    assert "I know no channel #old-pilot" in await lea.command("/wavepost triage old-pilot")
    answer = await lea.command("/wavepost triage #migration-triage")
    assert "decided in #migration-triage from now on" in answer
    assert await lea.sees("Escalations are decided here from now on, says", in_="#migration-triage")
    assert "already, so nothing was saved" in await lea.command("/wavepost triage migration-triage")

    # When: what cannot be is said under its field, and what was typed stays.
    await lea.command("/wavepost triage")
    await lea.press("Change hours and quota", in_="DM")
    refused = await lea.modal.submit(opens="18:00", closes="17:00")
    assert "cannot end at 17:00" in words_of(refused)
    assert (
        await lea.modal.submit(
            opens="08:30",
            closes="17:00",
            zone="America/New_York",
            holidays_of="US",
            normal="1.5",
            quota="2",
        )
        is None
    )
    assert "08:30 to 17:00, America/New_York" in (await lea.modal.look()).text
    triage = await set_up(store)
    assert (triage.holidays_of, triage.clocks.normal_days) == ("US", 1.5)
    assert triage.quotas.bumps_a_month == 2

    vic = await patient(sandbox, "vic")
    answer = await vic.command("/wavepost triage")
    assert "Within 1.5 working days of theirs; urgent within 1 hour" in answer.text.replace(
        "\xa0", " "
    )
    assert "Presidents' Day" in answer.text.replace("Washington's Birthday", "Presidents' Day")
    assert "/wavepost triage #channel" not in answer
    assert "needs the role lead" in await vic.command("/wavepost triage #general")


async def test_two_leads_who_change_the_hours_at_once_do_not_overwrite_each_other(
    lea: Person, sandbox: Sandbox, store: Store
) -> None:
    ada = await patient(sandbox, "ada")
    for person in (lea, ada):
        await person.command("/wavepost triage")
        await person.press("Change hours and quota", in_="DM")
    assert await lea.modal.submit(quota="7") is None
    refused = await ada.modal.submit(quota="9")
    assert "Lea Lindqvist changed this while you had it open" in words_of(refused)
    assert (await set_up(store)).quotas.bumps_a_month == 7


async def test_leads_take_turns_and_stand_in_for_one_another(
    lea: Person, sandbox: Sandbox, store: Store
) -> None:
    ada = await patient(sandbox, "ada")
    await lea.command("/wavepost rota")
    await lea.press("Change the rota", in_="DM")
    assert await lea.modal.submit(turns=["Lea Lindqvist", "Ada Admin"]) is None
    assert "Lea Lindqvist, then @Ada Admin" in (await lea.modal.look()).text
    assert await ada.sees("your first week begins on Mon\xa024\xa0Jan\xa02022", in_="DM")
    assert (await set_up(store)).turns_from == date(2022, 1, 17)

    vic = await patient(sandbox, "vic")
    answer = await vic.command("/wavepost rota")
    assert "Lea Lindqvist is on duty" in answer.lines[0]
    assert "This week, until Mon\xa024\xa0Jan\xa02022: @Lea Lindqvist" in answer
    assert "From Mon\xa024\xa0Jan\xa02022: @Ada Admin" in answer
    assert "Change the rota" not in answer

    # Ada stands in, from today on.
    await lea.command("/wavepost rota")
    await lea.press("Somebody stands in", in_="DM")
    refused = await lea.modal.submit(
        person="Ada Admin", first=date(2022, 1, 20), last=date(2022, 1, 18)
    )
    assert "before the first" in words_of(refused)
    assert (
        await lea.modal.submit(person="Ada Admin", first=date(2022, 1, 19), last=date(2022, 1, 21))
        is None
    )
    assert await ada.sees("asks you to stand in: you are on duty in triage from", in_="DM")
    answer = await vic.command("/wavepost rota")
    assert "Ada Admin is on duty in triage, and stands in" in answer.lines[0].replace("*", "")

    # Ada is no lead any more: Lea is asked although it is not her day.
    await run(store, "DELETE FROM roles WHERE role = 'admin'")
    answer = await lea.command("/wavepost rota")
    assert "Lea Lindqvist is on duty" in answer.lines[0]
    assert "who may not decide any more" in answer

    await lea.choose("From Wed 19 Jan 2022", in_="DM")
    assert await lea.sees("Taken back", in_="DM")
    assert await ada.sees("took it back: you do not stand in", in_="DM")


async def test_who_is_on_duty_decides_from_the_reminder(
    lea: Person, ana: Person, sandbox: Sandbox, store: Store
) -> None:
    world = World()
    world.customer("Joe's Pizza", id="JOE", unplaced=1)
    await world.keep(store)
    wish = Wish(["JOE-L1"], Category.launch, "Partner launch", date(2022, 2, 9))
    async with store.transaction(actor=ana.id) as tx:
        await place_in(tx, "migration-triage")
        await take_turns(tx, [lea.id])
        await escalate(tx, wish, by=ana.id, today=WEDNESDAY.date())
    ana.patience = PATIENCE
    assert await ana.sees("You get an answer by", in_="DM")
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(WEDNESDAY + timedelta(days=1, minutes=1))
    await mind_escalations(store)

    assert await lea.sees("You are on duty, so it is in your hand now.", in_="DM")
    await lea.home()
    assert await lea.sees("Waits for your decision", in_="home")
    await lea.press("Decide", in_="DM")
    assert "Partner launch" in (await lea.modal.look()).text
    await lea.press("Decline", in_="modal")
    assert await lea.modal.submit(words="Not before March") is None
    assert not sandbox.world.views.stack(lea.id), "what was shown below is out of date"
    assert await ana.sees("Not before March", in_="DM")
    async with store.reading() as reading:
        assert await reading.escalation_lines.waiting_for(lea.id, is_on_duty=True, most=9) == (
            [],
            0,
        )
