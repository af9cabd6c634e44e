"""Opening Home next to a Home of fixed words: `python -m tests.benchmarks.bench_home 1000000 5000`.

Ana owns all customers: by default 5,000 with a million locations. Both sides are served and asked as
in bench_schedule, and publish to the same stand-in for Slack, whose work is in both figures. Also
printed: how long the queries of one Home take.
"""

import asyncio
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from bot.embedded_postgres import EmbeddedPostgres
from handlers.lists import PAGE
from store.migrate import migrate
from store.session import Store
from tests.benchmarks.bench_schedule import TODAY, furnish
from tests.benchmarks.load import open_homes
from tests.benchmarks.sides import both_served, say
from tests.world import ANA

OPENINGS = 3_000
ROUNDS = 3
LOOKS = 200


def main(locations: str = "1000000", customers: str = "5000") -> None:
    """Print Homes a second, p50 and p99 of both sides, and the time of the queries."""
    with (
        TemporaryDirectory(prefix="wavepost-bench-") as folder,
        EmbeddedPostgres(Path(folder) / "postgres", durable=False) as server,
    ):
        asyncio.run(_measure(server, Path(folder), int(locations), int(customers)))


async def _measure(server: EmbeddedPostgres, folder: Path, locations: int, customers: int) -> None:
    await migrate(server.owner_url, application_role="wavepost_app")
    store = Store(server.app_url)
    await furnish(store, folder / "master.csv", locations, customers)
    await _give_all_to_ana(server)
    await _queries(store, customers)
    await store.close()
    async with both_served(server) as sides:
        for _ in range(ROUNDS):
            fixed = await open_homes(sides.echo, sides.secret, OPENINGS, user=sides.user)
            ours = await open_homes(sides.wavepost, sides.secret, OPENINGS, user=sides.user)
            say(
                f"fixed words {fixed.per_second:,.0f}/s, p50 {fixed.p50 * 1e3:.1f}, "
                f"p99 {fixed.p99 * 1e3:.1f} ms; Home {ours.per_second:,.0f}/s, "
                f"p50 {ours.p50 * 1e3:.1f}, p99 {ours.p99 * 1e3:.1f} ms; "
                f"ratio {ours.per_second / fixed.per_second:.2f}"
            )


async def _give_all_to_ana(server: EmbeddedPostgres) -> None:
    owner = Store(server.owner_url)
    async with owner.transaction(actor="bench") as tx:
        await tx.connection.execute(text("UPDATE customers SET csa_email = :ana"), {"ana": ANA})
    async with owner.reading() as reading:
        await reading.connection.execute(text("VACUUM ANALYZE"))
    await owner.close()


async def _queries(store: Store, customers: int) -> None:
    """Milliseconds that the queries of a Home take, at its first page and its last."""
    for page in (0, (customers - 1) // PAGE):
        times = []
        for _ in range(LOOKS):
            began = time.perf_counter()
            async with store.reading(consistent=True) as reading:
                await reading.portfolios.of(ANA, TODAY)
                await reading.schedules.of_csa(ANA, today=TODAY, skip=page * PAGE, most=PAGE)
            times.append((time.perf_counter() - began) * 1e3)
        times.sort()
        say(f"queries, page {page + 1}: p50 {times[LOOKS // 2]:.1f} ms, p99 {times[-2]:.1f} ms")


if __name__ == "__main__":
    main(*sys.argv[1:])
