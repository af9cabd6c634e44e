"""Importing sheets: what the command line and Slack share. Read and check, look ahead, write."""

import asyncio
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from handlers.concerned import tell_concerned
from handlers.errors import Refused
from handlers.feature_news import have_replanned, tell_channels
from handlers.import_files import (
    CheckedSheet,
    Watch,
    read_files,
    unwatched,
    without_unknown_locations,
)
from handlers.import_news import news_of
from handlers.import_notes import across, moved_later, vanished
from handlers.looks import have_judged_anew
from handlers.marks import mark_all
from handlers.marks_sheet import JudgedMarks, judge_sheets, part_of
from handlers.pictures import draw_ahead
from handlers.wished_stores import Judged, Wished, judge, only_open, send
from rules.columns import KEYS, ROW, Kind
from rules.sheet_words import SHEETS
from store.audit import Change
from store.copying import ROWS_AT_ONCE
from store.import_entries import Origin
from store.import_lock import ImportGoingOn, take_turn
from store.importing import keep, record
from store.imports import ImportRow
from store.loading import Comparison, compare
from store.roadmap_entries import tell_who_waits
from store.session import Reading, Transaction
from store.sheets import IMPORTED, kept_rows, known, laid_over, stages
from store.slips import NO_SLIPS, keep_slips, slips

OF_NO_PLAN = frozenset({Kind.escalated_stores, Kind.marks})
"""Wishes before they are granted, and moves that were made, make no other plan."""


@dataclass(frozen=True, eq=False)
class SheetReport:
    """What becomes of one sheet; the numbers count rows.

    `replaced` rows are said again, and perhaps otherwise, by a later sheet of the same import.
    """

    sheet: CheckedSheet
    added: int
    changed: int
    unchanged: int
    replaced: int

    @property
    def rejected(self) -> int:
        """How many rows were rejected; one may have several problems."""
        return self.sheet.rejects[ROW].n_unique()

    @property
    def changes_something(self) -> bool:
        """Whether anything of this sheet is new."""
        return bool(self.added or self.changed)


@dataclass(frozen=True, eq=False)
class ImportReport:
    """What an import does, sheet by sheet, and what is to be known about all of it together."""

    sheets: tuple[SheetReport, ...]
    notes: tuple[str, ...]
    found: Mapping[Kind, Comparison]

    def digest(self) -> str:
        """Stands for all that would be written and all that is told of it; long work."""
        told = [(s.sheet.file, s.added, s.changed, s.unchanged, s.rejected) for s in self.sheets]
        digest = hashlib.sha256(json.dumps([told, self.notes]).encode())
        for kind, found in self.found.items():
            digest.update(kind.encode())
            rows = found.written.drop("sheet").sort(KEYS[kind])
            # As text: in memory, equal frames may differ.
            for part in rows.iter_slices(ROWS_AT_ONCE):
                digest.update(part.write_ndjson().encode())
        return digest.hexdigest()

    @property
    def rejected(self) -> int:
        """How many rows were rejected in all."""
        return sum(sheet.rejected for sheet in self.sheets)

    @property
    def changes_something(self) -> bool:
        """Whether anything is new."""
        return any(sheet.changes_something for sheet in self.sheets)

    @property
    def changes_plans(self) -> bool:
        """Whether anything is new that a plan is made from; wishes are not, before they are granted."""
        return any(
            sheet.changes_something and sheet.sheet.kind not in OF_NO_PLAN for sheet in self.sheets
        )


class ImportingNow(Refused):
    """Somebody else imports just now; `actor` is who, where the database tells."""

    def __init__(self, actor: str | None) -> None:
        self.actor = actor
        super().__init__(
            f"{actor or 'Somebody else'} is importing just now, so nothing was changed. "
            "Please try again when that is done."
        )


