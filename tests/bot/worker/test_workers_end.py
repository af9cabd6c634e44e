"""Workers that die, lose a job or are stopped, and jobs that are cancelled."""

import asyncio
from datetime import timedelta

from sqlalchemy import text

from bot.settings import Settings
from handlers.jobs import Work
from store.jobs import JobState
from store.session import Store
from tests.bot.worker.jobs_given import (
    at_work,
    digs,
    ended,
    get,
    says_done,
    start,
    taken_by_a_dead_worker,
)
from tests.post_office import PostOffice, until
from tests.world import run


async def test_a_job_of_a_dead_worker_is_taken_up_by_another(
    settings: Settings, store: Store
) -> None:
    job_id = await start(store)
    await taken_by_a_dead_worker(store)
    async with at_work(settings, digs(says_done)):
        over = await ended(store, job_id)
    assert (over.state, over.tries) == (JobState.done, 2)


async def test_a_job_whose_workers_die_is_given_up_and_told(
    settings: Settings, store: Store, office: PostOffice
) -> None:
    await office.know("migration-triage")
    job_id = await start(store, office.person("ana"))
    for _ in range(3):
        await taken_by_a_dead_worker(store)
    async with at_work(settings, digs(says_done)):
        over = await ended(store, job_id)
        await office.all_ended()
    assert over.state == JobState.failed
    assert "It was begun 3 times" in office.heard_by("ana")[0]
    assert "It was begun 3 times" in office.heard("migration-triage")[0]


async def test_who_lost_a_job_keeps_nothing_of_it(settings: Settings, store: Store) -> None:
    stolen = asyncio.Event()

    async def robbed(work: Work) -> None:
        async with work.ending() as tx:
            await tx.connection.execute(text("UPDATE business_clock SET ahead = '1 day'"))
            await run(
                store, "UPDATE jobs SET leased_by = gen_random_uuid(), leased_until = 'infinity'"
            )
            stolen.set()

    await run(store, "UPDATE business_clock SET ahead = '0'")
    job_id = await start(store)
    async with at_work(settings, digs(robbed)):
        await stolen.wait()
    assert (await get(store, job_id)).state == JobState.running
    async with store.reading() as reading:
        ahead = await reading.connection.execute(text("SELECT ahead FROM business_clock"))
        assert ahead.scalar_one() == timedelta()


async def test_a_cancelled_job_stops_and_stays_cancelled(settings: Settings, store: Store) -> None:
    stopped = asyncio.Event()

    async def forever(_: Work) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    job_id = await start(store)
    async with at_work(settings, digs(forever)):

        async def running() -> bool:
            return (await get(store, job_id)).state == JobState.running

        await until(running)
        async with store.transaction(actor="test") as tx:
            assert await tx.jobs.cancel(job_id, "enough")
        async with asyncio.timeout(10):
            await stopped.wait()
    assert (await get(store, job_id)).state == JobState.cancelled


async def test_a_worker_that_is_stopped_lets_its_job_wait_for_another(
    settings: Settings, store: Store
) -> None:
    begun = asyncio.Event()

    async def forever(_: Work) -> None:
        begun.set()
        await asyncio.Event().wait()

    job_id = await start(store)
    async with at_work(settings, digs(forever)):
        await begun.wait()
    let_go = await get(store, job_id)
    assert (let_go.state, let_go.tries) == (JobState.waiting, 0)
    async with at_work(settings, digs(says_done)):
        assert (await ended(store, job_id)).state == JobState.done


async def test_a_lease_is_renewed_for_as_long_as_the_work_takes(
    settings: Settings, store: Store
) -> None:
    tries: list[int] = []
    renewed = asyncio.Event()

    async def long(work: Work) -> None:
        tries.append(work.job.tries)
        await renewed.wait()
        await says_done(work)

    job_id = await start(store)
    async with (
        at_work(settings, digs(long), lease=0.6),
        at_work(settings, digs(long), lease=0.6),
    ):
        first = (await get(store, job_id)).leased_until

        async def kept_twice_over() -> bool:
            until_ = (await get(store, job_id)).leased_until
            nonlocal first
            first = first or until_
            return bool(until_ and first and until_ - first > timedelta(seconds=1.2))

        await until(kept_twice_over)
        renewed.set()
        await ended(store, job_id)
    assert tries == [1]
