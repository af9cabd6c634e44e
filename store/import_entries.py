"""What an import of the master sheet puts on the timeline: who came, and what changed of whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from store.loading import Comparison
from store.timeline import Happening

IDS = pl.col("location_id").sort().alias("ids")
LISTED = {"requires": ";"}
"""Columns that hold several values, and what parts them."""


@dataclass(frozen=True)
class Origin:
    """Who imports, from which files, and when (business time)."""

    actor: str
    files: str
    at: datetime


def entries(found: Comparison, customers: Comparison, origin: Origin) -> pl.DataFrame:
    """Entries of the timeline for what is new or other, at most a few for each customer.

    `found` compares the rows of the sheet, `customers` the customers (id, name, csa_email) in them.
    """
    new = customers.added.select(customer_id="id")
    parts = [
        _entry(Happening.imported, _came(found, new), origin),
        _entry(Happening.grew, _grew(found, new), origin),
        *(_entry(event, facts, origin) for event, facts in _customers_changed(customers)),
        *(_entry(event, facts, origin) for event, facts in _locations_changed(found, new)),
    ]
    return pl.concat(parts)


def _entry(event: Happening, facts: pl.DataFrame, origin: Origin) -> pl.DataFrame:
    """Rows of the table; all columns of `facts` but `customer_id` become the facts."""
    told = pl.struct(pl.exclude("customer_id"), file=pl.lit(origin.files))
    return facts.select(
        "customer_id",
        event=pl.lit(event.value),
        facts=told.struct.json_encode(),
        actor=pl.lit(origin.actor),
        happened_at=pl.lit(origin.at.isoformat()),
    )


def _came(found: Comparison, new: pl.DataFrame) -> pl.DataFrame:
    counted = found.written.group_by("customer_id").agg(locations=pl.len())
    return new.join(counted, on="customer_id", how="left", maintain_order="left")


def _grew(found: Comparison, new: pl.DataFrame) -> pl.DataFrame:
    more = found.added.join(new, on="customer_id", how="anti")
    return _counted(more, "customer_id")


def _customers_changed(customers: Comparison) -> Iterator[tuple[Happening, pl.DataFrame]]:
    both = customers.changed.join(customers.before, on="id", suffix="_before").sort("id")
    for event, name in ((Happening.renamed, "name"), (Happening.handed_over, "csa_email")):
        other = both.filter(pl.col(name) != pl.col(f"{name}_before"))
        change = {"from": f"{name}_before", "to": name}
        yield event, other.select(customer_id="id", **change)


def _locations_changed(
    found: Comparison, new: pl.DataFrame
) -> Iterator[tuple[Happening, pl.DataFrame]]:
    told = ["location_id", "customer_id", "status", "requires"]
    before = found.before.select(told)
    both = found.changed.select(told).join(before, on="location_id", suffix="_before")
    moved = both.filter(pl.col("customer_id") != pl.col("customer_id_before"))
    others = pl.col("customer_id_before").unique().sort()
    joined = moved.join(new, on="customer_id", how="anti").group_by("customer_id")
    yield Happening.joined, joined.agg(others.alias("from"), IDS, locations=pl.len())
    left = moved.select("location_id", customer_id="customer_id_before", to="customer_id")
    gone = left.group_by("customer_id")
    yield Happening.left, gone.agg(pl.col("to").unique().sort(), IDS, locations=pl.len())
    for event in (Happening.status, Happening.requires):
        yield event, _other(both, event.value)


def _other(both: pl.DataFrame, name: str) -> pl.DataFrame:
    """How many locations of a customer changed in this column, from what to what."""
    change = {"from": f"{name}_before", "to": name}
    changed = both.filter(pl.col(name).ne_missing(pl.col(f"{name}_before")))
    counted = _counted(changed.select("location_id", "customer_id", **change), *_OF_CHANGE)
    if name in LISTED:
        return counted.with_columns(_parts(each, LISTED[name]) for each in ("from", "to"))
    return counted


_OF_CHANGE = ("customer_id", "from", "to")


def _counted(rows: pl.DataFrame, *by: str) -> pl.DataFrame:
    return rows.group_by(by).agg(IDS, locations=pl.len()).sort(by, nulls_last=True)


def _parts(name: str, sign: str) -> pl.Expr:
    return pl.col(name).str.split(sign).list.eval(pl.element().filter(pl.element() != ""))
