"""Whatever happens in a week, nobody hears the same by two ways."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random

import pytest

from bot.assembly import announce
from handlers.announced_digests import tell_left
from handlers.digests import tell_due
from handlers.running import start_wave, take_wave_step
from handlers.told_news import facts_of
from rules.announced import Breadth
from rules.announcement import Topic
from rules.following import Kind, Pace, Subject
from rules.happenings import fact_of
from rules.reach import Outcome
from rules.retelling import WINDOW
from rules.wave_life import State, Step, Taken, Who
from store.session import Store
from tests.channels_given import announced
from tests.handlers.reaching.channels import (
    BEN,
    CHANNELS,
    DAN,
    DAY,
    LEDGER,
    OF_BEN,
    PEOPLE,
    SATURDAY,
    WEEK,
    address,
    became,
    changed,
    members,
    moves_to,
    scheduled,
)
from tests.world import FIRST_MONDAY, run


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
