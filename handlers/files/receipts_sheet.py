"""Receipts of a file as a sheet: one row for each recipient, with when each grade was first proven.

Times are in ISO 8601 with their zone, UTC. What is said of how much is proven is what the page of the
file says.
"""

from datetime import UTC, datetime

import polars as pl

from handlers.dates import short
from handlers.files.grade_words import GRADES
from handlers.files.receipt_lines import ReceiptLine
from rules.file_names import safe_name
from rules.receipts import Grade, Receipt
from store.shared_files import SharedFile
from store.spreadsheets import sheet_of

DATED = {
    "told at": Grade.notified,
    "link fetched at": Grade.fetched,
    "opened at": Grade.opened,
    "download begun at": Grade.issued,
    "downloaded at": Grade.completed,
    "SHA-256 checked at": Grade.confirmed,
}
"""Columns of times, by what they say."""
COLUMNS = (
    *("file", "edition", "title", "file name", "SHA-256"),
    *("recipient", "e-mail", "organisation", "space", "still a member"),
    *("what is proven", "has opened it", "could be reached", *DATED, "all bytes arrived"),
    *("others by the same link", "times passed on"),
    *("times refused", "last refused at", "why refused last"),
)
SEPARATOR = "; "
LONGEST_TITLE = 80


def sheet(file: SharedFile, lines: list[ReceiptLine]) -> bytes:
    """The receipts as CSV for spreadsheets; what is not proven is an empty cell."""
    rows = [_row(file, line) for line in lines]
    return sheet_of("receipts.csv", pl.DataFrame(rows, dict.fromkeys(COLUMNS, pl.String)), page="")


def sheet_name(file: SharedFile) -> str:
    """What the sheet is saved as: "Receipts of file 12, Menus for June.csv"."""
    title = short(file.row.title, LONGEST_TITLE)
    return safe_name(f"Receipts of file {file.number}, {title}.csv")


def _row(file: SharedFile, line: ReceiptLine) -> dict[str, str]:
    proven = line.receipt
    values = (
        str(file.number),
        str(file.row.edition),
        file.row.title,
        safe_name(file.row.file_name),
        file.row.sha256 or "",
        line.recipient.name,
        line.recipient.email or "",
        line.organisation,
        line.space.name,
        _yes(line.is_member),
        GRADES[proven.grade],
        _yes(proven.grade.is_seen),
        _reached(proven),
        *(_at(proven.first_at.get(grade)) for grade in DATED.values()),
        _arrived(proven),
        SEPARATOR.join(f"{other.name}: {GRADES[grade]}" for other, grade in line.others),
        str(proven.passed_on),
        str(proven.refused),
        *_last_refusal(proven),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _reached(proven: Receipt) -> str:
    if proven.is_undelivered:
        return "no"
    return "yes" if proven.grade else ""


def _arrived(proven: Receipt) -> str:
    """Whether all bytes arrived, as far as anybody can know."""
    if proven.grade >= Grade.completed:
        return "yes"
    return "unknown" if proven.bytes_unknown else ""


def _last_refusal(proven: Receipt) -> tuple[str, str]:
    """When it was, and why."""
    last = proven.last_refusal
    return (_at(last.newest_at), last.why or "") if last else ("", "")


def _at(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else ""


def _yes(holds: bool) -> str:  # noqa: FBT001 - what is said
    return "yes" if holds else "no"
