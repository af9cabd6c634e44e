"""What the text in a column's cells says: ids, names, addresses, zones, states and features."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from zoneinfo import available_timezones

import polars as pl

from rules.columns import Column
from rules.wording import listed


@dataclass(frozen=True)
class Reading:
    """The values of one column, what is wrong with each cell (null: nothing), and notes."""

    values: pl.Series
    problems: pl.Series
    notes: list[str] = field(default_factory=list)


# Beyond the signs of ASCII that are seen. Only cells with such a sign can be hard to read or compare.
_BEYOND = r"[^ -~]"
_LINE_BREAKS = r"[\t\r\n\x0b\x0c\u0085\u2028\u2029]+"
_CONTROL = r"\p{Cc}"
# Zero-width characters: two ids that look the same would not be the same.
_INVISIBLE = r"[\p{Cc}\p{Cf}\u2028\u2029]"
# Nothing to see: zero-width and control characters, and letters that are drawn as a space.
_BLANK = r"^[\p{Cc}\p{Cf}\s\u034f\u115f\u1160\u2800\u3164\uffa0]+$"
# Embeddings, overrides and isolates: what follows them may be shown from right to left.
_TURNING = r"[\u202a-\u202e\u2066-\u2069]"
_NO_ID = r"(?i)^(?:n/a|n\.a\.|null|none|nan|nil|[-\u2013\u2014]+)$"
_SHORTENED = r"^[0-9](?:[.,][0-9]+)?[eE]\+[0-9]+$"
_ADDRESS = r"^[^\s@,;<>()]+@[^\s@,;<>()]+\.[^\s@,;<>().]+$"
_LONGEST_ADDRESS = 254

_STATUSES = {
    "active": "active live open current trading enabled onboarded",
    "offboarded": "offboarded closed terminated churned cancelled canceled deactivated left ended "
    "permanentlyclosed",
}
# What others call inactive is for the orders to tell: a shop that sleeps may still be moved.
_SILENT = "inactive dormant paused suspended temporarilyclosed onhold"
_STATUS_OF = {word: status for status, words in _STATUSES.items() for word in words.split()}
_STATUS_OF |= dict.fromkeys(_SILENT.split(), "active")

_OUTCOMES = {
    "migrated": "migrated moved done ok success successful succeeded completed complete",
    "failed": "failed fail failure error unsuccessful notmigrated",
}
_OUTCOME_OF = {word: outcome for outcome, words in _OUTCOMES.items() for word in words.split()}
_TRUTHS = {"yes": True, "y": True, "true": True, "1": True, "x": True}
_TRUTHS |= {"no": False, "n": False, "false": False, "0": False}


def over_distinct(cells: pl.Series, read: Callable[[pl.Series], pl.DataFrame]) -> pl.DataFrame:
    """Apply `read` to the distinct cells only; the columns it gives, in the order of `cells`."""
    asked = cells.rename("cell").to_frame()
    distinct = asked.unique().drop_nulls()
    answers = distinct.hstack(read(distinct["cell"]))
    return asked.join(answers, on="cell", how="left", maintain_order="left").drop("cell")


def without_blanks(cells: pl.Series) -> pl.Series:
    """The cells, empty where there is nothing to see in them."""
    # Most cells begin with a sign of ASCII that is seen: only the others are looked at.
    doubtful = ((cells < "!") | (cells > "~")).arg_true()
    blank = doubtful.filter(cells.gather(doubtful).str.contains(_BLANK))
    return cells.clone().scatter(blank, None) if blank.len() else cells


def read_text(column: Column, cells: pl.Series) -> Reading:
    """Names as written, in NFC; line breaks and tabs in them become spaces.

    What would turn the direction of all that is written behind a name is left out, with a note.
    """
    doubtful = _doubtful(cells)
    few = cells.gather(doubtful).str.normalize("NFC").str.replace_all(_LINE_BREAKS, " ")
    turning = few.str.contains(_TURNING).sum()
    notes = []
    if turning:
        few = few.str.replace_all(_TURNING, "")
        marks = "Marks that turn the direction of writing were left out"
        notes.append(f"{marks} in {turning:,} {'cell' if turning == 1 else 'cells'}.")
    values = _with(cells, doubtful, few)
    problems = _problems(values, doubtful, column, _CONTROL, "a control character")
    return Reading(values, problems, notes)


def read_id(column: Column, cells: pl.Series) -> Reading:
    """Ids exactly as written, in NFC: 007 is not 7, and A1 is not a1."""
    doubtful = _doubtful(cells)
    values = _with(cells, doubtful, cells.gather(doubtful).str.normalize("NFC"))
    problems = _problems(values, doubtful, column, _INVISIBLE, "an invisible character")
    shortened = values.str.contains(_SHORTENED)
    if shortened.any():
        words = (
            "A spreadsheet shortened this number, its digits are lost; format the column as text "
            "and fill in the full number."
        )
        problems = problems.zip_with(~shortened.fill_null(value=False), pl.Series([words]))
    nothing = values.str.contains(_NO_ID)
    if nothing.any():
        words = "This says that there is no id; fill in the id, or leave the row out."
        problems = problems.zip_with(~nothing.fill_null(value=False), pl.Series([words]))
    return Reading(values, problems)


def _doubtful(cells: pl.Series) -> pl.Series:
    """Where the cells are that need a closer look: those with more than the seen signs of ASCII."""
    return cells.str.contains(_BEYOND).arg_true()


def _with(cells: pl.Series, places: pl.Series, others: pl.Series | str) -> pl.Series:
    """The cells, with others in some places."""
    return cells.clone().scatter(places, others) if places.len() else cells


def _problems(
    values: pl.Series, doubtful: pl.Series, column: Column, forbidden: str, name: str
) -> pl.Series:
    """Which values are too long, and which of the doubtful ones hold a forbidden character."""
    problems = pl.repeat(None, values.len(), dtype=pl.String, eager=True)
    bad = doubtful.filter(values.gather(doubtful).str.contains(forbidden))
    lengths = values.str.len_chars()
    long = (lengths > column.longest).arg_true()
    too_long = pl.format(
        "It is {} characters long, the most is {}.", lengths.gather(long), pl.lit(column.longest)
    )
    problems = _with(problems, bad, f"It contains {name}; type it again.")
    return _with(problems, long, pl.select(too_long).to_series())


def read_email(_: Column, cells: pl.Series) -> Reading:
    """Addresses in lower case, so that one person is one address."""

    def read(distinct: pl.Series) -> pl.DataFrame:
        address = pl.col("cell").str.to_lowercase()
        fine = address.str.contains(_ADDRESS) & (address.str.len_chars() <= _LONGEST_ADDRESS)
        clean = fine & ~address.str.contains(_INVISIBLE)
        problem = pl.lit("This is not one e-mail address; write it like name@example.com.")
        return distinct.to_frame().select(
            value=pl.when(clean).then(address), problem=pl.when(~clean).then(problem)
        )

    answers = over_distinct(cells, read)
    return Reading(answers["value"], answers["problem"])


@cache
def _zones() -> dict[str, str]:
    """Zone names by themselves in lower case; the zone database is a table, not a state."""
    return {zone.lower(): zone for zone in available_timezones()}


def read_timezone(_: Column, cells: pl.Series) -> Reading:
    """IANA zones in any case, with spaces for underscores."""

    def read(distinct: pl.Series) -> pl.DataFrame:
        zones = [_zones().get(cell.lower().replace(" ", "_")) for cell in distinct]
        return _answers(zones, "This is not a time zone we know; write it like Europe/Berlin.")

    answers = over_distinct(cells, read)
    return Reading(answers["value"], answers["problem"])


def _answers(values: list[str | None], problem: str) -> pl.DataFrame:
    return pl.DataFrame(
        {"value": values, "problem": [problem if value is None else None for value in values]},
        schema={"value": pl.String, "problem": pl.String},
    )


def read_status(_: Column, cells: pl.Series) -> Reading:
    """`active` or `offboarded`, from the words people use; a note tells how each was read.

    "Inactive", "paused" and the like are active: who is inactive is decided from the orders
    (rules.md §2), and taking such a location for offboarded would leave it behind unseen.
    """
    reading = _read_words(cells, _STATUS_OF, "We know active and offboarded; write one of these.")
    if any(_plain(cell) in _SILENT.split() for cell in cells.unique().drop_nulls()):
        reading.notes.append("Who is inactive is decided from the orders, not from this column.")
    return reading


def read_outcome(_: Column, cells: pl.Series) -> Reading:
    """`migrated` or `failed`, from the words people use; a note tells how each was read."""
    return _read_words(cells, _OUTCOME_OF, "We know migrated and failed; write one of these.")


def read_yes_no(_: Column, cells: pl.Series) -> Reading:
    """Yes or no; an empty cell says neither."""

    def read(distinct: pl.Series) -> pl.DataFrame:
        told = [_TRUTHS.get(_plain(cell)) for cell in distinct]
        problems = [None if each is not None else "Write yes or no." for each in told]
        return pl.DataFrame(
            {"value": told, "problem": problems}, schema={"value": pl.Boolean, "problem": pl.String}
        )

    answers = over_distinct(cells, read)
    return Reading(answers["value"], answers["problem"])


def _plain(cell: str) -> str:
    return "".join(c for c in cell.casefold() if c.isalnum())


def _read_words(cells: pl.Series, known: Mapping[str, str], problem: str) -> Reading:
    """What known words stand for, with a note on those that are other words than what they mean."""

    def read(distinct: pl.Series) -> pl.DataFrame:
        return _answers([known.get(_plain(cell)) for cell in distinct], problem)

    answers = over_distinct(cells, read)
    told = sorted(
        f'"{cell}" was read as {known[_plain(cell)]}'
        for cell in cells.unique().drop_nulls()
        if known.get(_plain(cell), cell.casefold()) != cell.casefold()
    )
    return Reading(answers["value"], answers["problem"], [f"{listed(told)}."] if told else [])


def read_features(column: Column, cells: pl.Series) -> Reading:
    """Feature keys separated by ';' or ',', each once; an empty cell is an empty list."""

    def read(distinct: pl.Series) -> pl.DataFrame:
        lists = [
            list(dict.fromkeys(k for part in cell.split(";") if (k := part.strip())))
            for cell in distinct.str.normalize("NFC").str.replace_all(",", ";", literal=True)
        ]
        doubtful = _doubtful(distinct)
        text = _problems(distinct, doubtful, column, _INVISIBLE, "an invisible character")
        return pl.DataFrame(
            [pl.Series("value", lists, dtype=pl.List(pl.String)), text.alias("problem")]
        )

    answers = over_distinct(cells, read)
    return Reading(
        answers["value"].fill_null(pl.Series([[]], dtype=pl.List(pl.String))), answers["problem"]
    )
