"""Whom announcements reached: `python -m tests.benchmarks.bench_reach 5000 500 1000`.

So many people (a fifth of them CSAs, the others follow a customer each), channels with a tenth of
them, and customers that move this week, announced in each channel. Printed: how long the look takes
for who is left to be told, leads' list of the week, one person's, and the same look when all is told.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from bot.embedded_postgres import EmbeddedPostgres
from handlers.announced_digests import tell_left
from handlers.reach_report import of_week, report
from store.migrate import migrate
from store.session import Store

WEEK = date(2022, 1, 17)
NOW = datetime(2022, 1, 17, 9, tzinfo=UTC)
FURNISH = (
    """INSERT INTO people (id, name, email, timezone, kind, active)
    SELECT 'U' || n, 'Person ' || n, 'p' || n || '@example.com', 'UTC', 'member', true
    FROM generate_series(1, :people) AS n""",
    """INSERT INTO customers (id, name, csa_email)
    SELECT 'C' || n, 'Customer ' || n, 'p' || 1 + n % (:people / 5) || '@example.com'
    FROM generate_series(1, :customers) AS n""",
    """INSERT INTO locations (id, customer_id, name, status, requires)
    SELECT 'L' || n, 'C' || n, 'Location ' || n, 'active', '{}'
    FROM generate_series(1, :customers) AS n""",
    """INSERT INTO plans (id, state, made_on, first_monday, made_by, parameters, cost, bound, placed,
        unplaced) VALUES (1, 'published', :week, :week, 'U1', '{}', 1, 1, 1, 0)""",
    """INSERT INTO promises (location_id, customer_id, week, plan_id)
    SELECT 'L' || n, 'C' || n, :week, 1 FROM generate_series(1, :customers) AS n""",
    """INSERT INTO subscriptions (person_id, kind, subject, pace)
    SELECT 'U' || n, 'customer', 'C' || 1 + n % :customers, 'daily'
    FROM generate_series(:people / 5, :people) AS n""",
    """INSERT INTO channels (id, name, private, archived, shared, joined)
    SELECT 'C' || n, 'channel-' || n, false, false, false, true
    FROM generate_series(1, :channels) AS n""",
    """INSERT INTO channel_members (channel_id, person_id)
    SELECT 'C' || c, 'U' || n FROM generate_series(1, :channels) AS c
    CROSS JOIN generate_series(1, :people / 2) AS n WHERE (n + c) % 10 = 0""",
    """INSERT INTO announcement_contents (digest, content, facts)
    SELECT 'all', '{"about": ""}', array_agg('wave|2022-01-17|customer|C' || n)
    FROM generate_series(1, :customers) AS n""",
    """INSERT INTO announcements (key, kind, channel, topic, breadth, of, language, due_at, decided_at,
        week, carries, content, message_id, members)
    SELECT 'key ' || c, 'now', 'C' || c, 'waves', 'everything', '', 'en-GB', :now, :now, :week,
        'announcement', 'all', gen_random_uuid(),
        ARRAY(SELECT person_id FROM channel_members WHERE channel_id = 'C' || c)
    FROM generate_series(1, :channels) AS c""",
)


def main(people: str = "5000", channels: str = "500", customers: str = "1000") -> None:
    """Print how long each takes."""
    with (
        TemporaryDirectory(prefix="wavepost-bench-") as folder,
        EmbeddedPostgres(Path(folder) / "postgres", durable=False) as server,
    ):
        asyncio.run(_measure(server, int(people), int(channels), int(customers)))


async def _measure(server: EmbeddedPostgres, people: int, channels: int, customers: int) -> None:
    await migrate(server.owner_url, application_role="wavepost_app")
    store = Store(server.app_url)
    values = {"people": people, "channels": channels, "customers": customers}
    async with store.transaction(actor="bench") as tx:
        await tx.clock.set_now(NOW + timedelta(minutes=1))
        for statement in FURNISH:
            told = text(statement)
            wanted = {"week": WEEK, "now": NOW, **values}
            await tx.connection.execute(
                told, {name: wanted[name] for name in told.compile().params}
            )
    async with _timed("the look for who is left"):
        await tell_left(store)
    later = NOW + timedelta(hours=1)
    async with store.reading(consistent=True) as reading:
        said = await of_week(reading, WEEK, later)
        async with _timed("leads' list of the week"):
            made = await report(reading, said, later, beside=said)
        async with _timed("one person's list"):
            await report(reading, said, later, beside=said, only=["U7"])
        counts = {way.name: number for way, number in made.reach.counts.items() if number}
        sys.stdout.write(f"{counts}\n")
    async with store.transaction(actor="bench") as tx:
        await tx.connection.execute(text("UPDATE digest_looks SET seen = ''"))
    async with _timed("the look when all is told"):
        await tell_left(store)
    await store.close()


@asynccontextmanager
async def _timed(what: str) -> AsyncIterator[None]:
    began = time.perf_counter()
    yield
    sys.stdout.write(f"{what}: {time.perf_counter() - began:.2f} s\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
