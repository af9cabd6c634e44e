"""/schedule for a wave: mine, the next one, a day, and the way from one to another."""

from datetime import date, timedelta

import pytest

from bot.sandbox.person import Person
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
from tests.world import World


async def waves(store: Store, *weeks: date) -> None:
    world = World()
    for number, week in enumerate(weeks):
        world.customer(f"Shop {number}", weeks={week: 1})
    await world.keep(store)


@pytest.mark.parametrize("typed", ["mine", "my customers", "Mine?"])
async def test_mine_are_one_s_own_customers_whoever_asks(
    typed: str, ana: Person, vic: Person, store: Store
) -> None:
    await waves(store, FIRST, SECOND)

    mine, nobody_s = await ana.command(f"/schedule {typed}"), await vic.command("/schedule mine")

    assert first_line(mine) == glued("You have 2 customers with 2 locations, by date:")
    assert "You have no customers yet" in nobody_s


async def test_next_is_the_next_wave_also_for_a_csa(ana: Person, store: Store) -> None:
    await waves(store, FIRST, SECOND)

    answer = await ana.command("/schedule next")

    assert first_line(answer) == glued(
        "The next wave is the week of Mon 17 Jan 2022, with 1 location of 1 customer."
    )


@pytest.mark.parametrize(
    "typed", ["2022-01-31", "week of 31 January", "Mon 31 Jan 2022", "wave of Feb 2"]
)
async def test_a_day_shows_the_wave_of_its_week(typed: str, ana: Person, store: Store) -> None:
    await waves(store, FIRST, SECOND)

    answer = await ana.command(f"/schedule {typed}")

    assert first_line(answer) == glued(
        "The wave in the week of Mon 31 Jan 2022 has 1 location of 1 customer."
    )
    assert offered(answer) == ["Shop 1"]
    ways = ["Follow this wave", "What to tell them", "Look up another"]
    assert buttons(answer) == ["‹ Week of 17 Jan", *ways]


async def test_a_week_in_which_nobody_moves_leads_to_those_around_it(
    vic: Person, store: Store
) -> None:
    await waves(store, FIRST, SECOND)

    answer = await vic.command("/schedule week of 24 January")

    assert first_line(answer) == glued("Nobody moves in the week of Mon 24 Jan 2022.")
    assert buttons(answer) == ["‹ Week of 17 Jan", "Next: week of 31 Jan", "Look up another"]


async def test_one_goes_from_wave_to_wave_and_back(vic: Person, store: Store) -> None:
    await waves(store, FIRST - timedelta(weeks=1), FIRST, SECOND)
    begun = await vic.command("/schedule")

    await press(vic, "Next: week of 31 Jan")
    after = await shown(vic)
    await press(vic, "‹ Week of 17 Jan")

    ways = ["‹ Week of 10 Jan", "Next: week of 31 Jan"]
    of_this = ["Follow this wave", "See the wave", "What to tell them"]
    assert buttons(begun) == [*ways, *of_this, "Look up another"]
    assert offered(after) == ["Shop 2"]
    assert first_line(await shown(vic)) == first_line(begun)
    assert len(await vic.messages("DM")) == 1


async def test_of_many_waves_any_can_be_chosen(vic: Person, store: Store) -> None:
    await waves(store, *(FIRST + timedelta(weeks=number) for number in range(130)))
    answer = await vic.command("/schedule")

    await vic.choose("Week of Mon 11 Apr 2022", in_="DM")

    assert len(offered(answer)) == 1 + 100
    assert first_line(await shown(vic)) == glued(
        "The wave in the week of Mon 11 Apr 2022 has 1 location of 1 customer."
    )


async def test_when_all_waves_are_past_the_last_one_is_in_reach(vic: Person, store: Store) -> None:
    past = FIRST - timedelta(weeks=2)
    await waves(store, past)

    answer = await vic.command("/schedule")
    await press(vic, "‹ Week of 3 Jan")

    assert first_line(answer) == glued(
        "No wave is planned from now on. The last one was the week of Mon 3 Jan 2022."
    )
    assert offered(await shown(vic)) == ["Shop 0"]


async def test_the_pages_of_a_wave_are_turned_within_it(vic: Person, store: Store) -> None:
    await waves(store, FIRST, *[SECOND] * 20)
    await vic.command("/schedule 2022-01-31")

    await press(vic, "Next")

    page = await shown(vic)
    assert first_line(page) == glued(
        "The wave in the week of Mon 31 Jan 2022 has 20 locations of 20 customers."
    )
    assert "16–20 of 20" in page
