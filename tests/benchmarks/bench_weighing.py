"""What it takes to weigh all open escalations again: `python -m tests.benchmarks.bench_weighing 20000 200`.

Escalations of one location each are sent, four weeks sooner than promised; another plan is published.
The jobs that follow are done one after the other, in this process, so that its CPU seconds are theirs.
"""

import asyncio
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar, cast

from sqlalchemy import text

from bot.embedded_postgres import EmbeddedPostgres
from handlers.errors import Refused
from handlers.escalating import Wish, escalate
from handlers.escalation_jobs import WEIGH, weigh_anew
from handlers.jobs import SlackFiles, Work
from handlers.weighing import weigh
from rules.escalation import Category
from store.migrate import migrate
from store.session import Store
from tests.benchmarks.bench_schedule import TODAY, furnish
from tests.benchmarks.sides import say

LEASE = timedelta(minutes=60)
SOONER = timedelta(weeks=4)
Given = TypeVar("Given")


class Here:
    """A child process that is none."""

    async def __call__(self, function: Callable[..., Given], /, *arguments: object) -> Given:
        return await asyncio.to_thread(function, *arguments)


def main(locations: str = "20000", open_ones: str = "200") -> None:
    """Print how many jobs were done, and in how many seconds of this process."""
    with (
        TemporaryDirectory(prefix="wavepost-bench-") as folder,
        EmbeddedPostgres(Path(folder) / "postgres", durable=False) as server,
    ):
        asyncio.run(_measure(server, Path(folder), int(locations), int(open_ones)))


async def _measure(server: EmbeddedPostgres, folder: Path, locations: int, most: int) -> None:
    await migrate(server.owner_url, application_role="wavepost_app")
    store = Store(server.app_url)
    await furnish(store, folder / "master.csv", locations)
    sent = await _send(store, most)
    await _forget_jobs(store)
    async with store.transaction(actor="bench") as tx:
        await weigh_anew(tx)
    began, cpu = time.perf_counter(), time.process_time()
    done = await _do(store)
    say(
        f"{sent} open escalations at {locations:,} locations: {done} jobs, "
        f"{time.process_time() - cpu:.1f} s of CPU, {time.perf_counter() - began:.1f} s in all"
    )
    await store.close()


async def _send(store: Store, most: int) -> int:
    async with store.reading() as reading:
        query = text(
            "SELECT location_id, week FROM promises WHERE week > :soon ORDER BY location_id"
        )
        rows = (await reading.connection.execute(query, {"soon": TODAY + 2 * SOONER})).all()
    chance = random.Random(5)
    sent = 0
    for row in chance.sample(rows, min(len(rows), 4 * most)):
        wish = Wish([row.location_id], Category.launch, "Their partner opens", row.week - SOONER)
        try:
            async with store.transaction(actor="U1") as tx:
                await escalate(tx, wish, by="U1", today=TODAY)
        except Refused:
            continue
        sent += 1
        if sent == most:
            break
    return sent


async def _forget_jobs(store: Store) -> None:
    async with store.transaction(actor="bench") as tx:
        await tx.connection.execute(text("UPDATE jobs SET state = 'done', ended_at = now()"))


async def _do(store: Store) -> int:
    """Do what waits, one job after the other; how many there were."""
    done = 0
    while True:
        async with store.transaction(actor="worker") as tx:
            leased = await tx.jobs.lease([WEIGH], most=1, duration=LEASE)
        if not leased:
            return done
        await weigh.does(Work(leased[0], store, None, cast("SlackFiles", None), Here()))
        done += 1


if __name__ == "__main__":
    main(*sys.argv[1:])
