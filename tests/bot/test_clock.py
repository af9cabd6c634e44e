"""The clock: what it starts is carried out."""

import asyncio
from datetime import UTC, datetime
from functools import partial

import pytest

from bot.assembly import tidy
from bot.clock import clock
from bot.sealer import seal
from store.audit import Change
from store.seals import Seals
from store.session import Store


async def never() -> None:
    await asyncio.Event().wait()


async def test_a_due_job_runs_to_its_end(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        tx.audit(Change("tried", "the clock"))
    done = asyncio.Event()

    async def seal_and_say() -> None:
        await seal(store, None)
        done.set()

    scheduler = clock(
        seal=seal_and_say,
        refresh_directory=never,
        tidy=partial(tidy, store),
        tell=never,
        mind_escalations=never,
        mind_looks=never,
        mind_waves=never,
        mind_files=never,
        announce=never,
        close_questions=never,
        read_list=never,
    )
    scheduler.start()
    scheduler.modify_job("seal the audit", next_run_time=datetime.now(UTC))
    async with asyncio.timeout(10):
        await done.wait()
    scheduler.shutdown(wait=False)
    async with store.reading() as reading:
        assert [head.rows for head in await Seals(reading.connection).all()] == [1]


def test_a_job_that_could_not_be_awaited_is_refused() -> None:
    with pytest.raises(TypeError, match="is not a coroutine function"):
        clock(
            seal=lambda: never(),  # noqa: PLW0108 - the mistake
            refresh_directory=never,
            tidy=never,
            tell=never,
            mind_escalations=never,
            mind_looks=never,
            mind_waves=never,
            mind_files=never,
            announce=never,
            close_questions=never,
            read_list=never,
        )
