"""Workers at work, and jobs that they are given."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from bot.assembly import Wavepost
from bot.metrics import Metrics
from bot.settings import Settings
from bot.slack_files import SlackFileDoor
from bot.worker import Worker
from handlers.blocks import built, section
from handlers.jobs import Does, JobKind, JobKinds, Work, begin, job
from store.jobs import JobRow
from store.session import Store
from tests.post_office import delivering, until


@asynccontextmanager
async def at_work(
    settings: Settings, *kinds: JobKind, **changes: object
) -> AsyncIterator[Wavepost]:
    """A courier, and a worker that does these kinds of jobs."""
    hurried = settings.worker.model_copy(update=changes)
    async with delivering(settings) as wavepost:
        session = wavepost.client.session
        assert session
        worker = Worker(
            wavepost.store,
            JobKinds(kinds),
            hurried,
            Metrics(),
            files=None,
            slack=SlackFileDoor(wavepost.client, session),
            leads_channel="migration-triage",
        )
        wavepost.store.on_job = worker.wake
        working = asyncio.create_task(worker.run())
        try:
            yield wavepost
            assert not working.done(), "the worker ended by itself"
        finally:
            working.cancel()
            await asyncio.wait({working})


async def start(store: Store, by: str = "U1", **given: Any) -> UUID:
    async with store.transaction(actor=by) as tx:
        return await begin(tx, "dig", given, by=by, about="A hole")


async def get(store: Store, job_id: UUID) -> JobRow:
    async with store.reading() as reading:
        found = await reading.jobs.get(job_id)
    assert found
    return found


async def ended(store: Store, job_id: UUID) -> JobRow:
    async def is_over() -> bool:
        return (await get(store, job_id)).is_over

    await until(is_over)
    return await get(store, job_id)


def digs(does: Does) -> JobKind:
    return job("dig")(does)


async def says_done(work: Work) -> None:
    result: dict[str, Any] = {}
    async with work.ending(result) as tx:
        result["depth"] = work.job.given.get("depth")
        tx.say(work.message("The hole is dug.", built(section("The hole is dug."))))


async def taken_by_a_dead_worker(store: Store) -> JobRow:
    async with store.transaction(actor="worker") as tx:
        [leased] = await tx.jobs.lease(["dig"], most=1, duration=timedelta())
    return leased
