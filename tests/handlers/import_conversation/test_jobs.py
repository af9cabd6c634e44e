"""Imports as jobs: awaited, stopped, done again, listed."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.roles import take as take_role
from rules.roles import Role
from store.import_lock import take_turn
from store.session import Store
from tests.handlers.import_conversation.leads import names, patient
from tests.post_office import PostOffice
from tests.sheets_given import give, joes


@pytest.fixture
async def somebody_imports(store: Store) -> AsyncIterator[asyncio.Event]:
    """Somebody who imports until told to stop."""
    stop = asyncio.Event()

    async def hold() -> None:
        async with store.transaction(actor="Omar") as tx:
            await take_turn(tx.connection, "Omar")
            began.set()
            await stop.wait()

    began = asyncio.Event()
    task = asyncio.create_task(hold())
    await began.wait()
    yield stop
    stop.set()
    await task


async def test_who_imports_while_another_does_waits_and_sees_for_whom(
    lea: Person, store: Store, somebody_imports: asyncio.Event
) -> None:
    await give(lea, ("customers.csv", joes()))
    await lea.sees("Nothing is imported yet", in_="DM")
    await lea.press("Import", in_="DM")
    await lea.sees("Waiting for Omar, who is importing just now", in_="DM")
    somebody_imports.set()
    await lea.sees("Imported: 1 location new", in_="DM")


async def test_an_import_can_be_stopped_while_it_goes_on(
    lea: Person, sandbox: Sandbox, store: Store, somebody_imports: asyncio.Event
) -> None:
    await give(lea, ("customers.csv", joes()))
    await lea.sees("Nothing is imported yet", in_="DM")
    await lea.press("Import", in_="DM")
    await lea.sees("Waiting for Omar", in_="DM")
    await lea.press("Cancel", in_="DM")
    await lea.sees("Nothing of it was kept.", in_="DM")
    somebody_imports.set()
    await PostOffice(store, sandbox).all_ended()
    assert await names(store) == []


async def test_who_is_no_lead_any_more_cannot_have_an_import_done_again(
    lea: Person, store: Store, somebody_imports: asyncio.Event
) -> None:
    await give(lea, ("customers.csv", joes()))
    await lea.sees("Nothing is imported yet", in_="DM")
    await lea.press("Import", in_="DM")
    await lea.sees("Waiting for Omar", in_="DM")
    await lea.press("Cancel", in_="DM")
    await lea.command("/wavepost jobs", in_="#general")
    async with store.transaction(actor="test") as tx:
        await take_role(tx, "lea@northwind.example", Role.lead)
    somebody_imports.set()

    await lea.press("Try again", in_="#general")

    await lea.sees("does not have the role lead any more", in_="DM")
    assert await names(store) == []


async def test_jobs_are_listed_with_what_can_be_done(
    lea: Person, sandbox: Sandbox, store: Store, somebody_imports: asyncio.Event
) -> None:
    assert "nobody asked for any lately" in await lea.command("/wavepost jobs")
    await give(lea, ("customers.csv", joes()))
    await lea.sees("Nothing is imported yet", in_="DM")
    await lea.press("Import", in_="DM")
    await lea.sees("Waiting for Omar", in_="DM")
    ada = await patient(sandbox, "ada")
    listed = await ada.command("/wavepost jobs", in_="#general")
    assert "*2\u00a0jobs* were asked for lately; those that are not over come first." in listed
    assert "^{ago}|" in str(listed.blocks)
    assert "Import of customers.csv" in listed
    assert "Preview of customers.csv" in listed
    await ada.press("Cancel", in_="#general")
    await lea.sees("Ada Admin cancelled it", in_="DM")
    again = await ada.press("Try again", in_="#general")
    assert again.ok
    somebody_imports.set()
    await lea.sees("Imported: 1 location new", in_="DM")
    vic = await sandbox.person("vic")
    assert "You have asked for no long work lately." in await vic.command("/wavepost jobs")


async def test_two_who_press_cancel_do_it_once(
    lea: Person, sandbox: Sandbox, store: Store, somebody_imports: asyncio.Event
) -> None:
    await give(lea, ("customers.csv", joes()))
    await lea.sees("Nothing is imported yet", in_="DM")
    await lea.press("Import", in_="DM")
    await lea.sees("Waiting for Omar", in_="DM")
    ada = await patient(sandbox, "ada")
    await ada.command("/wavepost jobs", in_="#general")
    await lea.press("Cancel", in_="DM")
    await lea.sees("Nothing of it was kept.", in_="DM")
    await ada.press("Cancel", in_="#general")
    assert await ada.sees("This was over already, so nothing changed.", in_="#general")
