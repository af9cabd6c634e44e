"""What the timeline keeps of a wave: a row for each customer and thing that happened."""

import json
from collections import defaultdict
from datetime import date

from handlers.wave_turn import Batch, Line
from rules.location_life import Step
from rules.wave_life import Step as WaveStep
from rules.wave_life import Taken
from store.jobs import Json
from store.session import Transaction
from store.timeline import IDS, Happening, NewEntry

HAPPENINGS = {
    Step.migrate: Happening.migrated,
    Step.fail: Happening.failed,
    Step.try_again: Happening.tried_again,
    Step.unmark: Happening.unmarked,
    Step.passes: Happening.checked,
    Step.misses: Happening.checked,
    Step.look_again: Happening.checked,
    Step.ask: Happening.checked,
    Step.accept: Happening.accepted,
    Step.check_anew: Happening.mended,
    Step.roll_back: Happening.rolling_back,
    Step.end: Happening.rolled_back,
    Step.give_back: Happening.returned,
}
"""What is told of a step; that a move began is not: how it went is told soon."""
OF_WAVES = {
    WaveStep.pause: Happening.wave_paused,
    WaveStep.go_on: Happening.wave_went_on,
}


async def tell_of_locations(tx: Transaction, batch: Batch) -> None:
    """Keep what happened to locations; those of a customer to which the same happened together."""
    alike: dict[tuple[str, str, str], list[Line]] = defaultdict(list)
    for line in batch.lines:
        if line.step in HAPPENINGS:
            facts = json.dumps(_facts(batch, line), default=str, sort_keys=True)
            alike[line.row.customer_id, HAPPENINGS[line.step], facts].append(line)
    entries = [
        _entry(customer, Happening(event), json.loads(facts), [line.location_id for line in lines])
        for (customer, event, facts), lines in alike.items()
    ]
    if entries:
        await tx.timeline.add(entries, actor=batch.by, at=batch.at)


async def tell_of_wave(tx: Transaction, week: date, taken: Taken) -> None:
    """Keep that a wave was paused, or went on, with each customer that waits in it."""
    if taken.step not in OF_WAVES:
        return
    facts: Json = {"week": week.isoformat(), "words": taken.words}
    entries = [
        _entry(customer, OF_WAVES[taken.step], facts, ids)
        for customer, ids in (await tx.wave_locations.waiting(week)).items()
    ]
    if entries:
        await tx.timeline.add(entries, actor=taken.by, at=taken.at)


def _facts(batch: Batch, line: Line) -> Json:
    """Only what is told of such a step, so that what is told alike is kept once."""
    facts: Json = {"week": batch.week, "words": line.words, **(line.details or {})}
    if line.step in {Step.migrate, Step.fail, Step.try_again}:
        facts["attempt"] = line.row.attempt
    if line.step in {Step.unmark, Step.give_back}:
        facts["was"] = line.was
    if HAPPENINGS[line.step] is Happening.checked:
        facts["state"] = line.now
    return facts


def _entry(customer: str, event: Happening, facts: Json, ids: list[str]) -> NewEntry:
    """One location is told of by its name; of several it is told how many they are."""
    told = facts | {"locations": len(ids), IDS: ids}
    return NewEntry(customer, event, told, ids[0] if len(ids) == 1 else None)
