"""/roadmap: features and their dates, who waits for them, and what decides every other date."""

from datetime import date, timedelta

import pytest

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from rules.following import Kind, Pace, Subject
from store.session import Store
from tests.typography import glued
from tests.world import FIRST_MONDAY, World, run

WEEK = timedelta(weeks=1)
OMAR = "omar@northwind.example"


@pytest.fixture
async def _roadmap(store: Store) -> None:
    """Two features are to come, one is late, one is there; customers wait for all but the last."""
    world = World()
    world.csa()
    world.csa(OMAR, "Omar Haddad")
    world.feature("loyalty", "Loyalty points", date(2022, 5, 2), slips=2)
    world.feature("kiosk", "Kiosk", date(2022, 3, 15))
    world.feature("kds", "Kitchen display", date(2021, 12, 6))
    world.feature("gift", "Gift cards", date(2022, 1, 3), released=date(2022, 1, 5))
    world.customer("Early Bird", weeks={FIRST_MONDAY - 2 * WEEK: 2}, requires=["gift"])
    world.customer("Casa Azteca", unplaced=3, requires=["kiosk"], binding="waiting")
    world.customer("Zen Noodles", unplaced=4, requires=["kiosk"], csa=OMAR, binding="waiting")
    world.customer("Joe's Pizza", unplaced=2, requires=["kiosk", "loyalty"], binding="waiting")
    world.customer("Late Diner", unplaced=1, requires=["kds"], binding="waiting")
    world.customer("Ready Rolls", weeks={FIRST_MONDAY: 5}, requires=["gift"])
    world.customer("Gone Grill", status="offboarded", unplaced=1, binding=None)
    await world.keep(store)
    week = FIRST_MONDAY - 2 * WEEK
    await run(store, "INSERT INTO waves VALUES (:week, 'closed')", week=week)


@pytest.mark.usefixtures("_roadmap")
async def test_all_features_by_date_with_their_slips_and_who_waits(ana: Person) -> None:
    answer = await ana.command("/roadmap")

    assert answer.is_private
    assert answer.lines[0] == "*3\N{NO-BREAK SPACE}features* to come; next is *Kiosk* on " + glued(
        "*Tue 15 Mar 2022*."
    )
    rows = [line for line in answer.text.split("\n") if line.startswith("• *")]
    assert rows == [
        glued("• *Kitchen display* · was planned for Mon 6 Dec 2021, no new date yet")
        + glued(" · 1 location of 1 customer needs it"),
        glued("• *Kiosk* · Tue 15 Mar 2022 · 9 locations of 3 customers need it"),
        glued(
            "• *Loyalty points* · Mon 2 May 2022, put off twice · 2 locations of 1 customer need it"
        ),
        glued("• *Gift cards* · released on Wed 5 Jan 2022"),
    ]


@pytest.mark.usefixtures("_roadmap")
async def test_what_decides_every_date_is_counted(ana: Person, store: Store) -> None:
    answer = await ana.command("/roadmap")

    told = answer.text.split("\n")
    at = told.index(glued("*What decides the date of 18 locations*"))
    assert told[at + 1 : at + 7] == [
        glued("• 2 locations have moved"),
        glued("• 1 location left or stopped ordering long ago: not planned"),
        glued("• 1 location waits for *Kitchen display*, without a date"),
        glued("• 7 locations wait for *Kiosk* (Tue 15 Mar 2022)"),
        glued("• 2 locations wait for *Loyalty points* (Mon 2 May 2022)"),
        glued("• 5 locations are ready: priority and room decide"),
    ]


@pytest.mark.usefixtures("_roadmap")
@pytest.mark.parametrize("typed", ["kiosk", "Kiosk", "kios", "kiosck", "when is Kiosk planned?"])
async def test_one_feature_says_its_date_who_waits_and_who_of_mine(typed: str, ana: Person) -> None:
    answer = await ana.command(f"/roadmap {typed}")

    assert answer.lines[0] == glued("*Kiosk* is planned for *Tue 15 Mar 2022*.")
    assert glued("*Needed by*\n9 locations of 3 customers") in answer
    assert "*Put off*\nNever" in answer
    assert (
        glued("*Yours*\n2 customers wait\nCasa Azteca: 3 locations\nJoe's Pizza: 2 locations")
        in answer
    )
    assert "Zen Noodles" not in answer
    opened = await ana.choose("Joe's Pizza", in_="DM")
    assert glued("it waits for *Loyalty points* (planned for Mon 2 May 2022) and 1 more") in opened


