"""A year of announcements in minutes: time moves, replicas die, Slack and the database fail.

What is heard in each channel is compared with what the almanac says of it.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from multiprocessing.process import BaseProcess
from operator import methodcaller
from typing import NamedTuple, TypeAlias

from sqlalchemy import text

from bot.sandbox.seed import ChannelSeed, TeamSeed, Workspace
from bot.settings import Settings
from rules.announcement import Topic
from store.announcement_rows import ScheduleVersionRow
from store.session import StoreUnavailable
from tests.almanac import Almanac, Slot, Week
from tests.courier_process import announcing
from tests.post_office import PostOffice, until

ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Africa/Casablanca",
    "Asia/Beirut",
    "Pacific/Auckland",
    "America/Sao_Paulo",
)
WEEKDAYS = (0, 0, 2, 4, 6, 6)
TIMES = (time(9), time(9), time(16, 45), time(2, 30), time(1, 30), time(0, 15), time(23, 45))
"""Clocks are changed on Sundays, at night: some of these are skipped then, and some come twice."""

CHANNELS = 20
REPLICAS = 3
PATIENCE = 180.0
MINUTES = timedelta(minutes=7)
"""Past a quarter of an hour, at which things are due: a slow machine may take its time."""

HOUR = timedelta(hours=1)
POST = "chat.postMessage"
FAULTS = (
    methodcaller("no_answer", accepted=True, method=POST),
    methodcaller("server_error", accepted=True, method=POST),
    methodcaller("drop_connection", accepted=True, method=POST),
    methodcaller("drop_connection", method=POST),
    methodcaller("rate_limit", times=5, retry_after=0.2, method=POST),
    methodcaller("rate_limit", retry_after=0.2, method="conversations.history"),
)
WORKSPACE = Workspace(
    team=TeamSeed("Northwind", "northwind"),
    channels=[ChannelSeed(f"c{n}", f"c{n}", app_is_member=True) for n in range(CHANNELS)],
)

STRIDES = 13
"""Between two of the same that is rare."""

Move: TypeAlias = Callable[[datetime, datetime], Awaitable[datetime]]
"""What happens from one instant on, up to another at most; gives what time it is then."""


class Heard(NamedTuple):
    """What became of all weeks: heard by channel, in order, and kept as skipped."""

    said: dict[str, list[Week]]
    skipped: set[Week]


def in_a_hurry(settings: Settings) -> Settings:
    """Replicas that look often, and wait for Slack no longer than one on this machine takes."""
    hurry = {
        "look_every": 0.25,
        "http_timeout": 1.0,
        "lease": 4.0,
        "wait_before_looking": 1.5,
        "pause_between_messages": 0.0,
        "workspace_messages_a_minute": 30_000,
    }
    courier = settings.courier.model_copy(update=hurry)
    # There is no work for them.
    worker = settings.worker.model_copy(update={"look_every": 5.0})
    return settings.model_copy(update={"courier": courier, "worker": worker})


async def planned(
    office: PostOffice, schedules: int, begins: datetime, chance: random.Random
) -> list[Slot]:
    """So many schedules, in all zones and channels, that say something from `begins` on."""
    channels = [office.channel(f"c{number}") for number in range(CHANNELS)]
    await office.know(*(f"c{number}" for number in range(CHANNELS)))
    slots = []
    async with office.store.transaction(actor="test") as tx:
        await tx.clock.set_now(begins)
        for number in range(schedules):
            zone, channel = ZONES[number % len(ZONES)], channels[number % CHANNELS]
            weekday, at = chance.choice(WEEKDAYS), chance.choice(TIMES)
            says = ScheduleVersionRow(
                since=begins,
                by="test",
                channel=channel,
                topic=chance.choice((Topic.waves, Topic.roadmap)),
                weekday=weekday,
                at_time=at,
                zone=zone,
            )
            id_ = await tx.announcement_schedules.add(says)
            slots.append(Slot(id_, channel, zone, weekday, at))
    return slots


class Year:
    """The time from one instant to another, lived by replicas in processes of their own.

    `let_in` opens the database to connections, or closes it to them.
    """

    def __init__(
        self,
        office: PostOffice,
        almanac: Almanac,
        settings: Settings,
        chance: random.Random,
        let_in: Callable[[bool], Awaitable[None]],
    ) -> None:
        self._office = office
        self._almanac = almanac
        self._settings = in_a_hurry(settings)
        self._chance = chance
        self._let_in = let_in
        self._replicas: list[BaseProcess] = []
        self._coming: list[Move] = []
        self.counts: Counter[str] = Counter()

    async def lived(self, begins: datetime, ends: datetime) -> Heard:
        """Live through it; gives what was heard, and what was kept as skipped."""
        try:
            self._start(REPLICAS)
            now = begins
            while now < ends:
                now = await self._next(now, ends)
            await self._office.all_ended(patience=PATIENCE)
            return await self._heard()
        finally:
            self._kill_all()

    async def _next(self, now: datetime, ends: datetime) -> datetime:
        """Let something happen, and time go on; gives what time it is then."""
        if not self._coming:
            rare = (self._to_the_second, self._to_the_second, self._jump, self._night, self._outage)
            self._coming = [*rare, *[self._stride] * STRIDES]
            self._chance.shuffle(self._coming)
        return await self._coming.pop()(now, ends)

    async def _stride(self, now: datetime, ends: datetime) -> datetime:
        """Some hours pass, in which a replica may die and Slack may fail."""
        self.counts["strides"] += 1
        now = min(_quarter(now + self._chance.uniform(2, 11) * HOUR), ends)
        if self._chance.random() < 1 / 3:
            self._chance.choice(FAULTS)(self._office.sandbox.faults)
            self.counts["faults of Slack"] += 1
        await self._set(now)
        if self._chance.random() < 1 / 6:
            # Any moment is one at which a process may die.
            await asyncio.sleep(self._chance.uniform(0, 0.4))
            await self._kill_one()
        await self._settled(now)
        return now

    async def _to_the_second(self, now: datetime, ends: datetime) -> datetime:
        """It is almost time for something, and then it is."""
        due = self._almanac.next_due(now)
        if due is None or due - now > 11 * HOUR or due > ends:
            return await self._stride(now, ends)
        self.counts["moments just before"] += 1
        await self._set(due - timedelta(seconds=0.5))
        await self._settled(due)
        return due

    async def _jump(self, now: datetime, ends: datetime) -> datetime:
        """Somebody sets the clock far ahead, and sets it back when they see it."""
        self.counts["jumps forth and back"] += 1
        ahead = min(_quarter(now + self._chance.uniform(1, 40) * 24 * HOUR), ends)
        await self._set(ahead)
        await self._settled(ahead)
        return await self._stride(now, ends)

    async def _night(self, now: datetime, ends: datetime) -> datetime:
        """All replicas are gone, for hours or days; then they start again."""
        self.counts["times without any replica"] += 1
        self._kill_all()
        now = min(_quarter(now + self._chance.uniform(1, 60) * HOUR), ends)
        await self._set(now)
        self._start(REPLICAS)
        await self._settled(now)
        return now

    async def _outage(self, now: datetime, ends: datetime) -> datetime:
        """The database is away while hours pass."""
        self.counts["outages of the database"] += 1
        now = min(_quarter(now + self._chance.uniform(2, 11) * HOUR), ends)
        await self._set(now)
        await asyncio.sleep(self._chance.uniform(0, 0.2))
        await self._let_in(False)  # noqa: FBT003 - it reads as a sentence
        await asyncio.sleep(self._chance.uniform(0.1, 0.5))
        await self._let_in(True)  # noqa: FBT003 - the same
        await self._settled(now)
        return now

    async def _set(self, now: datetime) -> None:
        async with self._office.store.transaction(actor="test") as tx:
            await tx.clock.set_now(now)

    async def _settled(self, now: datetime) -> None:
        """Return once all is decided that the almanac says of this time."""
        self._almanac.comes_to(now)
        decided = self._almanac.decided.values()
        total, said = len(decided), sum(each.is_said for each in decided)

        async def settled() -> bool:
            self._replace_the_dead()
            query = text("SELECT count(*), count(*) - count(why) FROM announcements")
            try:
                async with self._office.store.reading() as reading:
                    there = (await reading.connection.execute(query)).one()
            except StoreUnavailable:
                return False
            return bool(there[0] >= total and there[1] >= said)

        try:
            await until(settled, patience=PATIENCE)
        except TimeoutError:
            raise AssertionError(f"not everything was decided by {now}: {self.counts}") from None

    def _start(self, replicas: int) -> None:
        self._replicas += [announcing(self._settings) for _ in range(replicas)]

    def _replace_the_dead(self) -> None:
        dead = [replica for replica in self._replicas if not replica.is_alive()]
        for replica in dead:
            self._replicas.remove(replica)
            self._start(1)
            self.counts["replicas that ended by themselves"] += 1

    async def _kill_one(self) -> None:
        killed = self._replicas.pop(self._chance.randrange(len(self._replicas)))
        killed.kill()
        await asyncio.to_thread(killed.join)
        self._start(1)
        self.counts["replicas killed"] += 1

    def _kill_all(self) -> None:
        for replica in self._replicas:
            replica.kill()
            replica.join()
        self._replicas.clear()

    async def _heard(self) -> Heard:
        async with self._office.store.reading() as reading:
            query = text("SELECT message_id, schedule_id, week, why FROM announcements")
            rows = (await reading.connection.execute(query)).all()
        weeks = {str(row.message_id): Week(row.schedule_id, row.week) for row in rows}
        said = {
            channel: [
                weeks[message.metadata["event_payload"]["id"]]
                for message in self._office.sandbox.people.channel(channel).log.messages
                if message.metadata
            ]
            for channel in self._almanac.said
        }
        return Heard(said, {Week(row.schedule_id, row.week) for row in rows if row.why})


def told(year: Year, almanac: Almanac, heard: Heard) -> str:
    """What came of it, for people."""
    times = Counter(week for weeks in heard.said.values() for week in weeks)
    wanted = Counter(week for weeks in almanac.said.values() for week in weeks)
    in_order = sum(heard.said[channel] == weeks for channel, weeks in almanac.said.items())
    happened = ", ".join(f"{count} {what}" for what, count in sorted(year.counts.items()))
    return (
        f"{almanac.expected} were due: {wanted.total()} to be said, {len(almanac.skipped())} to be "
        f"skipped; {times.total()} heard, {len(heard.skipped)} kept as skipped; "
        f"{(times - wanted).total()} twice, {(wanted - times).total()} lost, "
        f"{in_order} of {len(almanac.said)} channels in order. {happened}."
    )


def _quarter(instant: datetime) -> datetime:
    minute = instant.minute // 15 * 15
    return instant.replace(minute=minute, second=0, microsecond=0) + MINUTES
