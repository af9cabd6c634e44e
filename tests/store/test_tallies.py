"""Counts that are kept: used as long as they hold, and never longer."""

import asyncio
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.example.sheets import write_world
from handlers.importing import import_sheets
from handlers.planning import publish_first_plan
from rules.parameters import Parameters
from store.session import Store
from store.tallies import COUNTED, Tally
from tests.world import FIRST_MONDAY, World, run

TODAY = date(2022, 1, 15)


@pytest.fixture
async def _kept(store: Store) -> None:
    """Two customers, one of which waits for a feature; the tallies are kept."""
    world = World()
    world.csa()
    world.feature("kiosk", "Kiosk", date(2022, 3, 15))
    world.customer("Casa Azteca", unplaced=3, requires=["kiosk"], binding="waiting")
    world.customer("Ready Rolls", weeks={FIRST_MONDAY: 5})
    await world.keep(store)
    async with store.transaction(actor="test") as tx:
        await tx.tallies.keep()
    await run(store, "UPDATE tallies SET counted = '[]'")


async def in_use(store: Store) -> set[Tally]:
    """The tallies that are not counted anew, when they were kept as nothing."""
    async with store.reading() as reading:
        return {each for each in Tally if not await reading.tallies.of(each)}


@pytest.mark.usefixtures("_kept")
async def test_what_was_kept_is_not_counted_anew(store: Store) -> None:
    assert await in_use(store) == set(Tally)


@pytest.mark.usefixtures("_kept")
@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO waves VALUES ('2022-01-17', 'closed')",
        "UPDATE imports SET id = id + 1",
        "UPDATE plans SET state = 'discarded'",
        """INSERT INTO moves (customer_id, from_week, locations, reason, actor, moved_on)
           VALUES ('C-2', '2022-01-17', 5, 'capacity', 'U1', '2022-01-15')""",
    ],
)
async def test_what_changed_since_is_counted_anew(change: str, store: Store) -> None:
    await run(store, change)

    assert not await in_use(store)


@pytest.mark.usefixtures("_kept")
async def test_two_who_keep_them_wait_for_each_other(store: Store) -> None:
    async def import_one_more(name: str) -> None:
        world = World()
        world.customer(name, id=name, unplaced=1, requires=["kiosk"])
        async with store.transaction(actor="test") as tx:
            await world.keep_in(tx)
            await tx.tallies.keep()

    await asyncio.gather(*(import_one_more(name) for name in ("A", "B", "C")))

    async with store.reading() as reading:
        kept = await reading.connection.execute(
            text("SELECT counted FROM tallies WHERE name = 'waiting'")
        )
        assert kept.scalar_one() == [{"feature": "kiosk", "locations": 6, "customers": 4}]
        assert await reading.tallies.of(Tally.waiting) == [
            {"feature": "kiosk", "locations": 6, "customers": 4}
        ]


async def test_an_import_and_a_publication_keep_what_is_true_then(
    store: Store, tmp_path: Path
) -> None:
    paths = write_world(tmp_path, locations=300, customers=60)
    async with store.transaction(actor="test") as tx:
        await import_sheets(tx, paths, today=TODAY)
    await _are_true(store)
    async with store.transaction(actor="test") as tx:
        await publish_first_plan(tx, today=TODAY, parameters=Parameters())
    await _are_true(store)


async def _are_true(store: Store) -> None:
    async with store.reading() as reading:
        rows = await reading.connection.execute(text("SELECT name, counted FROM tallies"))
        kept = {row.name: row.counted for row in rows}
        for tally, counted in COUNTED.items():
            true = (await reading.connection.execute(text(counted))).scalar_one()
            assert sorted(map(str, kept[tally])) == sorted(map(str, true))
    await run(store, "UPDATE tallies SET counted = '[]'")
    assert await in_use(store) == set(Tally)
    async with store.transaction(actor="test") as tx:
        await tx.tallies.keep()
