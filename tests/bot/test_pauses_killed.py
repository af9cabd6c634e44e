"""Those who mark failures and those who deliver, killed around the pause that follows: each hears it once.

`make test` runs a short form. The long one: `WAVEPOST_PAUSE_KILLS=40 make test
ARGS="-s tests/bot/test_pauses_killed.py"`.
"""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess

import pytest

from bot.sandbox.seed import TeamSeed, UserSeed, Workspace
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.blocks import day
from handlers.running import start_wave
from rules import wave_life
from rules.following import EVERY_WAVE, Pace
from rules.location_life import State as Location
from rules.roles import Kind, Role
from rules.wave_life import Who, replay
from store.people import PersonRow
from store.session import Store
from tests.conftest import MANIFEST, patient
from tests.courier_process import failing, started
from tests.post_office import PostOffice, until
from tests.world import FIRST_MONDAY, World

KILLS = int(os.environ.get("WAVEPOST_PAUSE_KILLS", "1"))
PATIENCE = 60.0 + 2 * KILLS
NAMES = ("ana", "lea", "ben", "vic")
AFTERNOON = datetime(2022, 1, 17, 14, tzinfo=UTC)
WEEKS = [FIRST_MONDAY + timedelta(weeks=number) for number in range(KILLS)]
OF_A_WAVE = 8


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Slack's stand-in with people to whom it is afternoon."""
    workspace = Workspace(
        team=TeamSeed("Northwind", "northwind"),
        users=[UserSeed(name, name, name, f"{name}@northwind.example", tz="UTC") for name in NAMES],
    )
    async with Sandbox(manifest=MANIFEST, workspace=workspace, rates=None).running() as sandbox:
        yield sandbox


@pytest.fixture
async def office(store: Store, sandbox: Sandbox) -> PostOffice:
    """Waves of Ana's that Lea leads, in which nobody moved yet; Ben approves, Vic follows them all."""
    office = PostOffice(store, sandbox)
    world = World()
    world.csa()
    for week in WEEKS:
        for number in range(OF_A_WAVE):
            world.customer(f"Shop {number}", weeks={week: 1})
    await world.keep(store)
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(AFTERNOON)
        await tx.people.keep(
            PersonRow(
                id=office.person(name),
                name=name,
                email=f"{name}@northwind.example",
                timezone="UTC",
                kind=Kind.member,
            )
            for name in NAMES
        )
        await tx.roles.give(office.person("lea"), Role.lead, by="test")
        await tx.roles.give(office.person("ben"), Role.approver, by="test")
        await tx.subscriptions.choose(office.person("vic"), EVERY_WAVE, Pace.instant)
    return office


@pytest.fixture
def start(settings: Settings) -> Iterator[Callable[..., BaseProcess]]:
    """Starts processes of one kind or another; those that are left at the end are killed."""
    processes: list[BaseProcess] = []

    def start(kind: Callable[[Settings], BaseProcess]) -> BaseProcess:
        processes.append(kind(patient(settings) if kind is failing else settings))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.join()


async def test_a_pause_is_told_once_whoever_is_killed_between_the_mark_and_the_message(
    start: Callable[..., BaseProcess], office: PostOffice
) -> None:
    seed = int(os.environ.get("WAVEPOST_TEST_SEED", random.SystemRandom().randrange(2**32)))
    print(f"repeat with WAVEPOST_TEST_SEED={seed}")
    chance = random.Random(seed)
    running = {kind: start(kind) for kind in (failing, started)}
    for week in WEEKS:
        async with office.store.transaction(actor="test") as tx:
            await start_wave(tx, week, by="test", who=Who.lead)
        await failed(office.store, at_least=chance.randint(1, 3))
        for kind in chance.sample([failing, started], 2):
            # Any moment after a mark was made is one at which a process may die.
            await asyncio.sleep(chance.uniform(0, 0.1))
            running[kind].kill()
            await asyncio.to_thread(running[kind].join)
            running[kind] = start(kind)
        await paused(office.store)
    await office.all_ended(patience=PATIENCE)

    for week in WEEKS:
        async with office.store.reading() as reading:
            steps = [each.taken for each in await reading.waves.steps(week)]
        assert replay(steps).state is wave_life.State.paused
        assert [each.step for each in steps].count(wave_life.Step.pause) == 1
        said = f"The wave of {day(week)} is paused."
        for name in ("ana", "lea", "ben"):
            heard = [each.replace("\N{NO-BREAK SPACE}", " ") for each in office.heard_by(name)]
            assert heard.count(said) == 1, name
    # Vic hears of each wave that it began and that it is paused.
    assert len(office.heard_by("vic")) == 2 * len(WEEKS)


async def failed(store: Store, *, at_least: int) -> None:
    """Wait until so many locations of the newest wave were marked."""

    async def enough() -> bool:
        async with store.reading() as reading:
            [newest] = [each for each in await reading.waves.all() if each.started_at][-1:]
            counts = await reading.waves.counts(newest.week)
        return counts.get(Location.failed, 0) >= at_least

    await until(enough, patience=PATIENCE)


async def paused(store: Store) -> None:
    """Wait until no wave runs any more."""

    async def are() -> bool:
        async with store.reading() as reading:
            waves = await reading.waves.all()
        return not any(each.state == wave_life.State.running for each in waves)

    await until(are, patience=PATIENCE)
