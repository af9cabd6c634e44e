"""Locations are marked: what is kept, and what is refused in words."""

from datetime import date, timedelta

import pytest

from handlers.wave_turn import WAVEPOST, Wish
from rules import wave_life
from rules.location_life import Step, Who
from rules.mark_hindrances import Hindrance
from store.session import Store
from tests.handlers.running.steps import (
    ALL,
    LEA,
    LEO,
    PAUSE,
    WAVE,
    WEEK,
    fail,
    marked,
    migrate,
    started,
    states,
    wave_step,
    why,
)
from tests.world import run


async def test_what_cannot_be_marked_is_refused_by_location_and_the_rest_is_kept(
    store: Store,
) -> None:
    await started(store)
    await marked(store, *migrate("joes-L1"))

    outcome = await marked(
        store,
        *migrate("joes-L1", "joes-L2", "cleos-L1", "gone-L1", "late-L1", "lone-L1", "nowhere"),
        fail("joes-L3", "\u200b\u0301"),
    )

    assert [line.location_id for line in outcome.taken] == ["joes-L2"]
    told = why(outcome)
    assert told.pop("joes-L1").startswith("Dock St is migrated already (U1ANA marked it migrated, ")
    assert told == {
        "cleos-L1": "Cleo's is in the wave of Mon 24 Jan 2022, not in this one.",
        "gone-L1": "Gone Grill is offboarded, so it does not move.",
        "joes-L3": "Say why Joe's Pizza failed: choose a cause, or name a new one.",
        "late-L1": "Late Lunch cannot move: it needs Split payments, which is not released yet "
        "(expected Tue 1 Mar 2022).",
        "lone-L1": "Lone Larder is in no wave yet. The next plan may find it a week.",
        "nowhere": "There is no location nowhere. Its id is the one in the master sheet.",
    }
    assert [each.location_id for each in outcome.refused if each.is_nothing_new] == ["joes-L1"]


async def test_nothing_is_marked_before_the_wave_starts(store: Store) -> None:
    async with store.transaction(actor=LEA) as tx:
        await tx.waves.plan(WEEK)

    outcome = await marked(store, *migrate("joes-L1"))

    assert not outcome.taken
    assert why(outcome) == {
        "joes-L1": f"Dock St cannot move: the wave of {WAVE} has not started. A lead starts it."
    }


async def test_in_a_paused_wave_only_what_was_under_way_is_marked(store: Store) -> None:
    await started(store)
    await marked(store, Wish("joes-L1", Step.begin))
    await wave_step(store, PAUSE, wave_life.Who.lead, "Two chains failed")

    outcome = await marked(store, *migrate("joes-L1", "joes-L2"))

    assert [line.location_id for line in outcome.taken] == ["joes-L1"]
    told = why(outcome)["joes-L2"]
    assert told.startswith(f"Main St cannot move: the wave of {WAVE} is paused, by U3LEO, since ")
    assert told.endswith(": “Two chains failed”. An approver lets it go on.")


async def test_what_came_out_of_reach_since_the_start_cannot_move(store: Store) -> None:
    await started(store)
    await run(store, "UPDATE locations SET status = 'offboarded' WHERE id = 'joes-L1'")
    await run(store, "UPDATE locations SET requires = '{split-pay}' WHERE id = 'joes-L2'")

    outcome = await marked(store, *migrate("joes-L1", "joes-L2"))

    assert {each.location_id: each.hindrance for each in outcome.refused} == {
        "joes-L1": Hindrance.offboarded,
        "joes-L2": Hindrance.not_eligible,
    }


async def test_a_day_before_the_wave_or_still_to_come_is_refused(store: Store) -> None:
    await started(store)

    outcome = await marked(
        store,
        Wish("joes-L1", Step.migrate, on=date(2022, 1, 14)),
        Wish("joes-L2", Step.migrate, on=date(2022, 1, 20)),
    )

    assert why(outcome) == {
        "joes-L1": f"Fri 14 Jan 2022 is before the wave of {WAVE} began. Give the day on which "
        "Dock St moved.",
        "joes-L2": "Thu 20 Jan 2022 is still to come. Give the day on which Main St moved.",
    }


async def test_a_location_that_was_rolled_back_is_not_marked(store: Store) -> None:
    await started(store)
    await marked(store, *migrate("joes-L1", "joes-L2"))
    back = [Wish(each, Step.roll_back, "Orders are lost") for each in ALL[:2]]
    await marked(store, *back, by=LEO, who=Who.approver)
    await marked(store, Wish("joes-L2", Step.end), by=WAVEPOST, who=Who.wavepost)

    outcome = await marked(store, *migrate("joes-L1", "joes-L2"))

    assert [each.hindrance for each in outcome.refused] == [Hindrance.not_now] * 2
    told = why(outcome)
    assert (
        "Dock St is on its way back to the old system (U3LEO had it rolled back, "
        in told["joes-L1"]
    )
    assert (
        "Main St is on the old system again (Wavepost confirmed that it is back, "
        in told["joes-L2"]
    )


async def test_a_location_goes_in_one_wave_at_a_time(store: Store) -> None:
    await started(store)
    later = WEEK + timedelta(weeks=1)
    await run(store, "UPDATE promises SET week = :week WHERE location_id = 'joes-L1'", week=later)

    await started(store, later)
    outcome = await marked(store, *migrate("joes-L1"), week=later)

    assert set(await states(store, later)) == {"cleos-L1", "cleos-L2"}
    assert why(outcome) == {"joes-L1": f"Dock St is in the wave of {WAVE}, not in this one."}


async def test_a_location_is_named_once(store: Store) -> None:
    await started(store)

    with pytest.raises(ValueError, match="one step at a time"):
        await marked(store, *migrate("joes-L1"), fail("joes-L1"))
