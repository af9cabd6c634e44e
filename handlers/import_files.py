"""Files somebody wants imported, read and checked; or why they cannot be."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from handlers.blocks import count
from handlers.errors import Refused
from rules.columns import COLUMNS, ROW, Kind, Mapping, guess_kind, map_columns
from rules.sheets import MissingColumns, check
from rules.wording import listed
from store.spreadsheets import RawSheet, UnreadableFile, read_sheets

Watch = Callable[[str, int, int], None]
"""Told what is being done, how many rows of it are done, and how many there are (0: not known)."""

UNKNOWN = "Its headers do not tell what it is about: {headers}. {remedy}"
SAY_IT = (
    "Say what it is (in Slack under “What they are”, at the command line with --kind), or rename "
    "its columns."
)
HEAD_IT = (
    "Its first rows hold no headers that we know: put a row with the names of the columns above its "
    "rows, such as {columns}."
)


def unwatched(_step: str, _done: int, _rows: int) -> None:
    """Nobody watches."""


class Unreadable(Refused):
    """Files that cannot be imported as they are; nothing was written, also not from the others."""


@dataclass(frozen=True, eq=False)
class CheckedSheet:
    """One sheet, read and checked, not yet compared with what is there.

    `raw` is the sheet as written, without the rows that are fine where they are not needed again.
    `rejects` has the shape of `rules.columns.REJECTS`.
    """

    kind: Kind
    path: Path
    raw: RawSheet
    mapping: Mapping
    rows: pl.DataFrame
    rejects: pl.DataFrame
    notes: tuple[str, ...]

    @property
    def file(self) -> str:
        """What the file is called."""
        return self.path.name


def read_files(
    paths: Sequence[Path],
    *,
    today: date,
    kind: Kind | None = None,
    watch: Watch = unwatched,
) -> list[CheckedSheet]:
    """Read and check all sheets of all files; `kind` is what a person said they are. Long work.

    A page of a workbook that is of no kind we know (a page of remarks, say) is passed over, and
    said so beside its other sheets.

    Raises:
        Unreadable: one file or more cannot be imported; the words name each of them.
    """
    sheets: list[CheckedSheet] = []
    troubles: list[str] = []
    for path in paths:
        watch(f"Reading {path.name}", 0, 0)
        try:
            sheets += _sheets_of(path, today, kind)
        except (UnreadableFile, MissingColumns) as trouble:
            troubles.append(f"{path.name}: {trouble.happened} {trouble.remedy}")
        except Unreadable as trouble:
            troubles.append(trouble.words)
        except OSError as error:
            troubles.append(f"{path.name}: It cannot be opened ({error.strerror}).")
    if troubles:
        others = len(paths) - len(troubles)
        also = f", also not from {count(others, 'other file')}" if others else ""
        raise Unreadable("\n".join([*troubles, f"Nothing was imported{also}."]))
    return sheets


def _sheets_of(path: Path, today: date, kind: Kind | None) -> list[CheckedSheet]:
    sheets: list[CheckedSheet] = []
    passed_over: list[str] = []
    for raw in read_sheets(path):
        guessed = kind or _kind_of(raw.headers)
        if guessed is None:
            passed_over.append(f"{_called(path, raw)}: {_of_no_kind(raw)}")
        else:
            sheets.append(_checked(path, raw, guessed, today))
    if not sheets:
        raise Unreadable("\n".join(passed_over))
    notes = [f"Passed over. {words}" for words in passed_over]
    sheets[0] = replace(sheets[0], notes=(*sheets[0].notes, *notes))
    return sheets


def _kind_of(headers: list[str]) -> Kind | None:
    """The kind these headers fit best.

    A list of escalated stores needs no more than ids, so a master sheet that lacks a column would
    pass for one; what names more columns of the master sheet is one, and is told what it lacks.
    """
    guessed = guess_kind(headers)
    if guessed is not Kind.escalated_stores:
        return guessed
    master, escalated = [len(map_columns(k, headers).columns) for k in (Kind.master, guessed)]
    return Kind.master if master > escalated else guessed


def _of_no_kind(raw: RawSheet) -> str:
    """Why it cannot be imported: its headers are of no kind, or it has none."""
    mappings = [map_columns(kind, raw.headers) for kind in Kind]
    if any(len(m.columns) > 1 or len(m.columns) > len(m.synonyms) for m in mappings):
        remedy = SAY_IT
    else:
        columns = (column.name for column in COLUMNS[Kind.master] if column.required)
        remedy = HEAD_IT.format(columns=", ".join(columns))
    return UNKNOWN.format(headers=listed(raw.headers), remedy=remedy)


def _called(path: Path, raw: RawSheet) -> str:
    return path.name if raw.separator else f"{path.name}, sheet {raw.name}"


def _checked(path: Path, raw: RawSheet, kind: Kind, today: date) -> CheckedSheet:
    checked = check(kind, raw.frame, today=today, broken=raw.broken)
    # Of a million rows only the rejected ones are written again; these may lose more later.
    loses_more = kind in (Kind.history, Kind.escalated_stores, Kind.marks)
    needed = raw if loses_more else _only(raw, checked.rejects)
    return CheckedSheet(
        kind=kind,
        path=path,
        raw=needed,
        mapping=checked.mapping,
        rows=checked.rows,
        rejects=checked.rejects,
        notes=(*raw.notes, *checked.notes),
    )


def _only(raw: RawSheet, rejects: pl.DataFrame) -> RawSheet:
    if rejects.is_empty():
        return replace(raw, frame=raw.frame.clear())
    return replace(raw, frame=raw.frame.join(rejects, on=ROW, how="semi", maintain_order="left"))


def without_unknown_locations(sheet: CheckedSheet, ids: pl.Series) -> CheckedSheet:
    """A history sheet whose rows of locations that are not among `ids` are rejected."""
    unknown = sheet.rows.filter(~pl.col("location_id").is_in(ids.implode()))
    rejects = unknown.select(
        ROW,
        column=pl.lit(sheet.mapping.columns["location_id"]),
        value="location_id",
        problem=pl.lit("No location has this id; import it with the master sheet first."),
    )
    return without_rejected(sheet, rejects)


def without_rejected(sheet: CheckedSheet, rejects: pl.DataFrame) -> CheckedSheet:
    """The sheet without some more rows; `rejects` has the shape of `rules.columns.REJECTS`."""
    if rejects.is_empty():
        return sheet
    return replace(
        sheet,
        rows=sheet.rows.join(rejects, on=ROW, how="anti", maintain_order="left"),
        rejects=pl.concat([sheet.rejects, rejects]).sort(ROW, maintain_order=True),
    )
