"""The sheets people bring: their kinds, their columns and the names people give these."""

import re
from collections.abc import Mapping as Lookup
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum

import polars as pl

from rules.synonyms import SYNONYMS

# The column that holds the number a person sees beside a row.
ROW = "row"


class Kind(StrEnum):
    """What one sheet is about."""

    master = "master"
    history = "history"
    csas = "csas"
    features = "features"
    blackouts = "blackouts"
    escalated_stores = "escalated_stores"
    marks = "marks"


class CellType(Enum):
    """What one cell of a column holds; `feature_list` and `week_list` are ';'-separated."""

    id = "id"
    text = "text"
    email = "email"
    date = "date"
    timezone = "timezone"
    status = "status"
    outcome = "outcome"
    yes_no = "yes_no"
    feature_list = "feature_list"
    week_list = "week_list"
    whole_number = "whole_number"
    amount = "amount"


DTYPES: dict[CellType, pl.DataType] = {
    CellType.id: pl.String(),
    CellType.text: pl.String(),
    CellType.email: pl.String(),
    CellType.date: pl.Date(),
    CellType.timezone: pl.String(),
    CellType.status: pl.String(),
    CellType.outcome: pl.String(),
    CellType.yes_no: pl.Boolean(),
    CellType.feature_list: pl.List(pl.String()),
    CellType.week_list: pl.List(pl.Date()),
    CellType.whole_number: pl.Int64(),
    CellType.amount: pl.Float64(),
}


@dataclass(frozen=True)
class Column:
    """One canonical column of a kind of sheet.

    `most` is the largest number that can be true, `past` forbids dates after today, `monday`
    asks for the first day of a week, `longest` is in characters. A column that is `required` and
    `may_wait` has to be there, but its cells are filled in one after the other.
    """

    name: str
    type: CellType
    required: bool = False
    may_wait: bool = False
    most: float = 0
    past: bool = False
    monday: bool = False
    longest: int = 300


LONGEST_REASON = 3_000
# It travels in Slack's option values, which have 150 characters.
LONGEST_ID = 100
MOST_ORDERS = 100_000_000
MOST_MONEY = 1e12
MOST_CAPACITY = 100_000
# One hour more than the days have: clocks go back once a year.
HOURS_OF_28_DAYS = 28 * 24 + 1
HOURS_OF_A_WEEK = 7 * 24 + 1


COLUMNS: dict[Kind, tuple[Column, ...]] = {
    Kind.master: (
        Column("location_id", CellType.id, required=True, longest=LONGEST_ID),
        Column("location_name", CellType.text),
        Column("customer_id", CellType.id, required=True, longest=LONGEST_ID),
        Column("customer_name", CellType.text, required=True),
        Column("csa_email", CellType.email, required=True),
        Column("region", CellType.text),
        Column("timezone", CellType.timezone),
        Column("status", CellType.status),
        Column("requires", CellType.feature_list),
        Column("signed_up_on", CellType.date, past=True),
        Column("last_order_on", CellType.date, past=True),
        Column("orders_28d", CellType.whole_number, most=MOST_ORDERS),
        Column("missed_orders_28d", CellType.whole_number, most=MOST_ORDERS),
        Column("cancelled_orders_28d", CellType.whole_number, most=MOST_ORDERS),
        Column("orders_prev_28d", CellType.whole_number, most=MOST_ORDERS),
        Column("open_hours_28d", CellType.amount, most=HOURS_OF_28_DAYS),
        Column("online_hours_28d", CellType.amount, most=HOURS_OF_28_DAYS),
        Column("gmv_28d", CellType.amount, most=MOST_MONEY),
    ),
    Kind.history: (
        Column("location_id", CellType.id, required=True, longest=LONGEST_ID),
        Column("week_start", CellType.date, required=True, past=True, monday=True),
        Column("orders", CellType.whole_number, required=True, most=MOST_ORDERS),
        Column("missed_orders", CellType.whole_number, most=MOST_ORDERS),
        Column("cancelled_orders", CellType.whole_number, most=MOST_ORDERS),
        Column("online_hours", CellType.amount, most=HOURS_OF_A_WEEK),
        Column("open_hours", CellType.amount, most=HOURS_OF_A_WEEK),
    ),
    Kind.csas: (
        Column("email", CellType.email, required=True),
        Column("name", CellType.text),
        Column("weekly_capacity", CellType.whole_number, most=MOST_CAPACITY),
        Column("leave_weeks", CellType.week_list),
    ),
    Kind.features: (
        Column("key", CellType.id, required=True, longest=LONGEST_ID),
        Column("name", CellType.text),
        Column("target_release_on", CellType.date),
        Column("released_on", CellType.date, past=True),
    ),
    Kind.blackouts: (
        Column("region", CellType.text, required=True),
        Column("from", CellType.date, required=True),
        Column("to", CellType.date, required=True),
        Column("why", CellType.text, longest=LONGEST_REASON),
    ),
    Kind.escalated_stores: (
        Column("location_id", CellType.id, required=True, longest=LONGEST_ID),
        Column("requested_by", CellType.text),
        Column("reason", CellType.text, longest=LONGEST_REASON),
        Column("wished_on", CellType.date),
    ),
    Kind.marks: (
        Column("location_id", CellType.id, required=True, longest=LONGEST_ID),
        Column("wave", CellType.date, monday=True),
        Column("outcome", CellType.outcome, required=True, may_wait=True),
        Column("cause", CellType.text),
        Column("remedy", CellType.text, longest=LONGEST_REASON),
        Column("lost_orders", CellType.yes_no),
        Column("on", CellType.date, past=True),
    ),
}

