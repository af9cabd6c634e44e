"""A wave that runs, locations that moved in it, and figures of them and of those that did not."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.dialects.postgresql import insert

from handlers.running import start_wave, take_steps
from handlers.wave_turn import Wish
from rules import wave_life
from rules.location_life import State, Step, Who
from store.history import HistoryRow
from store.session import Store
from tests.world import FIRST_MONDAY, World

WEEK = FIRST_MONDAY
LATER = WEEK + timedelta(weeks=30)
ANA, LEA = "U1ANA", "U2LEA"
OTHERS = 40
"""Locations that have not moved: enough to be controls, and to tell how much weeks differ anyway."""
BUSY = 4000
"""Orders a week: so many that a week tells enough."""
AS_BEFORE, FAR_MORE = BUSY // 25, BUSY // 5
"""Missed orders a week."""


async def to_day(store: Store, days: int) -> None:
    """Let it be noon so many days after the wave's Monday."""
    day: date = WEEK + timedelta(days=days)
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


async def figures(store: Store, locations: Sequence[str], weeks: range, missed: int) -> None:
    """What locations did in weeks, counted from that of the wave; as an import would write it."""
    rows = [
        {
            "location_id": location,
            "week_start": WEEK + timedelta(weeks=week),
            "orders": BUSY,
            "missed_orders": missed,
            "cancelled_orders": BUSY // 50,
            "open_hours": 60.0,
            "online_hours": 58.0,
        }
        for location in locations
        for week in weeks
    ]
    statement = insert(HistoryRow)
    changed = {"missed_orders": statement.excluded["missed_orders"]}
    keys = ["location_id", "week_start"]
    async with store.transaction(actor="test") as tx:
        await tx.connection.execute(
            statement.on_conflict_do_update(index_elements=keys, set_=changed), rows
        )


async def keep_moved(store: Store) -> None:
    """Joe's three locations moved on the Monday of their wave; forty of Cleo's move much later."""
    world = World()
    world.csa()
    world.customer("Joe's Pizza", id="joes", weeks={WEEK: 3}, locations=["Dock St", "Main St"])
    world.customer("Cleo's", id="cleos", weeks={LATER: OTHERS})
    await world.keep(store)
    others = [f"cleos-L{number}" for number in range(1, OTHERS + 1)]
    ids = ["joes-L1", "joes-L2", "joes-L3"]
    await to_day(store, 0)
    await figures(store, [*others, *ids], range(-8, 0), AS_BEFORE)
    await figures(store, others, range(4), AS_BEFORE)
    async with store.transaction(actor=LEA) as tx:
        await start_wave(tx, WEEK, by=LEA, who=wave_life.Who.lead)
        wishes = [Wish(each, Step.migrate) for each in ids]
        await take_steps(tx, WEEK, wishes, by=ANA, who=Who.csa)


async def stands(store: Store, location: str) -> State:
    """Where a location of the wave stands."""
    async with store.reading() as reading:
        [row] = await reading.wave_locations.of(WEEK, [location])
    return State(row.state)
