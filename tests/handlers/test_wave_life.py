"""A wave that several run at once, twice over, while processes of Wavepost are killed.

Nothing is lost, doubled, or reached by a step that is not allowed: the steps of the wave and of each
location replay to where they stand, so does the audit, what failed is what was marked so last, and
whoever hears of a step of the wave hears of it once. `make test` runs a short form. The long one:
`WAVEPOST_WAVE_STEPS=200 make test ARGS="-s tests/handlers/test_wave_life.py"`.
"""

import asyncio
import contextlib
import os
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import date, timedelta
from http import HTTPStatus
from itertools import count
from typing import Any, TypeVar

import httpx
import pytest
from hypothesis import HealthCheck
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

from bot.sandbox.delivery import Parcel
from bot.sandbox.json_types import Json
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.roles import give
from rules import location_life, wave_life
from rules.location_life import Step
from rules.roles import Role
from store.location_runs import LocationStep
from store.session import Reading, Store
from tests.bot.front_door import FrontDoor
from tests.handlers.wave_acts import LEADS, PEOPLE, Seen, acts_of, turned
from tests.post_office import until
from tests.replica import Replicas, shared_port
from tests.world import ANA, FIRST_MONDAY, World, counted

STEPS = int(os.environ.get("WAVEPOST_WAVE_STEPS", "12"))
PATIENCE = 120.0
BETWEEN_KILLS = 4
LATE = 0.2
"""How often people act on what they saw before the last thing that happened."""
TELLING = ("start", "pause", "go on", "close")
Given = TypeVar("Given")


class Day:
    """Waves, behind the door of processes that die."""

    def __init__(self, store: Store, door: FrontDoor, replicas: Replicas) -> None:
        self.store, self.door, self.replicas = store, door, replicas
        self.words = count(1)
        self.weeks = count()
        self.acts = count(1)
        self.seeds = count()
        self.killed = 0

    async def begin(self) -> date:
        """A week of its own that locations are promised; two leads start it at once."""
        number = next(self.weeks)
        week = FIRST_MONDAY + timedelta(weeks=number)
        world = World()
        for name, locations in (("joes", 2), ("cleos", 2), ("zoes", 1)):
            world.customer(name.title(), id=f"{name}{number}", csa=ANA, weeks={week: locations})
        await world.keep(self.store)
        async with self.store.transaction(actor="test") as tx:
            await tx.waves.plan(week)
        seen = await self.seen(week)
        await self.all_at_once([turned(lead, "wave_start", seen, "") for lead in LEADS])
        return week

    async def seen(self, week: date) -> Seen:
        async with self.store.reading(consistent=True) as reading:
            wave = await reading.waves.get(week)
            rows = await reading.wave_locations.of(week)
            waiting = await reading.connection.execute(
                text("""
                    SELECT DISTINCT ON (rollback_id, location_id) rollback_id, position, location_id
                    FROM rollback_items JOIN rollbacks ON rollbacks.id = rollback_id
                    WHERE week = :week AND rollback_items.by IS NULL
                    ORDER BY rollback_id, location_id, position
                """),
                {"week": week},
            )
            tasks = tuple((row[0], row[1], row[2]) for row in waiting)
        assert wave
        return Seen(week, wave.version, {row.location_id: row.version for row in rows}, tasks)

    async def deliver(self, parcel: Parcel) -> None:
        """Deliver until there is an answer, as somebody would press again who heard nothing."""

        async def answered() -> bool:
            with contextlib.suppress(httpx.TransportError):
                return (await self.door.post(parcel)).status_code == HTTPStatus.OK
            return False

        await until(answered, patience=PATIENCE)

    async def all_at_once(self, parcels: Sequence[Parcel]) -> None:
        """Deliver everything twice, at the same time; at each fourth time a process is killed."""
        deaths = []
        if next(self.acts) % BETWEEN_KILLS == 0:
            self.killed += 1
            chance = random.Random(self.killed)
            deaths = [self.replicas.kill_one(chance)]
        await asyncio.gather(*map(self.deliver, [*parcels, *parcels]), *deaths)

    async def check(self, week: date) -> None:
        """The steps and the audit both lead to where everything stands, and nothing is there twice."""
        async with self.store.reading(consistent=True) as reading:
            wave = await reading.waves.get(week)
            rows = await reading.wave_locations.of(week)
            steps = [each.taken for each in await reading.waves.steps(week)]
            taken = {
                row.location_id: await reading.wave_locations.steps(week, row.location_id)
                for row in rows
            }
            audit = await audited(reading, week)
            failures = await reading.failures.of_wave(week)
            heard = await heard_of_waves(reading)
            told = [
                step
                for each in await reading.waves.all()
                for step in await telling(reading, each.week)
            ]
        assert wave
        standing = wave_life.replay(steps)
        stands = {row.location_id: (row.state, row.version) for row in rows}
        assert (wave.state, wave.version) == (standing.state, standing.version)
        for location, each in taken.items():
            replayed = location_life.replay((step.taken, step.wave_state) for step in each)
            assert stands[location] == (replayed.state, replayed.version)
        assert replayed_audit(audit) == ((wave.state, wave.version), changed(stands))
        once_each([step for each in taken.values() for step in each], steps)
        assert {(each.location_id, each.attempt) for each in failures} == {
            failed for each in taken.values() for failed in failed_tries(each)
        }
        for lead in LEADS:
            assert heard.get(lead, 0) == sum(by != lead for by in told)


