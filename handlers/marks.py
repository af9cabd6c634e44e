"""Marks of many locations at once: what the sheet, the command line and the API share.

Each mark is judged by itself: it is taken, known already, or refused with words. What is taken goes
through `handlers.running`, as a press in Slack does.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from handlers.blocks import Words
from handlers.errors import Refused
from handlers.running import take_steps, would_refuse
from handlers.wave_turn import Outcome as Steps
from handlers.wave_turn import Refusal, Wish, subject
from rules.calendar import start_of_week
from rules.location_life import Step, Who
from rules.mark_hindrances import OF_DAY
from rules.marking import COLUMN, Fate, Mark, Outcome, Trouble, fate
from store.audit import Change
from store.failures import Try
from store.marks import Run
from store.session import Reading, Transaction

LOCATION, DAY = "location_id", "on"
OTHERWISE = "Something changed just now, so nothing was marked. {words} Please look again."


@dataclass(frozen=True, slots=True)
class Part:
    """Who marks, and in which part."""

    by: str
    who: Who


@dataclass(frozen=True, slots=True)
class Judged:
    """What becomes of a mark in the wave of a week; `why` has plain words where it cannot be taken.

    `column` is what would have to be written otherwise then.
    """

    mark: Mark
    week: date
    fate: Fate
    run: Run | None = None
    why: str = ""
    column: str = LOCATION

    @property
    def is_taken(self) -> bool:
        """Whether it changes something."""
        return not (self.why or self.fate.is_known)

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """The steps that its location is to take, in turn."""
        return tuple(_wish(self.mark, step) for step in self.fate.steps)


async def judge(
    reading: Reading,
    marks: Sequence[tuple[Mark, date | None]],
    part: Part,
    *,
    hold: bool = False,
) -> list[Judged]:
    """What becomes of marks, each with the week of its wave, or None: the one that its location is in.

    The answers are in the order of the marks; a location is named once at most. `hold` keeps the waves
    as they are until the commit, so that what is judged then can be taken.
    """
    named = [mark.location_id for mark, _ in marks]
    runs = await reading.marks.runs(named)
    if hold and await _hold(reading, {week for _, week in marks if week}, runs):
        runs = await reading.marks.runs(named)
    weeks = {id_: run.week for id_, run in runs.items()}
    weeks |= await reading.marks.promised([each for each in named if each not in runs])
    today = (await reading.clock.now()).date()
    this_week = start_of_week(today)
    judged = [
        _judged(mark, wave or weeks.get(mark.location_id, this_week), runs.get(mark.location_id))
        for mark, wave in marks
    ]
    refused: dict[str, Refusal] = {}
    for week, group in _by_week(judged):
        refused |= await _refused(reading, week, group, part)
    return [_or_refused(each, refused.get(each.mark.location_id)) for each in judged]


async def mark_all(tx: Transaction, judged: Sequence[Judged], part: Part) -> None:
    """Mark what was judged in this transaction, with its waves held.

    Raises:
        Refused: something that was possible is not any more; nothing is marked.
    """
    for week, group in _by_week(judged):
        taken = [each for each in group if each.is_taken]
        again = [each.wishes[0] for each in taken if each.fate.is_again and each.wishes]
        steps = [each.wishes[-1] for each in taken if each.wishes]
        for wishes in (again, steps):
            if wishes:
                _check(await take_steps(tx, week, wishes, by=part.by, who=part.who))
        await _keep_remedies(tx, week, taken, part)


async def _hold(reading: Reading, named: set[date], runs: Mapping[str, Run]) -> bool:
    """Hold the waves that marks are about, in their order, so that nobody waits for each other."""
    weeks = named | {run.week for run in runs.values()}
    for week in sorted(weeks):
        await reading.waves.get(week, for_change=True)
    return bool(weeks)


def _judged(mark: Mark, week: date, run: Run | None) -> Judged:
    here = run if run and run.week == week else None
    found = fate(mark, here.stands if here else None)
    if found.trouble:
        return Judged(mark, week, found, here, _words(found.trouble, here), COLUMN[found.trouble])
    return Judged(mark, week, found, here)


def _words(trouble: Trouble, run: Run | None) -> str:
    return _plain(Words("marks", stands=run.stands if run else None).plain(trouble.name))


def _plain(words: str) -> str:
    """As a cell of a sheet and a program have it."""
    return words.replace("\N{NO-BREAK SPACE}", " ")


async def _refused(
    reading: Reading, week: date, judged: Sequence[Judged], part: Part
) -> dict[str, Refusal]:
    """Why the first steps of some of these cannot be taken, by location."""
    wishes = [each.wishes[0] for each in judged if each.wishes]
    if not wishes:
        return {}
    refusals = await would_refuse(reading, week, wishes, by=part.by, who=part.who)
    return {each.location_id: each for each in refusals}


def _or_refused(judged: Judged, refusal: Refusal | None) -> Judged:
    if refusal is None:
        return judged
    column = DAY if refusal.hindrance in OF_DAY else judged.column
    return replace(judged, why=_plain(refusal.plain), column=column)


def _by_week(judged: Sequence[Judged]) -> Iterator[tuple[date, list[Judged]]]:
    """Those that could be taken by themselves, wave by wave."""
    fine = sorted((each for each in judged if not each.why), key=lambda each: each.week)
    for week, group in groupby(fine, key=lambda each: each.week):
        yield week, list(group)


def _wish(mark: Mark, step: Step) -> Wish:
    if step is Step.try_again:
        # The day of the move after it, so that a wrong one is refused before anything is taken.
        return Wish(mark.location_id, step, words=mark.remedy.strip(), on=mark.on)
    if step is Step.fail:
        words, lost = mark.cause.strip(), mark.lost_orders
        return Wish(mark.location_id, step, words=words, lost_orders=lost, on=mark.on)
    return Wish(mark.location_id, step, on=mark.on)


def _check(outcome: Steps) -> None:
    for refusal in outcome.refused:
        raise Refused(OTHERWISE.format(words=refusal.plain))


async def _keep_remedies(tx: Transaction, week: date, judged: Sequence[Judged], part: Part) -> None:
    """Keep what was done about failures, of those that say it with the failure or after it."""
    tries = [
        Try(each.mark.location_id, each.run.attempt, each.mark.remedy.strip())
        for each in judged
        if each.run and each.mark.outcome is Outcome.failed and each.mark.remedy.strip()
    ]
    if not tries:
        return
    at = await tx.clock.now()
    await tx.failures.remedy(week, tries, by=part.by, at=at)
    told = {each.location_id: each.words for each in tries}
    tx.audit(Change("remedy told", subject(week), after=told))
