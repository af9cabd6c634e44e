"""What the steps, the audit and the timeline tell of a wave."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from handlers.wave_turn import Wish
from rules import location_life, wave_life
from rules.location_life import Step
from store.session import Store
from tests.handlers.running.steps import (
    PAUSE,
    WEEK,
    fail,
    marked,
    migrate,
    started,
    states,
    wave_state,
    wave_step,
)
from tests.world import run


async def test_the_steps_and_the_audit_tell_where_everything_stands(store: Store) -> None:
    await started(store)
    await marked(store, *migrate("joes-L1"), fail("joes-L2"))
    await marked(store, Wish("joes-L2", Step.try_again, "New cable"))
    await marked(store, *migrate("joes-L2", "joes-L3"))

    async with store.reading() as reading:
        stands = await states(store)
        for location, state in stands.items():
            steps = await reading.wave_locations.steps(WEEK, location)
            went = [(step.taken, wave_life.State(step.wave_state)) for step in steps]
            assert location_life.replay(went).state is state
        wave_steps = await reading.waves.steps(WEEK)
        audit = await reading.connection.execute(
            text("SELECT action, after FROM audit WHERE subject = 'wave 2022-01-17' ORDER BY id")
        )
        told = [tuple(each) for each in audit]
    assert wave_life.replay([step.taken for step in wave_steps]).state == await wave_state(store)
    assert [action for action, _ in told if action != "wave locations"] == [
        f"wave {step.step}" for step in wave_steps
    ]
    last = {
        location: after["state"]
        for action, told_after in told
        if action == "wave locations"
        for location, after in told_after["locations"].items()
    }
    assert last == stands


async def test_the_timeline_tells_a_customer_once_what_happened_to_several(store: Store) -> None:
    await started(store)
    await marked(store, *migrate("joes-L1", "joes-L2"), fail("joes-L3"))
    await wave_step(store, PAUSE, wave_life.Who.lead, "Two chains failed")

    async with store.reading() as reading:
        entries, total = await reading.timeline.of_customer("joes", skip=0, most=9)
        of_one, _ = await reading.timeline.of_location("joes-L1", skip=0, most=9)
    assert total == len(["migrated", "failed", "wave paused"])
    paused, *others = entries
    assert (paused.event, paused.facts["words"]) == ("wave paused", "Two chains failed")
    (migrated,) = [each for each in others if each.event == "migrated"]
    (failed,) = [each for each in others if each.event == "failed"]
    assert migrated.facts["locations"] == len(["joes-L1", "joes-L2"])
    assert (failed.location, failed.facts["words"]) == ("Joe's Pizza", "Menu sync stopped")
    assert [each.event for each in of_one] == ["migrated"]


@pytest.mark.parametrize("table", ["wave_steps", "location_steps"])
async def test_steps_are_never_rewritten(store: Store, table: str) -> None:
    for statement in (f"UPDATE {table} SET by = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            await run(store, statement)