async def audited(reading: Reading, week: date) -> list[tuple[str, Json, Json]]:
    rows = await reading.connection.execute(
        text("SELECT action, before, after FROM audit WHERE subject = :subject ORDER BY id"),
        {"subject": f"wave {week}"},
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def heard_of_waves(reading: Reading) -> dict[str, int]:
    """How many messages about waves each person was to get."""
    rows = await reading.connection.execute(
        text("""
            SELECT lane, count(*) FROM outbox WHERE cause = 'wave' AND updates IS NULL GROUP BY lane
        """)
    )
    return {row[0]: row[1] for row in rows}


async def telling(reading: Reading, week: date) -> list[str]:
    """Who took each step of a wave that people hear of."""
    return [step.by for step in await reading.waves.steps(week) if step.step in TELLING]


def replayed_audit(audit: Sequence[tuple[str, Json, Json]]) -> tuple[tuple[str, int], Any]:
    """Where the wave and its locations stand by the audit, each change from where the last one led."""
    wave: tuple[str, int] = ("planned", 1)
    locations: dict[str, tuple[str, int]] = {}
    for action, before, after in audit:
        if action == "wave locations":
            assert after["wave_state"] == wave[0]
            for location, now in after["locations"].items():
                was = before["locations"][location]
                assert locations.get(location, ("planned", 1)) == (was["state"], was["version"])
                locations[location] = (now["state"], now["version"])
        else:
            assert wave == (before["state"], before["version"])
            wave = (after["state"], after["version"])
    return wave, locations


def changed(stands: dict[str, tuple[location_life.State, int]]) -> dict[str, tuple[str, int]]:
    """Those of the locations that took a step."""
    return {each: (state, version) for each, (state, version) in stands.items() if version > 1}


def once_each(steps: Sequence[LocationStep], of_wave: Sequence[wave_life.Taken]) -> None:
    """A delivery that came twice did one thing: words, which each delivery has of its own, tell."""
    said = [step.words for step in steps if step.step in (Step.fail, Step.try_again, Step.unmark)]
    said += [taken.words for taken in of_wave if taken.words.startswith("words ")]
    assert len(said) == len(set(said))


def failed_tries(steps: Sequence[LocationStep]) -> set[tuple[str, int]]:
    """The tries of a location that were marked failed, and not taken back."""
    failed: set[tuple[str, int]] = set()
    for before, step in zip([None, *steps], steps, strict=False):
        if step.step is Step.fail:
            failed.add((step.location_id, step.attempt))
        if step.step is Step.unmark and before and before.step is Step.fail:
            failed.discard((step.location_id, step.attempt))
    return failed


def life(day: Day, wait: Callable[[Awaitable[object]], object]) -> type[RuleBasedStateMachine]:
    """What may happen to one wave; `wait` has something done in the test's own loop."""

    class Life(RuleBasedStateMachine):
        @initialize()
        def begin(self) -> None:
            week = wait(day.begin())
            assert isinstance(week, date)
            self.week = week
            self.before = self.now = self._look()

        @rule(seed=st.integers(0, 2**32))
        def all_act_at_once(self, seed: int) -> None:
            chance = random.Random(seed + next(day.seeds))
            self.before, self.now = self.now, self._look()
            seen = self.before if chance.random() < LATE else self.now
            parcels = [act.parcel(seen, f"words {next(day.words)}") for act in acts_of(chance)]
            wait(day.all_at_once(parcels))

        @invariant()
        def everything_agrees(self) -> None:
            wait(day.check(self.week))

        def _look(self) -> Seen:
            seen = wait(day.seen(self.week))
            assert isinstance(seen, Seen)
            return seen

    return Life


@pytest.fixture
async def day(store: Store, sandbox: Sandbox, settings: Settings) -> AsyncIterator[Day]:
    """Two processes of Wavepost, a CSA, and two leads who are approvers too."""
    world = World()
    world.csa()
    await world.keep(store)
    with contextlib.closing(shared_port()) as reserved:
        port = reserved.getsockname()[1]
        replicas = Replicas(settings, port)
        secret = settings.slack_signing_secret
        assert secret
        door = FrontDoor(f"http://127.0.0.1:{port}", secret.get_secret_value())
        try:
            await until(lambda: _knows(store, *PEOPLE), patience=PATIENCE)
            async with store.transaction(actor="test") as tx:
                for email, role in (
                    ("ana", Role.csa),
                    ("lea", Role.lead),
                    ("ada", Role.lead),
                    ("lea", Role.approver),
                    ("ada", Role.approver),
                ):
                    await give(tx, f"{email}@northwind.example", role)
            yield Day(store, door, replicas)
        finally:
            replicas.end()


async def _knows(store: Store, *people: str) -> bool:
    async with store.reading() as reading:
        found = [(await reading.people.asking(person)).person for person in people]
    return all(found)


async def test_nothing_is_lost_or_doubled_or_reached_by_a_forbidden_step(day: Day) -> None:
    loop = asyncio.get_running_loop()

    def wait(work: Awaitable[Given]) -> Given:
        async def done() -> Given:
            return await work

        return asyncio.run_coroutine_threadsafe(done(), loop).result(3 * PATIENCE)

    short = hypothesis_settings(
        max_examples=max(1, STEPS // 12),
        stateful_step_count=12,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    await asyncio.to_thread(run_state_machine_as_test, life(day, wait), settings=short)
    said = " UNION ".join(
        f"SELECT words FROM {table} WHERE words LIKE 'words %'"
        for table in ("location_steps", "wave_steps")
    )
    taken = await counted(day.store, f"({said}) AS said")
    sent = next(day.words) - 1
    assert day.killed
    assert 0 < taken < sent, "some of what was sent was in time, and some was not"
