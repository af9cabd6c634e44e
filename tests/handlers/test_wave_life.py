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
from dataclasses import dataclass
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
from bot.sandbox.ids import stable_id
from bot.sandbox.json_types import Json
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.roles import give
from rules import location_life, wave_life
from rules.location_life import Step
from rules.roles import Role
from store.location_runs import LocationStep
from store.session import Reading, Store
from tests.bot.front_door import FrontDoor, Press, altered
from tests.post_office import until
from tests.replica import Replicas, shared_port
from tests.world import ANA, FIRST_MONDAY, World, counted

STEPS = int(os.environ.get("WAVEPOST_WAVE_STEPS", "12"))
PATIENCE = 120.0
BETWEEN_KILLS = 4
LATE = 0.2
"""How often people act on what they saw before the last thing that happened."""
CSA = stable_id("U", "ana")
LEADS = (stable_id("U", "lea"), stable_id("U", "ada"))
TELLING = ("start", "pause", "go on", "close")
Given = TypeVar("Given")


@dataclass(frozen=True)
class Seen:
    """A wave as somebody saw it: its version, those of its locations, and what waits in a rollback."""

    week: date
    version: int
    locations: dict[str, int]
    tasks: tuple[tuple[int, int, str], ...]

    @property
    def places(self) -> tuple[str, ...]:
        return tuple(sorted(self.locations))


def marked(person: str, step: Step, seen: Seen, place: str, words: str) -> Parcel:
    """The form of one location, or without a place of all that are left, as Slack delivers it."""
    version = seen.locations.get(place, 0)
    values: Json = {
        "whose": {"wave_whose": _chosen("radio_buttons", "all")},
        "words": {"wave_words": {"type": "plain_text_input", "value": words}},
        "cause": {"wave_cause": _chosen("external_select", f"new|{words}")},
        "meant": {"wave_meant": _chosen("radio_buttons", "new")},
    }
    return _sent(person, "wave_marked", f"{step}|{seen.week}|{version}|{place}", values)


def turned(person: str, callback: str, seen: Seen, words: str) -> Parcel:
    """The form that starts or pauses a wave, or lets it go on."""
    values: Json = {"words": {"wave_why": {"type": "plain_text_input", "value": words}}}
    return _sent(person, callback, f"{seen.week}|{seen.version}", values)


def rolled_back(person: str, seen: Seen, place: str, words: str) -> Parcel:
    """The form by which an approver rolls back one location."""
    option: Json = {"text": {"type": "plain_text", "text": place}, "value": place}
    several: Json = {"type": "multi_external_select", "selected_options": [option]}
    values: Json = {
        "what": {"what": _chosen("radio_buttons", "some")},
        "which": {"rollback_which": several},
        "how": {"how": _chosen("radio_buttons", "real")},
        "words": {"words": {"type": "plain_text_input", "value": words}},
    }
    return _sent(person, "rollback_begun", str(seen.week), values)


def _sent(person: str, callback: str, kept: str, values: Json) -> Parcel:
    sent = Press(person).submission(callback, [], values)
    return altered(sent, view=sent.payload["view"] | {"private_metadata": kept})


def _chosen(kind: str, value: str) -> Json:
    option: Json = {"text": {"type": "plain_text", "text": value}, "value": value}
    return {"type": kind, "selected_option": option}


@dataclass(frozen=True)
class Act:
    """What somebody does: with a location, with all that are left, or with the wave."""

    what: str
    person: str
    place: int

    def parcel(self, seen: Seen, words: str) -> Parcel:
        place = seen.places[self.place % len(seen.places)]
        match self.what:
            case "wave_pause" | "wave_gone_on":
                return turned(self.person, self.what, seen, words)
            case "roll back":
                return rolled_back(self.person, seen, place, words)
            case "confirm" if seen.tasks:
                number, at, where = seen.tasks[self.place % len(seen.tasks)]
                return Press(self.person).action("rollback_done_at", f"{number}|{at}|{where}")
            case "all migrated":
                return marked(self.person, Step.migrate, seen, "", words)
            case "confirm":
                return marked(self.person, Step.migrate, seen, place, words)
        return marked(self.person, Step(self.what), seen, place, words)


PEOPLE = (CSA, *LEADS)
OFTEN = {Step.migrate: 8, Step.fail: 6, Step.try_again: 5, Step.unmark: 3, "all migrated": 1}
OF_LEADS = {"wave_pause": 2, "wave_gone_on": 5, "roll back": 3, "confirm": 6}


def acts_of(chance: random.Random) -> list[Act]:
    """What one to four people do at once."""
    often = OFTEN | OF_LEADS
    whats = chance.choices(list(often), list(often.values()), k=chance.randint(1, 4))
    return [
        Act(str(what), chance.choice(LEADS if what in OF_LEADS else PEOPLE), chance.randrange(99))
        for what in whats
    ]


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
