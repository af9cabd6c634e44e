"""How far the migration is, counted: waves, locations, and who has no week."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.location_life import State as LocationState
from rules.progress import Progress, Wave, WithoutWeek
from rules.wave_life import State as WaveState
from rules.went import Went
from store.tallies import Tallies, Tally

WAVES = text("SELECT week, state FROM waves")
STANDING = text(
    "SELECT week, state, count(*) AS locations FROM wave_locations GROUP BY week, state"
)
CAME_BACK = text("""
    SELECT count(DISTINCT location_id) FROM wave_locations AS back
    WHERE state = 'back in the plan'
    AND NOT EXISTS (SELECT FROM promises WHERE promises.location_id = back.location_id)
""")
FAILURES = text("SELECT week, count(*) AS failures FROM failures WHERE NOT withdrawn GROUP BY week")
WITHOUT_WEEK = text("""
    WITH RECURSIVE reasons (binding) AS (
        (SELECT min(binding) FROM placements WHERE week IS NULL)
        UNION ALL
        SELECT (SELECT min(binding) FROM placements
                WHERE week IS NULL AND placements.binding > reasons.binding)
        FROM reasons WHERE reasons.binding IS NOT NULL
    )
    SELECT reasons.binding, sum(locations)::int AS locations, (
        SELECT made_on FROM plans WHERE id = (
            SELECT min(plan_id) FROM placements
            WHERE week IS NULL AND placements.binding = reasons.binding)
    ) AS since
    FROM reasons JOIN placements ON placements.binding = reasons.binding
    WHERE week IS NULL AND plan_id = (
        SELECT max(id) FROM plans WHERE state = 'published')
    GROUP BY reasons.binding ORDER BY reasons.binding
""")
CUSTOMERS = text("SELECT count(DISTINCT customer_id) FROM promises WHERE week = :week")
FEATURES = text("""
    SELECT key, name, target_release_on AS target_on,
        (SELECT count(*) FROM feature_slips WHERE feature_key = key) AS slips
    FROM features WHERE key = ANY(:keys)
""").bindparams(bindparam("keys", type_=ARRAY(Text)))


@dataclass(frozen=True, slots=True)
class FeatureToCome:
    """A feature that is waited for; None: it has no date. `slips` is how often that moved."""

    key: str
    name: str
    target_on: date | None
    slips: int


class Migration:
    """How far the migration is."""

    def __init__(self, connection: AsyncConnection, tallies: Tallies) -> None:
        self._connection = connection
        self._tallies = tallies

    async def progress(self) -> Progress:
        """The waves in order, who has no week by the newest plan, and how many are to move in all."""
        states = {row.week: row.state for row in await self._connection.execute(WAVES)}
        went = await self._went()
        promised = {
            date.fromisoformat(row["week"]): row["locations"]
            for row in await self._tallies.of(Tally.promised)
        }
        (to_move,) = await self._tallies.of(Tally.to_move)
        without = await self._connection.execute(WITHOUT_WEEK)
        return Progress(
            total=to_move["locations"],
            waves=tuple(
                Wave(
                    week,
                    went[week].locations if week in went else promised[week],
                    states.get(week, WaveState.planned),
                    went.get(week),
                )
                for week in sorted(promised.keys() | went.keys())
            ),
            without_week=tuple(
                WithoutWeek(row.binding, row.locations, row.since) for row in without
            ),
            came_back=(await self._connection.execute(CAME_BACK)).scalar_one(),
        )

    async def _went(self) -> dict[date, Went]:
        """How the waves that were started went so far, by week."""
        standing: dict[date, dict[LocationState, int]] = defaultdict(dict)
        for row in await self._connection.execute(STANDING):
            standing[row.week][LocationState(row.state)] = row.locations
        failures = {row.week: row.failures for row in await self._connection.execute(FAILURES)}
        return {week: Went(counts, failures.get(week, 0)) for week, counts in standing.items()}

    async def customers(self, week: date) -> int:
        """How many customers have locations in a wave."""
        found: int = (await self._connection.execute(CUSTOMERS, {"week": week})).scalar_one()
        return found

    async def features(self, keys: Sequence[str]) -> dict[str, FeatureToCome]:
        """What is known of these features, by key; a sheet may name some that nothing is known of."""
        rows = await self._connection.execute(FEATURES, {"keys": list(keys)})
        return {row.key: FeatureToCome(row.key, row.name, row.target_on, row.slips) for row in rows}
