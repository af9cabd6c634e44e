"""/schedule without more: a CSA's own customers by date, and the next wave for others."""

from datetime import timedelta

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from store.session import Store
from tests.handlers.schedule.answered import (
    FIRST,
    SECOND,
    buttons,
    first_line,
    offered,
    press,
    shown,
)
from tests.typography import glued
from tests.world import World, run

OMAR = "omar@northwind.example"


async def fifteen_a_page(store: Store, customers: int) -> None:
    world = World()
    for number in range(customers):
        week = FIRST + timedelta(weeks=number % 3)
        world.customer(f"Shop {number:02}", weeks={week: 1})
    await world.keep(store)


async def test_a_csa_sees_her_customers_by_date(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Late Lunch", weeks={SECOND: 1})
    world.customer("Never Noodles", unplaced=1)
    world.customer("Early Eggs", weeks={FIRST: 2})
    world.customer("Somebody Else's", csa=OMAR, weeks={FIRST: 1})
    await world.keep(store)

    answer = await ana.command("/schedule")

    assert first_line(answer) == glued("You have 3 customers with 4 locations, by date:")
    order = [answer.text.index(name) for name in ("Early Eggs", "Late Lunch", "Never Noodles")]
    assert order == sorted(order)
    assert glued("Mon 17 Jan 2022") in answer
    assert "Without a date" in answer
    assert "Somebody Else's" not in answer
    assert answer.is_private


async def test_forty_customers_page_with_nothing_cut_and_nothing_twice(
    ana: Person, store: Store
) -> None:
    await fifteen_a_page(store, 40)

    pages = [await ana.command("/schedule")]
    assert "Previous" not in buttons(pages[0])
    for _ in range(2):
        await press(ana, "Next")
        pages.append(await shown(ana))
    assert "Next" not in buttons(pages[2])
    await press(ana, "Previous")

    seen = [name for page in pages for name in offered(page)]
    assert sorted(seen) == [f"Shop {number:02}" for number in range(40)]
    assert ["1–15 of 40" in pages[0], "16–30 of 40" in pages[1], "31–40 of 40" in pages[2]] == [
        True,
        True,
        True,
    ]
    assert offered(await shown(ana)) == offered(pages[1])


async def test_a_page_that_is_gone_meanwhile_shows_what_is_left(ana: Person, store: Store) -> None:
    await fifteen_a_page(store, 16)
    await ana.command("/schedule")
    await run(store, "UPDATE customers SET csa_email = 'omar@northwind.example' WHERE id > 'C-15'")

    await press(ana, "Next")

    left = await shown(ana)
    assert "of 7" in left
    assert len(offered(left)) == 7


async def test_a_customer_of_the_list_can_be_opened(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Early Eggs", weeks={FIRST: 2})
    world.customer("Late Lunch", weeks={SECOND: 1})
    await world.keep(store)
    await ana.command("/schedule")

    await ana.choose("Late Lunch", in_="DM")

    assert await ana.sees(glued("Late Lunch* moves in the week of *Mon 31 Jan 2022*"), in_="DM")


async def test_a_csa_without_customers_is_told_how_she_gets_some(
    sandbox: Sandbox, ana: Person, store: Store
) -> None:
    world = World()
    world.csa()
    await world.keep(store)

    answer = await ana.command("/schedule")

    assert "You have no customers yet" in answer
    assert buttons(answer) == ["Look up another"]


async def test_others_see_the_next_wave(vic: Person, store: Store) -> None:
    world = World()
    world.customer("Past Pasta", weeks={FIRST - timedelta(weeks=1): 1})
    world.customer("Early Eggs", weeks={FIRST: 2})
    world.customer("Late Lunch", weeks={SECOND: 1})
    await world.keep(store)

    answer = await vic.command("/schedule")

    assert first_line(answer) == glued(
        "The next wave is the week of Mon 17 Jan 2022, with 2 locations of 1 customer."
    )
    assert offered(answer) == ["Early Eggs"]


async def test_before_any_plan_people_are_told_what_will_happen(vic: Person) -> None:
    answer = await vic.command("/schedule")

    assert "Nobody has a date yet" in answer
    assert answer.ok


async def test_a_long_list_has_a_way_to_its_ends(ana: Person, store: Store) -> None:
    await fifteen_a_page(store, 70)
    first = await ana.command("/schedule mine")

    await press(ana, "Last")
    last = await shown(ana)
    await press(ana, "First")

    assert buttons(first) == ["Next", "Last", "Look up another"]
    assert glued("61–70 of 70") in last
    assert buttons(last) == ["First", "Previous", "Look up another"]
    assert "1–15 of 70" in await shown(ana)