# What our own sheets carry beside, for those who fill them in; it is not read back.
FOR_READERS: dict[Kind, frozenset[str]] = {
    Kind.marks: frozenset({"location_name", "customer_name", "csa_email", "stands"}),
}

# One row of a sheet is told from another by these.
KEYS: dict[Kind, tuple[str, ...]] = {
    Kind.master: ("location_id",),
    Kind.history: ("location_id", "week_start"),
    Kind.csas: ("email",),
    Kind.features: ("key",),
    Kind.blackouts: ("region", "from", "to"),
    Kind.escalated_stores: ("location_id",),
    Kind.marks: ("location_id",),
}

# What is rejected: the row as the person sees it, the header (null: the whole row), the cell as
# written, and why. A row may be there several times.
REJECTS: dict[str, pl.DataType] = {
    ROW: pl.Int64(),
    "column": pl.String(),
    "value": pl.String(),
    "problem": pl.String(),
}

SCHEMAS: dict[Kind, dict[str, pl.DataType]] = {
    kind: {ROW: pl.Int64(), **{column.name: DTYPES[column.type] for column in columns}}
    for kind, columns in COLUMNS.items()
}


@dataclass(frozen=True)
class Mapping:
    """Which header names which canonical column, for a person to confirm.

    `columns` is canonical name -> header; `synonyms` the headers that were matched by another
    name; `conflicts` header -> the header that won its column; `ignored` the headers that name
    nothing; `missing` the required canonical columns that no header names.
    """

    kind: Kind
    columns: dict[str, str]
    synonyms: tuple[str, ...]
    ignored: tuple[str, ...]
    conflicts: dict[str, str]
    missing: tuple[str, ...]

    @property
    def canonical(self) -> dict[str, str | None]:
        """Each header in turn and the canonical column it names, or None."""
        by_header = {header: name for name, header in self.columns.items()}
        unused = dict.fromkeys((*self.ignored, *self.conflicts))
        return by_header | unused


_REPEAT = re.compile(r" \(column [A-Z]+\)$")


def plain(header: str) -> str:
    """A header without case, spaces and punctuation: "Store ID " and "store_id" are one.

    The " (column F)" that a reader adds to a repeated header does not count.
    """
    return "".join(c for c in _REPEAT.sub("", header).casefold() if c.isalnum())


_EXACT: Lookup[Kind, dict[str, str]] = {
    kind: {plain(column.name): column.name for column in columns}
    for kind, columns in COLUMNS.items()
}
_BY_SYNONYM: Lookup[Kind, dict[str, str]] = {
    kind: {plain(word): name for name, words in SYNONYMS[kind].items() for word in words.split(",")}
    for kind in Kind
}


def map_columns(kind: Kind, headers: Sequence[str]) -> Mapping:
    """Match headers to the columns of a kind; an exact name wins over a synonym, then the first."""
    exact = [header for header in headers if plain(header) in _EXACT[kind]]
    others = [header for header in headers if header not in exact]
    columns: dict[str, str] = {}
    conflicts: dict[str, str] = {}
    for header in (*exact, *others):
        name = _EXACT[kind].get(plain(header)) or _BY_SYNONYM[kind].get(plain(header))
        if name is None:
            continue
        if columns.setdefault(name, header) != header:
            conflicts[header] = columns[name]
    used = set(columns.values())
    return Mapping(
        kind=kind,
        columns={c.name: columns[c.name] for c in COLUMNS[kind] if c.name in columns},
        synonyms=tuple(h for h in headers if h in used and h not in exact),
        ignored=tuple(h for h in headers if h not in used and h not in conflicts),
        conflicts=conflicts,
        missing=tuple(c.name for c in COLUMNS[kind] if c.required and c.name not in columns),
    )


def known_columns(headers: Sequence[str]) -> int:
    """How many columns of one kind these headers name, for the kind that fits best."""
    return max(len(map_columns(kind, headers).columns) for kind in Kind)


# One known column alone ("name", "region") does not tell the kinds apart.
_FEWEST_COLUMNS = 2


def guess_kind(headers: Sequence[str]) -> Kind | None:
    """The kind these headers fit best, or None when none fits or two fit equally well.

    A kind whose required columns are all there is preferred to one that lacks some. Among other
    headers, one that is known by a synonym alone ("Store", "Code") may be a cell of a row.
    """
    fits = {}
    for kind in Kind:
        mapping = map_columns(kind, headers)
        exact = len(mapping.columns) - len(mapping.synonyms)
        fits[kind] = (not mapping.missing, len(mapping.columns), exact)
    ranked = sorted(fits, key=lambda kind: fits[kind], reverse=True)
    best, second = ranked[:2]
    complete, columns, exact = fits[best]
    tells = columns >= _FEWEST_COLUMNS or (complete and (exact or len(headers) == 1))
    return best if tells and fits[best] != fits[second] else None
