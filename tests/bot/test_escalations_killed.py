"""Those who look at the clocks of escalations, killed at random moments: each reminder is given once.

`make test` runs a short form. The long one: `WAVEPOST_CLOCK_KILLS=50 make test
ARGS="-s tests/bot/test_escalations_killed.py"`.
"""

import asyncio
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from multiprocessing.process import BaseProcess

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from bot.settings import Settings
from handlers.escalating import Wish, escalate
from handlers.rota_form import take_turns
from rules.escalation import Category, Step, replay
from rules.roles import Kind, Role
from store.people import PersonRow
from store.session import Store
from tests.courier_process import minding
from tests.post_office import until
from tests.world import FIRST_MONDAY, World

KILLS = int(os.environ.get("WAVEPOST_CLOCK_KILLS", "1"))
ESCALATIONS = 8
PATIENCE = 40.0 + KILLS
ANA, LEA, ADA = "U1ANA", "U2LEA", "U3ADA"
SENT, HALF_OVER, OVER, LONG_OVER = (
    datetime(2022, 1, day, 10, tzinfo=UTC) for day in (17, 18, 19, 25)
)


@pytest.fixture
async def escalations(store: Store) -> list[int]:
    """As many as it takes a while to look at all of, sent on a Monday morning."""
    world = World()
    for number in range(ESCALATIONS):
        world.customer(f"Shop {number}", id=f"C{number}", unplaced=1)
    world.customer("Joe's Pizza", id="JOE", weeks={FIRST_MONDAY: 1})
    await world.keep(store)
    async with store.transaction(actor=LEA) as tx:
        await tx.clock.set_now(SENT)
        people = [PersonRow(id=each, name=each, kind=Kind.member) for each in (ANA, LEA, ADA)]
        await tx.people.keep(people)
        for lead in (LEA, ADA):
            await tx.roles.give(lead, Role.lead, by="test")
        await take_turns(tx, [LEA, ADA])
    wishes = [
        Wish([f"C{number}-L1"], Category.launch, "They open", date(2022, 2, 9))
        for number in range(ESCALATIONS)
    ]
    async with store.transaction(actor=ANA) as tx:
        return [await escalate(tx, wish, by=ANA, today=FIRST_MONDAY) for wish in wishes]


@pytest.fixture
def start(database_url: str) -> Iterator[Callable[[], BaseProcess]]:
    """Starts those who look at clocks; those that are left at the end are killed."""
    settings = Settings(database_url=database_url, slack_token=SecretStr("xoxb-none"), s3_bucket="")
    hurry = settings.courier.model_copy(update={"look_every": 0.01})
    processes: list[BaseProcess] = []

    def start() -> BaseProcess:
        processes.append(minding(settings.model_copy(update={"courier": hurry})))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.join()


async def test_killed_clocks_remind_and_hand_over_once(
    start: Callable[[], BaseProcess], escalations: list[int], store: Store
) -> None:
    seed = int(os.environ.get("WAVEPOST_TEST_SEED", random.SystemRandom().randrange(2**32)))
    print(f"repeat with WAVEPOST_TEST_SEED={seed}")
    chance = random.Random(seed)
    minders = [start(), start()]
    for reminded, now in enumerate((HALF_OVER, OVER, LONG_OVER), 1):
        async with store.transaction(actor="test") as tx:
            await tx.clock.set_now(now)
        for _ in range(KILLS):
            await told(
                store, at_least=(reminded - 1) * ESCALATIONS + chance.randint(1, ESCALATIONS - 1)
            )
            # Any moment after the first was told is one at which a process may die.
            await asyncio.sleep(chance.uniform(0, 0.02))
            killed = minders.pop(chance.randrange(len(minders)))
            killed.kill()
            await asyncio.to_thread(killed.join)
            minders.append(start())
        await told(store, at_least=reminded * ESCALATIONS)

    said = Counter[tuple[str, str]]()
    async with store.reading() as reading:
        query = text("SELECT lane, fallback FROM outbox WHERE cause = 'escalation clock'")
        said.update(tuple(row) for row in await reading.connection.execute(query))
        for number in escalations:
            row = await reading.escalations.get(number)
            steps = [each.taken for each in await reading.escalations.steps(number)]
            assert row
            assert [(each.step, each.to) for each in steps] == [
                (Step.hand_over, LEA),
                (Step.hand_over, ADA),
            ]
            standing = replay(row.sent_by, steps)
            assert (row.version, row.in_hand_of, row.reminded) == (3, standing.in_hand_of, 2)
            about = f"Escalation {number} waits for a decision"
            # Lea at half of the time, Ada when it was over; at the very end both, and Ana twice.
            assert [said[each, about] for each in (LEA, ADA, ANA)] == [2, 2, 2]


async def told(store: Store, *, at_least: int) -> None:
    """Wait until so many reminders were given."""

    async def enough() -> bool:
        async with store.reading() as reading:
            counted = text("""
                SELECT (SELECT count(*) FROM escalation_steps)
                     + (SELECT count(*) FROM escalations WHERE reminded = 2)
            """)
            return bool((await reading.connection.execute(counted)).scalar_one() >= at_least)

    await until(enough, patience=PATIENCE)
