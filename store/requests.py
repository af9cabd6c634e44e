"""What is known of locations that somebody wants to move, so that the rules can say what is possible."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from rules.activity import OFFBOARDED, State
from rules.calendar import Blackout, week_zero
from rules.parameters import Parameters
from rules.releases import Features, Release, release_of
from rules.requests import Verdict, Wanted, verdicts
from store.driver import all_found, looked_up

WITH_THEIR_CUSTOMERS = """
    SELECT id, customer_id, status, region, array_to_string(requires, ';') AS requires,
        (SELECT week FROM promises WHERE location_id = locations.id) AS week,
        (SELECT week FROM wave_locations WHERE location_id = locations.id
         AND wave_locations.state <> 'back in the plan') AS in_wave,
        EXISTS (SELECT FROM promises JOIN waves ON waves.week = promises.week
         WHERE location_id = locations.id AND started_at IS NOT NULL) AS was_started,
        (SELECT state FROM scores WHERE location_id = locations.id
         AND scoring_id = (SELECT max(id) FROM scorings)) AS state
    FROM locations WHERE customer_id = ANY (ARRAY(
        SELECT DISTINCT customer_id FROM locations WHERE id = ANY ($1::text[])))
"""
"""Looked up one by one: joined, all scores of a million locations might be read for a few."""
FEATURES = "SELECT key, target_release_on, released_on FROM features"
BLACKOUTS = """
    SELECT region, from_date AS starts, to_date AS ends, coalesce(why, '') AS why FROM blackouts
    WHERE to_date >= $1
"""
WAVES_RUN = "SELECT count(*) AS waves FROM waves WHERE week < $1"
CUSTOMERS = """
    SELECT customer_id FROM locations WHERE id = ANY ($1::text[])
    GROUP BY customer_id ORDER BY count(*) DESC, customer_id
"""
LAST_WEEK = """
    SELECT CASE WHEN count(*) = count(week) THEN max(week) END AS week
    FROM unnest($1::text[]) AS asked (id) LEFT JOIN promises ON location_id = asked.id
"""
USUAL_SIZE = """
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY locations) AS size FROM (
        SELECT count(*) AS locations FROM locations WHERE status <> 'offboarded'
        GROUP BY customer_id
    ) AS customers
"""
OF_CUSTOMER = "SELECT id FROM locations WHERE customer_id = $1 ORDER BY id"


@dataclass(frozen=True, slots=True)
class Coming:
    """Locations and features that are about to be imported, in rows as they are looked up here."""

    locations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    features: Features = field(default_factory=dict)

    def beside(self, locations: Collection[str], known: Sequence[Mapping[str, Any]]) -> list[Any]:
        """The rows to come of the customers of these locations, or whose rows are known."""
        asked = {row["customer_id"] for row in known}
        asked |= {
            self.locations[each]["customer_id"] for each in locations if each in self.locations
        }
        return [row for row in self.locations.values() if row["customer_id"] in asked]


NOTHING_COMING = Coming()


class Requests:
    """Whether what somebody wishes for is possible."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def locations_of(self, customer_id: str) -> list[str]:
        """The ids of all locations of a customer."""
        return [row["id"] for row in await all_found(self._connection, OF_CUSTOMER, customer_id)]

    async def customers_of(self, locations: Collection[str]) -> list[str]:
        """The ids of the customers of these locations, who has most of them first."""
        rows = await all_found(self._connection, CUSTOMERS, list(locations))
        return [row["customer_id"] for row in rows]

    async def last_week(self, locations: Collection[str]) -> date | None:
        """The last Monday that these locations were promised; None where one has no week."""
        row = await looked_up(self._connection, LAST_WEEK, list(locations))
        week: date | None = row["week"]
        return week

    async def verdicts(
        self,
        locations: Collection[str],
        wished_on: date,
        *,
        today: date,
        parameters: Parameters,
        coming: Coming = NOTHING_COMING,
    ) -> dict[Verdict, list[str]]:
        """What is said of these locations, by id, once what is `coming` is there; see `rules.requests`.

        A pilot is small and healthy. Who is small gets the benefit of the doubt here: whether it is
        healthy too is found when the wish is weighed.
        """
        first_monday = week_zero(today)
        waves = await looked_up(self._connection, WAVES_RUN, first_monday)
        waves_run = int(waves["waves"])
        pilots_before = first_monday + timedelta(weeks=parameters.pilot_weeks - waves_run)
        is_among_pilots = first_monday <= wished_on < pilots_before
        wanted = await self._wanted(
            locations,
            today,
            coming,
            pilots_before=pilots_before,
            pilots_up_to=await self._usual_size() if is_among_pilots else 0,
        )
        blackouts = await all_found(self._connection, BLACKOUTS, today)
        return verdicts(
            wanted,
            wished_on,
            today=today,
            blackouts=[Blackout(**row) for row in blackouts],
            waves_run=waves_run,
            parameters=parameters,
        )

    async def _usual_size(self) -> float:
        """How many locations the median customer has."""
        row = await looked_up(self._connection, USUAL_SIZE)
        return row["size"] or 0

    async def _wanted(
        self,
        locations: Collection[str],
        today: date,
        coming: Coming,
        *,
        pilots_before: date,
        pilots_up_to: float,
    ) -> dict[str, Wanted | None]:
        rows = await all_found(self._connection, WITH_THEIR_CUSTOMERS, list(locations))
        rows = [*rows, *coming.beside(locations, rows)]
        features: Features = {
            row["key"]: (row["target_release_on"], row["released_on"])
            for row in await all_found(self._connection, FEATURES)
        } | coming.features
        releases = {
            requires: release_of(requires, features, today)
            for requires in {row["requires"] for row in rows}
        }
        regions: dict[tuple[object, ...], set[str]] = defaultdict(set)
        for row in rows:
            regions[_together(row, releases)].add(row["region"] or "")
        known = {row["id"]: row for row in rows}
        sizes = Counter(row["customer_id"] for row in rows if row["status"] != OFFBOARDED)
        begun_before = week_zero(today)

        def wanted(row: Mapping[str, Any]) -> Wanted:
            week = row["week"]
            has_begun = week and week < begun_before and not row.get("was_started")
            return Wanted(
                releases[row["requires"]],
                regions=frozenset(regions[_together(row, releases)]),
                begun_on=row.get("in_wave") or (week if has_begun else None),
                is_churned=row["status"] == OFFBOARDED or row["state"] == State.churned,
                may_pilot=(bool(week) and week < pilots_before)
                or sizes[row["customer_id"]] <= pilots_up_to,
            )

        return {each: wanted(known[each]) if each in known else None for each in locations}


def _together(row: Mapping[str, Any], releases: Mapping[str, Release]) -> tuple[object, ...]:
    """Locations with the same go together, as `rules.question.Material.question` has it."""
    return row["customer_id"], releases[row["requires"]].from_day, row["week"]
