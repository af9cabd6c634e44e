"""Files for customers among many: `python -m tests.benchmarks.bench_files_found`.

What is found is compared with what a reader of every file would say, and timed; and what an overview
of one sender's files and their receipts reads.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.embedded_postgres import EmbeddedPostgres
from handlers.files.receipt_lines import lines_of_all
from rules.file_life import State
from rules.share_search import search
from store.file_search import Order, Viewer
from store.migrate import migrate
from store.session import Reading, Store
from tests.benchmarks.sides import say
from tests.many_files import ASKED, SENDERS, VIEWERS, Kept, furnish

SPACES = 300
PAGE = 10
ROUNDS = 9


def main(files: str = "100000") -> None:
    """Print how many each search found, and in how many milliseconds."""
    with (
        TemporaryDirectory(prefix="wavepost-bench-") as folder,
        EmbeddedPostgres(Path(folder) / "postgres", durable=False) as server,
    ):
        asyncio.run(_measure(server, int(files)))


async def _measure(server: EmbeddedPostgres, files: int) -> None:
    await migrate(server.owner_url, application_role="wavepost_app")
    owner = Store(server.owner_url)
    kept = await furnish(owner, files, spaces=SPACES)
    async with owner.reading() as reading:
        await reading.connection.exec_driver_sql("ANALYZE")
    await owner.close()
    store = Store(server.app_url)
    for line in ASKED:
        for viewer in VIEWERS:
            await _find(store, kept, line, viewer)
    await _states(store)
    await _overview(store)
    await store.close()


async def _states(store: Store) -> None:
    """What `/files` reads for whom all is to be seen, in each state and in each order."""
    viewer = Viewer("U0NOBODY", reviews=True)
    totals = []
    for state in State:

        async def look(reading: Reading, state: State = state) -> int:
            return (await reading.shared_files.find(search(""), viewer, most=PAGE, state=state))[1]

        async with store.reading() as reading:
            totals.append(await look(reading))
        took = await _median(store, look)
        say(f"everything that is {state}: {totals[-1]:,} in {took * 1000:.1f} ms")
    async with store.reading() as reading:
        _, total = await reading.shared_files.find(search(""), viewer, most=PAGE)
    assert sum(totals) == total
    for order in Order:

        async def sort(reading: Reading, order: Order = order) -> int:
            return (await reading.shared_files.find(search(""), viewer, most=PAGE, order=order))[1]

        took = await _median(store, sort)
        say(f"everything, {order}: {total:,} in {took * 1000:.1f} ms")


async def _overview(store: Store) -> None:
    """What `/share sent` reads: a page of one sender's files, with every recipient's receipt."""

    async def look(reading: Reading) -> int:
        files, total = await reading.shared_files.sent_by(SENDERS[0], most=PAGE)
        lines = await lines_of_all(reading, files)
        assert sum(map(len, lines.values()))
        return total

    async with store.reading() as reading:
        total = await look(reading)
    took = await _median(store, look)
    say(f"overview of {total:,} files of one sender: {took * 1000:.1f} ms")


async def _find(store: Store, kept: list[Kept], line: str, viewer: Viewer) -> None:
    wanted = [each.id for each in reversed(kept) if each.is_found(line, viewer)]

    async def look(reading: Reading) -> tuple[list[object], int]:
        files, total = await reading.shared_files.find(search(line), viewer, most=PAGE)
        return [file.id for file in files], total

    async with store.reading() as reading:
        assert await look(reading) == (wanted[:PAGE], len(wanted)), (line, viewer)
    took = await _median(store, look)
    say(f"{line or 'everything'}, by {viewer.person}: {len(wanted):,} in {took * 1000:.1f} ms")


async def _median(store: Store, look: Callable[[Reading], Awaitable[object]]) -> float:
    times = []
    for _ in range(ROUNDS):
        async with store.reading(consistent=True) as reading:
            begin = time.perf_counter()
            await look(reading)
            times.append(time.perf_counter() - begin)
    return sorted(times)[ROUNDS // 2]


if __name__ == "__main__":
    main(*sys.argv[1:])
