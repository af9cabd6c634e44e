"""The weeks that a look compares, summed for everybody."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert

from rules.looks import compared
from store.history import HistoryRow
from store.session import Store
from store.wave_rows import WaveLocationRow
from tests.world import FIRST_MONDAY, World, run

WEEK = FIRST_MONDAY
A_WEEK = timedelta(weeks=1)


async def summed(store: Store) -> dict[str, dict[str, Any]]:
    async with store.reading() as reading:
        frame = await reading.history.compared(compared(WEEK, look=2))
    return {row["location_id"]: row for row in frame.iter_rows(named=True)}


async def kept(store: Store, *rows: HistoryRow) -> None:
    async with store.transaction(actor="test") as tx:
        for row in rows:
            values = row.model_dump(exclude_none=True)
            await tx.connection.execute(insert(HistoryRow).values(values))


def week(at: int, orders: int, missed: int | None, location: str = "joes-L1") -> HistoryRow:
    return HistoryRow(
        location_id=location,
        week_start=WEEK + at * A_WEEK,
        orders=orders,
        missed_orders=missed,
        cancelled_orders=1,
        open_hours=50.0,
    )


async def test_weeks_are_summed_before_the_move_since_it_and_as_many_earlier(store: Store) -> None:
    world = World()
    world.csa()
    world.customer("Joe's Pizza", id="joes", weeks={WEEK: 2})
    await world.keep(store)
    await kept(
        store,
        week(-9, 1_000_000, 1),  # too early
        week(-5, 50, 5),
        week(-4, 100, 10),
        week(-1, 200, 20),
        week(-2, 7, None),  # not known how many were missed
        week(0, 30, 3),
        week(1, 40, 4),
        week(2, 1_000_000, 1),  # not over at the second look
    )

    told = (await summed(store))["joes-L1"]

    assert (told["before_orders"], told["before_missed"], told["before_weeks"]) == (300, 30, 2)
    assert (told["earlier_orders"], told["earlier_weeks"]) == (50, 1)
    assert (told["after_orders"], told["after_missed"], told["after_weeks"]) == (70, 7, 2)
    assert (told["before_cancelled"], told["before_open"], told["before_online"]) == (2, 100, None)
    nothing = (await summed(store))["joes-L2"]
    assert (nothing["before_orders"], nothing["after_weeks"], nothing["unmoved"]) == (
        None,
        None,
        True,
    )


async def test_nobody_who_moved_before_the_last_week_is_over_is_a_control(store: Store) -> None:
    before, later = WEEK - A_WEEK, WEEK + 2 * A_WEEK
    world = World()
    world.csa()
    world.customer("Moved", id="moved", weeks={WEEK: 2})
    world.customer("Kept as before", id="over", weeks={before: 1})
    world.customer("Moves later", id="later", weeks={later: 1})
    world.customer("Nowhere", id="nowhere", unplaced=1)
    await world.keep(store)
    await run(
        store,
        "INSERT INTO waves (week, state, started_at) VALUES (:week, 'running', now())"
        " ON CONFLICT (week) DO UPDATE SET started_at = now()",
        week=WEEK,
    )
    await run(
        store,
        "INSERT INTO waves (week, state) VALUES (:week, 'announced') ON CONFLICT DO NOTHING",
        week=before,
    )
    rows = [
        WaveLocationRow(week=WEEK, location_id=f"moved-L{at}", customer_id="moved", migrated_on=on)
        for at, on in ((1, date(2022, 1, 30)), (2, None))
    ]
    async with store.transaction(actor="test") as tx:
        for row in rows:
            values = row.model_dump(exclude_none=True)
            await tx.connection.execute(insert(WaveLocationRow).values(values))

    unmoved = {id_ for id_, row in (await summed(store)).items() if row["unmoved"]}

    assert unmoved == {"moved-L2", "later-L1", "nowhere-L1"}
