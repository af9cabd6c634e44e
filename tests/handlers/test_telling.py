"""What to tell about a wave, as people meet it in Slack: written, approved by another, copied, changed."""

import pytest

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.roles import give
from rules.roles import Role
from store.session import Store
from tests.world import ANA, FIRST_MONDAY, World, counted

PATIENCE = 60.0
WORDS = "Your stores move on Monday, 17 January."
OTHERS = "Your stores move on Thursday, 20 January."


async def somebody(sandbox: Sandbox, name: str) -> Person:
    person = await sandbox.person(name)
    person.patience = PATIENCE
    return person


@pytest.fixture
async def ana(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> Person:
    """A CSA whose customer moves in the next wave; Ben is an approver."""
    world = World()
    world.csa()
    world.customer("Joe's Pizza", id="joes", weeks={FIRST_MONDAY: 2})
    await world.keep(store)
    async with store.transaction(actor="test") as tx:
        await give(tx, ANA, Role.csa)
        await give(tx, "ben@northwind.example", Role.approver)
    return await somebody(sandbox, "ana")


def plain(said: object) -> str:
    return str(said).replace("\N{NO-BREAK SPACE}", " ").replace("*", "")


async def test_words_are_written_approved_copied_and_changed_and_who_copied_them_reads_how(
    ana: Person, sandbox: Sandbox, store: Store
) -> None:
    ben, omar = await somebody(sandbox, "ben"), await somebody(sandbox, "omar")

    # Nobody has approved anything: what follows from the plan is marked so.
    await ana.command("/schedule Joe's Pizza")
    await ana.press("What to tell them", in_="DM")
    assert ana.modal.title == "Tell Joe's Pizza"
    assert "Nobody has approved words for customers about the wave of Mon 17 Jan" in plain(
        ana.modal.text
    )
    assert "Joe's Pizza is planned to move" in ana.modal.text
    assert "Not approved:" in plain(ana.modal.text)

    # A first draft is offered. Who wrote it cannot approve it; a second person does.
    await ana.press("Write them", in_="modal")
    assert "Your stores are planned to move" in str(ana.modal.blocks)
    assert "A message needs words." in str(await ana.modal.submit(text=" … "))
    assert await ana.modal.submit(text=WORDS) is None
    assert "Kept as version 1." in plain(ana.modal.text)
    assert "@Ben Approver can approve it." in plain(ana.modal.text)
    assert "partner_approve" not in str(ana.modal.blocks)
    await ben.sees("You decide whether it is told", in_="DM")
    await ben.press("Approve", in_="DM")
    await ben.sees("approved version 1", in_="DM")
    await ana.sees("approved your words for customers", in_="DM")

    # Everybody is shown the same, and copies it; it is kept who did.
    await omar.command("/wavepost tell")
    assert await omar.sees(WORDS, in_="DM")
    await omar.press("Copy the words", in_="DM")
    assert WORDS in str(omar.modal.blocks)
    assert await omar.modal.submit() is None
    assert not omar.modal.is_open
    assert await counted(store, "partner_copies WHERE number = 1 AND via = 'message'") == 1

    # Other words are approved: who copied the old ones reads what is different, once.
    await ana.command("/wavepost tell 17 January")
    await ana.press("Write a new version", in_="DM")
    refused = await ana.modal.submit(text=f"{WORDS} ")
    assert "These are the words of version 1" in str(refused)
    assert await ana.modal.submit(text=OTHERS) is None
    await ben.command("/wavepost tell")
    await ben.press("Approve", in_="DM")
    assert await omar.sees("What you told customers has changed.", in_="DM")
    assert await omar.sees("~Monday, 17~", in_="DM")
    assert await counted(store, "outbox WHERE fallback LIKE 'What you told%'") == 1

    # What was pressed before it changed leads to what counts now.
    await omar.command("/wavepost tell")
    await omar.press("Versions", in_="DM")
    assert "Copied by @Omar" in plain(omar.modal.text)
    await omar.press("Back", in_="modal")
    assert "Thursday, 20 January" in omar.modal.text


async def test_a_draft_is_declined_with_words_and_one_that_was_changed_is_read_again(
    ana: Person, sandbox: Sandbox, store: Store
) -> None:
    ben = await somebody(sandbox, "ben")
    await ana.command("/wavepost tell")
    await ana.press("For partners", in_="DM")
    await ana.press("Write them", in_="DM")
    await ana.modal.submit(text=WORDS)
    await ana.modal.close()
    await ben.sees("You decide whether it is told", in_="DM")
    await ben.command("/wavepost tell")
    await ben.press("For partners", in_="DM")
    await ben.sees("It waits for a second person", in_="DM")
    await ben.home()
    await ben.sees("Waits for your approval", in_="home")
    await ben.press("Read it", in_="home")
    assert WORDS in ben.modal.text
    await ben.modal.close()

    # Ana changes it: what Ben would approve is not what he read.
    await ana.command("/wavepost tell")
    await ana.press("For partners", in_="DM")
    await ana.press("Change the draft", in_="DM")
    assert await ana.modal.submit(text=OTHERS) is None
    await ana.modal.close()
    await ben.press("Approve", in_="DM")
    assert await ben.sees("changed the words since you looked", in_="DM")
    await ben.command("/wavepost tell")
    await ben.press("For partners", in_="DM")

    # He declines it with words, which Ana reads; nothing is told.
    await ben.press("Decline", in_="DM")
    assert "who wrote it reads them" in str(await ben.modal.submit(words=" "))
    assert await ben.modal.submit(words="Say which stores.") is None
    assert await ana.sees("declined your words for partners", in_="DM")
    assert await ana.sees("Say which stores.", in_="DM")
    assert await counted(store, "partner_messages WHERE state = 'dropped'") == 1
    await ana.press("Take it back", in_="DM")
    assert await ana.sees("since you looked, so nothing was changed", in_="DM")
