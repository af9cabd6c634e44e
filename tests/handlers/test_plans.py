"""Plans in Slack: drafted, compared, published or put aside, as the people who do it meet it."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.import_shown import brought_in
from handlers.importing import ImportingNow, ImportReport, import_sheets
from handlers.planning import publish_first_plan
from handlers.publishing import publish_unless_stale
from handlers.roles import give as give_role
from rules.parameters import Parameters
from rules.roles import Role
from store.customers import CsaLeaveRow
from store.import_lock import take_turn
from store.session import Store
from tests.conftest import TODAY
from tests.post_office import PostOffice
from tests.sheets_given import joes
from tests.world import ANA, World, counted, run

PATIENCE = 60.0
WEEK_0, WEEK_1 = date(2022, 1, 17), date(2022, 1, 24)


@pytest.fixture
async def lea(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> Person:
    """A lead; Ada is another. Joe and Cleo, of Ana, are imported and not planned yet."""
    async with store.transaction(actor="test") as tx:
        await give_role(tx, "lea@northwind.example", Role.lead)
        await give_role(tx, "ada@northwind.example", Role.lead)
    world = World()
    world.csa()
    world.customer("Joe's Pizza", id="joes", unplaced=4, binding=None)
    world.customer("Cleo's", id="cleos", unplaced=2, binding=None)
    await world.keep(store, planned=False)
    await run(store, "UPDATE csas SET weekly_capacity = 4")
    return await patient(sandbox, "lea")


async def patient(sandbox: Sandbox, name: str) -> Person:
    person = await sandbox.person(name)
    person.patience = PATIENCE
    return person


async def published(store: Store) -> int:
    async with store.transaction(actor="U_ELSE") as tx:
        done = await publish_first_plan(tx, today=TODAY, parameters=Parameters())
    return done.plan_id


async def on_leave(store: Store, week: date = WEEK_0) -> None:
    """Ana is away, so whoever was promised that week has to move."""
    async with store.transaction(actor="test") as tx:
        row = CsaLeaveRow(email=ANA, week=week)
        await tx.connection.execute(row.__table__.insert(), row.model_dump())  # type: ignore[attr-defined]  # SQLModel's own attribute


async def shown(person: Person, where: str = "DM") -> str:
    return plain("\n".join(await person.reads(where)))


def plain(said: object) -> str:
    """What was said, without what marks it up."""
    return str(said).replace("\N{NO-BREAK SPACE}", " ").replace("*", "")


async def states(store: Store) -> list[tuple[int, str]]:
    async with store.reading() as reading:
        rows = await reading.connection.execute(text("SELECT id, state FROM plans ORDER BY id"))
        return [(row.id, row.state) for row in rows]


async def test_a_lead_drafts_compares_and_publishes(
    lea: Person, store: Store, sandbox: Sandbox
) -> None:
    assert "There is no plan yet" in await lea.command("/wavepost plan", in_="#general")
    answer = await lea.press("Draft a new plan", in_="#general")
    assert "It comes to you as a direct message" in answer

    await lea.sees("Draft 1 places 6\N{NO-BREAK SPACE}locations.", in_="DM")
    said = await shown(lea)
    assert "It would be the first plan." in said
    assert "above the best possible" in said
    assert "Nobody has heard of this draft." in said
    assert await counted(store, "promises") == 0
    assert await counted(store, "placements") == 0, "a draft says nothing to anybody"

    await lea.press("Publish", in_="DM")
    await lea.sees("Plan 1 holds now", in_="DM")
    assert await counted(store, "promises") == 6
    assert await states(store) == [(1, "published")]
    assert (
        await counted(store, f"audit WHERE action = 'plan published' AND actor = '{lea.id}'") == 1
    )
    assert "Owners and followers hear of it." in await shown(lea)
    assert "Draft 1 places" not in await shown(lea), "one message, which says what became of it"


async def test_what_would_move_is_shown_with_whose_and_why(
    lea: Person, store: Store, sandbox: Sandbox
) -> None:
    await published(store)
    await on_leave(store)

    await lea.command("/migration plan", in_="#general")
    await lea.press("Draft a new plan", in_="#general")

    await lea.sees("Draft 2 moves", in_="DM")
    said = await shown(lea)
    assert "places nobody new" in said
    assert "It would take the place of plan 1, published by U_ELSE" in said
    assert "Why dates move" in said
    assert "there was no room left" in said
    assert "a week that is so near that dates in it are kept fixed" in said
    assert "from Mon 17 Jan 2022 to" in said
    assert "Cost of waiting and moving" in said
    [image] = [
        block
        for message in await lea.messages("DM")
        for block in message.get("blocks", ())
        if block["type"] == "image"
    ]
    assert "1\N{NO-BREAK SPACE}CSA" in image["alt_text"]

    all_moves = plain(await lea.press("Show all moves", in_="DM"))
    assert "Draft 2: all moves by customer" in all_moves
    assert "1–" in all_moves


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


async def test_a_draft_can_be_put_aside_and_looked_at_later(lea: Person, store: Store) -> None:
    await lea.command("/wavepost plan", in_="#general")
    await lea.press("Draft a new plan", in_="#general")
    await lea.sees("Draft 1 places", in_="DM")

    await lea.press("Discard", in_="DM")

    await lea.sees("was put aside by @Lea Lindqvist.", in_="DM")
    assert (await shown(lea)).count("put aside") == 1
    assert await counted(store, "promises") == 0
    answer = await lea.command("/migration plan 1", in_="#general")
    assert "Draft 1 was put aside by Lea" in plain(answer)
    assert "plan_publish" not in str(answer.blocks)


async def test_a_plan_of_the_past_is_shown_as_it_was(lea: Person, store: Store) -> None:
    await published(store)
    await on_leave(store)
    await run(store, "UPDATE csas SET weekly_capacity = 9")
    await published(store)

    first = plain(await lea.command("/migration plan 1", in_="#general"))
    assert "Plan 1 was published on Sat 15 Jan 2022" in first
    assert "Mon 7 Feb 2022: 4 locations of 1 customer" in first
    assert "The usual ones" in first
    second = plain(await lea.command("/migration plan 2", in_="#general"))
    assert "Why dates move" in second
    overview = await lea.command("/migration plan", in_="#general")
    assert "Plan 2 is in force" in plain(overview)


async def test_a_draft_that_would_change_nothing_is_not_kept(lea: Person, store: Store) -> None:
    await published(store)
    await lea.command("/wavepost plan", in_="#general")
    await lea.press("Draft a new plan", in_="#general")
    await lea.sees("Nothing would change.", in_="DM")
    assert await states(store) == [(1, "published")]


async def test_without_anything_imported_there_is_nothing_to_plan(
    lea: Person, store: Store
) -> None:
    await run(store, "DELETE FROM locations")
    await lea.command("/wavepost plan", in_="#general")
    await lea.press("Draft a new plan", in_="#general")
    await lea.sees("Import a master sheet first.", in_="DM")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/migration plan 99", "There is no plan 99."),
        ("/wavepost plan nine", "is no number of a plan"),
    ],
)
async def test_a_plan_that_is_not_there_is_told(lea: Person, typed: str, words: str) -> None:
    assert words in await lea.command(typed, in_="#general")


@pytest.mark.parametrize("typed", ["/wavepost plan", "/migration plan", "/migration plan 1"])
async def test_who_is_no_lead_is_refused(
    lea: Person, store: Store, sandbox: Sandbox, typed: str
) -> None:
    await published(store)
    vic = await sandbox.person("vic")
    assert "This needs the role lead" in await vic.command(typed, in_="#general")


async def test_who_was_moved_back_twice_goes_first_from_then_on(
    lea: Person, store: Store, sandbox: Sandbox
) -> None:
    await run(store, "UPDATE csas SET weekly_capacity = 20")
    await published(store)
    for away in (WEEK_0, WEEK_1):
        once = await lea.command("/schedule Cleo's", in_="#general")
        assert ("We moved it back" in once) == (away != WEEK_0)
        await on_leave(store, away)
        await published(store)

    said = plain(await lea.command("/schedule Cleo's", in_="#general"))
    assert "We moved it back twice: 2 × capacity." in said
    assert "its priority is at least 80" in said

    await on_leave(store, date(2022, 1, 31))
    newest = await published(store)
    async with store.reading() as reading:
        scoring = await reading.scores.of_plan(newest)
        assert scoring
        score = await reading.scores.of_location(scoring.id, "cleos-L1")
    assert score
    assert score.punts == 2
    assert score.score.priority
    assert score.score.priority.floor == 80
    assert score.score.priority.score == 80


async def test_a_later_date_that_the_customer_asked_for_is_no_punt(
    lea: Person, store: Store
) -> None:
    await run(store, "UPDATE csas SET weekly_capacity = 20")
    await published(store)
    for away in (WEEK_0, WEEK_1):
        await on_leave(store, away)
        await published(store)
    await run(store, "UPDATE moves SET reason = 'customer asked'")

    assert "We moved it back" not in await lea.command("/schedule Cleo's", in_="#general")


async def test_who_has_had_no_orders_for_long_is_left_out_and_told_so(
    lea: Person, store: Store
) -> None:
    await run(
        store,
        """UPDATE locations SET orders_28d = 0, missed_orders_28d = 0,
           last_order_on = date '2021-06-01' WHERE customer_id = 'cleos'""",
    )
    await published(store)

    said = plain(await lea.command("/schedule Cleo's", in_="#general"))
    assert "have had no orders for so long that they count as gone" in said
    assert "2 had no orders for so long" in plain(await lea.command("/migration", in_="#general"))


async def test_an_import_leads_on_to_a_draft(lea: Person, store: Store, tmp_path: Path) -> None:
    words, blocks = brought_in(
        "Import of customers.csv", await imported(store, tmp_path), is_planned=False
    )

    assert "Imported" in words
    assert "There is no plan yet. Draft one" in str(blocks)
    assert "plan_draft" in str(blocks)


async def imported(store: Store, folder: Path) -> ImportReport:
    sheet = folder / "customers.csv"
    sheet.write_bytes(joes("Josephine"))
    async with store.transaction(actor="U1") as tx:
        return await import_sheets(tx, [sheet], today=TODAY)
