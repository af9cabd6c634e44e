"""What can be counted of those locations that an announcement speaks of."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from asyncpg import Record
from sqlalchemy.ext.asyncio import AsyncConnection

from rules import location_life, wave_life
from rules.activity import State as Activity
from rules.announced import Breadth, Cause, Customer, Scope, Wave
from rules.migrated import NOT_STARTED
from rules.progress import Progress, WithoutWeek
from rules.progress import Wave as ProgressWave
from rules.question import CHURNED
from rules.went import Went
from store.driver import all_found, looked_up
from store.tallies import MOVED

STEPS_LOOKED_AT = timedelta(weeks=4)
"""Nobody is tried longer than that after the Monday of a wave, but for a few."""

OF = "locations JOIN customers ON customers.id = locations.customer_id"
IN_SCOPE = {
    Breadth.everything: "$1::text IS NOT NULL",
    Breadth.csa: "customers.csa_email = $1",
    Breadth.region: "region = $1",
    Breadth.feature: "$1 = ANY (requires)",
}
"""Which locations, joined with their customers, a scope of this breadth speaks of; $1 is of what."""

RUN = """
    SELECT location_id FROM wave_locations WHERE week = $1 AND state <> 'back in the plan'
"""
PROMISED = "SELECT location_id FROM promises WHERE week = $1"
CUSTOMERS = """
    SELECT customers.id, customers.name, customers.csa_email, region, requires, count(*) AS locations
    FROM ({whose}) AS listed JOIN locations ON locations.id = location_id
    JOIN customers ON customers.id = locations.customer_id
    WHERE status = 'active' OR {is_run} GROUP BY customers.id, region, requires
"""
WAVE = "SELECT state FROM waves WHERE week = $1"
NEXT = """
    SELECT min(promises.week) AS week FROM {of} JOIN promises ON promises.location_id = locations.id
    WHERE {in_scope} AND status = 'active' AND promises.week > $2
"""
STATES = "SELECT week, state FROM waves"
BY_WEEK = """
    SELECT promises.week, count(*) AS locations FROM {of}
    JOIN promises ON promises.location_id = locations.id WHERE {in_scope} GROUP BY promises.week
"""
STANDING = """
    SELECT run.week, state, count(*) AS locations FROM {of}
    JOIN wave_locations AS run ON run.location_id = locations.id
    WHERE {in_scope} GROUP BY run.week, state
"""
FAILED = """
    SELECT failures.week, count(*) AS failures FROM {of}
    JOIN failures ON failures.location_id = locations.id
    WHERE {in_scope} AND NOT withdrawn GROUP BY failures.week
"""
COUNTS = """
    SELECT count(*) FILTER (WHERE status = 'active' OR is_placed) AS total,
        count(*) FILTER (WHERE status = 'active' AND NOT is_placed AND is_churned) AS churned,
        count(*) FILTER (WHERE status = 'active' AND NOT is_placed AND NOT is_churned AND waits)
            AS waiting
    FROM {of} CROSS JOIN LATERAL (
        SELECT EXISTS (SELECT FROM promises WHERE location_id = locations.id)
            OR EXISTS (SELECT FROM wave_locations WHERE location_id = locations.id
                       AND state <> 'back in the plan') AS is_placed,
            EXISTS (SELECT FROM scores WHERE location_id = locations.id AND state = $3
                    AND scoring_id = (SELECT max(id) FROM scorings)) AS is_churned,
            EXISTS (SELECT FROM unnest(requires) AS needed (key)
                    LEFT JOIN features ON features.key = needed.key
                    WHERE released_on IS NULL OR released_on > $2) AS waits
    ) AS found WHERE {in_scope}
"""
WAITING = f"""
    SELECT feature, count(*) AS locations FROM {{of}}, unnest(requires) AS feature
    WHERE {{in_scope}} AND status = 'active' AND locations.id NOT IN ({MOVED}) GROUP BY feature
"""
CAUSES = """
    SELECT whole.words, count(*) AS failures, count(*) FILTER (WHERE remedy IS NULL) AS open
    FROM {of} JOIN failures ON failures.location_id = locations.id
    JOIN causes AS named ON named.id = cause_id
    JOIN causes AS whole ON whole.id = coalesce(named.merged_into, named.id)
    WHERE {in_scope} AND NOT withdrawn AND EXISTS (
        SELECT FROM location_steps AS step
        WHERE step.week = failures.week AND step.location_id = failures.location_id
        AND step.attempt = failures.attempt AND step.step = 'mark failed' AND step.at > $2)
    GROUP BY whole.id, whole.words ORDER BY whole.id
"""
TRIED = """
    SELECT count(*) AS tried FROM {of}
    JOIN location_steps AS step ON step.location_id = locations.id
    WHERE {in_scope} AND step.step IN ('mark migrated', 'mark failed') AND step.at > $2 AND step.week >= $3
