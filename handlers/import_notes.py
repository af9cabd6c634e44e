"""What is to be known about an import as a whole: defaults in use, names nobody knows, what vanished."""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.blocks import count
from handlers.import_files import CheckedSheet
from rules.columns import Kind
from rules.sheet_words import ROWS, SHEETS
from rules.together import notes_across
from rules.wording import listed
from store.loading import Comparison
from store.parameters import ParameterVersions
from store.sheets import has_any, known

TOLD_WHEN_GONE = (
    Kind.csas,
    Kind.features,
    Kind.blackouts,
    Kind.master,
    Kind.escalated_stores,
)


def vanished(found: Mapping[Kind, Comparison]) -> Iterator[str]:
    """What is kept but no longer in the sheets: told, never deleted. History is sent in parts."""
    for kind in TOLD_WHEN_GONE:
        gone = found[kind].vanished if kind in found else pl.DataFrame()
        if gone.height:
            rows = (" ".join(map(str, key)) for key in gone.sort(gone.columns).iter_rows())
            gone_rows = count(gone.height, *ROWS[kind])
            yield f"Not in {SHEETS[kind]}, kept as before: {gone_rows}: {listed(rows)}."


def moved_later(slips: pl.DataFrame) -> Iterator[str]:
    """Features whose target date was given up for a later one."""
    keys = slips["feature_key"].unique(maintain_order=True)
    if keys.len():
        yield f"The target date moved later, or away, for {count(keys.len(), 'feature')}: {listed(keys)}."


async def across(
    connection: AsyncConnection, sheets: Sequence[CheckedSheet], found: Mapping[Kind, Comparison]
) -> list[str]:
    """The defaults that are in use after the import, and what the sheets name in vain."""
    csas, features = [
        await _together(connection, kind, key, found)
        for kind, key in ((Kind.csas, "email"), (Kind.features, "key"))
    ]
    master = pl.concat(
        [s.rows for s in sheets if s.kind is Kind.master] or [pl.DataFrame()], how="diagonal"
    )
    in_use = {
        Kind.csas: _rows(sheets, Kind.csas) if csas.len() else None,
        Kind.features: pl.DataFrame() if features.len() else None,
        Kind.master: master if master.width else None,
    }
    for kind in (Kind.history, Kind.blackouts):
        there = kind in found or await has_any(connection, kind)
        in_use[kind] = pl.DataFrame() if there else None
    capacity = (await ParameterVersions(connection).current()).default_capacity
    notes = notes_across(
        {kind: rows for kind, rows in in_use.items() if rows is not None}, weekly_capacity=capacity
    )
    if master.width:
        notes += [*_unnamed(master), *_without_capacity(master, csas, capacity)]
        notes += _waiting_for_nothing(master, features)
    return notes


async def _together(
    connection: AsyncConnection, kind: Kind, key: str, found: Mapping[Kind, Comparison]
) -> pl.Series:
    """The keys of a kind that will be there after the import."""
    there = await known(connection, kind)
    return pl.concat([there, found[kind].added[key]]) if kind in found else there


def _rows(sheets: Sequence[CheckedSheet], kind: Kind) -> pl.DataFrame:
    """The rows of a kind without its key: who is in which sheet is told here, of all that is kept."""
    rows = [sheet.rows.drop("email") for sheet in sheets if sheet.kind is kind]
    # What was kept before is not told again.
    return (
        pl.concat(rows, how="diagonal")
        if rows
        else pl.DataFrame(schema={"weekly_capacity": pl.Int64})
    )


def _unnamed(master: pl.DataFrame) -> Iterator[str]:
    unset = master["location_name"].null_count() if "location_name" in master.columns else None
    called = "are called by their customer and id"
    if unset is None:
        yield f"No location names: locations {called}."
    elif unset:
        yield f"{count(unset, 'location')} without a name {called}."


def _without_capacity(master: pl.DataFrame, csas: pl.Series, capacity: int) -> Iterator[str]:
    emails = master["csa_email"].unique().sort()
    unknown = emails.filter(~emails.is_in(csas.implode()))
    # Where there are no CSAs at all, the note on the missing sheet says it.
    if csas.len() and unknown.len():
        are = "is" if unknown.len() == 1 else "are"
        yield (
            f"{count(unknown.len(), 'CSA')} of the master sheet {are} not in the list of CSAs, so "
            f"{capacity} locations a week are counted on: {listed(unknown)}."
        )


def _waiting_for_nothing(master: pl.DataFrame, features: pl.Series) -> Iterator[str]:
    if "requires" not in master.columns:
        return
    named = master.select(key="requires").explode("key").drop_nulls()
    waiting = named.filter(~pl.col("key").is_in(features.implode()))
    for key, locations in waiting.group_by("key").len().sort("key").iter_rows():
        waits = "waits" if locations == 1 else "wait"
        yield f"{count(locations, 'location')} {waits} for a feature nobody knows: {key}."
