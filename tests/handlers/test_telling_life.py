"""Messages to partners written, approved and copied by several at once, each twice, over two stores.

One version counts at most, nobody approves their own, and who copied an older one is told once of
each that counts. `make test` runs a short form. The long one:
`WAVEPOST_TELLING_STEPS=200 make test ARGS="tests/handlers/test_telling_life.py"`.
"""

import asyncio
import os
import random
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import TypeVar

from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from handlers.blocks import day, unbroken
from handlers.partner_copying import copy_words
from handlers.partner_deciding import decide
from handlers.partner_told import Place, Pressed
from handlers.partner_writing import begin, rewrite
from handlers.roles import give
from rules.life import FIRST_VERSION, StepRefused
from rules.partner_message import (
    AlreadyDrafted,
    Audience,
    NotToBeWritten,
    State,
    Step,
    Taken,
    Version,
    Who,
    holding_older,
)
from rules.roles import Kind, Role
from store.interactions import AlreadyDone, InteractionKey
from store.people import PersonRow
from store.session import Store, Transaction
from tests.world import FIRST_MONDAY, counted

STEPS = int(os.environ.get("WAVEPOST_TELLING_STEPS", "12"))
PEOPLE = ("UANA", "UBEN", "UCLEO", "UDAN")
REFUSALS = (AlreadyDone, AlreadyDrafted, NotToBeWritten, StepRefused, LookupError)
TOLD = re.compile(r"You copied version (\d+) .* version (\d+) is approved now")
Given = TypeVar("Given")


@dataclass(frozen=True)
class Act:
    """What somebody tries: a step, to copy what counts, or (None) to begin a next version."""

    person: str
    does: Step | str | None

    async def take(
        self, tx: Transaction, place: Place, seen: Sequence[Version], words: str
    ) -> object:
        """Try it, with the versions as this person saw them before all of them acted."""
        newest = seen[-1] if seen else None
        number = newest.number if newest else FIRST_VERSION
        version = newest.standing.version if newest else FIRST_VERSION
        pressed = Pressed(place, number, version)
        match self.does:
            case None:
                return await begin(tx, place, words)
            case Step.rewrite:
                return await rewrite(tx, pressed, words)
            case Step():
                at = await tx.clock.now()
                why = words if self.does is Step.decline else ""
                taken = Taken(self.does, self.person, Who.second, version, at, why)
                return await decide(tx, pressed, taken)
        counts = [each.number for each in seen if each.standing.state is State.current]
        return await copy_words(tx, Pressed(place, counts[0] if counts else number), via="message")


OFTEN = {
    "copy": 4,
    None: 3,
    Step.approve: 4,
    Step.rewrite: 1,
    Step.decline: 1,
    Step.drop: 1,
}


BEGUN, APPROVED = Act("UANA", None), Act("UBEN", Step.approve)


def acts_of(chance: random.Random) -> list[Act]:
    """What everybody tries at once, each one thing."""
    tried = chance.choices([*OFTEN], [*OFTEN.values()], k=len(PEOPLE))
    return [Act(person, does) for person, does in zip(PEOPLE, tried, strict=True)]


