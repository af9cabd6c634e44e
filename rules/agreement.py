"""Rows that must agree with each other: one row for a key, one name and one CSA for a customer.

Each function takes the typed rows of a sheet and gives findings: row, column (canonical) and
problem, in which columns are called by the person's own headers.
"""

from collections.abc import Mapping

import polars as pl

from rules.columns import KEYS, ROW, Kind
from rules.wording import listed

FINDING: dict[str, pl.DataType] = {ROW: pl.Int64(), "column": pl.String(), "problem": pl.String()}

# What cannot be more than another column of the same row says.
_PARTS: dict[Kind, tuple[tuple[str, str], ...]] = {
    Kind.master: (("missed_orders_28d", "orders_28d"), ("cancelled_orders_28d", "orders_28d")),
    Kind.history: (("missed_orders", "orders"), ("cancelled_orders", "orders")),
}


def within_rows(kind: Kind, rows: pl.DataFrame, headers: Mapping[str, str]) -> list[pl.DataFrame]:
    """More missed or cancelled orders than orders; a blackout that ends before it begins."""
    findings = [
        _findings(
            rows.filter(pl.col(part) > pl.col(whole)),
            part,
            pl.format("It is more than {}, which is {}.", pl.lit(headers[whole]), whole),
        )
        for part, whole in _PARTS.get(kind, ())
        if part in rows.columns and whole in rows.columns
    ]
    if kind is Kind.blackouts:
        backwards = rows.filter(pl.col("to") < pl.col("from"))
        findings.append(_findings(backwards, "to", pl.format("It is before {}.", "from")))
    return findings


def repeated_keys(kind: Kind, rows: pl.DataFrame, headers: Mapping[str, str]) -> list[pl.DataFrame]:
    """Rows with a key that another row has.

    Rows that say exactly the same are one: the first stays. Rows that differ are all rejected,
    for nothing tells which of them is right.
    """
    key = list(KEYS[kind])
    keys = rows.select(key)
    # Equal keys have equal hashes, and to find a hash again takes a tenth of finding a text.
    if keys.hash_rows().n_unique() == keys.height:
        return []
    whole = rows.filter(pl.all_horizontal(pl.col(key).is_not_null()))
    repeated = whole.filter(pl.struct(key).is_duplicated() if len(key) > 1 else _twice(key[0]))
    if not repeated.height:
        return []
    groups = repeated.group_by(key, maintain_order=True).agg(
        every=pl.col(ROW), alike=pl.struct(pl.all().exclude(ROW)).n_unique() == 1
    )
    told = groups.with_columns(
        first=pl.col("every").list.first(),
        others=pl.Series([listed(map(str, every)) for every in groups["every"]], dtype=pl.String),
    )
    problems = repeated.join(told, on=key, how="left", maintain_order="left")
    same = pl.format("Row {} already says exactly this.", "first")
    differ = pl.format(
        "Rows {} have the same {} and say different things; keep one.",
        "others",
        pl.lit(" and ".join(headers[name] for name in key)),
    )
    return [
        _findings(problems.filter("alike", pl.col(ROW) != pl.col("first")), key[0], same),
        _findings(problems.filter(~pl.col("alike")), key[0], differ),
    ]


def _twice(name: str) -> pl.Expr:
    return pl.col(name).is_duplicated()


def two_owners(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """Rows of a customer that name another CSA than most of its rows.

    A customer has one CSA, who is told of every move, so a wrong one is not taken over silently:
    the minority is rejected, and all rows of the customer when no address has the most.
    """
    votes = _votes(rows, "customer_id", "csa_email")
    if not votes.height:
        return []
    most = votes.group_by("customer_id").agg(
        winner=pl.when((pl.col("n") == pl.col("n").max()).sum() == 1).then(
            pl.col("csa_email").sort_by("n", descending=True).first()
        ),
        every=pl.format("{} (row {})", "csa_email", "first").sort_by("first"),
    )
    told = most.with_columns(
        every=pl.Series([listed(every) for every in most["every"]], dtype=pl.String)
    )
    joined = rows.join(told, on="customer_id", how="inner", maintain_order="left")
    minority = joined.filter(pl.col("csa_email").ne_missing(pl.col("winner")))
    minority = minority.filter(pl.col("csa_email").is_not_null())
    problem = pl.format(
        "Customer {} has several CSAs: {}. Write the same one in all its rows.",
        "customer_id",
        "every",
    )
    return [_findings(minority, "csa_email", problem)]


def one_name(rows: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """The rows with one name for each customer, and a note on the names that gave way.

    Spellings differ from row to row and do no harm, so nothing is rejected: the name that most
    rows have is taken, of equally frequent ones the first in the sheet.
    """
    votes = _votes(rows, "customer_id", "customer_name")
    if not votes.height:
        return rows, []
    ranked = votes.sort("n", "first", descending=[True, False])
    names = ranked.group_by("customer_id", maintain_order=True).agg(
        taken=pl.col("customer_name").first(),
        others=pl.col("customer_name").slice(1),
        at=pl.col("first").min(),
    )
    joined = rows.join(names, on="customer_id", how="left", maintain_order="left")
    kept = joined.with_columns(
        customer_name=pl.when(pl.col("customer_name").is_not_null()).then(
            pl.coalesce("taken", "customer_name")
        )
    ).select(rows.columns)
    told = [
        f'{row["customer_id"]} "{row["taken"]}", not "{listed(row["others"])}"'
        for row in names.sort("at").head(3).iter_rows(named=True)
    ]
    note = (
        f"Customers with several names: {names.height:,}; the most frequent was taken: "
        f"{'; '.join(told)}."
    )
    return kept, [note]


def _votes(rows: pl.DataFrame, by: str, name: str) -> pl.DataFrame:
    """How many rows, and which first, say what, for those that are told several things."""
    if by not in rows.columns or name not in rows.columns:
        return pl.DataFrame()
    whole = rows.select(ROW, by, name).drop_nulls()
    votes = whole.group_by(by, name).agg(n=pl.len(), first=pl.col(ROW).min())
    return votes.filter(pl.col(by).is_duplicated())


def _findings(rows: pl.DataFrame, column: str, problem: pl.Expr) -> pl.DataFrame:
    return rows.select(ROW, column=pl.lit(column), problem=problem)
