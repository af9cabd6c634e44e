"""Those who tell people what they follow, killed at random moments: each person is told once of each cause.

`make test` runs a short form. The long one: `WAVEPOST_DIGEST_KILLS=50 make test
ARGS="-s tests/bot/test_digests_killed.py"`.
"""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from operator import methodcaller
from typing import Any

import pytest
from sqlalchemy import text

from bot.sandbox.seed import TeamSeed, UserSeed, Workspace
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.concerned import tell_concerned
from handlers.digest_words import MOVED
from rules.following import Kind, News, Pace, Subject
from rules.roles import Kind as People
from store.people import PersonRow
from store.session import Store
from tests.conftest import MANIFEST
from tests.courier_process import telling
from tests.post_office import PostOffice, until
from tests.world import FIRST_MONDAY, World

KILLS = int(os.environ.get("WAVEPOST_DIGEST_KILLS", "4"))
NAMES = [f"person{number}" for number in range(25)]
JOE = Subject(Kind.customer, "C-joe")
MORNING = datetime(2022, 1, 18, 10, tzinfo=UTC)
PATIENCE = 20.0 + KILLS
POST = "chat.postMessage"
FAULTS = [
    methodcaller("no_answer", accepted=True, method=POST),
    methodcaller("server_error", accepted=True, method=POST),
    methodcaller("drop_connection", accepted=True, method=POST),
    methodcaller("drop_connection", method=POST),
    methodcaller("rate_limit", retry_after=0.1, method=POST),
]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Slack's stand-in with enough people that telling them all takes a while."""
    workspace = Workspace(
        team=TeamSeed("Northwind", "northwind"),
        users=[UserSeed(name, name, name, f"{name}@northwind.example", tz="UTC") for name in NAMES],
    )
    async with Sandbox(manifest=MANIFEST, workspace=workspace, rates=None).running() as sandbox:
        yield sandbox


@pytest.fixture
def office(store: Store, sandbox: Sandbox) -> PostOffice:
    return PostOffice(store, sandbox)


@pytest.fixture
async def followers(store: Store, office: PostOffice) -> list[str]:
    """Everybody follows Joe's Pizza, for their digest; it is after nine with them."""
    world = World()
    world.customer("Joe's Pizza", id=JOE.id, weeks={FIRST_MONDAY: 1})
    await world.keep(store)
    followers = [office.person(name) for name in NAMES]
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(MORNING)
        people = [
            PersonRow(id=each, name=each, timezone="UTC", kind=People.member) for each in followers
        ]
        await tx.people.keep(people)
        for each in followers:
            await tx.subscriptions.choose(each, JOE, Pace.daily)
    return followers


@pytest.fixture
def start(settings: Settings) -> Iterator[Callable[[], BaseProcess]]:
    """Starts those who tell and deliver; those that are left at the end are killed."""
    hurry = {"http_timeout": 0.6, "lease": 2.4, "workspace_messages_a_minute": 30_000}
    courier = settings.courier.model_copy(update=hurry)
    processes: list[BaseProcess] = []

    def start() -> BaseProcess:
        processes.append(telling(settings.model_copy(update={"courier": courier})))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.join()


async def test_killed_tellers_tell_everybody_once_of_each_cause(
    start: Callable[[], BaseProcess], followers: list[str], office: PostOffice
) -> None:
    seed = int(os.environ.get("WAVEPOST_TEST_SEED", random.SystemRandom().randrange(2**32)))
    print(f"repeat with WAVEPOST_TEST_SEED={seed}")
    chance = random.Random(seed)
    tellers = [start(), start()]
    for number in range(KILLS):
        chance.choice(FAULTS)(office.sandbox.faults)
        await joe_moves(office.store, f"plan {number}")
        await told(office.store, at_least=number * len(NAMES) + chance.randint(1, len(NAMES) - 1))
        # Any moment after somebody was told is one at which a process may die.
        await asyncio.sleep(chance.uniform(0, 0.05))
        killed = tellers.pop(chance.randrange(len(tellers)))
        killed.kill()
        await asyncio.to_thread(killed.join)
        tellers.append(start())
    await told(office.store, at_least=KILLS * len(NAMES))
    await office.all_ended(patience=PATIENCE)

    causes = await rows(office.store, "SELECT person_id, cause, message_id FROM tidings")
    assert len(causes) == KILLS * len(followers)
    said = await rows(office.store, "SELECT id, lane, state FROM outbox")
    assert {(each.lane, each.id) for each in said} == {
        (each.person_id, each.message_id) for each in causes
    }
    assert {each.state for each in said} == {"delivered"}
    for name, person in zip(NAMES, followers, strict=True):
        assert len(office.heard_by(name)) == sum(each.lane == person for each in said)


async def joe_moves(store: Store, cause: str) -> None:
    """Joe's Pizza moved yesterday, early enough for yesterday's digest."""
    facts = {
        "customer": JOE.id,
        "locations": 1,
        "from": FIRST_MONDAY.isoformat(),
        "week": (FIRST_MONDAY + timedelta(weeks=1)).isoformat(),
        "reason": "capacity",
    }
    async with store.transaction(actor="test") as tx:
        news = [News(MOVED, frozenset({JOE}), facts)]
        await tell_concerned(tx, cause, news, happened_at=MORNING - timedelta(hours=26))


async def told(store: Store, *, at_least: int) -> None:
    """Wait until so many tidings were told."""

    async def enough() -> bool:
        [counted] = await rows(
            store, "SELECT count(*) AS told FROM tidings WHERE message_id IS NOT NULL"
        )
        return bool(counted.told >= at_least)

    await until(enough, patience=PATIENCE)


async def rows(store: Store, query: str) -> list[Any]:
    async with store.reading() as reading:
        return list(await reading.connection.execute(text(query)))
