"""Drafts that are published, by whom, and those that are refused because something changed."""

import pytest
from sqlalchemy import text

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.importing import ImportingNow
from handlers.publishing import publish_unless_stale
from store.import_lock import take_turn
from store.session import Store
from tests.handlers.plans.drafting import on_leave, patient, plain, published, shown, states
from tests.post_office import PostOffice
from tests.world import counted, run


async def test_a_csa_hears_once_of_the_customers_that_moved_and_why(
    lea: Person, store: Store, sandbox: Sandbox
) -> None:
    await published(store)
    ana = await patient(sandbox, "ana")
    await on_leave(store)
    await lea.command("/wavepost plan", in_="#general")
    await lea.press("Draft a new plan", in_="#general")
    await lea.sees("Draft 2 moves", in_="DM")
    [sure] = [
        element["confirm"]["text"]["text"]
        for message in await lea.messages("DM")
        for block in message.get("blocks", ())
        for element in block.get("elements", ())
        if "confirm" in element
    ]
    assert "1 person is told, each in one message." in plain(sure)

    await lea.press("Publish", in_="DM")
    await lea.sees("Plan 2 holds now", in_="DM")
    await PostOffice(store, sandbox).all_ended()

    assert await counted(store, f"tidings WHERE person_id = '{ana.id}' AND cause = 'plan 2'") == 1
    assert await counted(store, "moves WHERE reason = 'capacity'") > 0


async def test_two_leads_who_want_a_draft_get_one(
    lea: Person, store: Store, sandbox: Sandbox
) -> None:
    ada = await patient(sandbox, "ada")
    async with store.transaction(actor="test") as tx:
        # Lea's is being made by a worker that is slow.
        await tx.jobs.start("draft plan", {"why": ""}, by=lea.id, key="draft plan")
        await tx.connection.execute(
            text("UPDATE jobs SET due_at = now() + interval '1 hour' WHERE kind = 'draft plan'")
        )

    await ada.command("/wavepost plan", in_="#general")
    answer = await ada.press("Draft a new plan", in_="#general")

    assert "Lea Lindqvist has a draft made already" in answer
    assert await counted(store, "jobs WHERE kind = 'draft plan'") == 1


async def test_the_second_to_publish_is_told_who_did(
    lea: Person, store: Store, sandbox: Sandbox
) -> None:
    ada = await patient(sandbox, "ada")
    await lea.command("/wavepost plan", in_="#general")
    await lea.press("Draft a new plan", in_="#general")
    await lea.sees("Draft 1 places", in_="DM")
    await ada.command("/wavepost plan 1", in_="#general")
    await ada.sees("Draft 1 places", in_="#general")

    await lea.press("Publish", in_="DM")
    await lea.sees("Plan 1 holds now", in_="DM")
    answer = await ada.press("Publish", in_="#general")

    assert "Draft 1 was published already: Lea" in answer
    assert "nothing was changed" in answer
    assert await states(store) == [(1, "published")]


async def test_who_publishes_anothers_draft_is_told_and_so_is_its_maker(
    lea: Person, store: Store, sandbox: Sandbox
) -> None:
    ada = await patient(sandbox, "ada")
    await lea.command("/wavepost plan", in_="#general")
    await lea.press("Draft a new plan", in_="#general")
    await lea.sees("Draft 1 places", in_="DM")
    await ada.command("/wavepost plan", in_="#general")
    await ada.press("Show the draft", in_="#general")

    await ada.press("Publish", in_="#general")

    await ada.sees("Plan 1 holds now", in_="DM")
    await lea.sees("was published by @Ada Admin: it is plan 1 now.", in_="DM")
    assert "Nobody has heard of this draft" not in await shown(lea)


async def test_a_stale_draft_is_refused_with_what_changed(lea: Person, store: Store) -> None:
    await lea.command("/wavepost plan", in_="#general")
    await lea.press("Draft a new plan", in_="#general")
    await lea.sees("Draft 1 places", in_="DM")
    await run(store, "UPDATE csas SET weekly_capacity = 3")
    await run(store, "DELETE FROM locations WHERE id = 'joes-L4'")

    await lea.press("Publish", in_="DM")

    await lea.sees("Draft 1 was not published", in_="DM")
    said = await shown(lea)
    assert "1 customer has changed (locations, CSA, features or priority): Joe's Pizza." in said
    assert "1 CSA has another capacity or leave: Ana Reyes." in said
    assert await counted(store, "promises") == 0

    await lea.press("Draft again", in_="DM")
    await lea.sees("Draft 2 places 5\N{NO-BREAK SPACE}locations.", in_="DM")
    await lea.press("Publish", in_="DM")
    await lea.sees("Plan 2 holds now", in_="DM")
    assert await states(store) == [(1, "discarded"), (2, "published")]


async def test_who_publishes_while_another_imports_waits_and_is_told_what_changed(
    lea: Person, store: Store
) -> None:
    await lea.command("/wavepost plan", in_="#general")
    await lea.press("Draft a new plan", in_="#general")
    await lea.sees("Draft 1 places", in_="DM")

    async with store.transaction(actor="Omar") as importing:
        await take_turn(importing.connection, "Omar")
        await importing.connection.execute(text("DELETE FROM locations WHERE id = 'joes-L4'"))
        await lea.press("Publish", in_="DM")
        await lea.sees("Waiting for Omar, who is importing just now", in_="DM")
        with pytest.raises(ImportingNow, match="Omar is importing just now, so nothing was chan"):
            async with store.transaction(actor="terminal") as tx:
                await publish_unless_stale(tx, 1)

    await lea.sees("Draft 1 was not published", in_="DM")
    assert "1 customer has changed" in await shown(lea)
    assert await counted(store, "promises") == 0


async def test_a_plan_that_changes_no_date_is_not_said_to_be_told(
    lea: Person, store: Store
) -> None:
    await published(store)
    await run(store, "UPDATE plans SET parameters = '{}'")
    await lea.command("/wavepost plan", in_="#general")
    await lea.press("Draft a new plan", in_="#general")
    await lea.sees("Draft 2 keeps every date and places nobody new.", in_="DM")

    await lea.press("Publish", in_="DM")
    await lea.sees("Plan 2 holds now", in_="DM")

    said = await shown(lea)
    assert "6 locations with a date." in said
    assert "hear of it" not in said


async def test_a_draft_of_before_a_newer_plan_is_refused_with_who_published_it(
    lea: Person, store: Store
) -> None:
    await lea.command("/wavepost plan", in_="#general")
    await lea.press("Draft a new plan", in_="#general")
    await lea.sees("Draft 1 places", in_="DM")
    await published(store)

    answer = await lea.press("Publish", in_="DM")

    assert "Draft 1 is not open any more: U_ELSE" in answer
    assert await states(store) == [(1, "discarded"), (2, "published")]
