"""Receipts of a file as a sheet: one row for each recipient, with when each grade was first proven."""

from datetime import UTC, datetime

import polars as pl

from handlers.files.receipt_lines import ReceiptLine
from rules.receipts import Grade, Receipt
from store.shared_files import SharedFile
from store.spreadsheets import sheet_of

DATED = {
    "told": Grade.notified,
    "link fetched": Grade.fetched,
    "opened": Grade.opened,
    "download issued": Grade.issued,
    "bytes completed": Grade.completed,
    "checksum confirmed": Grade.confirmed,
}
"""Columns of times, in UTC, by what they say."""


def sheet(file: SharedFile, lines: list[ReceiptLine]) -> bytes:
    """The receipts as CSV for spreadsheets; what is not proven is an empty cell."""
    rows = [_row(file, line) for line in lines]
    names = list(_row_names())
    return sheet_of("receipts.csv", pl.DataFrame(rows, dict.fromkeys(names, pl.String)), page="")


def _row_names() -> tuple[str, ...]:
    about = ("file", "edition", "title", "sha256", "recipient", "e-mail", "organisation", "space")
    more = ("all bytes arrived", "opened by others", "passed on", "refused", "last refusal")
    return (*about, "still a member", "grade", "could be reached", *DATED, *more)


def _row(file: SharedFile, line: ReceiptLine) -> dict[str, str]:
    proven = line.receipt
    values = (
        str(file.number),
        str(file.row.edition),
        file.row.title,
        file.row.sha256 or "",
        line.recipient.name,
        line.recipient.email or "",
        line.organisation,
        line.space.name,
        _yes(line.is_member),
        proven.grade.name,
        _reached(proven),
        *(_at(proven.first_at.get(grade)) for grade in DATED.values()),
        _arrived(proven),
        ", ".join(f"{other.name} ({grade.name})" for other, grade in line.others),
        str(proven.passed_on),
        str(proven.refused),
        _last_refusal(proven),
    )
    return dict(zip(_row_names(), values, strict=True))


def _reached(proven: Receipt) -> str:
    if proven.is_undelivered:
        return "no"
    return "yes" if proven.grade else ""


def _arrived(proven: Receipt) -> str:
    """Whether all bytes arrived, as far as anybody can know."""
    if proven.grade >= Grade.completed:
        return "yes"
    return "unknown" if proven.bytes_unknown else ""


def _last_refusal(proven: Receipt) -> str:
    last = proven.last_refusal
    return f"{_at(last.newest_at)} {last.why or ''}".strip() if last else ""


def _at(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else ""


def _yes(holds: bool) -> str:  # noqa: FBT001 - what is said
    return "yes" if holds else "no"
