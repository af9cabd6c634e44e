"""Why a date, and why one before another: all read from the plan in force."""

from datetime import date, timedelta

import pytest

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.planning import publish_first_plan
from rules.parameters import Parameters
from store.session import Store
from tests.conftest import TODAY
from tests.world import ANA, World, run, run_as_owner

PATIENCE = 60.0
BEN = "ben@northwind.example"
KIOSK_ON = date(2022, 3, 11)


@pytest.fixture
async def planned(store: Store) -> None:
    """Ana can move ten a week. Joe's and Taco want the first week, and Joe's loses more orders."""
    world = World()
    world.csa(ANA, "Ana Reyes")
    world.csa(BEN, "Ben Okri")
    world.feature("kiosk", "Kiosk", target=KIOSK_ON)
    world.feature("dreams", "Dreams")
    world.customer("Joe's Pizza", id="C-JOE", unplaced=10, binding=None)
    world.customer("Taco Town", id="C-TACO", unplaced=10, binding=None)
    world.customer("Burger Barn", id="C-BARN", unplaced=4, csa=BEN, binding=None)
    world.customer("Casa Azteca", id="C-CASA", unplaced=2, requires=["kiosk"], binding=None)
    world.customer("Dream Diner", id="C-DREAM", unplaced=1, requires=["dreams"], binding=None)
    world.customer("Old Inn", id="C-OLD", unplaced=1, status="offboarded", binding=None)
    await world.keep(store, planned=False)
    await run(store, "UPDATE csas SET weekly_capacity = 10")
    await run(
        store,
        """UPDATE locations SET last_order_on = '2022-01-15', orders_prev_28d = 400,
        orders_28d = 400, cancelled_orders_28d = 5,
        missed_orders_28d = CASE customer_id WHEN 'C-JOE' THEN 200 WHEN 'C-TACO' THEN 60 ELSE 9 END
        """,
    )
    async with store.transaction(actor="U_LEAD") as tx:
        await publish_first_plan(tx, today=TODAY, parameters=Parameters(pilot_weeks=0))


@pytest.fixture
async def unplanned(store: Store) -> None:
    world = World()
    world.customer("Joe's Pizza", id="C-JOE", unplaced=1, binding=None)
    world.customer("Taco Town", id="C-TACO", unplaced=1, binding=None)
    await world.keep(store, planned=False)


@pytest.fixture
async def asker(planned: None, ana: Person) -> Person:
    """Wavepost begins after the names are there: one that reads them anew may answer from before."""
    ana.patience = PATIENCE
    return ana


def plain(words: object) -> str:
    return str(words).replace("*", "").replace("\N{NO-BREAK SPACE}", " ")


async def why(person: Person, text: str) -> str:
    answer = await person.command(f"/migration why {text}")
    assert answer.ok, answer
    assert answer.is_private
    first = plain(answer.lines[0])
    assert len(first) <= 120
    return plain(answer)


@pytest.mark.parametrize(
    "text",
    [
        "Joe's Pizza vs Taco Town",
        "is Joe's Pizza before Taco Town?",
        "is taco town after joes pizza",
        "Joes Piza vs Tacco Town",
        "C-JOE vs C-TACO",
    ],
)
async def test_who_weighs_more_goes_first_and_what_it_loses_is_said(
    asker: Person, text: str
) -> None:
    said = await why(asker, text)
    assert said.startswith("Joe's Pizza goes 1 week before Taco Town: it loses more orders today.")
    assert "for missed orders that moving avoids" in said
    assert "What keeps Taco Town from the week of Mon 17 Jan 2022" in said
    assert "Ana Reyes can move 10 locations in that week, and Joe's Pizza has that room." in said
    assert "if Ana Reyes could move 10 more locations in it" in said
    assert "if Joe's Pizza went in the week of" in said
    assert "From plan 1" in said


async def test_the_other_way_round_is_said_so(asker: Person) -> None:
    said = await why(asker, "Taco Town vs Joe's Pizza")
    assert said.startswith("The other way round, Joe's Pizza goes 1 week before Taco Town")


