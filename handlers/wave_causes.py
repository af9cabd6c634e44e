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
    causes = await reading.causes.some({each.cause_id for each in failures})
    words = {each.id: each.words for each in causes.values() if each.id}
    told = [(cause.id, each) for each in failures if (cause := causes.get(each.cause_id))]
    met = Counter(id_ for id_, _ in told)
    without = Counter(id_ for id_, each in told if not (each.remedy or "").strip())
    found = [Met(id_, words[id_], met[id_], without[id_]) for id_ in words]
    return sorted(found, key=lambda each: (-each.count, each.words, each.id))
