"""What is kept of each kind of sheet, read as the sheet has it, and how sheets are laid over it."""

import polars as pl
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.columns import KEYS, ROW, SCHEMAS, Kind
from store.copying import copied_out
from store.escalated_stores import AS_KEPT

SEPARATOR = ";"
"""No feature key holds it: it parts them in the sheet too."""

IMPORTED: tuple[Kind, ...] = (
    Kind.csas,
    Kind.features,
    Kind.blackouts,
    Kind.master,
    Kind.history,
    Kind.escalated_stores,
    Kind.marks,
)
"""The kinds that can be imported, those first that others name."""

CUSTOMERS = "SELECT id, name, csa_email FROM customers"
LOCATIONS = """
    SELECT id, name, customer_id, region, timezone, status, array_to_string(requires, ';'),
           signed_up_on, last_order_on, orders_28d, missed_orders_28d, cancelled_orders_28d,
           orders_prev_28d, open_hours_28d, online_hours_28d, gmv_28d
    FROM locations
"""
QUERIES: dict[Kind, str] = {
    Kind.csas: """
        SELECT email, name, weekly_capacity, coalesce(
            (SELECT string_agg(week::text, ';' ORDER BY week) FROM csa_leave AS leave
             WHERE leave.email = csas.email), '')
        FROM csas
    """,
    Kind.features: "SELECT key, name, target_release_on, released_on FROM features",
    Kind.blackouts: "SELECT region, from_date, to_date, why FROM blackouts",
    Kind.history: """
        SELECT location_id, week_start, orders, missed_orders, cancelled_orders, online_hours,
               open_hours
        FROM history WHERE week_start BETWEEN $1 AND $2
    """,
    Kind.escalated_stores: AS_KEPT,
}


def kept_schema(kind: Kind) -> dict[str, pl.DataType]:
    """The columns of a kind as they are compared: those of the sheet, with lists as one text."""
    return {
        name: pl.String() if isinstance(dtype, pl.List) else dtype
        for name, dtype in SCHEMAS[kind].items()
        if name != ROW
    }


def as_kept(rows: pl.DataFrame) -> pl.DataFrame:
    """Checked rows as they are compared: a list is one text, leave weeks in their order."""
    return rows.with_columns(
        _joined(name) for name, dtype in rows.schema.items() if dtype == pl.List
    )


def _joined(name: str) -> pl.Expr:
    cells = pl.col(name).cast(pl.List(pl.String))
    if name == "leave_weeks":
        cells = cells.list.unique().list.sort()
    return cells.list.join(SEPARATOR).fill_null("").alias(name)


def with_defaults(kind: Kind, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows without gaps where the table allows none: a location without a name is called by its id."""
    match kind:
        case Kind.master:
            called = pl.format("{} {}", "customer_name", "location_id")
            return rows.with_columns(
                pl.col("location_name").fill_null(called),
                pl.col("status").fill_null("active"),
                pl.col("requires").fill_null(""),
            )
        case Kind.csas:
            return rows.with_columns(pl.col("leave_weeks").fill_null(""))
        case Kind.features:
            return rows.with_columns(pl.col("name").fill_null(pl.col("key")))
    return rows


async def kept_rows(
    connection: AsyncConnection, kind: Kind, sheets: list[pl.DataFrame]
) -> pl.DataFrame:
    """What is there now of a kind; of history only the weeks that the sheets are about.

    Of escalated stores a location may be there twice: as a list has it, and then as it was asked for
    otherwise.
    """
    if kind is Kind.master:
        return await _kept_master(connection)
    weeks = []
    if kind is Kind.history:
        told = pl.concat(rows["week_start"] for rows in sheets)
        if told.is_empty():
            return pl.DataFrame(schema=kept_schema(kind))
        weeks = [told.min(), told.max()]
    return await copied_out(connection, QUERIES[kind], kept_schema(kind), *weeks)


async def _kept_master(connection: AsyncConnection) -> pl.DataFrame:
    """Locations with their customers; joined here, which takes a third of the time of a join there."""
    schema = kept_schema(Kind.master)
    of_customer = dict.fromkeys(("customer_id", "customer_name", "csa_email"), pl.String())
    of_location = {n: d for n, d in schema.items() if n not in ("customer_name", "csa_email")}
    customers = await copied_out(connection, CUSTOMERS, of_customer)
    locations = await copied_out(connection, LOCATIONS, of_location)
    together = locations.join(customers, on="customer_id", how="left", maintain_order="left")
    return together.select(schema.keys())


async def known(connection: AsyncConnection, kind: Kind) -> pl.Series:
    """The ids, e-mail addresses or keys that are there of a kind with one key column."""
    name = KEYS[kind][0]
    columns = {Kind.master: "id FROM locations", Kind.csas: "email FROM csas"}
    query = f"SELECT {columns.get(kind, 'key FROM features')}"
    return (await copied_out(connection, query, {name: pl.String()}))[name]


async def has_any(connection: AsyncConnection, kind: Kind) -> bool:
    """Whether there is any history or any blackout."""
    query = f"SELECT EXISTS (SELECT FROM {kind.value})"
    return bool((await connection.execute(text(query))).scalar_one())


def stages(kind: Kind, sheets: list[pl.DataFrame], before: pl.DataFrame) -> list[pl.DataFrame]:
    """The checked rows of sheets of one kind, each completed by what was there when it came.

    Columns that a sheet does not have keep what they held. Each stage has `row`, `sheet` (its
    index) and the columns of `kept_schema`.
    """
    key = list(KEYS[kind])
    state, parts = before, []
    for index, rows in enumerate(sheets):
        whole = _whole(kind, as_kept(rows), state)
        parts.append(whole.with_columns(sheet=pl.lit(index)))
        if index + 1 < len(sheets):
            kept = state.join(whole, on=key, how="anti")
            state = pl.concat([kept, whole.select(state.columns)])
    return parts


def laid_over(kind: Kind, parts: list[pl.DataFrame]) -> pl.DataFrame:
    """One row for each key: the stages over each other, the last one has the last word."""
    if len(parts) == 1:
        return parts[0]
    together = pl.concat(parts).unique(subset=KEYS[kind], keep="last", maintain_order=True)
    return _one_customer(together) if kind is Kind.master else together


def _whole(kind: Kind, rows: pl.DataFrame, state: pl.DataFrame) -> pl.DataFrame:
    key = list(KEYS[kind])
    absent = [name for name in state.columns if name not in rows.columns]
    if absent:
        rows = rows.join(state.select(*key, *absent), on=key, how="left", maintain_order="left")
    return with_defaults(kind, rows.select(ROW, *state.columns))


def _one_customer(rows: pl.DataFrame) -> pl.DataFrame:
    """A customer's name and CSA as the last sheet has them, in all of its rows."""
    names = ("customer_name", "csa_email")
    return rows.with_columns(
        pl.col(name).sort_by("sheet").last().over("customer_id") for name in names
    )


def split(name: str) -> pl.Expr:
    """A list that was joined for comparison, as a list again; no text is the empty list."""
    return pl.col(name).str.split(SEPARATOR).list.eval(pl.element().filter(pl.element() != ""))
