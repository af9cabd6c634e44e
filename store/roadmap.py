"""The roadmap: features with their dates as they slipped, who waits for them, and what else decides dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.calendar import Blackout
from store.tallies import MOVED, Tallies, Tally

FEATURES = text("""
    SELECT key, name, target_release_on, released_on,
        (SELECT jsonb_agg(jsonb_build_array(from_date, to_date) ORDER BY id)
         FROM feature_slips WHERE feature_key = key) AS slips
    FROM features
""")
WAITING_OF = text(f"""
    SELECT customers.id, customers.name, customers.first_week, count(*) AS locations,
        count(*) OVER () AS total
    FROM locations JOIN customers ON customers.id = locations.customer_id
    WHERE csa_email = :csa AND status = 'active' AND CAST(:key AS text) = ANY (requires)
    AND locations.id NOT IN ({MOVED})
    GROUP BY customers.id ORDER BY lower(customers.name), customers.id LIMIT :most
""")
ALIKE_COLUMNS: dict[str, type[pl.DataType]] = {
    "requires": pl.String,
    "region": pl.String,
    "state": pl.Int8,
    "migrated": pl.Boolean,
    "locations": pl.Int64,
}
ELIGIBLE = text(f"""
    WITH missing AS (
        SELECT DISTINCT needed.key FROM locations, unnest(requires) AS needed (key)
        LEFT JOIN features ON features.key = needed.key
        WHERE released_on IS NULL OR released_on > :today
    )
    SELECT locations.customer_id, single.location_id, count(*) AS locations,
        min(promises.week) AS week, max(last.key) AS feature, max(last.released_on) AS released_on
    FROM locations LEFT JOIN promises ON promises.location_id = locations.id
    CROSS JOIN LATERAL (
        SELECT key, released_on FROM features
        WHERE key = ANY (requires) AND key = ANY (CAST(:keys AS text[]))
        ORDER BY released_on DESC, key LIMIT 1
    ) AS last
    CROSS JOIN LATERAL (
        SELECT CASE WHEN locations.id = ANY (CAST(:alone AS text[])) THEN locations.id END
            AS location_id
    ) AS single
    WHERE status = 'active' AND requires && CAST(:keys AS text[])
        AND NOT requires && (SELECT coalesce(array_agg(key), '{{}}') FROM missing)
        AND locations.id NOT IN ({MOVED})
    GROUP BY 1, 2 ORDER BY 1, 2
""")
BLACKOUTS = text("SELECT region, from_date, to_date, why FROM blackouts WHERE to_date >= :today")


@dataclass(frozen=True, slots=True)
class Slip:
    """A date that was given up for another one; None: for none."""

    was: date
    became: date | None


@dataclass(frozen=True, slots=True)
class RoadmapFeature:
    """A feature: its dates, how they slipped, and how many active locations that have not moved need it.

    One that only a master sheet names is not known: it has no date, and nobody can give it one here.
    """

    key: str
    name: str
    target_on: date | None
    released_on: date | None
    slips: tuple[Slip, ...] = ()
    locations: int = 0
    customers: int = 0
    is_known: bool = True

    def is_released(self, today: date) -> bool:
        """Whether it can be used."""
        return self.released_on is not None and self.released_on <= today


@dataclass(frozen=True, slots=True)
class Waiting:
    """A customer of somebody's that waits for a feature, with so many locations; its week, if any."""

    customer_id: str
    name: str
    first_week: date | None
    locations: int


@dataclass(frozen=True, slots=True)
class Eligible:
    """So many locations of a customer, or one of them, that need nothing else after a feature came.

    `week` is the first that they have, if any.
    """

    customer_id: str
    location_id: str | None
    locations: int
    week: date | None
    feature: str
    released_on: date


class Roadmap:
    """Features, and who waits for them."""

    def __init__(self, connection: AsyncConnection, tallies: Tallies) -> None:
        self._connection = connection
        self._tallies = tallies

    async def features(self) -> list[RoadmapFeature]:
        """All features, in no order."""
        waiting = {row["feature"]: row for row in await self._tallies.of(Tally.waiting)}
        rows = (await self._connection.execute(FEATURES)).all()
        known = [
            RoadmapFeature(
                row.key,
                row.name,
                row.target_release_on,
                row.released_on,
                tuple(map(_slip, row.slips or ())),
            )
            for row in rows
        ]
        unknown = [
            RoadmapFeature(key, key, None, None, is_known=False)
            for key in waiting.keys() - {each.key for each in known}
        ]
        return [_waited_for(each, waiting.get(each.key)) for each in (*known, *unknown)]

    async def waiting_of(self, csa: str, key: str, *, most: int) -> tuple[list[Waiting], int]:
        """The customers of a CSA with locations that need a feature, by name; and how many in all."""
        values = {"csa": csa, "key": key, "most": most}
        rows = (await self._connection.execute(WAITING_OF, values)).all()
        found = [Waiting(row.id, row.name, row.first_week, row.locations) for row in rows]
        return found, rows[0].total if rows else 0

    async def eligible(
        self, released: Sequence[str], today: date, *, singled_out: Sequence[str]
    ) -> list[Eligible]:
        """Who needs one of these features, and nothing else that is not released.

        The locations of a customer are told together, but for those that are `singled_out`.
        """
        if not released:
            return []
        values = {"keys": list(released), "today": today, "alone": list(singled_out)}
        rows = await self._connection.execute(ELIGIBLE, values)
        return [
            Eligible(
                row.customer_id,
                row.location_id,
                row.locations,
                row.week,
                row.feature,
                row.released_on,
            )
            for row in rows
        ]

    async def alike(self) -> pl.DataFrame:
        """All locations, as rows of those that are alike: requires, region, state, migrated, locations.

        `state` is that of `rules.activity`, as of the newest scoring.
        """
        return pl.DataFrame(await self._tallies.of(Tally.alike), schema=ALIKE_COLUMNS)

    async def blackouts(self, today: date) -> list[Blackout]:
        """The blackouts that are not past."""
        rows = await self._connection.execute(BLACKOUTS, {"today": today})
        return [Blackout(row.region, row.from_date, row.to_date, row.why or "") for row in rows]


def _waited_for(feature: RoadmapFeature, row: Mapping[str, Any] | None) -> RoadmapFeature:
    if row is None:
        return feature
    return replace(feature, locations=row["locations"], customers=row["customers"])


def _slip(dates: Sequence[str | None]) -> Slip:
    was, became = dates
    return Slip(date.fromisoformat(str(was)), date.fromisoformat(became) if became else None)
