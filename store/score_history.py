"""What one customer or location scored in each plan that was published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from store.driver import all_found

IN_PLANS = """
    SELECT plans.id AS plan_id, plans.made_on, plans.scoring_id, scored.*
    FROM plans CROSS JOIN LATERAL (
        SELECT avg(health) AS health, avg(priority) AS priority, count(*) AS locations
        FROM scores WHERE scores.scoring_id = plans.scoring_id AND scores.{whose} = $1
    ) AS scored
    WHERE plans.state = 'published' AND scored.locations > 0
    ORDER BY plans.id DESC LIMIT $2
"""
WHOSE = {
    "customer": IN_PLANS.format(whose="customer_id"),
    "location": IN_PLANS.format(whose="location_id"),
}


@dataclass(frozen=True, slots=True)
class PastScore:
    """The mean scores of so many locations in one plan; None where nothing was known, or nothing moves."""

    plan_id: int
    made_on: date
    scoring_id: int
    health: float | None
    priority: float | None
    locations: int


class ScoreHistory:
    """The scores that published plans were made with."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, kind: str, identity: str, *, most: int) -> Sequence[PastScore]:
        """What this customer or location scored in the plans, the newest first."""
        return [
            PastScore(**row)
            for row in await all_found(self._connection, WHOSE[kind], identity, most)
        ]
