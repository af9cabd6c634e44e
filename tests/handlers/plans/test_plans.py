"""Plans in Slack: drafted, compared, put aside and shown, as the people who do it meet it."""

from datetime import date
from pathlib import Path

import pytest

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.import_shown import brought_in
from handlers.importing import ImportReport, import_sheets
from store.session import Store
from tests.conftest import TODAY
from tests.handlers.plans.drafting import WEEK_0, WEEK_1, on_leave, plain, published, shown, states
from tests.sheets_given import joes
from tests.world import counted, run


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
