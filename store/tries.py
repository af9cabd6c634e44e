"""Tries of locations as the brake of a wave hears of them."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from rules.location_life import Step
from rules.tries import TELLING, Told
from store.driver import all_found

SINCE = """
    SELECT location_steps.location_id, customer_id, step, location_steps.attempt, batch,
        coalesce((details ->> 'lost_orders')::boolean, false) AS lost_orders
    FROM location_steps JOIN wave_locations USING (week, location_id)
    WHERE week = $1 AND id > $2 AND step = ANY ($3::text[]) ORDER BY id
"""


class Tries:
    """What was told of tries."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def told(self, week: date, *, above: int) -> list[Told]:
        """What steps of locations with an id above this one tell of their tries, in their order."""
        rows = await all_found(self._connection, SINCE, week, above, list(TELLING))
        return [
            Told(
                row["location_id"],
                row["customer_id"],
                Step(row["step"]),
                row["attempt"],
                row["batch"],
                row["lost_orders"],
            )
            for row in rows
        ]
