"""Delimited text as people have it: any usual encoding, separator and line end.

A file whose rows are all equally wide is read by Polars in one go. Anything less regular (rows
too short or too long, blank lines, stray quotes, line breaks in cells, other encodings than
UTF-8) is read again, row by row, with the rules spreadsheets follow. Both give the same grid.
"""

import codecs
import csv
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from rules.columns import known_columns
from store.grids import Grid, UnreadableFile, stripped

SEPARATORS = (",", ";", "\t", "|")
HEADER_WITHIN = 20

_SAMPLE_BYTES = 256 * 1024
_SAMPLE_ROWS = 100
_CHUNK_BYTES = 8 * 1024 * 1024
_BATCH_ROWS = 20_000
_WINDOWS = "cp1252"
_HINT = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


@dataclass(frozen=True)
class Survey:
    """What is counted in the bytes of a file."""

    separators: int
    quotes: int
    lines: int
    lone_returns: bool


def read_delimited(path: Path) -> Grid:
    """Read a file of delimited text.

    Rows are numbered as a spreadsheet would show them: a line break inside quotes does not start
    a new row, and the `sep=;` line that some programs write first is not counted.
    Raises UnreadableFile.
    """
    sample = _sample(path)
    encoding = _wide_encoding(sample)
    text = sample.decode(encoding or "utf-8-sig", errors="replace")
    hint = _HINT.match(text)
    if hint:
        text = text[hint.end() :]
    separator = hint[1] if hint else _separator(text)
    width = max((len(row) for row in _sample_rows(text, separator)), default=1)
    if encoding is None and not _is_utf8(path):
        encoding = _WINDOWS
    with _as_utf8(path, encoding) as plain:
        grid = None if hint else _at_once(plain, separator, width)
        if grid is None:
            grid = _row_by_row(path, plain, separator, width, skip_hint=bool(hint))
    notes = ("Read as Windows-1252.",) if encoding == _WINDOWS else ()
    return replace(grid, name=path.stem, notes=notes)


def read_text(path: Path) -> str:
    """The whole text of a small file, its encoding told as of delimited text. Raises UnreadableFile."""
    encoding = _wide_encoding(_sample(path))
    if encoding is None and not _is_utf8(path):
        encoding = _WINDOWS
    with _as_utf8(path, encoding) as plain:
        return plain.read_text("utf-8-sig")


def _sample(path: Path) -> bytes:
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
        complete = not file.read(1)
    # The last line of a part may be cut anywhere, so it tells nothing.
    return sample if complete else sample[: sample.rfind(b"\n") + 1] or sample


def _wide_encoding(sample: bytes) -> str | None:
    """UTF-16, told by its mark or by the zero bytes beside Latin letters; None for the others."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = sample[:4096]
    if head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    if head[::2].count(0) > len(head) // 4:
        return "utf-16-be"
    return None


def _sample_rows(text: str, separator: str) -> list[list[str]]:
    try:
        return list(islice(csv.reader(_lines(text), delimiter=separator), _SAMPLE_ROWS))
    except csv.Error:
        return []


def _lines(text: str) -> Iterator[str]:
    # splitlines would also split at U+2028 and the like, which are no line ends in a sheet.
    return iter(re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", text))


def _separator(text: str) -> str:
    """The separator that shows most known columns, then the one that makes rows alike."""

    def merit(separator: str) -> tuple[int, float, int]:
        rows = [row for row in _sample_rows(text, separator) if row]
        known = max((known_columns(row) for row in rows[:HEADER_WITHIN]), default=0)
        width, alike = Counter(map(len, rows)).most_common(1)[0] if rows else (1, 0)
        return known, alike / max(len(rows), 1) if width > 1 else 0.0, width

    return max(SEPARATORS, key=merit)


def _is_utf8(path: Path) -> bool:
    """Whether the whole file is UTF-8; Windows-1252 if not, and refused if that fails too."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf8 = True
    for chunk in _chunks(path):
        if utf8:
            utf8 = _decodes(decoder, chunk, path)
        elif not _is_windows(chunk):
            raise _undecodable(path)
    if utf8 and decoder.getstate()[0]:
        raise _undecodable(path)
    return utf8


def _chunks(path: Path) -> Iterator[bytes]:
    """The file in pieces that do not part a CR from its LF."""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk + file.read(1) if chunk.endswith(b"\r") else chunk


@contextmanager
def _as_utf8(path: Path, encoding: str | None) -> Iterator[Path]:
    """The file itself when it is UTF-8, else a copy that is, for as long as it is read."""
    if encoding is None:
        yield path
        return
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "utf8.csv"
        try:
            with (
                path.open(encoding=encoding, newline="") as source,
                copy.open("w", encoding="utf-8", newline="") as target,
            ):
                shutil.copyfileobj(source, target, _CHUNK_BYTES)
        except UnicodeDecodeError as error:
            raise _undecodable(path) from error
        yield copy


