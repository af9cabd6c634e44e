"""/migration: how far it is, in words and in a picture that is drawn when it is asked for."""

import pytest

from bot.assembly import Wavepost
from bot.sandbox.files_sharing import delete
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.pictures import draw_ahead
from handlers.roles import give
from rules.roles import Role
from store.session import Store
from tests.handlers.migration.drawn import BEFORE, DRAWING, drawn, last, pictures
from tests.post_office import PostOffice, until
from tests.typography import glued
from tests.world import FIRST_MONDAY, World, counted, run


@pytest.mark.usefixtures("_begun")
async def test_it_says_what_has_moved_this_week_the_next_and_what_the_others_wait_for(
    ana: Person,
) -> None:
    answer = await ana.command("/migration")

    assert answer.is_private
    first = answer.lines[0]
    assert first == glued("*2 of 13 locations* have moved.")
    assert len(first) <= 120
    assert glued("Mon 10 Jan 2022\n3 locations of 1 customer\nRunning") in answer
    assert glued("Mon 17 Jan 2022\n1 location of 1 customer\nPlanned") in answer
    assert glued("*Loyalty points*: 2 locations, since Wed 12 Jan 2022.") in answer
    planned = glued("It is planned for Mon 2 May 2022")
    assert f"{planned}, after it was put off twice." in answer
    assert "1 came after the plan" in answer


