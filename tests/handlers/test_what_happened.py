"""Scheduled last week and not migrated: what happened? Asked as people ask it."""

from datetime import timedelta

import pytest

from bot.sandbox.person import Answer, Person
from store.session import Store
from tests.world import FIRST_MONDAY, World, run

LAST_WEEK = FIRST_MONDAY - timedelta(weeks=1)
NEXT_WEEK = FIRST_MONDAY + timedelta(weeks=1)


def first_line(answer: Answer) -> str:
    return answer.lines[0].replace("*", "").replace("\N{NO-BREAK SPACE}", " ")


async def wave_of(store: Store, state: str = "running") -> None:
    await run(
        store,
        "INSERT INTO waves (week, state, version, started_at) "
        "VALUES (:week, :state, 3, '2022-01-10') "
        "ON CONFLICT (week) DO UPDATE SET state = :state, version = waves.version + 1",
        week=LAST_WEEK,
        state=state,
    )


async def stands(store: Store, location: str, state: str, *, cause: str | None = None) -> None:
    """A location as its wave left it on 12 January; with a cause it failed then."""
    await run(
        store,
        "INSERT INTO wave_locations (week, location_id, customer_id, state, version, attempt, "
        "lost_orders, looks, migrated_on) VALUES (:week, CAST(:location AS text), "
        "split_part(:location, '-L', 1), CAST(:state AS text), 2, 1, false, 0, "
        "CASE WHEN :state IN ('migrated', 'passed') THEN '2022-01-12'::date END)",
        week=LAST_WEEK,
        location=location,
        state=state,
    )
    if cause:
        await run(
            store,
            "WITH cause AS (INSERT INTO causes (words, plain, first_by, first_at) "
            "VALUES (CAST(:cause AS text), lower(:cause), 'U1', now()) RETURNING id) "
            "INSERT INTO failures (week, location_id, attempt, cause_id, failed_on, by, lost_orders, "
            "remedy, withdrawn) SELECT :week, :location, 1, id, '2022-01-12', 'U1', false, "
            "'publish the menu again', false FROM cause",
            week=LAST_WEEK,
            location=location,
            cause=cause,
        )


@pytest.fixture
async def joes(store: Store) -> None:
    """Joe's Pizza was promised last week, with two locations, and moved to it a week before."""
    world = World()
    world.csa()
    world.customer("Joe's Pizza", id="joes", weeks={LAST_WEEK: 2})
    world.customer("Casa Azteca", id="casa", weeks={NEXT_WEEK: 1})
    world.moved("casa", LAST_WEEK, NEXT_WEEK)
    await world.keep(store)


async def test_the_first_line_follows_what_happens_in_the_wave(
    ana: Person, store: Store, joes: None
) -> None:
    await wave_of(store)
    await stands(store, "joes-L1", "migrated")
    await stands(store, "joes-L2", "failed", cause="Menu sync missing")
    for command in ("/migration", "/schedule"):
        assert first_line(await ana.command(f"{command} Joe's Pizza")) == (
            "Joe's Pizza: 1 of 2 locations failed to migrate on Wed 12 Jan 2022: Menu sync missing."
        )
    below = (await ana.command("/schedule Joe's Pizza")).text
    assert "What became of it in the week of Mon 10 Jan 2022" in below.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "remedy: publish the menu again" in below
    assert first_line(await ana.command("/migration joes-L1")) == (
        "Joe's Pizza migrated on Wed 12 Jan 2022; its check is still to come."
    )

    await run(store, "UPDATE wave_locations SET state = 'passed', migrated_on = '2022-01-13'")
    assert first_line(await ana.command("/migration joes")) == (
        "Joe's Pizza migrated on Thu 13 Jan 2022; all checks passed."
    )

    await run(store, "UPDATE wave_locations SET state = 'planned', migrated_on = NULL")
    await run(
        store,
        "INSERT INTO wave_steps (week, version, step, by, who, at, words) "
        "VALUES (:week, 3, 'pause', 'clock', 'clock', '2022-01-13', '4 of 40 failed')",
        week=LAST_WEEK,
    )
    await wave_of(store, "paused")
    assert first_line(await ana.command("/migration joes")) == (
        "Joe's Pizza has not migrated: the wave was paused on Thu 13 Jan 2022: 4 of 40 failed."
    )

    await run(store, "UPDATE wave_locations SET state = 'back in the plan'")
    await run(store, "DELETE FROM promises WHERE customer_id = 'joes'")
    await run(store, "DELETE FROM failures")
    await run(
        store,
        "INSERT INTO location_steps (week, location_id, version, step, by, who, at, words, "
        "wave_state, batch, attempt) SELECT week, location_id, 2, 'roll back', 'U2', 'approver', "
        "'2022-01-14', 'Orders were lost', 'rolling back', gen_random_uuid(), 1 FROM wave_locations",
    )
    assert first_line(await ana.command("/migration joes")) == (
        "Joe's Pizza has no new date yet: it was rolled back on Fri 14 Jan 2022 (Orders were lost)."
    )


async def test_a_date_that_was_moved_before_its_week_came_is_told_with_the_reason(
    ana: Person, joes: None
) -> None:
    assert first_line(await ana.command("/migration casa")) == (
        "Casa Azteca moves in the week of Mon 24 Jan 2022 instead of Mon 10 Jan 2022: "
        "there was no room left."
    )