class OtherThanShown(Refused):
    """The sheets would now do something else than what was agreed to: `report` says what."""

    def __init__(self, report: ImportReport) -> None:
        self.report = report
        super().__init__("Something was imported meanwhile, so nothing was imported.")


async def import_sheets(tx: Transaction, paths: Sequence[Path], *, today: date) -> ImportReport:
    """Read files and import all their sheets, in the order in which they build on each other.

    Raises:
        Refused: a file cannot be read, or somebody else imports just now; nothing is written.
    """
    sheets = await asyncio.to_thread(read_files, paths, today=today)
    return await import_checked(tx, sheets)


async def preview(
    reading: Reading, sheets: Sequence[CheckedSheet], *, by: str, watch: Watch = unwatched
) -> ImportReport:
    """What an import of these sheets would do, if `by` had it done. Nothing is written."""
    return (await _weighed(reading, sheets, watch, by, hold=False)).report


async def import_checked(
    tx: Transaction,
    sheets: Sequence[CheckedSheet],
    *,
    watch: Watch = unwatched,
    agreed: str | None = None,
) -> ImportReport:
    """Import checked sheets: rows that are new or other are written, nothing is deleted.

    What changes nothing leaves no trace. `agreed` is the digest of the report that was agreed to.

    Raises:
        ImportingNow: somebody else imports just now.
        OtherThanShown: the import would not do what was agreed to.
    """
    try:
        await take_turn(tx.connection, tx.actor)
    except ImportGoingOn as other:
        raise ImportingNow(other.actor) from other
    weighed = await _weighed(tx, sheets, watch, tx.actor, hold=True)
    if agreed and await asyncio.to_thread(weighed.report.digest) != agreed:
        raise OtherThanShown(weighed.report)
    at = await tx.clock.now()
    for kind, found in weighed.found.items():
        files = ", ".join(dict.fromkeys(s.file for s in sheets if s.kind is kind))
        writing = _Counter(watch, f"Writing {SHEETS[kind]}", found.written.height)
        await keep(tx.connection, kind, found, Origin(tx.actor, files, at), writing)
    await send(tx, weighed.wishes)
    if weighed.marks:
        watch("Marking locations", 0, 0)
        await mark_all(tx, weighed.marks.judged, await part_of(tx, tx.actor))
    slipped = await keep_slips(tx.connection, weighed.slips)
    if features := weighed.found.get(Kind.features):
        await tell_who_waits(tx.connection, slipped, features, tx.actor, at)
    news = await news_of(tx, weighed.found)
    await tell_concerned(tx, f"import {at.isoformat()}", news)
    if history := weighed.found.get(Kind.history):
        await have_judged_anew(tx, history.written)
    if features:
        await tell_channels(tx, features, at)
        await have_replanned(tx, features)
    await _note_down(tx, weighed.report, slipped.height, at.date())
    if Kind.master in weighed.found:
        await tx.tallies.keep()
    await draw_ahead(tx)
    return weighed.report


class _Counter:
    """Adds up the rows of one step for who watches."""

    def __init__(self, watch: Watch, step: str, rows: int) -> None:
        self._watch, self._step, self._rows, self._done = watch, step, rows, 0
        if rows:
            watch(step, 0, rows)

    def __call__(self, rows: int) -> None:
        self._done += rows
        self._watch(self._step, self._done, self._rows)


@dataclass(frozen=True, eq=False)
class _Weighed:
    found: dict[Kind, Comparison]
    slips: pl.DataFrame
    wishes: Sequence[Wished]
    marks: JudgedMarks | None
    report: ImportReport