@pytest.mark.usefixtures("_begun")
async def test_what_should_have_moved_and_has_not_is_said(ana: Person, store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_today(FIRST_MONDAY)

    answer = await ana.command("/migration")

    assert answer.lines[0] == glued("*2 of 13 locations* have moved; 5 should have by now.")


@pytest.mark.usefixtures("_begun")
async def test_a_lead_is_not_told_of_pictures_as_work_of_somebody(
    ana: Person, sandbox: Sandbox, store: Store
) -> None:
    async with store.transaction(actor="test") as tx:
        await give(tx, "lea@northwind.example", Role.lead)
    await ana.command("/migration")
    assert await counted(store, "jobs") == 1

    listed = await (await sandbox.person("lea")).command("/wavepost jobs")

    assert "nobody asked for any lately" in listed
    assert "Drawing" not in listed


@pytest.mark.usefixtures("_begun")
async def test_the_picture_is_drawn_when_it_is_asked_for_and_then_shown(
    ana: Person, store: Store
) -> None:
    answer = await ana.command("/migration")
    assert pictures(answer) == []
    assert "The picture is being drawn. It is there in a few seconds." in answer
    await drawn(store)

    await ana.press("Show the picture", in_="DM")
    shown = await last(ana)
    again = await ana.command("/migration")

    assert [picture["alt_text"] for picture in pictures(shown)] == [
        glued(
            "Chart of the locations that have moved, week by week. 2 of 13 have moved. "
            "10 have a date: half of them by the week of Mon 10 Jan 2022, "
            "all by the week of Mon 24 Jan 2022."
        )
    ]
    assert "being drawn" not in str(shown)
    assert pictures(again)[0]["slack_file"] == pictures(shown)[0]["slack_file"]
    assert "Show the picture" not in again


@pytest.mark.usefixtures("_begun")
async def test_the_picture_is_a_file_that_the_asker_can_open(ana: Person, store: Store) -> None:
    await ana.command("/migration")
    await drawn(store)

    await ana.press("Show the picture", in_="DM")
    (picture,) = pictures(await last(ana))

    assert (await ana.downloads(picture["slack_file"])).startswith(b"\x89PNG")


@pytest.mark.usefixtures("_begun")
async def test_many_who_ask_at_once_have_it_drawn_once(ana: Person, store: Store) -> None:
    for _ in range(3):
        await ana.command("/migration")
    await drawn(store)
    await ana.command("/migration")

    assert await counted(store, "pictures") == 1
    assert await counted(store, "jobs WHERE state = 'done'") == 1
    assert await counted(store, "jobs") == 1


@pytest.mark.usefixtures("_begun")
async def test_what_is_drawn_ahead_is_there_at_once_and_other_figures_are_drawn_anew(
    ana: Person, store: Store, wavepost: Wavepost
) -> None:
    async with wavepost.store.transaction(actor="test") as tx:
        await draw_ahead(tx)
    await drawn(store)
    assert pictures(await ana.command("/migration"))

    await run(store, "UPDATE waves SET state = 'closed'")

    assert "The picture is being drawn" in await ana.command("/migration")


@pytest.mark.usefixtures("_begun")
async def test_a_picture_that_was_deleted_in_slack_is_drawn_anew(
    ana: Person, store: Store, sandbox: Sandbox
) -> None:
    await ana.command("/migration")
    await drawn(store)
    (before,) = pictures(await ana.command("/migration"))
    file = sandbox.world.files.get(before["slack_file"]["id"])
    assert file
    delete(sandbox.world, file)

    answer = await ana.command("/migration")

    assert answer.ok
    assert "The picture is being drawn" in answer
    await drawn(store)
    (after,) = pictures(await ana.command("/migration"))
    assert after["slack_file"] != before["slack_file"]


@pytest.mark.usefixtures("_begun")
@pytest.mark.parametrize("fault", ["server_error", "rate_limit"])
async def test_where_slack_does_not_say_whether_the_picture_is_there_it_is_shown(
    ana: Person, store: Store, sandbox: Sandbox, fault: str
) -> None:
    await ana.command("/migration")
    await drawn(store)
    getattr(sandbox.faults, fault)(method="files.info")

    answer = await ana.command("/migration")

    assert answer.ok
    assert pictures(answer)


async def test_a_slack_that_is_silent_about_a_file_is_not_waited_for(
    wavepost: Wavepost, sandbox: Sandbox
) -> None:
    sandbox.faults.no_answer(method="files.info")

    assert await wavepost.slack.has_file("F0NOBODY")
    assert not await wavepost.slack.has_file("F0NOBODY")


@pytest.mark.usefixtures("_begun")
async def test_where_slack_takes_no_picture_the_leads_hear_of_it_once_and_what_to_do(
    ana: Person, store: Store, sandbox: Sandbox
) -> None:
    sandbox.faults.refuse("missing_scope", times=None, method="files.getUploadURLExternal")
    assert "The picture is being drawn" in await ana.command("/migration")
    office = PostOffice(store, sandbox)

    async def given_up() -> bool:
        return bool(office.heard("migration-triage"))

    await until(given_up, patience=DRAWING)
    answer = await ana.command("/migration")

    assert "have moved" in answer
    assert "picture" not in answer
    await office.all_ended()
    (told,) = office.heard("migration-triage")
    assert "install the app anew, with the scopes that its manifest names" in told
    assert await counted(store, "jobs") == 1


@pytest.mark.usefixtures("_begun")
async def test_who_moves_next_is_shown_below_it(ana: Person) -> None:
    await ana.command("/migration")

    answer = await ana.press("Who moves next", in_="DM")

    assert (
        glued("The next wave is the week of *Mon 17 Jan 2022*, with 1 location of 1 customer.")
        in answer
    )
    assert await ana.sees("have moved", in_="DM")


async def test_before_anything_is_imported_it_says_so(ana: Person, store: Store) -> None:
    answer = await ana.command("/migration")

    assert "There is nothing to move yet" in answer
    assert "picture" not in answer
    assert await counted(store, "jobs") == 0


async def test_before_anything_is_planned_it_says_how_many_are_to_move(
    ana: Person, store: Store
) -> None:
    world = World()
    world.customer("Joe's Pizza", unplaced=3, binding=None)
    world.customer("Closed Cafe", unplaced=1, status="offboarded", binding=None)
    await world.keep(store)

    assert glued("*3 locations* are to move; there is no plan yet.") in await ana.command(
        "/migration"
    )


async def test_before_the_first_wave_it_says_when_it_begins(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST_MONDAY: 3})
    await world.keep(store)

    answer = await ana.command("/migration")

    assert (
        glued("*3 locations* are to move; the first go in the week of *Mon 17 Jan 2022*.") in answer
    )
    assert "Nobody moves this week" in answer
    assert "Without a date" not in answer


async def test_at_the_end_it_says_that_all_have_moved(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Joe's Pizza", weeks={BEFORE: 3})
    await world.keep(store)
    await run(store, "INSERT INTO waves VALUES (:week, 'closed')", week=BEFORE)

    answer = await ana.command("/migration")

    assert glued("*All 3 locations* have moved.") in answer
    assert "None is planned" in answer
    assert "Who moves next" not in answer


@pytest.mark.usefixtures("_story")
async def test_help_and_what_schedule_understands_work_here_too(ana: Person) -> None:
    usage = await ana.command("/migration help")
    assert "`/migration` – how many have moved" in usage
    assert "missed" not in usage
    assert "You have" in await ana.command("/migration mine")
    assert "The next wave is" in await ana.command("/migration next wave")
    assert "*Joe's Pizza* moves" in await ana.command("/wavepost migration Joe's Pizza")


async def test_a_guest_learns_nothing(sandbox: Sandbox, wavepost: Wavepost) -> None:
    gus = await sandbox.person("gus")

    for typed in ("/migration", "/migration Joe's Pizza"):
        assert "You are here as a guest" in await gus.command(typed, in_="DM")
