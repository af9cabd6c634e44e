"""What became of a customer's locations in the waves that were started."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from rules.account import Became, Run
from rules.location_life import MOVED, MOVING, State
from rules.wave_life import State as WaveState
from store.driver import all_found


def _listed(states: Iterable[State]) -> str:
    return ", ".join(f"'{state}'" for state in sorted(states))


IN_A_RUN = f"state <> '{State.returned}'"
"""Of a row of `wave_locations`: it is in the run of its wave, which has not given it back."""
HAS_MIGRATED = f"state IN ({_listed(MOVED)})"
"""The same: it works with the new system."""
IS_STUCK = f"state IN ({_listed([State.failed, State.rolling_back, State.rolled_back])})"
"""The same: it tried to, and does not."""
IS_OPEN = f"state IN ({_listed([*MOVING, State.failed, State.rolling_back, State.rolled_back])})"
"""The same: it is not where it should be yet."""

WHY = """
    SELECT ids.id, ids.week, (
        SELECT jsonb_build_object('on', failed_on, 'why', words, 'remedy', remedy)
        FROM failures JOIN causes ON causes.id = failures.cause_id
        WHERE failures.week = ids.week AND location_id = ids.id AND NOT withdrawn
        ORDER BY attempt DESC LIMIT 1
    ) AS failure, (
        SELECT jsonb_build_object('on', at::date, 'why', words) FROM location_steps
        WHERE location_id = ids.id AND location_steps.week = ids.week AND step = 'roll back'
        ORDER BY version DESC LIMIT 1
    ) AS roll_back, (
        SELECT jsonb_build_object('on', at::date, 'why', words) FROM location_steps
        WHERE location_id = ids.id AND location_steps.week = ids.week
        AND step = 'give back to the plan' ORDER BY version DESC LIMIT 1
    ) AS given_back, (
        SELECT jsonb_build_object('on', at::date, 'why', words) FROM wave_steps
        WHERE wave_steps.week = ids.week AND step = 'pause' ORDER BY version DESC LIMIT 1
    ) AS pause
    FROM unnest($1::text[], $2::date[]) AS ids (id, week)
"""
"""What happened to a location in a wave, of each kind the last."""


def runs_of(condition: str) -> str:
    """A query of the runs of those rows of `wave_locations` that the condition chooses, as one value.

    `one` is a location of each: what happened to those that stand alike is told as it did to that.
    """
    return f"""
        SELECT jsonb_agg(to_jsonb(run)) FROM (
            SELECT week, state, migrated_on, count(*) AS locations, min(look_on) AS look_on,
                min(location_id) AS one, (SELECT state FROM waves WHERE waves.week = each.week) AS wave
            FROM wave_locations AS each WHERE {condition}
            GROUP BY week, state, migrated_on, cause_id
        ) AS run
    """


async def told(connection: AsyncConnection, found: Sequence[Mapping[str, Any]]) -> tuple[Run, ...]:
    """The runs that such a query found; of those that are not where they should be, why."""
    runs = {(facts["one"], facts["week"]): _run(facts) for facts in found}
    stuck = [key for key, run in runs.items() if _is_stuck(run)]
    if stuck:
        ids, weeks = zip(*stuck, strict=True)
        rows = await all_found(connection, WHY, ids, list(map(date.fromisoformat, weeks)))
        for row in rows:
            key = row["id"], row["week"].isoformat()
            runs[key] = _with_why(runs[key], row)
    return tuple(runs.values())


def _run(facts: Mapping[str, Any]) -> Run:
    migrated_on, look_on = facts["migrated_on"], facts["look_on"]
    return Run(
        week=date.fromisoformat(facts["week"]),
        wave=WaveState(facts["wave"]),
        state=State(facts["state"]),
        locations=facts["locations"],
        on=date.fromisoformat(migrated_on) if migrated_on else None,
        look_on=date.fromisoformat(look_on) if look_on else None,
    )


def _is_stuck(run: Run) -> bool:
    return run.state not in MOVED and run.became is not Became.moving


def _with_why(run: Run, row: Mapping[str, Any]) -> Run:
    """The run with what there is to tell of it: of one that came back, what happened before that."""
    before, why = _told(run, row)
    on = why.get("on")
    return replace(
        run,
        on=date.fromisoformat(on) if on else None,
        why=why.get("why") or "",
        remedy=why.get("remedy") or "",
        came_before=before,
    )


def _told(run: Run, row: Mapping[str, Any]) -> tuple[Became, Mapping[str, Any]]:
    if run.became is Became.held:
        return Became.held, row["pause"] or {}
    if run.became is Became.failed:
        return Became.failed, row["failure"] or {}
    ways = {
        Became.rolled_back: row["roll_back"],
        Became.failed: row["failure"],
        Became.held: row["given_back"],
    }
    return next(((before, told) for before, told in ways.items() if told), (Became.held, {}))
