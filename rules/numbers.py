"""Numbers as people write them: "1234", "1,234.50", "1.234,50", "€ 12", "(3)"."""

import polars as pl

from rules.cells import Reading
from rules.columns import CellType, Column

# Digits are 0-9 only: `\d` would take every script's digits, which the conversion does not.
_PLAIN = r"^[0-9]+(?:\.[0-9]+)?$"
# A point that cannot separate thousands.
_POINT = r"^[0-9]+\.(?:[0-9]{1,2}|[0-9]{4,})$|^0[0-9]*\.[0-9]+$|^[0-9]{4,}\.[0-9]+$"
_CURRENCY = "usd|eur|gbp|chf|cad|aud"
_MONEY = rf"(?i)^(?:{_CURRENCY})|(?:{_CURRENCY})$|[\p{{Sc}}\s'\u2019]"
_NUMBER = (
    r"^[+-]?(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+"
    r"|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?|[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]*)?)$"
)
_SCIENTIFIC = r"^[+-]?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+$"
_EITHER = r"^[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}$"
# The mark for decimals, where the cell itself tells: with both marks it is the last one, a mark
# that comes twice separates thousands, any other single mark is for decimals.
_POINT_TOLD = r",[0-9]{3}\.|^[^,.]*(?:,[0-9]{3}){2,}$|^[^,.]*\.[^,.]*$"
_COMMA_TOLD = r"\.[0-9]{3},|^[^,.]*(?:\.[0-9]{3}){2,}$|^[^,.]*,[^,.]*$"


def read_number(column: Column, cells: pl.Series) -> Reading:
    """Numbers from 0 to the column's `most`, whole or with decimals.

    Where "1,234" or "1.234" could be either, the other cells of the column decide; a column that
    does not tell has thousands when it is of whole numbers, else such cells are rejected.
    """
    dtype = pl.Int64() if column.type is CellType.whole_number else pl.Float64()
    if _is_plain(column, cells):
        values = cells.cast(pl.Float64, strict=False)
        problems = pl.repeat(None, cells.len(), dtype=pl.String, eager=True)
        notes: list[str] = []
    else:
        values, problems, notes = _written(column, cells)
    table = pl.DataFrame([values.alias("value"), problems.alias("problem")])
    table = table.with_columns(problem=pl.coalesce("problem", _impossible(column)))
    fine = pl.when(pl.col("problem").is_null()).then(pl.col("value"))
    table = table.with_columns(value=fine.cast(dtype))
    return Reading(table["value"], table["problem"], notes)


def _is_plain(column: Column, cells: pl.Series) -> bool:
    """Whether every cell is a number as programs write it, decimals after a point."""
    if not cells.str.contains(_PLAIN).all():
        return False
    pointed = cells.str.contains(".", literal=True)
    if not pointed.any():
        return True
    return column.type is CellType.amount and bool(cells.str.contains(_POINT).any())


def _written(column: Column, cells: pl.Series) -> tuple[pl.Series, pl.Series, list[str]]:
    text = pl.col("text")
    bare = pl.col("cell").str.replace_all(_MONEY, "").str.replace(r"^\((.+)\)$", "-$1")
    table = cells.rename("cell").to_frame().with_columns(text=bare)
    table = table.with_columns(
        number=text.str.contains(_NUMBER) | text.str.contains(_SCIENTIFIC),
        either=text.str.contains(_EITHER),
    )
    ambiguous, notes = _either(column, table)
    alone = pl.when(text.str.contains(_COMMA_TOLD)).then(_BY_COMMA).otherwise(_BY_POINT)
    chosen = pl.when("either").then(ambiguous).when("number").then(alone)
    table = table.with_columns(value=chosen.cast(pl.Float64, strict=False))
    unread = pl.col("value").is_null() & pl.col("cell").is_not_null()
    both = pl.format(
        "It could be {} or {}; write it without a separator of thousands.", _BY_POINT, _BY_COMMA
    )
    problem = pl.when(unread & pl.col("either")).then(both)
    table = table.with_columns(problem=problem.when(unread).then(pl.lit("This is not a number.")))
    return table["value"], table["problem"], notes


_BY_POINT = pl.col("text").str.replace_all(",", "", literal=True)
_BY_COMMA = (
    pl.col("text").str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
)


def _either(column: Column, table: pl.DataFrame) -> tuple[pl.Expr, list[str]]:
    """How to read a cell that could be either, and what to say about it."""
    told = table.filter("number", ~pl.col("either"))["text"]
    point = bool(told.str.contains(_POINT_TOLD).any())
    comma = bool(told.str.contains(_COMMA_TOLD).any())
    if point != comma:
        return (_BY_POINT if point else _BY_COMMA), []
    if point or column.type is not CellType.whole_number or not table["either"].any():
        return pl.lit(None, dtype=pl.String), []
    sample = table.filter("either")["cell"][0]
    words = f'"{sample}" and the like were read with a separator of thousands.'
    return pl.col("text").str.replace_all("[.,]", ""), [words]


def _impossible(column: Column) -> pl.Expr:
    value = pl.col("value")
    whole = column.type is CellType.whole_number
    return (
        pl.when(value < 0)
        .then(pl.lit("It is below zero."))
        .when(value > column.most)
        .then(pl.lit(f"It is larger than can be; the most is {column.most:,.0f}."))
        .when(pl.lit(whole) & (value != value.round()))
        .then(pl.lit("This is not a whole number."))
    )