"""
REGIONS = "SELECT DISTINCT coalesce(region, '') AS region FROM {of} WHERE {in_scope} AND status = 'active'"


class Scoped:
    """What can be counted of those locations that an announcement speaks of."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def wave(self, week: date) -> Wave | None:
        """The wave of this Monday with all its customers, in scope or not; None where nobody is in it."""
        found = await looked_up(self._connection, WAVE, week)
        state = wave_life.State(found["state"]) if found else wave_life.State.planned
        whose, is_run = (PROMISED, "false") if state in NOT_STARTED else (RUN, "true")
        rows = await self._customers(week, whose, is_run)
        if not rows and state is wave_life.State.closed:
            rows = await self._customers(week, PROMISED, "true")  # nobody told of its locations
        return Wave(week, state, tuple(_customers(rows))) if rows else None

    async def went(self, scope: Scope, week: date) -> Went:
        """How the wave of this Monday has gone for those in scope; nobody is in one that has not begun."""
        return (await self._went(scope)).get(week, Went({}))

    async def next_week(self, scope: Scope, after: date) -> date | None:
        """The Monday of the first later wave that has anybody in scope."""
        (row,) = await self._found(NEXT, scope, after)
        week: date | None = row["week"]
        return week

    async def progress(self, scope: Scope, today: date) -> tuple[Progress, int]:
        """How far those in scope are, and how many of them have no week and wait for features."""
        (counts,) = await self._found(COUNTS, scope, today, Activity.churned)
        states = {row["week"]: row["state"] for row in await all_found(self._connection, STATES)}
        promised = {row["week"]: row["locations"] for row in await self._found(BY_WEEK, scope)}
        went = await self._went(scope)
        waves = tuple(
            ProgressWave(
                week,
                went[week].locations if week in went else promised[week],
                states.get(week, wave_life.State.planned),
                went.get(week),
            )
            for week in sorted(promised.keys() | went.keys())
        )
        gone = (WithoutWeek(CHURNED, counts["churned"], today),) if counts["churned"] else ()
        return Progress(counts["total"], waves, gone), counts["waiting"]

    async def waiting(self, scope: Scope) -> dict[str, int]:
        """How many locations in scope wait for each feature, by its key."""
        rows = await self._found(WAITING, scope)
        return {row["feature"]: row["locations"] for row in rows}

    async def causes(self, scope: Scope, since: datetime) -> tuple[Cause, ...]:
        """Why locations in scope failed, as far as it was told since an instant of business time."""
        rows = await self._found(CAUSES, scope, since)
        return tuple(Cause(row["words"], row["failures"], row["open"]) for row in rows)

    async def tried(self, scope: Scope, since: datetime) -> int:
        """How many tries of locations in scope were told of since an instant of business time."""
        (row,) = await self._found(TRIED, scope, since, since.date() - STEPS_LOOKED_AT)
        tried: int = row["tried"]
        return tried

    async def regions(self, scope: Scope) -> list[str]:
        """Where the locations in scope are; an empty one for those of which that is not known."""
        return [row["region"] for row in await self._found(REGIONS, scope)]

    async def _customers(self, week: date, whose: str, is_run: str) -> list[Record]:
        query = CUSTOMERS.format(whose=whose, is_run=is_run)
        return await all_found(self._connection, query, week)

    async def _went(self, scope: Scope) -> dict[date, Went]:
        standing: dict[date, dict[location_life.State, int]] = defaultdict(dict)
        for row in await self._found(STANDING, scope):
            standing[row["week"]][location_life.State(row["state"])] = row["locations"]
        failed = {row["week"]: row["failures"] for row in await self._found(FAILED, scope)}
        return {week: Went(counts, failed.get(week, 0)) for week, counts in standing.items()}

    async def _found(self, query: str, scope: Scope, *values: object) -> list[Record]:
        """The rows of a query over the locations in scope; its own values begin at $2."""
        filled = query.format(of=OF, in_scope=IN_SCOPE[scope.breadth])
        return await all_found(self._connection, filled, scope.of, *values)


def _customers(rows: Iterable[Record]) -> Iterable[Customer]:
    """Each customer once, of rows that tell apart where its locations are and what they need."""
    by_id: dict[str, list[Record]] = defaultdict(list)
    for row in rows:
        by_id[row["id"]].append(row)
    for id_, parts in by_id.items():
        regions: dict[str, int] = defaultdict(int)
        features: dict[str, int] = defaultdict(int)
        for part in parts:
            regions[part["region"] or ""] += part["locations"]
            for feature in set(part["requires"]):
                features[feature] += part["locations"]
        yield Customer(
            id=id_,
            name=parts[0]["name"],
            locations=sum(part["locations"] for part in parts),
            csa=parts[0]["csa_email"],
            regions=dict(regions),
            features=dict(features),
        )
