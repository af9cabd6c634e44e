"""Publishing a plan: its version and placements, what it promises and moves, and the timeline of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from store.copying import copied_in, copied_out
from store.plans import MoveRow, PlacementRow, PromiseRow
from store.tables import Table
from store.timeline import Happening, TimelineRow

ONE_AT_A_TIME = text("LOCK TABLE plans IN SHARE ROW EXCLUSIVE MODE")
STANDING = text("""
    SELECT id, first_monday, parameters FROM plans WHERE state = 'published'
    ORDER BY id DESC LIMIT 1
""")
PLACEMENTS = "SELECT customer_id, week, locations, binding FROM placements WHERE plan_id = $1"
PLACEMENT_COLUMNS: dict[str, type[pl.DataType]] = {
    "customer_id": pl.String,
    "week": pl.Date,
    "locations": pl.Int64,
    "binding": pl.String,
}
CHANGE = text("""
    UPDATE promises SET customer_id = new.customer_id, week = new.week, plan_id = :plan
    FROM unnest(CAST(:locations AS text[]), CAST(:customers AS text[]), CAST(:weeks AS date[]))
        AS new (location_id, customer_id, week)
    WHERE promises.location_id = new.location_id
""")
WITHDRAW = text("DELETE FROM promises WHERE location_id = ANY (CAST(:locations AS text[]))")
PLAN_WAVES = text("""
    INSERT INTO waves (week, state) SELECT DISTINCT week, 'planned' FROM promises
    ON CONFLICT DO NOTHING
""")
NOTE_WEEKS = text("""
    UPDATE customers SET first_week = now.first_week, last_week = now.last_week
    FROM (SELECT customers.id, min(week) AS first_week, max(week) AS last_week
          FROM customers LEFT JOIN promises ON promises.customer_id = customers.id
          WHERE CAST(:customers AS text[]) IS NULL OR customers.id = ANY (CAST(:customers AS text[]))
          GROUP BY customers.id) AS now
    WHERE now.id = customers.id
    AND (customers.first_week, customers.last_week)
        IS DISTINCT FROM (now.first_week, now.last_week)
""")
DROP_EMPTY_WAVES = text("""
    DELETE FROM waves WHERE state = 'planned' AND week >= :first_monday
    AND NOT EXISTS (SELECT FROM promises WHERE promises.week = waves.week)
