"""The timeline of a customer and of a location: every change that is made is told, in plain words."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from handlers.importing import import_sheets
from handlers.lists import PAGE
from handlers.planning import publish_first_plan
from handlers.timeline import Event, happened
from rules.finding import Named
from rules.parameters import Parameters
from rules.roles import Kind
from store.people import PersonRow
from store.session import Store
from tests.world import run

TODAY = date(2022, 1, 15)
MASTER = "location_id,customer_id,customer_name,csa_email"
ROADMAP = "key,name,target_release_on,released_on"
JOE = Named("customer", "C1", "C1", "Joe")


def location(id_: str) -> Named:
    return Named("location", id_, "C1", id_)


class Desk:
    """A folder in which somebody writes sheets, imports them, and plans."""

    def __init__(self, folder: Path, store: Store) -> None:
        self._folder, self._store = folder, store

    async def bring(self, name: str, *lines: str) -> None:
        path = self._folder / name
        path.write_text("\n".join(lines) + "\n")
        async with self._store.transaction(actor="U_ANA") as tx:
            await import_sheets(tx, [path], today=TODAY)

    async def plan(self) -> None:
        async with self._store.transaction(actor="U_LEA") as tx:
            await publish_first_plan(tx, today=TODAY, parameters=Parameters(pilot_weeks=0))

    async def told(self, named: Named = JOE) -> list[Event]:
        async with self._store.reading() as reading:
            return list((await happened(reading, named, oldest_first=True)).items)

    async def titles(self, named: Named = JOE) -> list[str]:
        return [event.title for event in await self.told(named)]


@pytest.fixture
def desk(tmp_path: Path, store: Store) -> Desk:
    return Desk(tmp_path, store)


async def test_it_begins_with_the_import_and_says_who_and_from_which_file(
    store: Store, desk: Desk
) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.people.keep([PersonRow(id="U_ANA", name="Ana Reyes", kind=Kind.member)])
    await desk.bring("a.csv", MASTER, "1,C1,Joe,ana@x.de", "2,C1,Joe,ana@x.de")

    (event,) = await desk.told()

    assert (event.title, event.detail) == ("Came with 2 locations", "From a.csv.")
    assert event.who == "Ana Reyes"
    assert event.when.date() == TODAY


async def test_who_is_not_in_the_directory_is_named_as_they_were_written_down(desk: Desk) -> None:
    await desk.bring("a.csv", MASTER, "1,C1,Joe,ana@x.de")

    assert [event.who for event in await desk.told()] == ["U_ANA"]


async def test_a_location_that_comes_later_is_told_of_the_customer_and_of_itself_only(
    desk: Desk,
) -> None:
    await desk.bring("a.csv", MASTER, "1,C1,Joe,ana@x.de")
    await desk.bring("b.csv", MASTER, "2,C1,Joe,ana@x.de")

    assert await desk.titles() == ["Came with 1 location", "1 location more"]
    assert await desk.titles(location("1")) == ["Came with 1 location"]
    assert await desk.titles(location("2")) == ["1 location more"]


async def test_a_new_name_and_a_new_csa_are_told_with_what_was_before(desk: Desk) -> None:
    await desk.bring("a.csv", MASTER, "1,C1,Joe,ana@x.de")
    await desk.bring("b.csv", MASTER, "1,C1,Joe's,bo@x.de")

    _, renamed, handed_over = await desk.told()

    assert renamed.title == "Is now called Joe's"
    assert renamed.detail == "Before: Joe. From b.csv."
    assert handed_over.title == "The CSA is now bo@x.de"
    assert handed_over.detail == "Before: ana@x.de. From b.csv."
    assert await desk.titles(location("1")) == await desk.titles()


async def test_a_location_that_is_offboarded_or_needs_more_is_told_of_those_alone(
    desk: Desk,
) -> None:
    header = f"{MASTER},status,requires"
    both = ("1,C1,Joe,ana@x.de,active,menus", "2,C1,Joe,ana@x.de,active,menus")
    await desk.bring("a.csv", header, *both)
    await desk.bring("b.csv", header, "1,C1,Joe,ana@x.de,offboarded,menus;kiosk", both[1])

    _, offboarded, needs = await desk.told()

    assert offboarded.title == "1 location now offboarded"
    assert offboarded.detail == "Before: active. From b.csv."
    assert needs.title == "1 location now needs menus, kiosk"
    assert needs.detail == "Before: menus. From b.csv."
    assert len(await desk.told(location("1"))) == 3
    assert len(await desk.told(location("2"))) == 1


async def test_a_location_that_changes_hands_is_told_on_both_sides(desk: Desk) -> None:
    await desk.bring("a.csv", MASTER, "1,C1,Joe,ana@x.de", "2,C2,Bo,ana@x.de")
    await desk.bring("b.csv", MASTER, "2,C1,Joe,ana@x.de")

    assert await desk.titles() == ["Came with 1 location", "1 location came from C2"]
    assert (await desk.titles(Named("customer", "C2", "C2", "Bo")))[-1] == "1 location went to C1"
    assert await desk.titles(location("2")) == ["1 location came from C2"]


async def test_an_import_of_new_figures_alone_puts_nothing_on_the_timeline(desk: Desk) -> None:
    header = f"{MASTER},orders_28d"
    await desk.bring("a.csv", header, "1,C1,Joe,ana@x.de,10")
    await desk.bring("b.csv", header, "1,C1,Joe,ana@x.de,11")

    assert await desk.titles() == ["Came with 1 location"]


async def test_dates_are_told_for_all_and_for_each_location(desk: Desk) -> None:
    await desk.bring("c.csv", "email,name,weekly_capacity", "ana@x.de,Ana,2")
    await desk.bring("a.csv", MASTER, *(f"{n},C1,Joe,ana@x.de" for n in range(1, 4)))
    await desk.plan()

    planned = (await desk.told())[-1]

    assert planned.title == "3 locations planned for 2 weeks"
    assert planned.detail == "Mon 17 Jan 2022: 2 locations; Mon 24 Jan 2022: 1 location."
    assert (await desk.titles(location("3")))[-1] == (
        "1 location planned for the week of Mon 24 Jan 2022"
    )


async def test_a_moved_date_says_from_when_to_when_and_why(desk: Desk) -> None:
    await desk.bring("c.csv", "email,name,weekly_capacity,leave_weeks", "ana@x.de,Ana,2,")
    await desk.bring("a.csv", MASTER, *(f"{n},C1,Joe,ana@x.de" for n in range(1, 4)))
    await desk.plan()
    await desk.bring("c.csv", "email,name,weekly_capacity,leave_weeks", "ana@x.de,Ana,2,2022-01-24")
    await desk.plan()

    moved = (await desk.told())[-1]

    assert moved.title == (
        "1 location moved from the week of Mon 24 Jan 2022 to the week of Mon 31 Jan 2022"
    )
    assert moved.detail == "Why: there was no room left."
    assert moved.who == "U_LEA"
    assert moved.title in await desk.titles(location("3"))
    assert moved.title not in await desk.titles(location("1"))


async def test_a_date_that_is_taken_back_says_so(desk: Desk) -> None:
    header = f"{MASTER},status"
    await desk.bring("a.csv", header, "1,C1,Joe,ana@x.de,active", "2,C1,Joe,ana@x.de,active")
    await desk.plan()
    await desk.bring("b.csv", header, "2,C1,Joe,ana@x.de,offboarded")
    await desk.plan()

    lost = (await desk.told())[-1]

    assert lost.title == "1 location lost the date in the week of Mon 17 Jan 2022"
    assert lost.detail == "Why: its data was corrected."


async def test_who_waits_for_a_feature_hears_that_it_slips_and_that_it_is_there(
    desk: Desk,
) -> None:
    header = f"{MASTER},requires"
    await desk.bring("r.csv", ROADMAP, "menus,Online menus,2022-01-20,")
    await desk.bring("a.csv", header, "1,C1,Joe,ana@x.de,menus", "2,C1,Joe,ana@x.de,")
    await desk.bring("r.csv", ROADMAP, "menus,Online menus,2022-02-03,")
    await desk.bring("r.csv", ROADMAP, "menus,Online menus,2022-02-03,2022-01-14")

    slipped, released = (await desk.told())[1:]

    assert slipped.title == "Online menus comes later, on Thu 3 Feb 2022"
    assert slipped.detail == "It was planned for Thu 20 Jan 2022. 1 location waits for it."
    assert released.title == "Online menus was released on Fri 14 Jan 2022"
    assert released.detail == "1 location needs it."
    assert len(await desk.told(location("1"))) == 3
    assert len(await desk.told(location("2"))) == 1


async def test_a_feature_that_was_there_before_is_no_news(desk: Desk) -> None:
    await desk.bring("a.csv", f"{MASTER},requires", "1,C1,Joe,ana@x.de,menus")
    await desk.bring("r.csv", ROADMAP, "menus,Online menus,,2022-01-10")
    await desk.bring("r.csv", ROADMAP, "menus,Web menus,,2022-01-10")

    assert await desk.titles() == ["Came with 1 location"]


async def test_an_event_of_one_location_names_it_and_none_is_without_words(
    store: Store, desk: Desk
) -> None:
    header = f"{MASTER},location_name"
    await desk.bring("a.csv", header, "1,C1,Joe,ana@x.de,Joe Main St", "2,C1,Joe,ana@x.de,Joe East")
    await add(store, ["1"], event="somersault")

    assert (await desk.titles())[-1] == "Joe Main St: Somersault"
    assert (await desk.titles(location("1")))[-1] == "Joe Main St: Somersault"
    assert await desk.titles(location("2")) == ["Came with 2 locations"]


async def test_two_thousand_locations_come_page_by_page_in_both_orders(
    store: Store, desk: Desk
) -> None:
    await desk.bring("a.csv", MASTER, *(f"L{n},C1,Joe,ana@x.de" for n in range(2_000)))
    await add(store, [f"L{n}" for n in range(2_000)], event="waved")

    async with store.reading() as reading:
        newest = await happened(reading, JOE)
        oldest = await happened(reading, JOE, oldest_first=True)
        last = await happened(reading, JOE, newest.last)
        beyond = await happened(reading, JOE, newest.last + 1)

    assert newest.total == oldest.total == 2_001
    assert len(newest.items) == len(oldest.items) == PAGE
    assert newest.items[0].title.endswith("L1999: Waved")
    assert oldest.items[0] == last.items[-1]
    assert beyond == newest


async def test_of_who_is_unknown_nothing_is_told(desk: Desk) -> None:
    assert await desk.told() == []
    assert await desk.told(location("1")) == []


async def add(store: Store, locations: Sequence[str], *, event: str) -> None:
    """An event that happened to each of these locations of C1."""
    statement = """
        INSERT INTO timeline (customer_id, location_id, event, facts, actor, happened_at)
        SELECT 'C1', location, :event, '{}', 'test', now()
        FROM unnest(CAST(:locations AS text[])) AS location
    """
    await run(store, statement, event=event, locations=list(locations))
