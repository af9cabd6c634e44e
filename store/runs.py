"""What became of a customer's locations in the waves that were started, as one value of a query."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from rules.account import Became, Run
from rules.location_life import State
from rules.wave_life import State as WaveState

FAILURE = """
    SELECT jsonb_build_object('on', failed_on, 'why', words, 'remedy', remedy)
    FROM failures JOIN causes ON causes.id = failures.cause_id
    WHERE failures.week = run.week AND location_id = one AND NOT withdrawn
    ORDER BY attempt DESC LIMIT 1
"""
STEP = """
    SELECT jsonb_build_object('on', at::date, 'why', words) FROM location_steps
    WHERE location_id = one AND location_steps.week = run.week AND step = '{step}'
    ORDER BY version DESC LIMIT 1
"""
PAUSE = """
    SELECT jsonb_build_object('on', at::date, 'why', words) FROM wave_steps
    WHERE wave_steps.week = run.week AND step = 'pause' ORDER BY version DESC LIMIT 1
"""


def runs_of(condition: str) -> str:
    """A query of the runs of those rows of `wave_locations` that the condition chooses.

    What happened to locations that stand alike is told as it did to one of them.
    """
    return f"""
        SELECT jsonb_agg(jsonb_build_object(
            'week', run.week, 'wave', waves.state, 'state', run.state, 'locations', locations,
            'migrated_on', migrated_on, 'look_on', look_on,
            'failure', CASE WHEN run.state IN ('failed', 'back in the plan') THEN ({FAILURE}) END,
            'roll_back', CASE WHEN run.state IN ('rolling back', 'rolled back', 'back in the plan')
                THEN ({STEP.format(step="roll back")}) END,
            'given_back', CASE WHEN run.state = 'back in the plan'
                THEN ({STEP.format(step="give back to the plan")}) END,
            'pause', CASE WHEN run.state IN ('planned', 'migrating')
                AND waves.state IN ('paused', 'rolling back') THEN ({PAUSE}) END))
        FROM (
            SELECT week, state, migrated_on, count(*) AS locations, min(look_on) AS look_on,
                min(location_id) AS one
            FROM wave_locations WHERE {condition} GROUP BY week, state, migrated_on, cause_id
        ) AS run JOIN waves ON waves.week = run.week
    """  # noqa: S608 - the condition is a constant of who asks


def read(facts: Mapping[str, Any]) -> Run:
    """One of the runs that such a query gives."""
    state = State(facts["state"])
    before, told = _told(facts)
    on = facts["migrated_on"] if state.is_on_new_system else told.get("on")
    return Run(
        week=date.fromisoformat(facts["week"]),
        wave=WaveState(facts["wave"]),
        state=state,
        locations=facts["locations"],
        on=date.fromisoformat(on) if on else None,
        why=told.get("why") or "",
        remedy=told.get("remedy") or "",
        look_on=date.fromisoformat(facts["look_on"]) if facts["look_on"] else None,
        came_before=before,
    )


def _told(facts: Mapping[str, Any]) -> tuple[Became, Mapping[str, Any]]:
    """What there is to tell of a run: of one that came back, what happened before that."""
    ways = {
        Became.rolled_back: facts["roll_back"],
        Became.failed: facts["failure"],
        Became.held: facts["pause"] or facts["given_back"],
    }
    return next(((before, told) for before, told in ways.items() if told), (Became.held, {}))