@pytest.mark.usefixtures("_roadmap")
async def test_slips_are_told_with_their_dates(ana: Person) -> None:
    answer = await ana.command("/roadmap loyalty")

    assert glued("*Put off*\nFrom Mon 17 Jan 2022 to no date") in answer


@pytest.mark.usefixtures("_roadmap")
async def test_what_is_there_and_what_is_late_say_so(sandbox: Sandbox, wavepost: Wavepost) -> None:
    vic = await sandbox.person("vic")

    released = await vic.command("/roadmap gift")
    assert released.lines[0] == glued("*Gift cards* is there since *Wed 5 Jan 2022*.")
    assert "Nobody any more: it is released" in released
    assert "*Yours*" not in released
    late = await vic.command("/roadmap kitchen")
    assert glued("was planned for *Mon 6 Dec 2021* and is not released") in late


@pytest.mark.usefixtures("_roadmap")
async def test_a_feature_is_chosen_followed_and_left_again(ana: Person, store: Store) -> None:
    await ana.command("/roadmap")
    await ana.choose("Kiosk", in_="DM")
    await ana.press("Follow", in_="DM")

    async with store.reading() as reading:
        me = await ana.id_of("ana")
        chosen = await reading.subscriptions.chosen(me, [Subject(Kind.feature, "kiosk")])
    assert list(chosen.values()) == [Pace.daily]
    await ana.choose("Stop following", in_="DM")
    last = (await ana.messages("DM"))[-1]
    assert last["text"] == glued("*Kiosk* is planned for *Tue 15 Mar 2022*.")
    assert "'text': 'Follow'" in str(last["blocks"])


@pytest.mark.usefixtures("_roadmap")
async def test_what_nobody_knows_and_what_is_several_is_asked_back(
    ana: Person, store: Store
) -> None:
    assert "I know no feature called `zebra`" in await ana.command("/roadmap zebra")
    await run(store, "INSERT INTO features (key, name) VALUES ('kiosk2', 'Kiosk menus')")

    answer = await ana.command("/roadmap kio")

    assert "`kio` could be 2\N{NO-BREAK SPACE}features. Which one do you mean?" in answer
    assert "*Kiosk menus* has no date yet." in await ana.choose("Kiosk menus", in_="DM")


async def test_an_empty_roadmap_says_where_features_come_from(ana: Person) -> None:
    answer = await ana.command("/roadmap")

    assert answer.lines[0] == (
        "The roadmap has no feature yet: a lead imports the sheet of features."
    )


async def test_none_of_mine_waits_is_said(ana: Person, store: Store) -> None:
    world = World()
    world.csa()
    world.feature("kiosk", "Kiosk", date(2022, 3, 15))
    world.customer("Joe's Pizza", weeks={FIRST_MONDAY: 1})
    await world.keep(store)

    answer = await ana.command("/roadmap kiosk")

    assert "*Needed by*\nNobody" in answer
    assert "*Yours*\nNone of your customers waits for it" in answer


async def test_a_feature_that_only_customers_name_is_listed_without_a_date(
    ana: Person, store: Store
) -> None:
    world = World()
    world.customer("Joe's Pizza", unplaced=2, requires=["<!channel>"], binding="waiting")
    await world.keep(store)

    answer = await ana.command("/roadmap")

    assert "• *&lt;!channel&gt;* · no date" in str(answer.blocks)
    assert "wait for *&lt;!channel&gt;*, without a date" in str(answer.blocks)


async def test_a_long_roadmap_is_turned_page_by_page(ana: Person, store: Store) -> None:
    world = World()
    for at in range(33):
        world.feature(f"f{at:02}", f"Feature {at:02}", date(2022, 2, 1) + timedelta(days=at))
    await world.keep(store)

    answer = await ana.command("/roadmap")
    assert "1–15 of 33" in answer
    await ana.press("Last", in_="DM")
    assert "31–33 of 33" in str((await ana.messages("DM"))[-1])


async def test_help_and_guests(ana: Person, sandbox: Sandbox, wavepost: Wavepost) -> None:
    assert "`/roadmap loyalty` – one feature" in await ana.command("/roadmap help")
    gus = await sandbox.person("gus")
    assert "You are here as a guest" in await gus.command("/roadmap")
