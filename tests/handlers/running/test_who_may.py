"""Who wins of two at once, and who may do what."""

import asyncio

import pytest

from handlers.running import take_wave_step
from handlers.wave_refusals import refusal
from handlers.wave_turn import Wish
from rules import wave_life
from rules.life import Outdated
from rules.location_life import Step
from rules.mark_hindrances import Hindrance
from store.session import Store
from tests.handlers.running.steps import (
    ANA,
    LEO,
    NOW,
    PAUSE,
    WAVE,
    WEEK,
    marked,
    migrate,
    parted,
    started,
    wave_step,
    why,
)
from tests.world import run


async def test_of_two_who_mark_at_once_the_second_is_told_who_was_first(store: Store) -> None:
    await started(store)

    outcomes = await asyncio.gather(
        marked(store, Wish("joes-L1", Step.migrate, version=1), by=ANA),
        marked(store, Wish("joes-L1", Step.fail, "No power", version=1), by=LEO),
    )

    (first,) = [each for each in outcomes if each.taken]
    (second,) = [each for each in outcomes if each.refused]
    assert first is not second
    (refused,) = second.refused
    assert refused.hindrance is Hindrance.meanwhile
    by, did, now = (ANA, "migrated", "is migrated")
    if first is outcomes[1]:
        by, did, now = (LEO, "failed", "failed")
    assert refused.plain.startswith(f"{by} was faster and marked it {did}")
    assert refused.plain.endswith(f"Dock St {now} now. Nothing that you did was kept.")


async def test_who_was_first_is_called_by_name_after_leaving(store: Store) -> None:
    await started(store)
    await marked(store, *migrate("joes-L1"), by=LEO)
    await run(
        store,
        "INSERT INTO people (id, name, timezone, kind, active) VALUES (:id, 'Leo', 'UTC', 'member', false)",
        id=LEO,
    )

    outcome = await marked(store, *migrate("joes-L1"))

    (refused,) = outcome.refused
    assert "(Leo marked it migrated, " in refused.plain
    assert f"(<@{LEO}> marked it migrated, " in refused.words


async def test_a_csa_who_judges_or_rolls_back_is_told_who_may(store: Store) -> None:
    await started(store)
    await marked(store, *migrate("joes-L1", "joes-L2"))

    outcome = await marked(
        store, Wish("joes-L1", Step.passes, "Fine"), Wish("joes-L2", Step.roll_back, "Bad")
    )

    assert why(outcome) == {
        "joes-L1": "This is for Wavepost itself to do. Nothing was changed.",
        "joes-L2": "This is for an approver to do. Nothing was changed.",
    }


async def test_a_wave_step_by_who_saw_an_older_wave_is_refused_with_who_was_faster(
    store: Store,
) -> None:
    await started(store)
    paused = await wave_step(store, PAUSE, wave_life.Who.lead, "Two chains failed")
    late = wave_life.Taken(PAUSE, ANA, wave_life.Who.lead, paused.version - 1, NOW, "Me too")

    with pytest.raises(Outdated) as caught:
        async with store.transaction(actor=ANA) as tx:
            await take_wave_step(tx, WEEK, late)

    async with store.reading() as reading:
        told = await refusal(reading, WEEK, caught.value)
    assert told.plain.startswith("U3LEO was faster and paused it, ")
    assert parted(told.plain).endswith(
        f"The wave of {WAVE} is paused now. Nothing that you did was kept."
    )