async def test_a_feature_that_is_waited_for_is_named_with_its_date(asker: Person) -> None:
    said = await why(asker, "Joe's Pizza vs Casa Azteca")
    assert "Casa Azteca waits for Kiosk until 11 March." in said.partition("\n")[0]
    assert "it loses more orders today, and Casa Azteca waits" in said.partition("\n")[0]
    assert "if Kiosk were released by" in said


async def test_two_in_the_same_week_are_told_so(asker: Person) -> None:
    said = await why(asker, "Joe's Pizza vs Burger Barn")
    assert said.startswith(
        "Joe's Pizza and Burger Barn go in the same week, that of Mon 17 Jan 2022."
    )
    assert "CSA: Ben Okri" in said


async def test_who_has_no_date_or_does_not_move_is_told_with_the_reason(asker: Person) -> None:
    waits = await why(asker, "Joe's Pizza vs Dream Diner")
    assert "Dream Diner has no date yet: it waits for Dreams." in waits.partition("\n")[0]
    gone = await why(asker, "Joe's Pizza vs Old Inn")
    assert "Old Inn does not move: it is offboarded." in gone.partition("\n")[0]
    neither = await why(asker, "Old Inn vs Dream Diner")
    assert neither.startswith("Neither Old Inn nor Dream Diner has a date yet.")
    assert "Locations that are offboarded do not move." in neither


async def test_the_same_one_twice_and_unknown_names_are_told(asker: Person) -> None:
    twice = plain(await asker.command("/migration why Joe's Pizza vs joes pizza"))
    assert "You named Joe's Pizza twice." in twice
    unknown = plain(await asker.command("/migration why Joe's Pizza vs Xyzzyq"))
    assert "I know no customer or location called `Xyzzyq`" in unknown


async def test_more_than_two_compares_two_and_says_so(asker: Person) -> None:
    said = await why(asker, "Joe's Pizza vs Taco Town vs Burger Barn")
    assert "Please name two at a time" in said


async def test_a_location_can_be_one_of_the_two(asker: Person) -> None:
    said = await why(asker, "C-JOE-L1 vs C-TACO-L1")
    assert "goes 1 week before" in said.partition("\n")[0]


async def test_mine_is_the_only_one_of_mine_or_asked_back(asker: Person, sandbox: Sandbox) -> None:
    ben = await sandbox.person("ben")
    said = await why(ben, "was Joe's Pizza ahead of mine?")
    assert said.startswith("Joe's Pizza and Burger Barn go in the same week")

    asked = await asker.command("/migration why is Burger Barn ahead of mine?")
    assert "Which of yours do you mean?" in asked
    chosen = await asker.choose("Taco Town (C-TACO)", in_="DM")
    assert "Burger Barn goes 1 week before Taco Town" in plain(chosen)

    vic = await sandbox.person("vic")
    none = await vic.command("/migration why is Joe's Pizza ahead of mine?")
    assert "You have no customers" in none


async def test_the_comparison_can_be_posted_for_all(asker: Person, sandbox: Sandbox) -> None:
    await asker.command("/migration why Joe's Pizza vs Taco Town", in_="#general")
    await asker.press("Post here for all", in_="#general")
    omar = await sandbox.person("omar")
    omar.patience = PATIENCE
    assert await omar.sees("it loses more orders today.", in_="#general")
    assert await omar.sees("Asked by @Ana Reyes", in_="#general")


async def test_the_same_can_be_asked_in_a_direct_message(asker: Person) -> None:
    await asker.says("why is Joe's Pizza before Taco Town?", in_="DM")
    assert await asker.sees("it loses more orders today", in_="DM")


# Why this date?


async def test_a_date_says_what_decides_it_and_what_would_bring_it_forward(
    asker: Person,
) -> None:
    await asker.command("/schedule Taco Town")
    said = plain(await asker.press("Why this date?", in_="DM"))
    assert said.startswith(
        "Taco Town moves in the week of Mon 24 Jan 2022: Ana Reyes has no room earlier."
    )
    assert "What would bring it forward" in said
    assert "if Ana Reyes could move 10 more locations in it" in said
    assert "to the week of Mon 17 Jan 2022" in said
    assert "the mean of 10 locations" in said


