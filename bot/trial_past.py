"""The past of a trial: three waves run as people run them, through what every door shares."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TypeAlias
from uuid import uuid4

from sqlalchemy import text

from bot.example import past, people
from bot.example.dates import moved
from bot.example.moves import Moves
from bot.example.past import Trouble
from bot.example.sheets import (
    write_first_sheets,
    write_newer_history,
    write_roadmap,
    write_sheets,
)
from bot.example.world import World, location_ids
from bot.trial_announcements import announcing, say_newest
from handlers.check_keeping import Judged, keep_checks
from handlers.checking import by_wave, figures_of, grouped
from handlers.going_on import go_on
from handlers.importing import import_sheets
from handlers.planning import publish_first_plan
from handlers.roles import addressed
from handlers.rollback_confirming import confirm, under_way
from handlers.rolling_back import WayBack, begin_rollback
from handlers.running import start_wave, take_steps
from handlers.wave_turn import WAVEPOST, Wish
from rules import wave_life
from rules.judging import judged
from rules.location_life import MOVED, MOVING, State, Step, Who
from store.location_runs import WaveLocation
from store.outbox import Message
from store.session import Transaction

Scene: TypeAlias = tuple[date, int, Callable[[], Awaitable[None]]]
"""A day of the world that lives in January 2022, an hour of it in UTC, and what happened then."""

MORNING, AFTERNOON, EVENING = 14, 18, 21
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (timedelta(days=day) for day in range(5))
FORGOTTEN = ("tidings", "posts", "jobs")
"""What was to be told, changed in messages or worked on then: all of that is over."""


class Then(Transaction):
    """What somebody did in the past: it is kept, and what was said of it then is not said now."""

    def say(self, message: Message) -> None:
        """Nothing: who was to hear of it has heard."""


class Past:
    """What happened in a world up to its today, made to happen scene by scene in one transaction.

    Business time is back where it was when all is over.
    """

    def __init__(self, tx: Transaction, folder: Path, places: World) -> None:
        self._tx, self._folder, self._places = tx, folder, places
        self._ids = {id_: place for place, id_ in enumerate(location_ids(places))}
        self._known_until = self._on(past.PLANNED_ON)

    async def live(self) -> None:
        """Let all of it happen that lies before today, and bring the sheets of today."""
        now = await self._tx.clock.now()
        for day, hour, scene in sorted(self._scenes(), key=lambda scene: scene[:2]):
            if self._on(day) >= self._places.today:
                break
            at = datetime.combine(self._on(day), time(hour), UTC)
            await self._tx.clock.set_now(at)
            await scene()
        await self._tx.clock.set_now(now)
        await self._today()
        for table in FORGOTTEN:
            await self._tx.connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - named above
        await say_newest(self._tx)

    def _scenes(self) -> list[Scene]:
        first, second, third = past.FIRST, past.SECOND, past.THIRD
        return [
            (past.PLANNED_ON, MORNING, self._plan_first),
            (first, MORNING, lambda: self._start(first)),
            (first + TUESDAY, AFTERNOON, lambda: self._mark(first, 1 / 2, past.IN_FIRST)),
            (first + WEDNESDAY, AFTERNOON, lambda: self._mark(first, 1)),
            (first + THURSDAY, AFTERNOON, lambda: self._try_again(first)),
            (second, MORNING, lambda: self._start(second)),
            (second + TUESDAY, AFTERNOON, lambda: self._mark(second, 1 / 4, past.IN_SECOND[:2])),
            (second + WEDNESDAY, AFTERNOON, lambda: self._mark(second, 1 / 4, past.IN_SECOND[2:])),
            (past.CHECKED_ON[0], MORNING, self._check),
            (second + THURSDAY, AFTERNOON, lambda: self._roll_back(second)),
            (second + FRIDAY, MORNING, lambda: self._go_on(second)),
            (second + FRIDAY, AFTERNOON, lambda: self._try_again(second)),
            (second + FRIDAY, EVENING, lambda: self._mark(second, 1)),
            *[(day, MORNING, self._check) for day in past.CHECKED_ON[1:]],
            (past.DECIDED_ON, AFTERNOON, lambda: self._decide(first)),
            (past.NEW_ROADMAP_ON, MORNING, self._hear_of_features),
            (third, MORNING, lambda: self._start(third)),
            (third + TUESDAY, AFTERNOON, lambda: self._mark(third, 1 / 3, past.IN_THIRD[:1])),
            (third + WEDNESDAY, AFTERNOON, lambda: self._mark(third, 1 / 2, past.IN_THIRD[1:])),
            (third + THURSDAY, AFTERNOON, lambda: self._try_again(third)),
            (third + FRIDAY, AFTERNOON, lambda: self._mark(third, 1 / 2)),
            *announcing(self._by),
        ]

    # Plans and figures

    async def _plan_first(self) -> None:
        """Everybody is imported, and gets a first date."""
        places = await self._seen(self._known_until)
        sheets = await asyncio.to_thread(write_first_sheets, self._folder, places)
        async with self._by(people.DATA_OPS.email) as tx:
            await import_sheets(tx, sheets, today=places.seen_on)
        async with self._by(people.LEAD.email) as tx:
            parameters = await tx.parameters.current()
            await publish_first_plan(tx, today=places.seen_on, parameters=parameters)

    async def _today(self) -> None:
        """The sheets of today come, the last looks that are due are taken, and most are decided about."""
        places = await self._seen(self._places.today)
        sheets = await asyncio.to_thread(write_sheets, self._folder, places)
        async with self._by(people.DATA_OPS.email) as tx:
            await import_sheets(tx, sheets, today=places.today)
        async with self._by(WAVEPOST) as tx:
            await _judge(tx, places.today)
        await self._decide(past.SECOND, but=past.LEFT_TO_DECIDE)

    async def _hear_of_features(self) -> None:
        """The roadmap of now comes: what was released is there, and the rest has slipped."""
        sheet = await asyncio.to_thread(write_roadmap, self._folder, self._places.today)
        today = (await self._tx.clock.now()).date()
        async with self._by(people.DATA_OPS.email) as tx:
            await import_sheets(tx, [sheet], today=today)

    async def _check(self) -> None:
        """The newest weeks of trade come, and whoever moved is judged by them."""
        today = (await self._tx.clock.now()).date()
        places = await self._seen(today)
        sheet = await asyncio.to_thread(
            write_newer_history, self._folder, places, since=self._known_until
        )
        self._known_until = today
        async with self._by(people.DATA_OPS.email) as tx:
            await import_sheets(tx, [sheet], today=today)
        async with self._by(WAVEPOST) as tx:
            await _judge(tx, today)

    async def _seen(self, on: date) -> World:
        """The world as it is seen on a day, with all who have moved."""
        moves = {
            self._ids[row.location_id]: row.migrated_on
            for wave in (past.FIRST, past.SECOND, past.THIRD)
            for row in await self._rows(wave)
            if row.state in MOVED and row.migrated_on
        }
        here = self._places
        known = Moves.of(moves, len(self._ids), here.today, here.seed)
        return replace(here, seen_on=on, moves=known)

    # Waves

    async def _start(self, wave: date) -> None:
        """The wave starts, if there is one: in another year a holiday may be in its place."""
        week = self._on(wave)
        await self._tx.waves.plan(week)
        if await self._tx.waves.get(week):
            async with self._by(people.LEAD.email) as tx:
                await start_wave(tx, week, by=tx.actor, who=wave_life.Who.lead)

    async def _mark(self, wave: date, share: float, troubles: Sequence[Trouble] = ()) -> None:
        """The CSAs mark a share of what each has left; each trouble befalls another customer."""
        left = [row for row in await self._rows(wave) if row.state in MOVING]
        now = {csa: rows[: round(len(rows) * share)] for csa, rows in _by_csa(left).items()}
        befallen = _first_of_each_customer([row for rows in now.values() for row in rows])[::3]
        trouble = dict(zip((row.location_id for row in befallen), troubles, strict=False))
        for csa, rows in now.items():
            wishes = [_mark_of(row, trouble.get(row.location_id)) for row in rows]
            await self._take(wave, csa, wishes)

    async def _try_again(self, wave: date) -> None:
        """What failed is mended and moves after all, except where that does not help."""
        causes = {cause.id: cause.words for cause in await self._tx.causes.all()}
        failed = [row for row in await self._rows(wave) if row.state is State.failed]
        for csa, rows in _by_csa(failed).items():
            known = {row.location_id: past.KNOWN[causes[row.cause_id or 0]] for row in rows}
            again = [Wish(id_, Step.try_again, each.remedy) for id_, each in known.items()]
            outcomes = [
                Wish(id_, Step.migrate if each.is_mended else Step.fail, each.cause)
                for id_, each in known.items()
            ]
            await self._take(wave, csa, again)
            await self._take(wave, csa, outcomes)

    async def _roll_back(self, wave: date) -> None:
        """An approver lets one customer go back, and each who has a task does it."""
        rows = [row for row in await self._rows(wave) if row.state is State.migrated]
        if not rows:
            return
        of_one, _ = Counter(row.customer_id for row in rows).most_common(1)[0]
        back = [row.location_id for row in rows if row.customer_id == of_one]
        async with self._by(people.APPROVER.email) as tx:
            number = await begin_rollback(tx, WayBack(self._on(wave), past.WRONG_PRICES, back))
        items = (await under_way(self._tx, number)).rollback.items
        for owner, task in dict.fromkeys((item.owner, item.task.key) for item in items):
            async with self._as(owner) as tx:
                under = await under_way(tx, number, for_change=True)
                await confirm(tx, under, task, back, is_lead=True)

    async def _go_on(self, wave: date) -> None:
        """An approver lets a wave go on that its brake has stopped, with what was done about it."""
        week = self._on(wave)
        kept = await self._tx.waves.get(week)
        if kept is None or kept.state is not wave_life.State.paused:
            return
        causes = await self._tx.causes.all()
        met = {failure.cause_id for failure in await self._tx.failures.of_wave(week)}
        remedies = {cause.id: past.KNOWN[cause.words].remedy for cause in causes if cause.id in met}
        async with self._by(people.APPROVER.email) as tx:
            await go_on(tx, week, kept.version, words=past.LEARNT, remedies=remedies)

    async def _decide(self, wave: date, *, but: int = 0) -> None:
        """A lead decides about whom the figures did not tell enough, or tell of something else.

        The last ones, so many, are left for today.
        """
        why = {State.undecided: past.ACCEPTED, State.not_passed: past.STOPPED}
        open_ones = [row for row in await self._rows(wave) if row.state in why]
        decided = open_ones[: max(0, len(open_ones) - but)]
        if not decided:
            return
        wishes = [Wish(row.location_id, Step.accept, why[row.state]) for row in decided]
        async with self._by(people.LEAD.email) as tx:
            await take_steps(tx, self._on(wave), wishes, by=tx.actor, who=Who.lead)

    async def _take(self, wave: date, csa: str, wishes: Sequence[Wish]) -> None:
        async with self._by(csa) as tx:
            await take_steps(tx, self._on(wave), wishes, by=tx.actor, who=Who.csa)

    @asynccontextmanager
    async def _by(self, who: str) -> AsyncIterator[Then]:
        """A part of the past that this person did, by e-mail address, or Wavepost itself."""
        actor = who if who == WAVEPOST else (await addressed(self._tx, who)).id
        async with self._as(actor) as tx:
            yield tx

    @asynccontextmanager
    async def _as(self, actor: str) -> AsyncIterator[Then]:
        tx = Then.within(self._tx, actor)
        yield tx
        await tx.write_down(None)

    async def _rows(self, wave: date) -> list[WaveLocation]:
        return await self._tx.wave_locations.of(self._on(wave))

    def _on(self, day: date) -> date:
        return moved(day, self._places.today)


async def _judge(tx: Transaction, today: date) -> None:
    """Judge all that is due; what that makes due is judged too."""
    parameters = await tx.parameters.current()
    for _ in range(parameters.checks.looks):
        due = await tx.checks.due(today)
        for looks in grouped(((each, each.looks + 1) for each in due), parameters):
            figures = await figures_of(tx, looks, parameters)
            found = await asyncio.to_thread(judged, *figures)
            for week, some in by_wave(map(Judged, looks.watched, found)):
                await keep_checks(tx, week, some, parameters, batch=uuid4())


def _mark_of(row: WaveLocation, trouble: Trouble | None) -> Wish:
    if trouble:
        return Wish(row.location_id, Step.fail, trouble.cause)
    return Wish(row.location_id, Step.migrate)


def _by_csa(rows: Sequence[WaveLocation]) -> dict[str, list[WaveLocation]]:
    """The locations of each CSA, both in order."""
    found: dict[str, list[WaveLocation]] = {}
    for row in sorted(rows, key=lambda row: (row.csa_email or "", row.location_id)):
        found.setdefault(row.csa_email or people.LEAD.email, []).append(row)
    return found


def _first_of_each_customer(rows: Sequence[WaveLocation]) -> list[WaveLocation]:
    """One location of each customer, in order."""
    firsts: dict[str, WaveLocation] = {}
    for row in rows:
        firsts.setdefault(row.customer_id, row)
    return list(firsts.values())
