"""Two whole Waveposts, killed at random moments while people ask and messages flow.

`make test` runs a short form. The long one kills 200 times, with 1,000 messages and 500
interactions: `WAVEPOST_KILLS=200 make test ARGS="-s tests/bot/test_killed.py"`.
"""

import asyncio
import contextlib
import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from operator import methodcaller
from typing import Any

import pytest

from bot.sandbox.clock import Clock
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from store.outbox import Message
from store.session import Store
from tests.conftest import MANIFEST
from tests.post_office import PostOffice, until
from tests.replica import Replicas
from tests.workspace import WORKSPACE
from tests.world import FIRST_MONDAY, World

KILLS = int(os.environ.get("WAVEPOST_KILLS", "10"))
MESSAGES = 5 * KILLS
PRESSES = 2 * KILLS
QUESTIONS = KILLS // 2
FAILING = 0.2
"""The share of transactions that fail before their commit."""

SPEED = 20
"""Events that nobody took come again after 3 and 15 seconds: by then somebody lives again."""

PEOPLE = ("ana", "omar", "lea", "vic")
LANES = ("general", "random", "migration-triage")
POST = "chat.postMessage"
FAULTS = [
    methodcaller("no_answer", accepted=True, method=POST),
    methodcaller("server_error", accepted=True, method=POST),
    methodcaller("drop_connection", accepted=True, method=POST),
    methodcaller("drop_connection", method=POST),
    methodcaller("rate_limit", retry_after=0.1, method=POST),
    methodcaller("rate_limit", retry_after=0.1, method="conversations.history"),
    methodcaller("deliver_twice", kind="interaction"),
    methodcaller("deliver_twice", kind="interaction", together=True),
    methodcaller("deliver_twice", kind="event"),
    methodcaller("deliver_twice", kind="event", together=True),
]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Slack's stand-in with Slack's rates, in a hurry."""
    hurried = Sandbox(manifest=MANIFEST, workspace=WORKSPACE, clock=Clock(SPEED))
    async with hurried.running() as sandbox:
        yield sandbox


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A Wavepost in as much of a hurry."""
    hurry = {
        "http_timeout": 0.6,
        "lease": 2.4,
        "wait_before_looking": 0.8,
        "pause_between_messages": 0.02,
        "workspace_messages_a_minute": 30_000,
    }
    courier = settings.courier.model_copy(update=hurry)
    return settings.model_copy(update={"courier": courier})


@dataclass
class Told:
    """What people know for certain: who was answered, and what was asked in a message."""

    pressed: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    pressed_again: int = 0


async def test_killed_waveposts_do_everything_once(
    store: Store, replicas: Replicas, sandbox: Sandbox, chance: random.Random
) -> None:
    told = Told()
    office = PostOffice(store, sandbox)
    sandbox.people.invite_app("random")
    customers = [f"Diner{number:04}" for number in range(PRESSES + QUESTIONS)]
    world = World()
    for name in customers:
        world.customer(name, weeks={FIRST_MONDAY: 1})
    await world.keep(store)
    people = [await sandbox.person(name) for name in PEOPLE]
    await _served(people[0])

    async with asyncio.TaskGroup() as work:
        saying = work.create_task(_say(store, office, chance))
        for number, person in enumerate(people):
            theirs = customers[number :: len(people)]
            presses = [name for name in theirs if name in customers[:PRESSES]]
            questions = [name for name in theirs if name not in presses]
            work.create_task(_live(person, presses, questions, told))
        killing = work.create_task(_kill(replicas, sandbox, chance))
        await killing
    committed = saying.result()
    await sandbox.world.events.settle()
    await office.all_ended()

    ledger = await office.ledger()
    assert {row.state for row in ledger.values()} == {"delivered"}
    assert set(committed) <= set(ledger)
    for name in LANES:
        _is_as_kept(office.heard(name), office.channel(name), ledger)
    for name in PEOPLE:
        _is_as_kept(office.heard_by(name), office.person(name), ledger)
    effects = Counter(name for name in customers for words in ledger if name in words)
    assert [effects[name] for name in told.answered] == [1] * len(told.answered)
    assert [row.cause for row in ledger.values()].count("direct message") == len(told.asked)
    assert max(effects.values()) == 1
    assert (len(told.pressed), len(told.asked)) == (PRESSES, QUESTIONS)
    print(
        f"{KILLS} kills; {len(committed)} messages; {len(told.pressed)} presses, "
        f"{len(told.answered)} answered, {told.pressed_again} pressed again; {len(told.asked)} questions"
    )


async def _served(person: Person) -> None:
    async def answers() -> bool:
        return (await person.command("/schedule help")).ok

    await until(answers)


async def _kill(replicas: Replicas, sandbox: Sandbox, chance: random.Random) -> None:
    """Kill one after the other, each time with another fault besides."""
    for _ in range(KILLS):
        chance.choice(FAULTS)(sandbox.faults)
        # Any moment is one at which a process may die.
        await asyncio.sleep(chance.uniform(0, 0.8))
        await replicas.kill_one(chance)


async def _say(store: Store, office: PostOffice, chance: random.Random) -> list[str]:
    """Say things, some in transactions that fail. Returns the words that were committed."""
    lanes = [*map(office.channel, LANES), office.person("ana")]
    committed: list[str] = []
    while len(committed) < MESSAGES:
        words = [f"message {len(committed)}.{part}" for part in range(chance.randint(1, 3))]
        with contextlib.suppress(LookupError):
            async with store.transaction(actor="test") as tx:
                for part in words:
                    tx.say(Message(chance.choice(lanes), part, [], cause="test"))
                if chance.random() < FAILING:
                    raise LookupError
            committed += words
        await asyncio.sleep(chance.uniform(0, 0.2))
    return committed


async def _live(person: Person, presses: list[str], questions: list[str], told: Told) -> None:
    """Ask and press as people do: again, until there is an answer."""
    person.patience = 3.0
    asking = iter(questions)
    for turn, name in enumerate(presses):
        await _press(person, name, told)
        if turn % 4 == 0 and (question := next(asking, None)):
            await person.says(f"When is {question}?", "DM")
            told.asked.append(question)
    for question in asking:
        await person.says(f"When is {question}?", "DM")
        told.asked.append(question)


async def _press(person: Person, name: str, told: Told) -> None:
    """Have an answer posted for all; whoever hears nothing presses again."""
    while name not in await person.command(f"/schedule {name}", in_="#general"):
        pass
    told.pressed.append(name)
    for again in range(100):
        told.pressed_again += min(again, 1)
        try:
            answer = await person.press("Post here for all", "#general")
        except AssertionError:
            break  # it says that it was posted, though the press itself was cut off
        if answer.ok and not any(said.get("ephemeral") for said in answer.messages):
            break
    told.answered.append(name)


def _is_as_kept(heard: list[str], lane: str, ledger: dict[str, Any]) -> None:
    """Everything that was kept for a lane was heard there: once, and in its order."""
    assert heard == [words for words, row in ledger.items() if row.lane == lane]
