"""Checks that people decide: the list, one check with its numbers, and what is said of it."""

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers import looks
from handlers.roles import give
from rules.location_life import State
from rules.roles import Role
from store.session import Store
from tests.handlers.checked_world import (
    AS_BEFORE,
    WEEK,
    figures,
    keep_moved,
    stands,
    to_day,
)
from tests.post_office import until
from tests.world import ANA

PATIENCE = 30.0
WORKING = 120.0
"""Seconds in which four looks are judged on a busy machine."""


async def somebody(sandbox: Sandbox, name: str) -> Person:
    person = await sandbox.person(name)
    person.patience = PATIENCE
    return person


def plain(said: object) -> str:
    return str(said).replace("\N{NO-BREAK SPACE}", " ").replace("*", "")


async def shown(person: Person) -> str:
    return plain("\n".join(await person.reads("DM")))


async def test_what_figures_do_not_tell_a_lead_decides_with_all_numbers_before_them(
    sandbox: Sandbox, wavepost: Wavepost, store: Store
) -> None:
    await keep_moved(store)
    async with store.transaction(actor="test") as tx:
        await give(tx, "lea@northwind.example", Role.lead)
        await give(tx, ANA, Role.csa)
    await figures(store, ["joes-L3"], range(4), AS_BEFORE)
    await to_day(store, 28)
    await looks.knock(store)
    for location, state in (("L1", State.undecided), ("L2", State.undecided), ("L3", State.passed)):

        async def is_there(location: str = location, state: State = state) -> bool:
            return await stands(store, f"joes-{location}") is state

        await until(is_there, patience=WORKING)
    lea, ana = await somebody(sandbox, "lea"), await somebody(sandbox, "ana")

    await lea.home()
    assert await lea.sees("Checks that wait for a person", in_="home")
    said = plain(await lea.command("/wavepost checks"))
    assert "2 locations wait for a person: four looks did not tell" in said
    assert "Dock St, Joe's Pizza · wave of Mon 17 Jan 2022" in said
    assert "There are no figures since the move yet." in said

    await lea.press("Decide", in_="DM")
    check = plain((await lea.modal.opened()).text)
    assert "A person decides after 28 days. There are no figures since the move yet." in check
    assert "4 weeks, Mon 20 Dec 2021 to Sun 16 Jan 2022" in check
    assert "16,000 orders, 640 missed (4.0 %)" in check
    assert "How it came about" in check
    await lea.press("Accept", in_="modal")
    assert await lea.modal.submit(words=" ") == {
        "Why is it good enough?": "Please say it in a few words: others will read them."
    }
    assert await lea.modal.submit(words="The owner is content") is None
    assert "Dock St, Joe's Pizza: migrated on Mon 17 Jan 2022, accepted" in plain(lea.modal.text)

    said = plain(await ana.command("/wavepost checks"))
    assert "1 location of yours waits for a person" in said
    assert "Nothing to judge by" in said
    assert "A lead decides." in said
    assert "accepted Dock St, Joe's Pizza: The owner is content" in said
    await ana.press("See the check", in_="DM")
    assert "Accept" not in (await ana.modal.opened()).text
    await ana.press("Report lost orders", in_="modal")
    assert await ana.modal.submit(words="The till shows 12, the kitchen saw none") is None
    assert "Main St, Joe's Pizza: migrated on Mon 17 Jan 2022, not passed" in plain(ana.modal.text)
    assert await stands(store, "joes-L2") is State.not_passed
    async with store.reading() as reading:
        wave = await reading.waves.get(WEEK)
    assert wave
    assert wave.state == "paused"
    assert "No check waits for a person" in plain(await lea.command("/wavepost checks"))
