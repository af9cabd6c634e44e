"""Checking: all looks that are due, and those whose figures changed, judged by a job."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import polars as pl

from handlers.check_keeping import Judged, keep_checks
from handlers.check_news import tell_of_checks
from handlers.jobs import Work, job
from handlers.looks import FIRST, JUDGE, LAST
from rules.judging import Moved, earliest, judged
from rules.looks import WEEK, Compared
from rules.parameters import Parameters
from store.checks import Watched
from store.session import Reading

Figures: TypeAlias = tuple[pl.DataFrame, pl.DataFrame, list[Moved], Compared, int, Parameters]
AT_ONCE = 5_000
"""So many locations of a wave are kept in one transaction: people wait for it who mark others."""


@dataclass(frozen=True, slots=True)
class Looks:
    """Locations of which a look compares the same weeks, whatever their waves."""

    compared: Compared
    look: int
    watched: tuple[Watched, ...]


@job(JUDGE, in_turn=True)
async def check(work: Work) -> None:
    """Judge what changed and what is due, and tell of all of it once, when it is kept.

    A look that leads to another one which is due as well is judged on, until nothing is.
    """
    async with work.store.reading() as reading:
        parameters = await reading.parameters.current()
    if FIRST in work.job.given:
        for looks in await _changed(work, parameters):
            await _judge(work, looks, parameters)
    seen: set[tuple[date, str, int]] = set()
    while due := await _due(work, parameters, seen):
        for looks in due:
            await _judge(work, looks, parameters)
    async with work.ending() as tx:
        await tell_of_checks(tx, work.job.id)


async def _due(work: Work, parameters: Parameters, seen: set[tuple[date, str, int]]) -> list[Looks]:
    """What is due now and was not judged in vain before: somebody may have changed it meanwhile."""
    async with work.store.reading() as reading:
        watched = await reading.checks.due((await reading.clock.now()).date())
    new = [each for each in watched if (each.week, each.location_id, each.version) not in seen]
    seen.update((each.week, each.location_id, each.version) for each in new)
    return grouped(((each, each.looks + 1) for each in new), parameters)


async def _changed(work: Work, parameters: Parameters) -> list[Looks]:
    """The last looks at all locations that the weeks of the job may tell something else about."""
    first, last = (date.fromisoformat(work.job.given[name]) for name in (FIRST, LAST))
    async with work.store.reading() as reading:
        watched = await reading.checks.judged(first, last, parameters)
    looks = grouped(((each, each.looks) for each in watched), parameters)
    return [
        each
        for each in looks
        if first < each.compared.after.until and last + WEEK > earliest(each.compared, parameters)
    ]


def grouped(looks: Iterable[tuple[Watched, int]], parameters: Parameters) -> list[Looks]:
    """Locations with the number of a look, those together of which the same weeks are compared."""
    groups: dict[tuple[Compared, int], list[Watched]] = defaultdict(list)
    for watched, look in looks:
        groups[watched.compared(look, parameters), look].append(watched)
    return [Looks(*key, tuple(watched)) for key, watched in groups.items()]


async def _judge(work: Work, looks: Looks, parameters: Parameters) -> None:
    """Judge one group in a process of its own, and keep what was found."""
    work.tell("Reading the weeks before and after the move")
    async with work.store.reading(consistent=True) as reading:
        figures = await figures_of(reading, looks, parameters)
    work.tell("Comparing with locations that have not moved", 0, len(looks.watched))
    found = await work.in_child(judged, *figures)
    for week, some in by_wave(map(Judged, looks.watched, found)):
        async with work.meanwhile() as tx:
            await keep_checks(tx, week, some, parameters, batch=work.job.id)


async def figures_of(reading: Reading, looks: Looks, parameters: Parameters) -> Figures:
    """All that a group is judged by, in the order in which `judged` takes it."""
    weeks, watched = looks.compared, looks.watched
    ids = [each.location_id for each in watched]
    sums = await reading.history.compared(weeks)
    weekly = await reading.history.weekly(ids, earliest(weeks, parameters), weeks.after.until)
    moved = [Moved(each.location_id, each.since, each.lost_orders) for each in watched]
    return sums, weekly, moved, weeks, looks.look, parameters


def by_wave(judged_ones: Iterable[Judged]) -> Iterator[tuple[date, list[Judged]]]:
    """Those of each wave, not too many at a time."""
    waves: dict[date, list[Judged]] = defaultdict(list)
    for each in judged_ones:
        waves[each.watched.week].append(each)
    for week, of_wave in waves.items():
        for at in range(0, len(of_wave), AT_ONCE):
            yield week, of_wave[at : at + AT_ONCE]