class Desk:
    """One message to partners, changed over two stores, as two replicas change it."""

    def __init__(self, *stores: Store) -> None:
        self.stores = stores
        self.number = count(1)
        self.seeds = count(1)
        self.place = Place(FIRST_MONDAY, Audience.customer)

    async def begin(self) -> None:
        """People who may approve, and a wave of which nothing is written yet."""
        rows = [
            PersonRow(id=person, name=person, email=f"{person}@x.example", kind=Kind.member)
            for person in PEOPLE
        ]
        self.place = replace(self.place, week=self.place.week + timedelta(weeks=1))
        async with self.stores[0].transaction(actor="test") as tx:
            await tx.people.keep(rows)
            for row in rows:
                await give(tx, str(row.email), Role.approver)

    async def all_at_once(self, several: Sequence[Act]) -> None:
        """Every act twice, once over each store, and all at the same time."""
        async with self.stores[0].reading() as reading:
            seen = (
                await reading.partner_messages.of(self.place.week, self.place.audience)
            ).versions
        tries = []
        for act in several:
            number = next(self.number)
            key = InteractionKey.of("test", f"act {number}", b"")
            tries += [self._try(store, key, act, seen, f"words {number}") for store in self.stores]
        await asyncio.gather(*tries)

    async def _try(
        self,
        store: Store,
        key: InteractionKey,
        act: Act,
        seen: Sequence[Version],
        words: str,
    ) -> None:
        with suppress(*REFUSALS):
            async with store.transaction(key, actor=act.person) as tx:
                await act.take(tx, self.place, seen, words)

    async def check(self) -> None:
        """What is kept can be reached by the rules, and who copied was told what they had to be."""
        async with self.stores[0].reading(consistent=True) as reading:
            noun = reading.partner_messages
            message = await noun.of(self.place.week, self.place.audience)
            steps = await noun.steps(self.place.week, self.place.audience)
            copies = await noun.copies(self.place.week, self.place.audience)
            said = await reading.connection.execute(
                text("SELECT lane, fallback FROM outbox WHERE fallback LIKE :about"),
                {"about": f"What you told%{unbroken(day(self.place.week))}%"},
            )
            told = Counter(
                (row.lane, int(found[1]), int(found[2]))
                for row in said
                if (found := TOLD.search(row.fallback))
            )
        approvals = [step for each in steps.values() for step in each if step.step is Step.approve]
        states = [version.standing.state for version in message.versions]
        assert states.count(State.current) == min(1, len(approvals))
        assert states.count(State.superseded) == max(0, len(approvals) - 1)
        texts = [version.text for version in message.versions]
        assert len(texts) == len(set(texts)), "an act that came twice did one thing"
        for version in message.versions:
            taken = steps.get(version.number, [])
            assert [step.version for step in taken] == list(range(1, version.standing.version))
            assert not any(s.step is Step.approve and s.by in version.writers for s in taken)
        assert all(times == 1 for times in told.values())
        copied = {(copy.person, copy.number) for copy in copies}
        assert all((person, had) in copied for person, had, _ in told)
        if message.current:
            now = {(who, had) for who, had, number in told if number == message.current.number}
            assert now >= {*holding_older(message, copies).items()}


def life(desk: Desk, wait: Callable[[Awaitable[None]], None]) -> type[RuleBasedStateMachine]:
    """What may happen to one message; `wait` has something done in the test's own loop."""

    class Life(RuleBasedStateMachine):
        @initialize()
        def begin(self) -> None:
            wait(desk.begin())

        @rule(seed=st.integers(0, 2**32))
        def all_act_at_once(self, seed: int) -> None:
            chance = random.Random(seed + next(desk.seeds))
            wait(desk.all_at_once(acts_of(chance)))

        @invariant()
        def everything_agrees(self) -> None:
            wait(desk.check())

    return Life


async def test_of_all_who_write_approve_and_copy_at_once_each_counts_and_is_told_once(
    store: Store, database_url: str
) -> None:
    other = Store(database_url)
    loop = asyncio.get_running_loop()

    def wait(work: Awaitable[None]) -> None:
        async def done() -> None:
            await work

        asyncio.run_coroutine_threadsafe(done(), loop).result()

    short = hypothesis_settings(
        max_examples=max(1, STEPS // 6),
        stateful_step_count=12,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    try:
        desk = Desk(store, other)
        await asyncio.to_thread(run_state_machine_as_test, life(desk, wait), settings=short)
        # Whatever chance had them do: twice it comes to the end, and who copied in between is told.
        await desk.begin()
        for act in (BEGUN, APPROVED, Act("UCLEO", "copy"), BEGUN, APPROVED):
            await desk.all_at_once([act])
            await desk.check()
        assert await counted(
            store, "outbox WHERE lane = 'UCLEO' AND fallback LIKE 'What you told%'"
        )
    finally:
        await other.close()
