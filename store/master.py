"""The master sheet in its tables: customers, locations, and who is new."""

import asyncio

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from store.copying import Progress, copied_in, copied_out
from store.import_entries import Origin, entries
from store.loading import Comparison, compare, put
from store.sheets import CUSTOMERS, split

CUSTOMER_COLUMNS = {"customer_id": "id", "customer_name": "name", "csa_email": "csa_email"}
ONLY_CUSTOMER = ("customer_name", "csa_email")
CUSTOMER_SCHEMA = {name: pl.String() for name in CUSTOMER_COLUMNS.values()}


async def keep_master(
    connection: AsyncConnection, found: Comparison, origin: Origin, progress: Progress
) -> None:
    """Write customers and locations that are new or other, and put what is new on the timeline.

    `progress` hears of locations.
    """
    there = await copied_out(connection, CUSTOMERS, CUSTOMER_SCHEMA)
    customers, locations = await asyncio.to_thread(_parted, found, there)
    await put(connection, "customers", added=customers.added, changed=customers.changed, key=["id"])
    await put(
        connection,
        "locations",
        added=locations.added,
        changed=locations.changed,
        key=["id"],
        progress=progress,
    )
    told = await asyncio.to_thread(entries, found, customers, origin)
    await copied_in(connection, "timeline", told)


def _parted(found: Comparison, there: pl.DataFrame) -> tuple[Comparison, Comparison]:
    """What is new or other among customers, and among locations."""
    columns = [pl.col(name).alias(column) for name, column in CUSTOMER_COLUMNS.items()]
    stated = found.written.select(columns).unique("id", maintain_order=True)
    customers = compare(stated, there, key=["id"])
    before = found.before.select(pl.exclude(ONLY_CUSTOMER))
    locations = Comparison(
        added=_locations(found.added),
        changed=_locations(
            compare(
                found.changed,
                before.join(found.changed, on="location_id", how="semi"),
                key=["location_id"],
            ).written
        ),
        vanished=found.vanished,
        before=before.clear(),
    )
    return customers, locations


def _locations(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of the sheet as rows of the table."""
    return rows.select(pl.exclude("row", "sheet", *ONLY_CUSTOMER).name.map(_in_table)).with_columns(
        split("requires")
    )


def _in_table(name: str) -> str:
    return {"location_id": "id", "location_name": "name"}.get(name, name)
