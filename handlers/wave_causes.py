"""Why locations of a wave failed, and for which of these causes nothing was done yet."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from store.session import Reading


@dataclass(frozen=True, slots=True)
class Met:
    """A cause, how many tries failed by it in a wave, and how many of these have no remedy yet."""

    id: int
    words: str
    count: int
    open: int


async def causes_met(reading: Reading, week: date) -> list[Met]:
    """The causes that a wave met, the most frequent first."""
    failures = await reading.failures.of_wave(week)
    met = Counter(each.cause_id for each in failures)
    without = Counter(each.cause_id for each in failures if not (each.remedy or "").strip())
    causes = await reading.causes.some(list(met))
    found = [Met(id_, causes[id_].words, met[id_], without[id_]) for id_ in met]
    return sorted(found, key=lambda each: (-each.count, each.words, each.id))
