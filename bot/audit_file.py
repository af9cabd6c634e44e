"""The audit as a file: comma-separated values or JSON lines, each line linked to all before it.

The last line is the export itself, with how many lines there are: a file that was cut lacks it.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from rules.linked_lines import START, linked
from store.audit_lines import EXPORTED, AuditLine

COLUMNS = ("id", "at", "actor", "action", "subject", "before", "after", "reason", "seal")
CHAIN = "chain"
KINDS = (".csv", ".jsonl")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
"""What a spreadsheet could take for a formula gets a quote before it, and so does a quote, so that
both can be read again as they were."""
NO_TEXT = ("id", "before", "after", "seal")
"""What stands in a sheet as JSON."""
LARGEST_CELL = 64 * 1024 * 1024


class NotAnExport(Exception):
    """A file is not the audit as it was exported; the words say where that shows."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What the last line of a file says, and the hash that stands for all of it, in hexadecimal."""

    what: str
    lines: int
    at: str
    by: str
    chain: str


class AuditFile:
    """Writes the audit into an open file, line by line; `ended` is written last."""

    def __init__(self, file: IO[str], suffix: str) -> None:
        self._sheet = csv.writer(file) if suffix == ".csv" else None
        self._file = file
        self._previous = START
        self._lines = 0
        if self._sheet:
            self._sheet.writerow([*COLUMNS, CHAIN])

    def add(self, line: AuditLine) -> None:
        """Write one change."""
        self._write(_facts(line))
        self._lines += 1

    def end(self, *, what: str, at: datetime, by: str) -> Exported:
        """Write that this is all of it, and who took it out when."""
        facts: dict[str, Any] = dict.fromkeys(COLUMNS)
        facts |= {"at": at.isoformat(), "actor": by, "action": EXPORTED, "subject": what}
        facts["after"] = {"lines": self._lines}
        self._write(facts)
        return Exported(what, self._lines, at.isoformat(), by, self._previous.hex())

    def _write(self, facts: dict[str, Any]) -> None:
        self._previous = linked(self._previous, _cells(facts))
        chain = self._previous.hex()
        if self._sheet:
            self._sheet.writerow([*(_in_sheet(name, facts[name]) for name in COLUMNS), chain])
        else:
            self._file.write(json.dumps(facts | {CHAIN: chain}, ensure_ascii=False) + "\n")


def verified(path: Path) -> Exported:
    """What a file says of itself, where every line of it is as it was exported.

    Raises NotAnExport where a line is not, OSError where the file cannot be read.
    """
    lines = _read(path)
    previous, facts, number = START, None, 0
    for number, (facts, chain) in enumerate(lines, 1):
        previous = linked(previous, _cells(facts))
        if previous.hex() != chain:
            raise NotAnExport(
                f"Line {number}, with the id {facts['id']}, is not as it was exported: it was changed, "
                "or a line before it was taken out, put in or moved. Those above it are as they were."
            )
    if facts is None or facts["action"] != EXPORTED or facts["id"] is not None:
        raise NotAnExport(f"The end is missing: the file was cut after line {number}.")
    if facts["after"] != {"lines": number - 1}:
        raise NotAnExport(f"It holds {number - 1} lines, and its end tells of others.")
    return Exported(facts["subject"], number - 1, facts["at"], facts["actor"], previous.hex())


def _read(path: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """The facts of each line and the hash beside them."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            yield from _sheet_lines(file) if path.suffix == ".csv" else _json_lines(file)
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotAnExport("It is not a file that wavepost audit export writes.") from error


def _sheet_lines(file: IO[str]) -> Iterator[tuple[dict[str, Any], str]]:
    csv.field_size_limit(LARGEST_CELL)
    rows = csv.reader(file, strict=True)
    if next(rows, None) != [*COLUMNS, CHAIN]:
        raise NotAnExport(
            f"Its first line does not name the columns {', '.join(COLUMNS)}, {CHAIN}."
        )
    for number, row in enumerate(rows, 1):
        if len(row) != len(COLUMNS) + 1:
            raise NotAnExport(f"Line {number} has {len(row)} cells, not {len(COLUMNS) + 1}.")
        *guarded, chain = row
        facts: dict[str, Any] = dict(zip(COLUMNS, map(_unguarded, guarded), strict=True))
        for name in NO_TEXT:
            facts[name] = _parsed(facts[name], number) if facts[name] else None
        facts["reason"] = facts["reason"] or None
        yield facts, chain


def _json_lines(file: IO[str]) -> Iterator[tuple[dict[str, Any], str]]:
    for number, line in enumerate(file, 1):
        facts = _parsed(line, number)
        if not isinstance(facts, dict) or list(facts) != [*COLUMNS, CHAIN]:
            raise NotAnExport(f"Line {number} does not hold what each line of an export holds.")
        chain = facts.pop(CHAIN)
        yield facts, chain


def _parsed(words: str, number: int) -> object:
    try:
        return json.loads(words, object_pairs_hook=_once)
    except ValueError as error:
        raise NotAnExport(f"Line {number} cannot be read: it was changed.") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names each come once: of two, other programs would read the other one."""
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a name comes twice")
    return dict(pairs)


def _facts(line: AuditLine) -> dict[str, Any]:
    facts = {name: getattr(line, name) for name in COLUMNS}
    # A sheet has no way to tell an empty reason from none.
    return facts | {"at": line.at.isoformat(), "reason": line.reason or None}


def _cells(facts: dict[str, Any]) -> list[str]:
    """A line as it is hashed, the same from either kind of file."""
    return [json.dumps(facts[name], sort_keys=True, ensure_ascii=False) for name in COLUMNS]


def _in_sheet(name: str, value: object) -> str:
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False) if name in NO_TEXT else str(value)
    return _guarded(text)


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _unguarded(cell: str) -> str:
    return cell.removeprefix("'")
