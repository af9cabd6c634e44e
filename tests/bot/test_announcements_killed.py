"""A replica that dies with an announcement in its hands: another says it, and nobody says it twice."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from multiprocessing.process import BaseProcess

import pytest
from sqlalchemy import text
from starlette.responses import Response

from bot.sandbox.faults.fault import CarryOut
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from rules.announcement import Topic
from store.announcement_rows import ScheduleVersionRow
from store.outbox import Outbox
from store.session import Store
from tests.announced_year import PATIENCE, in_a_hurry
from tests.courier_process import announcing
from tests.post_office import PostOffice, until
from tests.world import counted

NINE = datetime(2022, 1, 17, 9, tzinfo=UTC)
POST = "chat.postMessage"


@pytest.fixture
def start(settings: Settings) -> Iterator[Callable[[], BaseProcess]]:
    """Starts replicas; those that are left at the end are killed."""
    processes: list[BaseProcess] = []

    def start() -> BaseProcess:
        processes.append(announcing(in_a_hurry(settings)))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.join()


@pytest.fixture
async def office(store: Store, sandbox: Sandbox) -> PostOffice:
    """What is due on Monday at nine in #general; it is an hour before."""
    office = PostOffice(store, sandbox)
    await office.know("general")
    says = ScheduleVersionRow(
        since=NINE - timedelta(days=2),
        by="test",
        channel=office.channel("general"),
        topic=Topic.waves,
        weekday=0,
        at_time=time(9),
        zone="UTC",
    )
    async with store.transaction(actor="test") as tx:
        await tx.announcement_schedules.add(says)
        await tx.clock.set_now(NINE - timedelta(hours=1))
    return office


async def test_a_week_claimed_by_a_replica_that_dies_before_its_commit_is_announced_by_another(
    start: Callable[[], BaseProcess], office: PostOffice
) -> None:
    store = office.store
    dies = start()
    async with store.transaction(actor="test") as tx:
        # Nobody can say anything in this lane, so whoever claimed the week waits with it.
        await Outbox(tx.connection).hold([office.channel("general")])
        await _nine_strikes(store)
        await until(lambda: _somebody_waits(store), patience=PATIENCE)
        await _dies(dies)
    assert await counted(store, "announcements") == 0
    start()
    await _announced_once(office)


@pytest.mark.parametrize("accepted", [False, True])
async def test_what_a_replica_committed_and_died_sending_is_heard_once(
    start: Callable[[], BaseProcess],
    office: PostOffice,
    accepted: bool,
) -> None:
    dies = start()

    async def dies_sending(carry_out: CarryOut) -> Response:
        if accepted:
            await carry_out()
        await _dies(dies)
        return Response(status_code=500)

    office.sandbox.faults.on_call(dies_sending, "Dies", method=POST)
    await _nine_strikes(office.store)
    await until(lambda: _is_dead(dies), patience=PATIENCE)
    assert await counted(office.store, "announcements") == 1
    start()
    await _announced_once(office)


async def _nine_strikes(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(NINE)


async def _somebody_waits(store: Store) -> bool:
    """Whether a transaction waits for a row that another has locked."""
    query = text("""
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%lanes%'
    """)
    async with store.reading() as reading:
        return bool((await reading.connection.execute(query)).scalar_one())


async def _dies(process: BaseProcess) -> None:
    process.kill()
    await asyncio.to_thread(process.join)


async def _is_dead(process: BaseProcess) -> bool:
    return not process.is_alive()


async def _announced_once(office: PostOffice) -> None:
    async def announced() -> bool:
        return await counted(office.store, "announcements") == 1

    await until(announced, patience=PATIENCE)
    await office.all_ended(patience=PATIENCE)
    assert len(office.heard("general")) == 1
    assert [state for state, _ in (await office.states()).values()] == ["delivered"]
