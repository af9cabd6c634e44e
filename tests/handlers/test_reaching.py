"""Who is in no channel that tells it hears it in their digest, and nobody hears the same by two ways."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from bot.assembly import announce
from handlers.announced_digests import tell_left
from handlers.concerned import tell_concerned
from handlers.digests import tell_due
from handlers.reach_report import of_week, report
from handlers.running import start_wave, take_wave_step
from handlers.told_news import facts_of
from rules.announced import Breadth
from rules.announcement import Topic
from rules.following import EVERY_WAVE, Kind, News, Pace, Subject
from rules.happenings import fact_of
from rules.reach import Outcome, Way, Why
from rules.retelling import WINDOW
from rules.roles import Kind as PersonKind
from rules.wave_life import State, Step, Taken, Who
from store.announcement_rows import ScheduleVersionRow
from store.channels import ChannelRow
from store.people import PersonRow
from store.session import Store
from tests.channels_given import announced
from tests.world import FIRST_MONDAY, World, run

LEDGER = text("SELECT person_id, fact, at FROM told_facts WHERE at >= :since")
ANA, BEN, CLEO, DAN = "U1ANA", "U2BEN", "U3CLEO", "U4DAN"
PEOPLE = (ANA, BEN, CLEO, DAN)
EVERYBODY, EUROPE, OF_BEN = "C1ALL", "C2EUROPE", "C3BEN"
CHANNELS = (EVERYBODY, EUROPE, OF_BEN)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
NINE = datetime(2022, 1, 17, 9, tzinfo=UTC)
NEXT = FIRST_MONDAY + WEEK
SATURDAY = NINE - 2 * DAY


def address(person: str) -> str:
    return f"{person.lower()}@northwind.example"


@pytest.fixture(autouse=True)
async def world(store: Store) -> None:
    """Ana, Ben and Cleo own customers that move next week; Dan follows every wave. All live in UTC."""
    world = World()
    for person in (ANA, BEN, CLEO):
        world.csa(address(person), person)
        for number, week in enumerate((FIRST_MONDAY, NEXT, NEXT + WEEK)):
            customer = f"{person}-{number}"
            world.customer(customer, id=customer, csa=address(person), weeks={week: 1})
    await world.keep(store)
    await moves_to(store, SATURDAY)
    async with store.transaction(actor="test") as tx:
        await tx.people.keep(
            [
                PersonRow(id=each, name=each, email=address(each), kind=PersonKind.member)
                for each in PEOPLE
            ]
        )
        await tx.subscriptions.choose(DAN, EVERY_WAVE, Pace.daily)
        await tx.channels.keep([ChannelRow(id=each, name=each, joined=True) for each in CHANNELS])


async def moves_to(store: Store, now: datetime) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(now)


async def members(store: Store, channel: str, *people: str) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.channels.keep_members(channel, people)


async def scheduled(store: Store, channel: str = EVERYBODY, **changes: Any) -> int:
    says = {
        "since": SATURDAY,
        "by": ANA,
        "channel": channel,
        "topic": Topic.waves,
        "weekday": 0,
        "at_time": time(9),
        "zone": "UTC",
    }
    async with store.transaction(actor=ANA) as tx:
        return await tx.announcement_schedules.add(
            ScheduleVersionRow.model_validate(says | changes)
        )


async def knock(store: Store, now: datetime) -> None:
    """It is `now`, and the clock knocks; what is said in channels and DMs arrives."""
    await moves_to(store, now)
    await announce(store, leads_channel="leads")
    await became(store, "delivered")
    await tell_left(store)
    await tell_due(store)
    await became(store, "delivered")


async def became(store: Store, state: str) -> None:
    await run(store, "UPDATE outbox SET state = :state WHERE state = 'waiting'", state=state)


async def dms(store: Store) -> dict[str, list[list[str]]]:
    """The facts that each DM told, by person, in their order."""
    query = text("""
        SELECT person_id, number, news FROM tidings JOIN outbox ON outbox.id = message_id
        ORDER BY person_id, number
    """)
    told: dict[str, dict[int, list[str]]] = defaultdict(dict)
    async with store.reading() as reading:
        for person, number, news in await reading.connection.execute(query):
            facts = [fact for each in news for fact in facts_of(News.from_json(each))]
            told[person].setdefault(number, []).extend(facts)
    return {person: [sorted(each) for each in numbers.values()] for person, numbers in told.items()}


def moves(customer: str) -> str:
    week = FIRST_MONDAY + int(customer[-1]) * WEEK
    return f"wave|{week}|customer|{customer}"


async def test_who_is_in_a_channel_that_will_tell_it_waits_for_that_and_the_others_get_a_digest(
    store: Store,
) -> None:
    await scheduled(store)
    await scheduled(store, OF_BEN, breadth=Breadth.csa, of=address(BEN), weekday=2)
    await members(store, EVERYBODY, ANA)
    await members(store, OF_BEN, BEN, DAN)
    await knock(store, NINE - timedelta(hours=1))
    assert await dms(store) == {}

    await knock(store, NINE)
    assert await dms(store) == {
        CLEO: [[moves(f"{CLEO}-1")]],
        DAN: [[moves(f"{ANA}-1"), moves(f"{CLEO}-1")]],
    }

    # This week's wave was announced after the digests of that Monday, so it is in those of Tuesday.
    await knock(store, NINE + DAY)
    assert (await dms(store))[CLEO] == [[moves(f"{CLEO}-1")], [moves(f"{CLEO}-0")]]
    await knock(store, NINE + 2 * DAY)
    await knock(store, NINE + 3 * DAY)
    assert set(await dms(store)) == {CLEO, DAN}


@pytest.mark.parametrize("trouble", ["archived", "failed"])
async def test_where_the_channel_got_nothing_its_people_get_a_digest_after_all(
    store: Store, trouble: str
) -> None:
    await scheduled(store)
    await members(store, EVERYBODY, *PEOPLE)
    await knock(store, NINE - timedelta(hours=1))
    if trouble == "archived":
        async with store.transaction(actor="test") as tx:
            await tx.channels.archive(EVERYBODY, archived=True)
    await moves_to(store, NINE)
    await announce(store, leads_channel="leads")
    await became(store, "failed")
    await tell_left(store)
    await knock(store, NINE + timedelta(seconds=15))
    assert set(await dms(store)) == set(PEOPLE)


@pytest.mark.parametrize("change", ["paused", "removed", "elsewhere"])
async def test_who_waited_for_a_schedule_that_does_not_say_it_any_more_gets_a_digest(
    store: Store, change: str
) -> None:
    await scheduled(store)
    id_ = await scheduled(store, OF_BEN, breadth=Breadth.csa, of=address(BEN), weekday=2)
    await members(store, EVERYBODY, ANA, CLEO, DAN)
    await members(store, OF_BEN, BEN)
    await knock(store, NINE)
    assert await dms(store) == {}
    await moves_to(store, NINE + timedelta(hours=3))
    await changed(store, id_, change)
    await knock(store, NINE + timedelta(hours=4))
    await knock(store, NINE + DAY)
    assert await dms(store) == {BEN: [[moves(f"{BEN}-0"), moves(f"{BEN}-1")]]}


async def changed(store: Store, id_: int, change: str) -> None:
    """Let a schedule be "removed", "paused", go "on", or be announced "elsewhere", where nobody is."""
    terms: dict[str, dict[str, Any]] = {
        "paused": {"is_paused": True},
        "on": {"is_paused": False},
        "elsewhere": {"channel": EUROPE},
    }
    async with store.transaction(actor=ANA) as tx:
        (schedule,) = await tx.announcement_schedules.hold([id_])
        now = await tx.clock.now()
        if change == "removed":
            await tx.announcement_schedules.remove(id_, now)
        else:
            says = schedule.current.model_dump() | terms[change] | {"since": now}
            await tx.announcement_schedules.say(id_, ScheduleVersionRow.model_validate(says))


async def test_what_became_known_between_the_look_and_the_digest_is_not_told_again(
    store: Store,
) -> None:
    await scheduled(store, at_time=time(7))
    await members(store, EVERYBODY, ANA, BEN, CLEO)
    await knock(store, NINE - timedelta(hours=2))
    await knock(store, NINE - timedelta(hours=1))
    async with store.reading() as reading:
        assert await reading.tidings.untold(DAN)
    await members(store, EVERYBODY, *PEOPLE)
    await knock(store, NINE + DAY)
    assert await dms(store) == {}


async def test_a_move_that_was_told_is_not_told_again_as_the_wave_that_comes(store: Store) -> None:
    subjects = frozenset({Subject(Kind.customer, f"{CLEO}-1")})
    facts = {"customer": f"{CLEO}-1", "week": str(NEXT), "from": None, "locations": 1}
    async with store.transaction(actor="test") as tx:
        await tell_concerned(tx, "plan 2", [News("promised", subjects, facts)])
    await knock(store, NINE - DAY)
    await knock(store, NINE - timedelta(hours=12))
    await knock(store, NINE)
    await knock(store, NINE + DAY)
    assert (await dms(store))[CLEO] == [[moves(f"{CLEO}-1")]]


async def test_several_replicas_look_once(store: Store) -> None:
    await moves_to(store, NINE - timedelta(hours=1))
    await asyncio.gather(*(tell_left(store) for _ in range(3)))
    async with store.reading() as reading:
        assert [each.cause for each in await reading.tidings.untold(CLEO)] == ["announced 1"]


async def test_a_report_says_how_each_was_reached_and_why_not(store: Store) -> None:
    await scheduled(store)
    await members(store, EVERYBODY, ANA, BEN)
    await run(store, "UPDATE people SET active = false WHERE id = :ben", ben=BEN)
    await run(store, "UPDATE people SET email = NULL WHERE id = :cleo", cleo=CLEO)
    await knock(store, NINE - timedelta(hours=1))
    await knock(store, NINE)
    async with store.transaction(actor=ANA) as tx:
        (one,) = await of_week(tx, FIRST_MONDAY, NINE + DAY)
        assert await tx.reach.press(one.id, ANA, NINE)
        assert not await tx.reach.press(one.id, ANA, NINE)
    async with store.reading() as reading:
        made = await report(reading, [one], NINE + DAY, beside=[one])
    ways = dict(zip(made.of.members, made.reach.of_people.tolist(), strict=True))
    why = {made.of.people[row]: why for row, why in made.reach.unreached}
    assert ways == {ANA: Way.pressed, BEN: Way.missed, DAN: Way.coming, address(CLEO): Way.missed}
    assert why == {BEN: Why.deactivated, address(CLEO): Why.absent}


# Whatever happens


@pytest.mark.parametrize("seed", [1, 2, 6])
async def test_nobody_is_told_the_same_twice_by_two_ways_within_the_window(
    store: Store, seed: int
) -> None:
    """Three weeks of schedules, failures, moves, follows and people who come and go."""
    story = Story(store, Random(seed))
    for channel in CHANNELS:
        await story.members(channel)
    await story.schedules()
    await story.steps()
    for _ in range(20):
        await story.step()
    await story.nobody_waits_in_vain()
    assert story.told_by_dm
    assert story.told_by_channel
    story.nobody_was_told_twice()
    await story.dan_knows_where_the_wave_stands()


class Story:
    """What happens, drawn by chance, and what everybody was told meanwhile."""

    def __init__(self, store: Store, random: Random) -> None:
        self._store = store
        self._random = random
        self._now = SATURDAY
        self._schedules: dict[str, int] = {}
        self.told_by_dm: list[tuple[str, str, datetime]] = []
        self.told_by_channel: list[tuple[str, str, datetime]] = []

    def some(self, of: Sequence[str]) -> list[str]:
        return [each for each in of if self._random.random() < 0.5]

    async def members(self, channel: str) -> None:
        await members(self._store, channel, *self.some(PEOPLE))

    async def schedules(self) -> None:
        for channel in CHANNELS:
            self._schedules[channel] = await scheduled(
                self._store,
                channel,
                topic=self._random.choice([Topic.waves, Topic.everything]),
                weekday=self._random.randrange(5),
                at_time=time(self._random.randrange(6, 18)),
                breadth=Breadth.csa if channel == OF_BEN else Breadth.everything,
                of=address(BEN) if channel == OF_BEN else "",
            )

    async def step(self) -> None:
        """Some hours go by, something happens, and the clock knocks."""
        self._now += timedelta(hours=self._random.randrange(4, 36))
        await moves_to(self._store, self._now)
        happens = self._random.choice(
            [
                self._moves,
                self._follows,
                self._archives,
                self._says_something_else,
                self.steps,
                self._nothing,
            ]
        )
        await happens()
        await self._knocks(fails=self._random.random() < 0.2)

    async def nobody_waits_in_vain(self) -> None:
        """Whatever schedules say after a look, another look finds nobody whom that one did not."""
        for change in ("on", "elsewhere", "paused", "on", "removed"):
            self._now += timedelta(hours=1)
            await moves_to(self._store, self._now)
            await self._looked_again()
            for id_ in self._schedules.values():
                await changed(self._store, id_, change)
            await self._knocks(fails=False)
            assert not await self._looked_again(), change

    async def dan_knows_where_the_wave_stands(self) -> None:
        """Dan follows every wave, so a channel or a DM told him the last thing that this one did."""
        self._now = (self._now + 2 * DAY).replace(hour=12)  # not in anybody's night
        await moves_to(self._store, self._now)
        await self._knocks(fails=False)
        async with self._store.reading() as reading:
            steps = [each.taken for each in await reading.waves.steps(FIRST_MONDAY)]
        facts = [fact for each in steps if (fact := fact_of(FIRST_MONDAY, each))]
        every = [*self.told_by_channel, *self.told_by_dm]
        assert (DAN, facts[-1]) in {(who, what) for who, what, _ in every}

    async def _looked_again(self) -> bool:
        """Whether a look that knows of none before it finds anybody."""
        await run(self._store, "UPDATE digest_looks SET seen = ''")
        before = await self._waiting()
        await tell_left(self._store)
        return await self._waiting() != before

    async def _waiting(self) -> list[str]:
        async with self._store.reading() as reading:
            coming = await reading.tidings.coming()
        return sorted(f"{who} {fact}" for who, _, news in coming for fact in facts_of(news))

    async def _knocks(self, *, fails: bool) -> None:
        await announce(self._store, leads_channel="leads")
        await announced(self._store)
        await became(self._store, "failed" if fails else "delivered")
        await tell_left(self._store)
        await tell_due(self._store)
        await self._listen()

    async def _moves(self) -> None:
        """A customer gets another week, and its people hear of it."""
        customer = f"{self._random.choice(PEOPLE[:3])}-{self._random.randrange(3)}"
        week = FIRST_MONDAY + self._random.randrange(1, 4) * WEEK
        await run(
            self._store,
            "UPDATE promises SET week = :week WHERE customer_id = :customer",
            week=week,
            customer=customer,
        )

    async def _follows(self) -> None:
        person, customer = self._random.choice(PEOPLE), f"{self._random.choice(PEOPLE[:3])}-1"
        pace = self._random.choice([Pace.daily, Pace.instant, Pace.muted])
        async with self._store.transaction(actor=person) as tx:
            await tx.subscriptions.choose(person, Subject(Kind.customer, customer), pace)

    async def _archives(self) -> None:
        channel = self._random.choice(CHANNELS)
        async with self._store.transaction(actor="test") as tx:
            await tx.channels.archive(channel, archived=self._random.random() < 0.5)

    async def _says_something_else(self) -> None:
        """A schedule is paused, goes on, or is announced elsewhere."""
        id_ = self._schedules[self._random.choice(CHANNELS)]
        await changed(self._store, id_, self._random.choice(["paused", "on", "elsewhere"]))

    async def steps(self) -> None:
        """The first wave is started, then paused and goes on by turns."""
        by, lead, approver = "U9LEA", Who.lead, Who.approver
        async with self._store.transaction(actor=by) as tx:
            wave = await tx.waves.get(FIRST_MONDAY)
            if wave is None or not wave.started_at:
                await start_wave(tx, FIRST_MONDAY, by=by, who=lead)
                return
            is_paused = wave.state == State.paused
            step, who = (Step.go_on, approver) if is_paused else (Step.pause, lead)
            taken = Taken(step, by, who, wave.version, await tx.clock.now(), "Orders")
            await take_wave_step(tx, FIRST_MONDAY, taken)

    async def _nothing(self) -> None:
        """It is a quiet day."""

    async def _listen(self) -> None:
        """What everybody was told since the last time."""
        async with self._store.reading() as reading:
            for each in await reading.reach.said(self._now, self._now + DAY):
                if each.content and each.outcome is not Outcome.failed:
                    facts = (await reading.reach.facts([each.content]))[each.content]
                    self.told_by_channel += [
                        (person, fact, each.at) for person in each.members for fact in facts
                    ]
            told = await reading.connection.execute(LEDGER, {"since": self._now})
            self.told_by_dm += [(row.person_id, row.fact, row.at) for row in told]

    def nobody_was_told_twice(self) -> None:
        """By a DM of what another DM told, or a channel within the window."""
        every = [*self.told_by_channel, *self.told_by_dm]
        for person, fact, at in self.told_by_dm:
            heard = [then for who, what, then in every if (who, what) == (person, fact)]
            assert not [then for then in heard if at - WINDOW < then < at], (person, fact, at)
