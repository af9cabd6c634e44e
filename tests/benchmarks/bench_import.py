"""How long an import takes next to a bare COPY: `python -m tests.benchmarks.bench_import 1000000`.

Both sides run in the same minute against the same embedded PostgreSQL (no fsync). The bare side is
asyncpg's COPY of the same file into a table with typed columns (text, date, integer, float8) and
neither key nor index. The import reads, checks, compares and writes customers, locations, the
index of names, the timeline and the audit, in one transaction, as the lesser role.
"""

import asyncio
import resource
import sys
import time
from collections.abc import Awaitable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from bot.embedded_postgres import EmbeddedPostgres
from bot.example.master import write_master_csv
from handlers.importing import import_sheets
from store.migrate import migrate
from store.session import Store

TODAY = date(2022, 1, 15)
BARE = """
    CREATE TABLE bare (
        location_id text, location_name text, customer_id text, customer_name text, csa_email text,
        region text, timezone text, status text, requires text, signed_up_on date,
        last_order_on date, orders_28d integer, missed_orders_28d integer,
        cancelled_orders_28d integer, orders_prev_28d integer, open_hours_28d float8,
        online_hours_28d float8, gmv_28d float8)
"""


def main(locations: str = "1000000") -> None:
    """Print seconds and ratios of a first import and of the same file again, and peak memory."""
    with TemporaryDirectory(prefix="wavepost-bench-") as folder:
        sheet = Path(folder) / "master.csv"
        write_master_csv(sheet, int(locations), int(locations) // 5, 2022)
        with EmbeddedPostgres(Path(folder) / "postgres", durable=False) as server:
            asyncio.run(_measure(server, sheet))


async def _measure(server: EmbeddedPostgres, sheet: Path) -> None:
    await migrate(server.owner_url, application_role="wavepost_app")
    store = Store(server.app_url)
    bare = min([await _timed(_bare_copy(server, sheet)) for _ in range(3)])
    first = await _timed(_import(store, sheet))
    again = await _timed(_import(store, sheet))
    await store.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        f"bare COPY {bare:.2f} s; first import {first:.2f} s ({first / bare:.1f} times); "
        f"again, unchanged {again:.2f} s ({again / bare:.1f} times); peak {memory:.0f} MB\n"
    )


async def _timed(work: Awaitable[None]) -> float:
    begin = time.perf_counter()
    await work
    return time.perf_counter() - begin


async def _bare_copy(server: EmbeddedPostgres, sheet: Path) -> None:
    address = server.owner_url.replace("postgresql+asyncpg", "postgresql")
    connection = await asyncpg.connect(address)
    await connection.execute(BARE)
    await connection.copy_to_table("bare", source=sheet, format="csv", header=True)
    await connection.execute("DROP TABLE bare")
    await connection.close()


async def _import(store: Store, sheet: Path) -> None:
    async with store.transaction(actor="benchmark") as tx:
        await import_sheets(tx, [sheet], today=TODAY)


if __name__ == "__main__":
    main(*sys.argv[1:])
