"""Weighing steps that somebody wants to take with locations of a wave: which can be taken, which not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from handlers.wave_turn import Line, Wish
from rules.activity import OFFBOARDED
from rules.life import StepRefused
from rules.location_facts import Facts, after
from rules.location_life import Standing, Step, Taken, Who, take
from rules.mark_hindrances import BEGINNINGS, Hindrance, day_hindrance, hindrance_of
from rules.naming import is_said
from rules.wave_life import State as WaveState
from store.failure_rows import CauseRow
from store.jobs import Json
from store.location_runs import WaveLocation
from store.session import Reading, Transaction
from store.wave_locations import Whereabouts
from store.wave_rows import WaveRow

NOTED = ("looks", "look_on", "verdict", "why")
"""What a wish may note beside its step."""


@dataclass(frozen=True, slots=True)
class WaveAsked:
    """Of which wave something is asked, by whom in which part, and when."""

    wave: WaveRow
    by: str
    who: Who
    at: datetime

    @property
    def today(self) -> date:
        """The business date."""
        return self.at.date()


@dataclass(frozen=True, slots=True)
class Accepted:
    """A wish that can be granted: the location as it is, and where it stands then.

    `cause` is the one that was chosen from the catalogue, or the one that it is part of by now.
    """

    wish: Wish
    row: WaveLocation
    standing: Standing
    cause: int | None = None

    @property
    def words(self) -> str:
        """What others will read."""
        return self.standing.last.words if self.standing.last else ""


@dataclass(frozen=True, slots=True)
class Hindered:
    """A wish that cannot be granted, what is in the way, and what is known of the location."""

    wish: Wish
    hindrance: Hindrance
    where: Whereabouts
    row: WaveLocation | None = None


async def weigh(
    reading: Reading, asked: WaveAsked, wishes: Sequence[Wish], *, hold: bool = True
) -> tuple[list[Accepted], list[Hindered]]:
    """Which wishes can be granted and which cannot, each in the order of location ids.

    The causes and the locations of the wave that are named are held until the commit, unless this is
    only a look.

    Raises:
        ValueError: a location is named twice.
    """
    ids = sorted(wish.location_id for wish in wishes)
    if len(ids) != len(set(ids)):
        raise ValueError("a location can take one step at a time")
    # Causes first, as a merge holds them, so that nobody waits for each other.
    chosen = {wish.cause for wish in wishes if wish.cause is not None}
    causes = await reading.causes.some(chosen, hold=hold)
    held = await reading.wave_locations.of(asked.wave.week, ids, for_change=hold)
    rows = {row.location_id: row for row in held}
    where = await reading.wave_locations.whereabouts(ids, today=asked.today)
    accepted, hindered = [], []
    for wish in sorted(wishes, key=lambda wish: wish.location_id):
        row, known = rows.get(wish.location_id), where[wish.location_id]
        cause = causes.get(wish.cause) if wish.cause is not None else None
        found = _weighed(asked, wish, row, known, cause)
        if isinstance(found, Hindrance):
            hindered.append(Hindered(wish, found, known, row))
        elif row:
            accepted.append(Accepted(wish, row, found, cause.id if cause else None))
    return accepted, hindered


async def lines_of(
    tx: Transaction, asked: WaveAsked, accepted: Sequence[Accepted]
) -> tuple[Line, ...]:
    """The steps that are granted, each with the location's row after it; new causes are kept."""
    unnamed = {
        each.words for each in accepted if each.wish.step is Step.fail and each.cause is None
    }
    named = await tx.causes.named(unnamed, by=asked.by, at=asked.at) if unnamed else {}
    return tuple(_line(asked, each, named) for each in accepted)


def _weighed(
    asked: WaveAsked,
    wish: Wish,
    row: WaveLocation | None,
    where: Whereabouts,
    cause: CauseRow | None,
) -> Standing | Hindrance:
    if row is None:
        return _absent(asked, where)
    if wish.cause is not None and cause is None:
        return Hindrance.no_cause
    words = wish.words.strip() or (cause.words if cause else "")
    version = row.version if wish.version is None else wish.version
    taken = Taken(wish.step, asked.by, asked.who, version, asked.at, words)
    wave = WaveState(asked.wave.state)
    try:
        standing = take(row.standing(), taken, wave)
    except StepRefused as refused:
        return hindrance_of(refused, wave)
    if wish.step is Step.fail and not is_said(words):
        return Hindrance.no_words
    return _cannot_move(wish, where) or _wrong_day(asked, wish) or standing


def _absent(asked: WaveAsked, where: Whereabouts) -> Hindrance:
    """Why a location is not in the run of this wave."""
    if where.name is None:
        return Hindrance.unknown
    if where.in_run_of:
        return Hindrance.other_wave
    if where.status == OFFBOARDED:
        return Hindrance.offboarded
    if where.promised == asked.wave.week:
        return Hindrance.left_out if asked.wave.started_at else Hindrance.not_started
    if where.promised:
        return Hindrance.other_wave
    return Hindrance.not_eligible if where.lacking else Hindrance.not_planned


def _cannot_move(wish: Wish, where: Whereabouts) -> Hindrance | None:
    """What changed since the wave started, so that the location cannot move after all."""
    if wish.step not in BEGINNINGS:
        return None
    if where.status == OFFBOARDED:
        return Hindrance.offboarded
    return Hindrance.not_eligible if where.lacking else None


def _wrong_day(asked: WaveAsked, wish: Wish) -> Hindrance | None:
    started = asked.wave.started_at
    if wish.on is None or started is None:
        return None
    return day_hindrance(
        wish.on, week=asked.wave.week, started_on=started.date(), today=asked.today
    )


def _line(asked: WaveAsked, accepted: Accepted, named: Mapping[str, int]) -> Line:
    wish, row = accepted.wish, accepted.row
    on = wish.on or asked.today
    cause = None
    if wish.step is Step.fail:
        cause = named[accepted.words] if accepted.cause is None else accepted.cause
    facts = after(_facts(row), row.state, wish.step, on, cause=cause, lost_orders=wish.lost_orders)
    return Line(
        _changed(row, accepted.standing, facts, wish),
        row.state,
        wish.step,
        accepted.words,
        on,
        wish.lost_orders,
        _details(wish, on, cause),
    )


def _changed(row: WaveLocation, standing: Standing, facts: Facts, wish: Wish) -> WaveLocation:
    """The location's row after a step; what checks note beside it counts for more."""
    noted = {name: getattr(facts, name) for name in NOTED} | dict(wish.noted)
    return replace(
        row,
        state=standing.state,
        version=standing.version,
        attempt=facts.attempt,
        migrated_on=facts.migrated_on,
        failed_on=facts.failed_on,
        cause_id=facts.cause,
        lost_orders=facts.lost_orders,
        **noted,
    )


def _facts(row: WaveLocation) -> Facts:
    return Facts(
        attempt=row.attempt,
        migrated_on=row.migrated_on,
        failed_on=row.failed_on,
        cause=row.cause_id,
        lost_orders=row.lost_orders,
        looks=row.looks,
        look_on=row.look_on,
        verdict=row.verdict,
        why=row.why,
    )


def _details(wish: Wish, on: date, cause: int | None) -> Json | None:
    """What is kept with a step: the facts of a mark, and whatever else was given."""
    told: Json = dict(wish.details or {})
    if wish.step in {Step.migrate, Step.fail}:
        told["on"] = on.isoformat()
    if cause is not None:
        told["cause"] = cause
    if wish.lost_orders:
        told["lost_orders"] = True
    return told or None
