"""What the sheets of one import say together: defaults used, and names that nothing explains."""

from collections.abc import Mapping

import polars as pl

from rules.columns import Kind
from rules.sheet_words import COLUMNS, SHEETS
from rules.wording import listed

EVERYWHERE = "*"

# A sheet and column that names things -> the sheet and column that should have them.
_NAMES = (
    (Kind.master, "csa_email", Kind.csas, "email"),
    (Kind.master, "requires", Kind.features, "key"),
    (Kind.history, "location_id", Kind.master, "location_id"),
    (Kind.escalated_stores, "location_id", Kind.master, "location_id"),
    (Kind.blackouts, "region", Kind.master, "region"),
)


def notes_across(sheets: Mapping[Kind, pl.DataFrame], *, weekly_capacity: int) -> list[str]:
    """Say which defaults the checked rows of an import leave in use, and what they name in vain.

    `sheets` holds `Checked.rows` by kind, only those that were sent. `weekly_capacity` is the
    default number of locations a week for each CSA.
    """
    return [*_defaults(sheets, weekly_capacity), *_unknown_names(sheets)]


def _defaults(sheets: Mapping[Kind, pl.DataFrame], weekly_capacity: int) -> list[str]:
    notes = []
    capacity = f"{weekly_capacity} locations a week for each CSA"
    csas = sheets.get(Kind.csas)
    if csas is None:
        notes.append(f"There is no list of CSAs: {capacity}, and no leave.")
    elif "weekly_capacity" not in csas.columns:
        notes.append(f"Nobody says how many locations a CSA can do: {capacity}.")
    elif unset := csas["weekly_capacity"].null_count():
        have = "CSA has" if unset == 1 else "CSAs have"
        notes.append(f"{unset:,} {have} no capacity: {weekly_capacity} locations a week each.")
    if Kind.history not in sheets:
        notes.append(
            "There is no order history: who is inactive is told from the master sheet alone."
        )
    if Kind.blackouts not in sheets:
        notes.append("There is no list of blackouts: no week is closed.")
    master = sheets.get(Kind.master)
    if master is not None:
        notes += _master_defaults(master)
        if "requires" in master.columns and Kind.features not in sheets:
            notes.append("There is no roadmap: features that locations need have no dates.")
    return notes


def _master_defaults(master: pl.DataFrame) -> list[str]:
    notes = []
    if "timezone" not in master.columns:
        notes.append("No time zones: the zone of the region is used.")
    elif unset := master["timezone"].null_count():
        have = "location has" if unset == 1 else "locations have"
        notes.append(f"{unset:,} {have} no time zone: the zone of the region is used.")
    if "region" not in master.columns:
        notes.append("No regions: all locations are in one.")
    elif unset := master["region"].null_count():
        have = "location has" if unset == 1 else "locations have"
        notes.append(f"{unset:,} {have} no region.")
    if "status" not in master.columns or master["status"].null_count():
        notes.append("Locations without a status are active.")
    return notes


def _unknown_names(sheets: Mapping[Kind, pl.DataFrame]) -> list[str]:
    notes = []
    for kind, name, owner, key in _NAMES:
        if not _has(sheets, kind, name) or not _has(sheets, owner, key):
            continue
        named = sheets[kind][name]
        if named.dtype == pl.List:
            named = named.explode()
        known = sheets[owner][key].drop_nulls().implode()
        unknown = named.drop_nulls().unique().sort()
        unknown = unknown.filter(~unknown.is_in(known) & (unknown != EVERYWHERE))
        if unknown.len():
            column, sheet = COLUMNS[kind][name], SHEETS[kind]
            notes.append(
                f"{unknown.len():,} in {sheet} ({column}) not in {SHEETS[owner]}: {listed(unknown)}."
            )
    return notes


def _has(sheets: Mapping[Kind, pl.DataFrame], kind: Kind, name: str) -> bool:
    return kind in sheets and name in sheets[kind].columns
