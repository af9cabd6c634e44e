"""Couriers in processes of their own, killed and stopped at any moment, with Slack failing beside."""

import asyncio
import contextlib
import os
import random
import signal
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess
from operator import methodcaller

import pytest
from sqlalchemy import text

from bot.settings import Settings
from store.outbox import Message
from store.session import Store
from tests.courier_process import started
from tests.post_office import PostOffice, delivering, until
from tests.slack_calls import SlackCalls, after

KILLS = 15
WRITERS = 4
POST = "chat.postMessage"
FAULTS = [
    methodcaller("no_answer", accepted=True, method=POST),
    methodcaller("server_error", accepted=True, method=POST),
    methodcaller("drop_connection", accepted=True, method=POST),
    methodcaller("drop_connection", method=POST),
    methodcaller("rate_limit", retry_after=0.1, method=POST),
]

UPDATE = "chat.update"
FAULTS_OF_UPDATES = [
    methodcaller("no_answer", accepted=True, method=UPDATE),
    methodcaller("server_error", accepted=True, method=UPDATE),
    methodcaller("drop_connection", method=UPDATE),
    methodcaller("rate_limit", retry_after=0.1, method=UPDATE),
]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A courier in a hurry."""
    hurry = {
        "workspace_messages_a_minute": 60_000,
        "http_timeout": 0.6,
        "lease": 2.4,
        "wait_before_looking": 0.8,
        "pause_between_messages": 0.02,
    }
    courier = settings.courier.model_copy(update=hurry)
    return settings.model_copy(update={"courier": courier})


@pytest.fixture
def start(settings: Settings) -> Iterator[Callable[..., BaseProcess]]:
    """Starts couriers; those that are left at the end are killed, hung ones too."""
    processes: list[BaseProcess] = []

    def start(**changes: object) -> BaseProcess:
        courier = settings.courier.model_copy(update=changes)
        processes.append(started(settings.model_copy(update={"courier": courier})))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.join()


async def test_killed_couriers_lose_repeat_and_reorder_nothing(
    start: Callable[..., BaseProcess], office: PostOffice, slack: SlackCalls
) -> None:
    seed = int(os.environ.get("WAVEPOST_TEST_SEED", random.SystemRandom().randrange(2**32)))
    print(f"repeat with WAVEPOST_TEST_SEED={seed}")
    chance = random.Random(seed)
    faults = office.sandbox.faults
    office.sandbox.people.invite_app("random")
    names = ["general", "random", "migration-triage"]
    lanes = [*map(office.channel, names), office.person("ana")]
    over = asyncio.Event()
    writers = [
        asyncio.create_task(_write(office.store, lanes, random.Random(seed + n), n, over))
        for n in range(WRITERS)
    ]
    couriers = [start(), start()]
    for _ in range(KILLS):
        await slack.called(POST, len(slack.of(POST)) + 1)
        chance.choice(FAULTS)(faults)
        if chance.choice([True, False]):
            faults.rate_limit(retry_after=0.1, method="conversations.history")
        # Any moment after a call came is one at which a courier may die.
        await asyncio.sleep(chance.uniform(0, 0.3))
        killed = couriers.pop(chance.randrange(len(couriers)))
        killed.kill()
        await asyncio.to_thread(killed.join)
        couriers.append(start())
    over.set()
    committed = [words for said in await asyncio.gather(*writers) for words in said]
    await office.all_ended()

    ledger = await office.ledger()
    assert sorted(ledger) == sorted(committed)
    assert {row.state for row in ledger.values()} == {"delivered"}
    heard = [*map(office.heard, names), office.heard_by("ana")]
    for lane, said in zip(lanes, heard, strict=True):
        in_order = [words for words, row in ledger.items() if row.lane == lane]
        assert said == in_order


async def test_killed_couriers_leave_every_message_with_its_newest_words_and_each_reply_below_it(
    start: Callable[..., BaseProcess], office: PostOffice, slack: SlackCalls
) -> None:
    seed = int(os.environ.get("WAVEPOST_TEST_SEED", random.SystemRandom().randrange(2**32)))
    print(f"repeat with WAVEPOST_TEST_SEED={seed}")
    chance = random.Random(seed)
    lane = office.channel("general")
    roots = [Message(lane, f"{number}.0", [], cause="test") for number in range(6)]
    newest = [message.fallback for message in roots]
    replies: list[list[str]] = [[] for _ in roots]
    async with office.store.transaction(actor="test") as tx:
        for message in roots:
            tx.say(message)
    couriers = [start(), start()]
    for round_ in range(1, 40):
        number = chance.randrange(len(roots))
        newest[number] = f"{number}.{round_}"
        updates, posts = len(slack.of(UPDATE)), len(slack.of(POST))
        async with office.store.transaction(actor="test") as tx:
            root = roots[number].id
            tx.say(Message(lane, newest[number], [], cause="test", updates=root))
            if chance.choice([True, False]):
                replies[number].append(f"{round_} of {number}")
                tx.say(Message(lane, replies[number][-1], [], cause="test", thread_of=root))
        if round_ % 5 == 0:
            await slack.called(UPDATE, updates + 1)
            chance.choice(FAULTS_OF_UPDATES)(office.sandbox.faults)
            if len(slack.of(POST)) == posts:
                chance.choice(FAULTS)(office.sandbox.faults)
            # Any moment after a call came is one at which a courier may die.
            await asyncio.sleep(chance.uniform(0, 0.3))
            killed = couriers.pop()
            killed.kill()
            await asyncio.to_thread(killed.join)
            couriers.insert(0, start())
    await office.all_ended()
    assert list(office.threads("general").items()) == [*zip(newest, replies, strict=True)]
    assert {state for state, _ in (await office.states()).values()} <= {"delivered", "superseded"}


async def test_a_courier_that_hung_and_wakes_up_repeats_nothing(
    start: Callable[..., BaseProcess], settings: Settings, office: PostOffice, slack: SlackCalls
) -> None:
    """It hangs while one message is with Slack and another, leased with it, waits for its turn."""
    hung = start(workspace_messages_a_minute=320, lease=6.0)

    async def directory_is_read() -> bool:
        async with office.store.reading() as reading:
            query = text("SELECT EXISTS (SELECT FROM user_groups)")
            return bool((await reading.connection.execute(query)).scalar_one())

    async def hang() -> None:
        assert hung.pid
        os.kill(hung.pid, signal.SIGSTOP)

    await until(directory_is_read)
    office.sandbox.faults.on_call(after(hang), "Hang", method=POST)
    async with office.store.transaction(actor="test") as tx:
        for name in ("general", "migration-triage"):
            tx.say(Message(office.channel(name), f"{name} once", [], cause="test"))
    await slack.called(POST)
    async with delivering(settings):
        await office.all_ended()

    assert hung.pid
    os.kill(hung.pid, signal.SIGCONT)
    await office.say(office.channel("general"), "then this", "and that")
    await office.all_ended()
    assert office.heard("general") == ["general once", "then this", "and that"]
    assert office.heard("migration-triage") == ["migration-triage once"]


async def _write(
    store: Store, lanes: list[str], chance: random.Random, writer: int, over: asyncio.Event
) -> list[str]:
    """Say things until it is over; some transactions fail. Returns the words that were committed."""
    committed: list[str] = []
    number = 0
    while not over.is_set():
        number += 1
        words = [f"{writer}.{number}.{part}" for part in range(chance.randint(1, 3))]
        with contextlib.suppress(LookupError):
            async with store.transaction(actor="test") as tx:
                for part in words:
                    tx.say(Message(chance.choice(lanes), part, [], cause="test"))
                _fail_at_times(chance)
            committed += words
        await asyncio.sleep(chance.uniform(0, 0.2))
    return committed


def _fail_at_times(chance: random.Random) -> None:
    if chance.random() < 0.2:
        raise LookupError