""")


@dataclass(frozen=True, eq=False)
class Standing:
    """The plan that holds now: `placements` has customer_id, week, locations and binding."""

    plan_id: int
    first_monday: date
    parameters: dict[str, Any]
    placements: pl.DataFrame


@dataclass(frozen=True, eq=False)
class Publication:
    """What a plan says, and what that changes.

    `placements` has customer_id, week (none: no place), locations and binding. `dates` has, for
    each location, location_id and customer_id, the week it was `promised` (and the customer it was
    `promised_to`) and the `week` it has now, either of which may be missing. `moves` has
    customer_id, from_week, to_week (none: withdrawn), reason, locations and their ids.
    """

    first_monday: date
    placements: pl.DataFrame
    dates: pl.DataFrame
    moves: pl.DataFrame

    @property
    def placed(self) -> int:
        """How many locations have a week."""
        return int(self.dates["week"].count())

    @property
    def unplaced(self) -> int:
        """How many are to move and have none."""
        return int(self.placements.filter(pl.col("week").is_null())["locations"].sum())

    @property
    def news(self) -> pl.DataFrame:
        """The dates of locations that had none."""
        return self.dates.filter(pl.col("promised").is_null() & pl.col("week").is_not_null())

    @property
    def changed(self) -> pl.DataFrame:
        """The dates that replace another one, or that another customer owns now."""
        was = pl.struct(week="promised", customer_id="promised_to")
        both = pl.col("promised").is_not_null() & pl.col("week").is_not_null()
        return self.dates.filter(both & (was != pl.struct("week", "customer_id")))

    @property
    def withdrawn(self) -> pl.DataFrame:
        """The locations that lose their date."""
        return self.dates.filter(pl.col("promised").is_not_null() & pl.col("week").is_null())


class Promises:
    """What was promised. Only a transaction that holds the lock may plan and publish."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lock(self) -> None:
        """Wait until nobody else publishes; held to the end of the transaction. Readers go on."""
        await self._connection.execute(ONE_AT_A_TIME)

    async def standing(self) -> Standing | None:
        """The plan that holds now, the newest that was published; None before the first."""
        row = (await self._connection.execute(STANDING)).first()
        if not row:
            return None
        placements = await copied_out(self._connection, PLACEMENTS, PLACEMENT_COLUMNS, row.id)
        return Standing(row.id, row.first_monday, row.parameters, placements)

    async def publish(self, plan_id: int, new: Publication, *, actor: str, at: datetime) -> None:
        """Write what a plan says, and all that follows from it. `at` is business time."""
        await self._add(PlacementRow, new.placements.with_columns(plan_id=pl.lit(plan_id)))
        await self._promise(new, plan_id)
        await self._add_moves(new, actor=actor, at=at)
        for event, facts in ((Happening.promised, _promised(new)), (Happening.moved, _moved(new))):
            entries = facts.select(
                "customer_id",
                event=pl.lit(event.value),
                facts=pl.struct(pl.lit(plan_id).alias("plan"), pl.exclude("customer_id")),
                actor=pl.lit(actor),
                happened_at=pl.lit(at.isoformat()),
            )
            await self._add(TimelineRow, entries.with_columns(pl.col("facts").struct.json_encode()))

    async def withdraw(self, gone: Publication, *, actor: str, at: datetime) -> None:
        """Withdraw promises, record each as a move to no week, and note the weeks that are left."""
        values = {"locations": gone.withdrawn["location_id"].to_list()}
        await self._connection.execute(WITHDRAW, values)
        await self._add_moves(gone, actor=actor, at=at)
        await self.note_weeks(gone.moves["customer_id"].unique().to_list())

    async def note_weeks(self, customers: Sequence[str] | None = None) -> None:
        """Note with each customer the first and last week that its locations are promised.

        With `customers`, only theirs is looked at.
        """
        values = {"customers": None if customers is None else list(customers)}
        await self._connection.execute(NOTE_WEEKS, values)

    async def _promise(self, new: Publication, plan_id: int) -> None:
        news = new.news.select("location_id", "customer_id", "week", plan_id=pl.lit(plan_id))
        await self._add(PromiseRow, news)
        await self._connection.execute(
            CHANGE,
            {
                "plan": plan_id,
                "locations": new.changed["location_id"].to_list(),
                "customers": new.changed["customer_id"].to_list(),
                "weeks": new.changed["week"].to_list(),
            },
        )
        await self._connection.execute(
            WITHDRAW, {"locations": new.withdrawn["location_id"].to_list()}
        )
        await self._connection.execute(PLAN_WAVES)
        await self._connection.execute(DROP_EMPTY_WAVES, {"first_monday": new.first_monday})
        await self.note_weeks()

    async def _add_moves(self, new: Publication, *, actor: str, at: datetime) -> None:
        moved_on = pl.lit(at.date())
        moves = new.moves.drop("ids").with_columns(actor=pl.lit(actor), moved_on=moved_on)
        await self._add(MoveRow, moves)

    async def _add(self, table: type[Table], rows: pl.DataFrame) -> None:
        await copied_in(self._connection, str(table.__tablename__), rows)


def _promised(new: Publication) -> pl.DataFrame:
    """For each customer with new dates: which of its locations in which week."""
    return (
        new.news.group_by("customer_id", "week")
        .agg(ids=pl.col("location_id").sort(), locations=pl.len())
        .sort("customer_id", "week")
        .group_by("customer_id", maintain_order=True)
        .agg(weeks=pl.struct("week", "locations", "ids"))
    )


def _moved(new: Publication) -> pl.DataFrame:
    """For each customer with moved dates: which of its locations from and to which week, why."""
    return new.moves.group_by("customer_id", maintain_order=True).agg(
        moves=pl.struct("from_week", "to_week", "reason", "locations", "ids")
    )
