"""Sheets made of rows, and what is said of them."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from rules.columns import Kind
from rules.sheets import Checked, check

TODAY = date(2022, 1, 15)
Row = Mapping[str, str | None]
GOOD = {
    "location_id": "L1",
    "customer_id": "C1",
    "customer_name": "Joe's Pizza",
    "csa_email": "ana@example.com",
}


def sheet(*rows: Row) -> pl.DataFrame:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    frame = pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in columns},
        schema=dict.fromkeys(columns, pl.String),
    )
    return frame.with_row_index("row", offset=2).cast({"row": pl.Int64})


def master(*rows: Row) -> Checked:
    return check(Kind.master, sheet(*({**GOOD, **row} for row in rows)), today=TODAY)


def problems(checked: Checked) -> list[tuple[object, ...]]:
    return checked.rejects.rows()
