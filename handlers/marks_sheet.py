"""Sheets of marks in an import: which rows mark a location, which say nothing new, which are left out."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from handlers.blocks import Words, count
from handlers.import_files import CheckedSheet, without_rejected
from handlers.marks import Judged, Part, judge
from rules.catalogue import Cause, meant
from rules.columns import REJECTS, ROW, Kind
from rules.location_life import State, Who
from rules.marking import Mark, Outcome
from rules.naming import fold
from rules.roles import Role
from rules.slack_ids import is_person
from rules.wording import and_listed, or_listed
from store.loading import Comparison
from store.session import Reading
from store.sheets import kept_schema

KIND = Kind.marks
SCHEMA = {ROW: pl.Int64(), **kept_schema(KIND)}
MOST_NEW_CAUSES = 10


@dataclass(frozen=True, eq=False)
class JudgedMarks:
    """Sheets of marks without what cannot be taken, and what becomes of each row.

    `found` has the rows that mark a location as added, those that tell more of one that failed before
    as changed; `counts` says of how many rows each sheet has the last word.
    """

    sheets: list[CheckedSheet]
    judged: tuple[Judged, ...]
    found: Comparison
    counts: Mapping[int, int]
    notes: tuple[str, ...]


async def part_of(reading: Reading, by: str) -> Part:
    """In which part somebody marks: leads, and whoever sits at the command line, as leads."""
    person = (await reading.people.asking(by)).person if is_person(by) else None
    is_csa = person is not None and not person.may(Role.lead)
    return Part(by, Who.csa if is_csa else Who.lead)


async def judge_sheets(
    reading: Reading, sheets: Sequence[CheckedSheet], *, by: str, hold: bool
) -> JudgedMarks:
    """Tell what becomes of the rows of sheets that `by` brings; see `handlers.marks.judge`.

    Rows without an outcome wait to be filled in. A location that several sheets tell of is marked as
    the last one says.
    """
    rows = _together(sheets)
    told = rows.filter(pl.col("outcome").is_not_null()).unique(
        "location_id", keep="last", maintain_order=True
    )
    part = await part_of(reading, by)
    judged = await judge(
        reading,
        [(_mark(row), row["wave"]) for row in told.iter_rows(named=True)],
        part,
        hold=hold,
    )
    fates = told.with_columns(
        pl.Series("why", [each.why for each in judged], dtype=pl.String),
        pl.Series("where", [each.column for each in judged], dtype=pl.String),
        pl.Series("taken", [each.is_taken for each in judged], dtype=pl.Boolean),
        pl.Series("again", [each.fate.is_again for each in judged], dtype=pl.Boolean),
    )
    taken = fates.filter("taken").select(rows.columns)
    again = fates.filter(pl.col("taken") & pl.col("again")).select(rows.columns)
    waiting = rows.filter(pl.col("outcome").is_null())
    counts = Counter(fates.filter(pl.col("why") == "")["sheet"].to_list())
    counts.update(waiting["sheet"].to_list())
    return JudgedMarks(
        sheets=[_without(sheet, fates, index) for index, sheet in enumerate(sheets)],
        judged=tuple(judged),
        found=Comparison(
            added=taken.join(again, on="location_id", how="anti", maintain_order="left"),
            changed=again,
            vanished=pl.DataFrame(),
            before=pl.DataFrame(),
        ),
        counts=counts,
        notes=(*_notes(judged, waiting.height), *await _on_causes(reading, judged)),
    )


def _together(sheets: Sequence[CheckedSheet]) -> pl.DataFrame:
    """All rows, with the columns that a sheet does not have empty, and the number of their sheet."""
    nothing = pl.DataFrame(schema=SCHEMA)
    return pl.concat(
        pl.concat([nothing, sheet.rows], how="diagonal").with_columns(sheet=pl.lit(index))
        for index, sheet in enumerate(sheets)
    )


def _mark(row: Mapping[str, object]) -> Mark:
    on = row["on"]
    return Mark(
        location_id=str(row["location_id"]),
        outcome=Outcome(str(row["outcome"])),
        cause=str(row["cause"] or ""),
        remedy=str(row["remedy"] or ""),
        lost_orders=bool(row["lost_orders"]),
        on=on if isinstance(on, date) else None,
    )


def _without(sheet: CheckedSheet, fates: pl.DataFrame, index: int) -> CheckedSheet:
    """A sheet without the rows that cannot be taken; each says under its own header what is wrong."""
    refused = fates.filter((pl.col("sheet") == index) & (pl.col("why") != ""))
    rows = []
    for cells in refused.iter_rows(named=True):
        header = sheet.mapping.columns.get(cells["where"])
        value = cells[cells["where"]]
        shown = "yes" if value is True else value
        rows.append((cells[ROW], header, None if shown is None else str(shown), cells["why"]))
    return without_rejected(sheet, pl.DataFrame(rows, schema=REJECTS, orient="row"))


def _notes(judged: Sequence[Judged], waiting: int) -> Iterator[str]:
    """What becomes of the rows, wave by wave, and of those that mark nothing."""
    taken = [each for each in judged if each.is_taken and each.wishes]
    for week in sorted({each.week for each in taken}):
        outcomes = Counter(each.mark.outcome for each in taken if each.week == week)
        told = and_listed(f"{outcomes[each]:,} {each}" for each in Outcome if outcomes[each])
        yield _said("waves", week=week, told=told)
    if remedies := sum(each.is_taken and each.fate.is_remedy for each in judged):
        yield _said("remedies", rows=remedies)
    if waiting:
        yield _said("no_outcome", rows=waiting)
    if before := sum(_tells_of_before(each) for each in judged):
        yield _said("told_before", rows=before)


def _tells_of_before(judged: Judged) -> bool:
    is_failed = judged.mark.outcome is Outcome.failed
    is_again = judged.run is not None and judged.run.stands.state is State.migrating
    return judged.fate.is_known and is_failed and is_again


async def _on_causes(reading: Reading, judged: Sequence[Judged]) -> list[str]:
    """Which causes nobody has met before, and what in the catalogue is like them."""
    failed = [
        each.mark
        for each in judged
        if each.is_taken and each.wishes and each.mark.outcome is Outcome.failed
    ]
    if not failed:
        return []
    known = [Cause(str(row.id), row.words) for row in await reading.causes.all()]
    words = {fold(mark.cause): mark.cause.strip() for mark in reversed(failed)}
    found = [(cause, meant(cause, known)) for cause in words.values()]
    new = [(cause, each.alike) for cause, each in found if each.cause is None]
    told = [
        _said("new_cause", cause=cause, alike=or_listed(f"“{each.words}”" for each in alike))
        for cause, alike in new[:MOST_NEW_CAUSES]
    ]
    more = len(new) - MOST_NEW_CAUSES
    return [*told, f"And {count(more, 'more new cause')}."] if more > 0 else told


def _said(block: str, **values: object) -> str:
    return Words("marks", **values).plain(block).replace("\N{NO-BREAK SPACE}", " ")
