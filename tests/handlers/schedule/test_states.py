"""What an answer says of a customer in each state."""

from datetime import date, timedelta

from bot.sandbox.person import Person
from store.session import Store
from tests.handlers.schedule.answered import FAR, FIRST, MOST, SECOND, first_line
from tests.typography import glued
from tests.world import World


async def test_several_weeks_say_the_first_and_the_last(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Big Chain", id="C-BIG", weeks={FIRST: 3, SECOND: 2}, unplaced=1)
    await world.keep(store)

    answer = await ana.command("/schedule C-BIG")

    assert first_line(answer) == glued(
        "Big Chain moves in 2 waves, from Mon 17 Jan 2022 to Mon 31 Jan 2022."
    )
    assert glued("Mon 17 Jan 2022 · 3 locations") in answer
    assert glued("6 locations; 5 with a date") in answer
    assert "if one is late, so are those after it" in answer


async def test_who_waits_is_told_for_what_and_until_when(ana: Person, store: Store) -> None:
    world = World()
    world.feature("F1", "Kitchen display", target=date(2022, 3, 1), slips=2)
    world.customer("Joe's Pizza", unplaced=1, requires=["F1"])
    await world.keep(store)

    answer = await ana.command("/schedule joes pizza")

    assert "Joe's Pizza has no date yet" in first_line(answer)
    assert "Kitchen display" in first_line(answer)
    assert glued("Tue 1 Mar 2022") in first_line(answer)


async def test_a_feature_without_a_date_is_said_to_have_none(ana: Person, store: Store) -> None:
    world = World()
    world.feature("F1", "Kitchen display")
    world.customer("Joe's Pizza", unplaced=1, requires=["F1"])
    await world.keep(store)

    answer = await ana.command("/schedule joes pizza")

    assert "Kitchen display (no date yet)" in first_line(answer)


async def test_many_features_are_all_named_though_the_first_line_stays_short(
    ana: Person, store: Store
) -> None:
    world = World()
    keys = [f"F{number}" for number in range(12)]
    for number, key in enumerate(keys):
        world.feature(key, f"A rather long feature name {key}", target=date(2022, 3, 1 + number))
    world.customer("Joe's " + "Pizza " * 20, id="C-JOE", unplaced=1, requires=keys)
    await world.keep(store)

    answer = await ana.command("/schedule C-JOE")

    assert len(first_line(answer)) <= MOST
    assert all(f"feature name {key}" in answer for key in keys)


async def test_no_room_names_the_plan_that_found_none(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Joe's " + "Pizza " * 20, id="C-JOE", unplaced=1, binding="capacity")
    await world.keep(store)

    answer = await ana.command("/schedule C-JOE")

    assert glued("the plan of Wed 12 Jan 2022 found no week for it") in first_line(answer)
    assert len(first_line(answer)) <= MOST


async def test_who_came_after_the_plan_is_told_so(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Joe's Pizza", unplaced=1, binding=None)
    await world.keep(store)

    assert "it came after the last plan" in await ana.command("/schedule joes pizza")


async def test_who_left_does_not_move(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Joe's Pizza", unplaced=2, status="offboarded")
    await world.keep(store)

    answer = await ana.command("/schedule joes pizza")

    assert first_line(answer) == "Joe's Pizza does not move: all its locations are offboarded."


async def test_what_could_change_a_date_is_said_with_the_last_move(
    ana: Person, store: Store
) -> None:
    world = World()
    world.feature("F1", "Kitchen display", target=date(2022, 5, 2), slips=2)
    world.blackout(SECOND + timedelta(days=8), SECOND + timedelta(days=9), "Stocktaking")
    joe = world.customer("Joe's Pizza", weeks={SECOND: 1}, requires=["F1"])
    world.moved(joe, FIRST, SECOND)
    await world.keep(store)

    answer = await ana.command("/schedule joes pizza")

    waiting = glued("Kitchen display is not released; planned for Mon 2 May 2022")
    assert f"{waiting}, after it was put off twice" in answer
    assert glued("Stocktaking (Tue 8 Feb 2022 to Wed 9 Feb 2022) comes soon after") in answer
    assert glued("Moved on Fri 14 Jan 2022 from the week of Mon 17 Jan 2022: capacity.") in answer


async def test_dates_far_ahead_are_tentative_and_near_ones_firm(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Near Noodles", weeks={FIRST: 1})
    world.customer("Far Falafel", weeks={FAR: 1})
    await world.keep(store)

    assert "Firm: the week is fixed" in await ana.command("/schedule near noodles")
    assert "Tentative: it is far ahead" in await ana.command("/schedule far falafel")
