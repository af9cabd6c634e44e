"""What /roadmap and /migration count, kept and counted anew: `python -m tests.benchmarks.bench_roadmap`.

Both in the same run, in one process, on the example at that size, imported and planned; and what
keeping the tallies adds to an import or a publication.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from bot.embedded_postgres import EmbeddedPostgres
from handlers.roadmap import cohorts_of
from store.migrate import migrate
from store.session import Reading, Store
from tests.benchmarks.bench_schedule import TODAY, furnish
from tests.benchmarks.sides import say

ROUNDS = 5


def main(locations: str = "1000000") -> None:
    """Print seconds from tallies, counted, and their ratio."""
    with (
        TemporaryDirectory(prefix="wavepost-bench-") as folder,
        EmbeddedPostgres(Path(folder) / "postgres", durable=False) as server,
    ):
        asyncio.run(_measure(server, Path(folder), int(locations)))


async def _measure(server: EmbeddedPostgres, folder: Path, locations: int) -> None:
    await migrate(server.owner_url, application_role="wavepost_app")
    store = Store(server.app_url)
    await furnish(store, folder / "master.csv", locations)
    kept = {name: await _median(store, look) for name, look in LOOKS.items()}
    async with store.transaction(actor="bench") as tx:
        await tx.connection.execute(text("DELETE FROM tallies"))
    counted = {name: await _median(store, look) for name, look in LOOKS.items()}
    for name in LOOKS:
        say(
            f"{name}: {kept[name]:.3f} s from tallies, {counted[name]:.3f} s counted; "
            f"ratio {counted[name] / kept[name]:,.0f}"
        )
    begin = time.perf_counter()
    async with store.transaction(actor="bench") as tx:
        await tx.tallies.keep()
    say(f"keeping them: {time.perf_counter() - begin:.2f} s")
    await store.close()


async def _roadmap(reading: Reading) -> None:
    await cohorts_of(reading, TODAY, await reading.roadmap.features())


async def _migration(reading: Reading) -> None:
    await reading.migration.progress()


LOOKS: dict[str, Callable[[Reading], Awaitable[None]]] = {
    "/roadmap": _roadmap,
    "/migration": _migration,
}


async def _median(store: Store, look: Callable[[Reading], Awaitable[None]]) -> float:
    times = []
    for _ in range(ROUNDS):
        async with store.reading(consistent=True) as reading:
            begin = time.perf_counter()
            await look(reading)
            times.append(time.perf_counter() - begin)
    return sorted(times)[ROUNDS // 2]


if __name__ == "__main__":
    main(*sys.argv[1:])
