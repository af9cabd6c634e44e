"""The catalogue of failures: looked at by everybody, told by CSAs, and kept tidy by leads."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.roles import give
from rules.location_life import State
from rules.roles import Role
from store.failure_rows import CauseRow, FailureRow
from store.session import Store
from store.wave_rows import WaveLocationRow, WaveRow
from tests.world import World

FIRST, SECOND = date(2021, 12, 6), date(2021, 12, 13)
MENU, TABLET, TERMINAL = 1, 2, 3


def failure(
    location: str, week: date, cause: int, remedy: str = "", *, worked: bool | None = None
) -> FailureRow:
    return FailureRow(
        week=week,
        location_id=location,
        attempt=1,
        cause_id=cause,
        failed_on=week,
        by="U1",
        remedy=remedy or None,
        remedied_by="U1" if remedy else None,
        remedied_at=datetime(2021, 12, 8, tzinfo=UTC) if remedy else None,
        worked=worked,
    )


@pytest.fixture
async def _failures(store: Store) -> None:
    """The menu stopped three locations in two waves, a tablet one; what helped is known of one."""
    world = World()
    world.csa()
    world.customer("Joe's Pizza", id="C-JOE", weeks={FIRST: 2, SECOND: 1})
    world.customer("Taco Town", id="C-TACO", weeks={SECOND: 1})
    at = datetime(2021, 12, 7, 9, tzinfo=UTC)
    causes = {MENU: "Menu did not sync", TABLET: "Tablet too old", TERMINAL: "Terminal not paired"}
    rows = [
        WaveRow(week=FIRST),
        WaveRow(week=SECOND),
        *(
            CauseRow(words=words, plain=words.lower(), first_by="U1", first_at=at)
            for words in causes.values()
        ),
        *(
            WaveLocationRow(
                week=week, location_id=location, customer_id=customer, state=State.failed
            )
            for week, location, customer in (
                (FIRST, "C-JOE-L1", "C-JOE"),
                (FIRST, "C-JOE-L2", "C-JOE"),
                (SECOND, "C-JOE-L3", "C-JOE"),
                (SECOND, "C-TACO-L1", "C-TACO"),
            )
        ),
        failure("C-JOE-L1", FIRST, MENU, "Rename the items", worked=True),
        failure("C-JOE-L2", FIRST, MENU, "rename the items!"),
        failure("C-JOE-L3", SECOND, MENU),
        failure("C-TACO-L1", SECOND, TABLET),
    ]
    world.also(*rows)
    await world.keep(store)


@pytest.fixture
async def lea(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> Person:
    async with store.transaction(actor="test") as tx:
        await give(tx, "lea@northwind.example", Role.lead)
        await give(tx, "ana@northwind.example", Role.csa)
    return await sandbox.person("lea")


async def shown(person: Person) -> str:
    return (
        "\n".join(await person.reads("modal")).replace("*", "").replace("\N{NO-BREAK SPACE}", " ")
    )


def plain(words: str) -> str:
    return words.replace("*", "").replace("\N{NO-BREAK SPACE}", " ")


async def test_before_anything_failed_the_catalogue_says_how_it_grows(ana: Person) -> None:
    answer = await ana.command("/wavepost causes")

    assert answer.is_private
    assert answer.lines[0] == "No location has failed yet."
    assert "Whoever marks a location as failed says why." in answer.text


@pytest.mark.usefixtures("_failures")
async def test_a_csa_says_what_was_done_and_that_it_worked(ana: Person, lea: Person) -> None:
    answer = await ana.command("/wavepost causes")
    assert (
        plain(answer.lines[0]) == "Menu did not sync is the most frequent cause: 3 of 4 failures."
    )
    assert "↳ Rename the items: worked 1 of 1 time" in plain(answer.text)
    assert "• Tablet too old · 1 failure in the week of Mon 13 Dec 2021" in plain(answer.text)

    card = await ana.choose("Menu did not sync", in_="DM")
    assert plain(card.lines[0]) == (
        "Menu did not sync stopped 3 tries; Rename the items worked 1 of 1 time."
    )
    assert "• Rename the items: worked 1 of 1 time, 1 more not known yet" in plain(card.text)
    assert "Rename" not in [
        element.get("text", {}).get("text") for element in _pressed(card.blocks)
    ]

    await ana.press("Say what was done", in_="DM")
    assert "What worked best so far: Rename the items (1 of 1 time)." in await shown(ana)
    await ana.modal.submit(what="Rename the  items", worked="It did not work")
    assert "Kept: “Rename the items” for 1 failure by Menu did not sync." in await shown(ana)
    await ana.modal.close()

    await ana.command("/wavepost causes menu")
    await ana.press("Did it work?", in_="DM")
    await ana.modal.submit(which=["Joe's Pizza (6 Dec)"], worked="It worked")
    assert "Kept: what was done worked for 1 failure by Menu did not sync." in await shown(ana)
    again = await ana.command("/wavepost causes menu did not sink")
    assert "• Rename the items: worked 2 of 3 times" in plain(again.text)


def _pressed(blocks: list[dict[str, Any]]) -> list[dict[str, dict[str, str]]]:
    return [element for block in blocks for element in block.get("elements", [])]


@pytest.mark.usefixtures("_failures")
async def test_a_lead_gives_a_cause_other_words_and_makes_one_of_two(
    lea: Person, store: Store
) -> None:
    await lea.command("/wavepost causes tablet too old")
    await lea.press("Rename", in_="DM")
    taken = await lea.modal.submit(words="menu DID not sync")
    assert taken == {
        "Why locations fail": "“menu DID not sync” is in the catalogue already. Merge the two causes instead."
    }
    await lea.modal.submit(words="Tablet is too old for the app")
    assert "Tablet too old is called Tablet is too old for the app now" in await shown(lea)
    await lea.modal.close()

    # What it was called still names it.
    renamed = await lea.command("/wavepost causes tablet too old")
    assert plain(renamed.lines[0]).startswith("Tablet is too old for the app stopped 1 try")
    await lea.press("Merge", in_="DM")
    await lea.modal.submit(cause_into="Menu did not sync")
    assert "is part of Menu did not sync now: 1 failure count" in await shown(lea)
    await lea.modal.close()

    whole = await lea.command("/wavepost causes")
    assert plain(whole.lines[0]) == "Menu did not sync is the most frequent cause: 4 of 4 failures."
    assert "Tablet" not in whole.text
    async with store.transaction(actor="U1") as tx:
        at = datetime(2022, 1, 10, tzinfo=UTC)
        named = await tx.causes.named(
            ["Tablet too OLD", "Tablet is too old for the app"], by="U1", at=at
        )
        assert set(named.values()) == {MENU}
        audited = await tx.connection.execute(
            text("SELECT action FROM audit WHERE subject = 'cause 2' ORDER BY id")
        )
        assert list(audited.scalars()) == ["cause renamed", "causes merged"]


@pytest.mark.usefixtures("_failures")
async def test_the_picture_comes_at_the_next_look_with_the_same_in_words(lea: Person) -> None:
    first = await lea.command("/wavepost causes")
    assert "The picture of the causes by wave is being drawn." in first.text

    async def is_drawn() -> bool:
        answer = await lea.command("/wavepost causes")
        return any(block["type"] == "image" for block in answer.blocks)

    assert await lea.wire.until(is_drawn, 120)
