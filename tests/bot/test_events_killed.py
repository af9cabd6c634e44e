"""A replica killed while channels are told what a wave does: each channel hears each step once, in order."""

import asyncio
import os
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess

import pytest

from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.running import start_wave, take_wave_step
from rules.announcement import Topic
from rules.wave_life import Step, Taken, Who
from store.session import Store
from tests.channels_given import given_channel
from tests.courier_process import started
from tests.post_office import PostOffice, until
from tests.world import FIRST_MONDAY, World, counted

WEEK = FIRST_MONDAY
MONDAY = datetime(2022, 1, 17, 10, tzinfo=UTC)
CHANNELS = ("general", "random")
STEPS = ((Step.pause, Who.lead), (Step.go_on, Who.approver))


@pytest.fixture
def start(settings: Settings) -> Iterator[Callable[[], BaseProcess]]:
    """Starts replicas; those that are left at the end are killed."""
    processes: list[BaseProcess] = []

    def start() -> BaseProcess:
        # However busy the machine is: a job that is begun often is not given up.
        worker = settings.worker.model_copy(update={"most_tries": 20})
        processes.append(started(settings.model_copy(update={"worker": worker})))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.join()


@pytest.fixture
async def office(store: Store, sandbox: Sandbox) -> PostOffice:
    """Two channels that hear of waves, and a wave that is to begin."""
    office = PostOffice(store, sandbox)
    sandbox.people.invite_app("random")
    world = World()
    world.csa()
    world.customer("Joe's Pizza", weeks={WEEK: 3})
    await world.keep(store)
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(MONDAY)
        for name in CHANNELS:
            await given_channel(tx, office.channel(name), topic=Topic.waves)
    return office


async def test_each_channel_hears_each_step_once_whoever_is_killed_while_it_is_told(
    start: Callable[[], BaseProcess], office: PostOffice
) -> None:
    seed = int(os.environ.get("WAVEPOST_TEST_SEED", random.SystemRandom().randrange(2**32)))
    print(f"repeat with WAVEPOST_TEST_SEED={seed}")
    chance = random.Random(seed)
    replicas = [start(), start()]
    async with office.store.transaction(actor="test") as tx:
        await start_wave(tx, WEEK, by="test", who=Who.lead)
    await _one_dies(replicas, chance, start)
    await _announced(office.store)
    for step, who in STEPS:
        await _taken(office.store, step, who)
        await _one_dies(replicas, chance, start)
        await _announced(office.store)
    await office.all_ended()

    for name in CHANNELS:
        [(post, below)] = office.threads(name).items()
        assert "goes on" in post
        assert ["paused" in below[0], "goes on" in below[1], len(below)] == [True, True, 2]
    assert await counted(office.store, "announcements") == 3 * len(CHANNELS)


async def _taken(store: Store, step: Step, who: Who) -> None:
    async with store.transaction(actor="test") as tx:
        wave = await tx.waves.get(WEEK)
        assert wave
        taken = Taken(step, "test", who, wave.version, MONDAY, "The menu stopped")
        await take_wave_step(tx, WEEK, taken)


async def _one_dies(
    replicas: list[BaseProcess], chance: random.Random, start: Callable[[], BaseProcess]
) -> None:
    # Any moment after a step was taken is one at which a process may die.
    await asyncio.sleep(chance.uniform(0, 0.3))
    killed = replicas.pop(chance.randrange(len(replicas)))
    killed.kill()
    await asyncio.to_thread(killed.join)
    replicas.append(start())


async def _announced(store: Store) -> None:
    """Wait until nothing is left to be announced; a job that was under way is begun again."""

    async def is_done() -> bool:
        return not await counted(store, "jobs WHERE state IN ('waiting', 'running')")

    await until(is_done)
