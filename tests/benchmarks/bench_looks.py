"""How long a day's looks take: `python -m tests.benchmarks.bench_looks 1000000 5000`.

So many locations with sixteen weeks of history, in an embedded PostgreSQL (no fsync), of which some
moved on one Monday. Reading what is compared and judging it in a process of its own is what the job of
checks does for each day of a wave; memory is the peak of either process.
"""

import asyncio
import resource
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from bot.child import in_child
from bot.embedded_postgres import EmbeddedPostgres
from rules.judging import Moved, earliest, judged
from rules.looks import compared
from rules.verdicts import Check, Verdict
from store.migrate import migrate
from store.session import Store

MONDAY = date(2022, 1, 17)
WEEKS_BEFORE, WEEKS = 14, 16
FILL = (
    "INSERT INTO customers (id, name, csa_email) VALUES ('C', 'All', 'ana@example.com')",
    """
    INSERT INTO locations (id, name, customer_id, region, status, requires)
    SELECT 'L' || lpad(n::text, 7, '0'), 'Store ' || n, 'C', 'region ' || n % 4, 'active', '{}'
    FROM generate_series(1, :locations) AS n
    """,
    """
    INSERT INTO history (location_id, week_start, orders, missed_orders, cancelled_orders,
        open_hours, online_hours)
    SELECT 'L' || lpad(n::text, 7, '0'), CAST(:first AS date) + 7 * week, drawn.orders,
        round(drawn.orders * random() * 0.08), round(drawn.orders * 0.02), 60, 50 + random() * 10
    FROM generate_series(1, :locations) AS n, generate_series(0, :weeks - 1) AS week,
        LATERAL (SELECT round(exp(3 + (n % 1000 * 919 % 1000) / 250.0) * (0.8 + random() * 0.4))::int
                 AS orders) AS drawn
    """,
    "INSERT INTO waves (week, state, started_at) VALUES (:monday, 'running', now())",
    """
    INSERT INTO wave_locations (week, location_id, customer_id, state, version, attempt, migrated_on,
        lost_orders, looks, look_on)
    SELECT :monday, id, 'C', 'migrated', 2, 1, :monday, false, 0, CAST(:monday AS date) + 7
    FROM locations WHERE id <= 'L' || lpad(CAST(:moving AS text), 7, '0')
    """,
    "ANALYZE",
)


def main(locations: str = "1000000", moving: str = "5000") -> None:
    """Print seconds of reading and of judging, verdicts, and peak memory."""
    with (
        TemporaryDirectory(prefix="wavepost-bench-") as folder,
        EmbeddedPostgres(Path(folder) / "postgres", durable=False) as server,
    ):
        asyncio.run(_measure(server, int(locations), int(moving)))


async def _measure(server: EmbeddedPostgres, locations: int, moving: int) -> None:
    await migrate(server.owner_url, application_role="wavepost_app")
    store = Store(server.owner_url)
    async with store.transaction(actor="benchmark") as tx:
        values = {
            "locations": locations,
            "moving": str(moving),
            "monday": MONDAY,
            "first": MONDAY - timedelta(weeks=WEEKS_BEFORE),
            "weeks": WEEKS,
        }
        for statement in map(text, FILL):
            known = {name: values[name] for name in statement.compile().params}
            await tx.connection.execute(statement, known)
    moved = [Moved(f"L{number:07}", MONDAY) for number in range(1, moving + 1)]
    for look in (1, 2):
        weeks = compared(MONDAY, look)
        began = time.perf_counter()
        async with store.reading(consistent=True) as reading:
            sums = await reading.history.compared(weeks)
            ids = [each.location_id for each in moved]
            weekly = await reading.history.weekly(ids, earliest(weeks), weeks.after.until)
        read = time.perf_counter() - began
        began = time.perf_counter()
        checks: list[Check] = await in_child(judged, sums, weekly, moved, weeks, look)
        seconds = time.perf_counter() - began
        told = {name.name: sum(each.verdict is name for each in checks) for name in Verdict}
        sys.stdout.write(
            f"{locations:,} locations, look {look} at {moving:,}: read in {read:.1f} s, judged in "
            f"{seconds:.1f} s, {told}; peak {_peak():.0f} MB\n"
        )
    await store.close()


def _peak() -> float:
    """Megabytes that this process, or the largest of its children, has had at most."""
    own, theirs = (
        resource.getrusage(each).ru_maxrss
        for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return max(own, theirs) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
