"""The wave's day in Slack: it is started, its locations are marked, one by one and many at once."""

from datetime import date

import pytest

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.mark_form import SOME_LABEL
from handlers.roles import give
from rules.roles import Role
from store.session import Store
from tests.world import ANA, World

OMAR = "omar@northwind.example"
MONDAY = date(2022, 1, 10)
NEXT = date(2022, 1, 24)
PATIENCE = 30.0


@pytest.fixture
async def lea(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> Person:
    """A lead. Ana has three locations in the wave of 10 January, Omar has two."""
    world = World()
    world.csa()
    world.csa(OMAR, "Omar Haddad")
    world.customer("Joe's Pizza", id="joes", weeks={MONDAY: 2}, locations=["Dock", "Main St"])
    world.customer("Thai Basil", id="thai", weeks={MONDAY: 1})
    world.customer("Wim's", id="wims", csa=OMAR, weeks={MONDAY: 2}, locations=["East", "West"])
    world.customer("Later", id="later", weeks={NEXT: 1})
    await world.keep(store)
    async with store.transaction(actor="test") as tx:
        await give(tx, "lea@northwind.example", Role.lead)
        for csa in (ANA, OMAR):
            await give(tx, csa, Role.csa)
    return await somebody(sandbox, "lea")


async def somebody(sandbox: Sandbox, name: str) -> Person:
    person = await sandbox.person(name)
    person.patience = PATIENCE
    return person


def plain(said: object) -> str:
    return str(said).replace("\N{NO-BREAK SPACE}", " ").replace("*", "")


async def shown(person: Person) -> str:
    return plain("\n".join(await person.reads("DM")))


async def started(lea: Person) -> None:
    answer = await lea.command("/wavepost wave")
    assert "Wave of Mon 10 Jan 2022 is planned: 5 locations." in plain(answer)
    await lea.press("Start the wave")
    assert "5 locations can migrate from then on" in plain((await lea.modal.opened()).text)
    assert await lea.modal.submit() is None
    assert "is running: 0 of 5 locations migrated, 0 failed." in plain(lea.modal.text)


async def test_a_wave_is_started_and_marked_and_the_second_who_marks_hears_who_was_first(
    lea: Person, sandbox: Sandbox
) -> None:
    await started(lea)
    ana, omar = await somebody(sandbox, "ana"), await somebody(sandbox, "omar")
    own_first = plain(await ana.command("/wavepost wave 10 jan"))
    assert own_first.index("Dock") < own_first.index("East")
    assert "Omar Haddad" in own_first
    await omar.command("/wavepost wave")

    # One by one, in the list itself: it is there again as it is now.
    await ana.choose("Mark migrated", in_="DM")
    assert "1 of 5 locations migrated, 0 failed" in await shown(ana)

    # Lea looks at the list as it was before.
    await lea.choose("Mark migrated", in_="modal")
    said = plain(lea.modal.text).partition("Wave of")[0]
    assert "Dock is migrated already (@Ana Reyes marked it migrated" in said
    await lea.modal.close(everything=True)

    # By a cause that is new, then by one that is like it.
    await ana.choose("Mark failed", in_="DM")
    assert await ana.modal.submit(cause="New cause: Menu did not sync") is None
    card = plain(ana.modal.text)
    assert "failed on Sat 15 Jan 2022: Menu did not sync." in card
    assert "Nobody has found a remedy for this yet" in card

    await ana.press("Try again", in_="modal")
    assert await ana.modal.submit(words="Sent the menu once more") is None
    assert "migrating now, try 2: Sent the menu once more" in plain(ana.modal.text)
    await ana.press("Mark migrated", in_="modal")
    assert "migrated on Sat 15 Jan 2022" in plain(ana.modal.text)
    await ana.modal.close(everything=True)

    await omar.press("Mark several failed", in_="DM")
    assert await omar.modal.submit(cause="New cause: menu did not synk") == {
        SOME_LABEL: "Choose customers or locations, or one of the choices above."
    }
    assert await omar.modal.submit(some=["East (wims-L1)"]) is None
    assert "is like a cause that is known" in omar.modal.text
    assert await omar.modal.submit() is None
    told = plain(omar.modal.text)
    assert "1 location is marked failed: Menu did not sync." in told
    assert "What worked before: Sent the menu once more (1 of 1 time)" in told
    await omar.modal.close(everything=True)


async def test_many_are_marked_at_once_a_mark_is_taken_back_and_the_wave_paused(
    lea: Person, sandbox: Sandbox, store: Store
) -> None:
    await started(lea)
    await lea.press("Mark several migrated", in_="modal")
    assert "All that are left: 5 locations" in plain(lea.modal.text)
    assert await lea.modal.submit(whose="all") is None
    assert "5 locations are marked migrated." in plain(lea.modal.text)
    await lea.modal.close(everything=True)

    assert "is being checked: 5 locations migrated, 0 passed." in plain(
        await lea.command("/wavepost wave this")
    )
    await lea.choose("Take the mark back", in_="DM")
    assert await lea.modal.submit(words="Wrong street") is None
    assert "is to migrate." in plain(lea.modal.text)
    assert "took the mark back: Wrong street" in plain(lea.modal.text)
    await lea.modal.close(everything=True)

    await lea.press("Refresh", in_="DM")
    await lea.press("Pause the wave", in_="DM")
    assert await lea.modal.submit(words="   ")
    assert await lea.modal.submit(words="The payment provider is down") is None
    assert "is paused: 4 of 5 locations migrated, 0 failed." in plain(lea.modal.text)
    assert "Paused by @Lea Lindqvist" in plain(lea.modal.text)
    assert "The payment provider is down" in plain(lea.modal.text)
    await lea.modal.close(everything=True)
    await lea.press("Pause the wave", in_="DM")
    assert "words" in str(await lea.modal.submit(words="Again")) or lea.modal.is_open

    vic = await somebody(sandbox, "vic")
    seen = plain(await vic.command("/wavepost wave 2022-01-10"))
    assert "is paused" in seen
    assert "Mark several" not in seen
    assert "is planned: 1 location. A lead starts it." in plain(
        await vic.command("/wavepost wave 24 jan")
    )
    assert "No wave has the week of" in await vic.command("/wavepost wave 2022-03-01")
    assert "I know no wave" in await vic.command("/wavepost wave gibberish")