async def _weighed(
    reading: Reading, sheets: Sequence[CheckedSheet], watch: Watch, by: str, *, hold: bool
) -> _Weighed:
    """Compare the sheets with what is there, kind after kind."""
    found: dict[Kind, Comparison] = {}
    reports: list[SheetReport] = []
    slipped = NO_SLIPS
    judged: Judged | None = None
    marks: JudgedMarks | None = None
    for kind in IMPORTED:
        of_kind = [sheet for sheet in sheets if sheet.kind is kind]
        if not of_kind:
            continue
        watch(f"Comparing {SHEETS[kind]}", 0, 0)
        if kind is Kind.marks:
            marks = await judge_sheets(reading, of_kind, by=by, hold=hold)
            found[kind] = marks.found
            reports += _reports(marks.sheets, marks.found, marks.counts)
            continue
        if kind is Kind.history:
            of_kind = await _of_known_locations(reading, of_kind, found.get(Kind.master))
        rows = [sheet.rows for sheet in of_kind]
        before = await kept_rows(reading.connection, kind, rows)
        if kind is Kind.escalated_stores:
            judged = await judge(reading, of_kind, before, found, by=by)
            of_kind, before = judged.sheets, judged.before()
            rows = [sheet.rows for sheet in of_kind]
        parts = await asyncio.to_thread(stages, kind, rows, before)
        found[kind], counts = await asyncio.to_thread(_compared, kind, parts, before)
        reports += _reports(of_kind, found[kind], counts)
        if kind is Kind.features and found[kind].writes_something:
            slipped = slips([before, *parts])
    notes: list[str] = []
    if judged:
        stores = found[Kind.escalated_stores]
        found[Kind.escalated_stores] = await only_open(reading, stores, judged)
        notes += judged.notes()
    if marks:
        notes += marks.notes
    notes += [*moved_later(slipped), *vanished(found)]
    if found.keys() != {Kind.marks}:
        notes += await across(reading.connection, sheets, found)
    wishes = judged.wishes if judged else ()
    report = ImportReport(tuple(reports), tuple(notes), found)
    return _Weighed(found, slipped, wishes, marks, report)


async def _of_known_locations(
    reading: Reading, sheets: list[CheckedSheet], master: Comparison | None
) -> list[CheckedSheet]:
    """The history sheets without rows of locations that nobody knows; these are rejected."""
    ids = await known(reading.connection, Kind.master)
    if master is not None:
        ids = pl.concat([ids, master.added["location_id"]])
    return [without_unknown_locations(sheet, ids) for sheet in sheets]


def _compared(
    kind: Kind, parts: list[pl.DataFrame], before: pl.DataFrame
) -> tuple[Comparison, dict[int, int]]:
    """What differs, and for each sheet how many rows it has the last word on."""
    rows = laid_over(kind, parts)
    counts = dict(rows.group_by("sheet").len().iter_rows())
    return compare(rows, before, key=KEYS[kind]), counts


def _reports(
    sheets: list[CheckedSheet], found: Comparison, counts: Mapping[int, int]
) -> Iterator[SheetReport]:
    for index, sheet in enumerate(sheets):
        added = int(found.added["sheet"].eq(index).sum())
        changed = int(found.changed["sheet"].eq(index).sum())
        counted = counts.get(index, 0)
        yield SheetReport(
            sheet=sheet,
            added=added,
            changed=changed,
            unchanged=counted - added - changed,
            replaced=sheet.rows.height - counted,
        )


async def _note_down(tx: Transaction, report: ImportReport, slipped: int, today: date) -> None:
    """The imports that changed something, in their list and in the audit."""
    changing = [sheet for sheet in report.sheets if sheet.changes_something]
    rows = [
        ImportRow(
            kind=sheet.sheet.kind,
            file=sheet.sheet.file,
            added=sheet.added,
            changed=sheet.changed,
            unchanged=sheet.unchanged,
            rejected=sheet.rejected,
            actor=tx.actor,
            taken_on=today,
        )
        for sheet in changing
    ]
    await record(tx.connection, rows)
    for row in rows:
        counts = row.model_dump(include={"added", "changed", "unchanged", "rejected"})
        if slipped and row.kind == Kind.features:
            counts["slipped"] = slipped
        tx.audit(Change("imported", f"{row.kind} {row.file}", after=counts))