async def test_the_first_week_and_the_fixed_one_are_told(asker: Person) -> None:
    said = await why(asker, "Joe's Pizza")
    assert said.startswith(
        "Joe's Pizza moves in the week of Mon 17 Jan 2022: it is the first week there is."
    )
    assert "It cannot go earlier" in said


async def test_who_waits_for_a_feature_is_told_its_first_week(asker: Person) -> None:
    said = await why(asker, "is Casa Azteca so late?")
    assert said.startswith("Casa Azteca moves in the week of Mon 14 Mar 2022: it waits for Kiosk.")
    assert "It needs Kiosk, planned for Fri 11 Mar 2022." in said
    assert "if Kiosk were released by" in said
    dreams = await why(asker, "Dream Diner")
    assert dreams.startswith("Dream Diner has no date yet: it waits for Dreams.")


async def test_weeks_later_no_week_that_has_begun_is_offered(asker: Person, store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_today(TODAY + timedelta(days=3))
    said = await why(asker, "Taco Town")
    assert "It cannot go earlier: its week is the first that can still be planned." in said
    assert "17 Jan" not in said
    assert "It cannot go earlier: its week has begun." in await why(asker, "Joe's Pizza")
    pair = await why(asker, "Joe's Pizza vs Taco Town")
    assert pair.startswith("Joe's Pizza goes 1 week before Taco Town: it loses more orders today.")
    assert "to the week of" not in pair
    far = await why(asker, "Joe's Pizza vs Casa Azteca")
    assert "What would bring Casa Azteca forward, though not that far" in far
    assert "to the week of Mon 17 Jan" not in far


async def test_why_is_under_the_story_too_and_can_be_posted(
    asker: Person, sandbox: Sandbox
) -> None:
    await asker.command("/migration Taco Town", in_="#general")
    await asker.press("Why this date?", in_="#general")
    await asker.press("why_post", in_="#general")
    omar = await sandbox.person("omar")
    omar.patience = PATIENCE
    assert await omar.sees("has no room earlier", in_="#general")


async def test_punts_are_counted_with_the_last_reason(asker: Person, store: Store) -> None:
    await run(store, "UPDATE csas SET weekly_capacity = 5 WHERE email = :ana", ana=ANA)
    async with store.transaction(actor="U_LEAD") as tx:
        await publish_first_plan(tx, today=TODAY, parameters=Parameters(pilot_weeks=0))
    async with store.transaction(actor="U_LEAD") as tx:
        await publish_first_plan(tx, today=TODAY, parameters=Parameters(pilot_weeks=0, weeks=50))
    said = await why(asker, "Taco Town")
    assert "We moved it back once: 1 × capacity." in said


async def test_a_plan_without_its_question_tells_its_weeks_and_no_reason(
    planned: None, store: Store, ana: Person
) -> None:
    await run_as_owner(store, "DELETE FROM plan_questions")
    pair = await why(ana, "Taco Town vs Joe's Pizza")
    first, _, rest = pair.partition("\n")
    assert first == "The other way round, Joe's Pizza goes 1 week before Taco Town."
    assert "Week of Mon 17 Jan 2022 · 10 locations" in rest
    assert "Week of Mon 24 Jan 2022 · 10 locations" in rest
    assert "made before Wavepost kept what plans are made from" in rest
    waits = await why(ana, "Dream Diner vs Joe's Pizza")
    assert waits.partition("\n")[0].endswith("Dream Diner has no date yet.")
    same = await why(ana, "Joe's Pizza vs Burger Barn")
    assert same.startswith("Joe's Pizza and Burger Barn go in the same week")
    one = await why(ana, "Taco Town")
    assert one.startswith("Taco Town moves in the week of Mon 24 Jan 2022.")
    assert "made before Wavepost kept what plans are made from" in one
    gone = await why(ana, "Old Inn")
    assert gone.startswith("Old Inn does not move: it is offboarded.")


async def test_before_any_plan_nothing_is_made_up(unplanned: None, ana: Person) -> None:
    said = await why(ana, "Joe's Pizza vs Taco Town")
    assert said.startswith("Neither Joe's Pizza nor Taco Town has a date yet.")
    assert "There is no plan yet" in said
    one = await why(ana, "Joe's Pizza")
    assert one.startswith("Joe's Pizza has no date yet")