def _survey(path: Path, separator: str) -> Survey:
    counted, ends, last = np.zeros(4, dtype=np.int64), 0, b"\n"
    signs = (separator.encode(), b'"', b"\r", b"\n")
    for chunk in _chunks(path):
        content = np.frombuffer(chunk, dtype=np.uint8)
        # Where a sign comes often, comparing all bytes at once takes a tenth of `bytes.count`.
        counted += [np.count_nonzero(content == ord(sign)) for sign in signs]
        ends += chunk.count(b"\r\n") if b"\r" in chunk else 0
        last = chunk[-1:]
    separators, quotes, returns, feeds = map(int, counted)
    return Survey(separators, quotes, feeds + (last != b"\n"), lone_returns=returns != ends)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, path: Path) -> bool:
    """Whether it is still UTF-8; a few bad bytes among good ones are damage, not Windows-1252."""
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        text = chunk.decode("utf-8", errors="replace")
        damaged = text.count("\ufffd")
        good = sum(not c.isascii() for c in text) - damaged
        if good > damaged or not _is_windows(chunk):
            raise _undecodable(path) from None
        return False
    return True


def _is_windows(chunk: bytes) -> bool:
    try:
        chunk.decode(_WINDOWS)
    except UnicodeDecodeError:
        return False
    return True


def _undecodable(path: Path) -> UnreadableFile:
    return UnreadableFile(
        path,
        "It has characters that are neither UTF-8 nor Windows-1252, so names could come out wrong.",
        'Save it again as "CSV UTF-8" or as an Excel workbook (.xlsx).',
    )


def _at_once(path: Path, separator: str, width: int) -> Grid | None:
    """The whole file by Polars, or None unless every row is proven to have `width` cells.

    Polars refuses longer rows and fills shorter ones up; so when the separators in the file are
    those between the cells plus those within cells, no row was short. Where there are as many lines
    as rows, no cell has a line break.
    """
    with ThreadPoolExecutor(max_workers=1) as other:
        counted = other.submit(_survey, path, separator)
        try:
            frame = pl.read_csv(
                path,
                has_header=False,
                separator=separator,
                schema={str(i): pl.String for i in range(width)},
                extra_columns="raise",
            )
        except pl.exceptions.PolarsError:
            return None
        survey = counted.result()
    if survey.lone_returns or survey.lines != frame.height:
        return None
    within = 0
    if survey.quotes:
        inside = frame.select(pl.all().str.count_matches(separator, literal=True).sum())
        within = sum(inside.row(0))
    if survey.separators != frame.height * (width - 1) + within:
        return None
    return Grid("", stripped(frame), separator)


def _row_by_row(path: Path, plain: Path, separator: str, width: int, *, skip_hint: bool) -> Grid:
    """As spreadsheets read it; `path` is what the person sent, `plain` the same in UTF-8."""
    schema = {str(i): pl.String for i in range(width)}
    batches = [pl.DataFrame(schema=schema)]
    counts = [pl.Series(dtype=pl.UInt32)]
    beyond = [pl.Series(dtype=pl.String)]
    with plain.open(encoding="utf-8-sig", newline="") as file:
        if skip_hint:
            file.readline()
        for rows in _batches(path, csv.reader(file, delimiter=separator)):
            lengths = list(map(len, rows))
            outside = [separator.join(row[width:]) or None for row in rows if len(row) > width]
            counts.append(pl.Series(lengths, dtype=pl.UInt32))
            at = [i for i, length in enumerate(lengths) if length > width]
            empty = pl.repeat(None, len(rows), dtype=pl.String, eager=True)
            beyond.append(empty.scatter(at, outside) if at else empty)
            even = min(lengths) == max(lengths) == width
            fitted = rows if even else [(row + [""] * width)[:width] for row in rows]
            batches.append(stripped(pl.DataFrame(fitted, schema=schema, orient="row")))
    return Grid(
        "", pl.concat(batches), separator, cells=pl.concat(counts), beyond=pl.concat(beyond)
    )


def _batches(path: Path, reader: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    read = 0
    while True:
        rows: list[list[str]] = []
        try:
            rows.extend(islice(reader, _BATCH_ROWS))
        except csv.Error as error:
            raise UnreadableFile(
                path,
                f"A cell in row {read + len(rows) + 1} never ends ({error}).",
                "Look there for a quote mark without its pair, or save it as an Excel workbook.",
            ) from error
        if not rows:
            return
        read += len(rows)
        yield rows
