"""What a file is, told by its first bytes: which can be read, and what to do with the others."""

import zipfile
from pathlib import Path

from store.grids import UnreadableFile

_HEAD = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AS_WORKBOOK = (
    'Open it, choose "Save as", take "Excel Workbook (.xlsx)" or "CSV UTF-8", and send that.'
)

# How a file begins -> what it is.
_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "This is a PDF. A table in it is a drawing, not rows and columns."),
    (b"\x1f\x8b", "This is a compressed file (gzip)."),
    (b"7z\xbc\xaf", "This is a compressed file (7z)."),
    (b"Rar!", "This is a compressed file (RAR)."),
    (b"\x89PNG", "This is a picture."),
    (b"\xff\xd8\xff", "This is a picture."),
    (b"PAR1", "This is a Parquet file."),
    (b"{\\rtf", "This is a text document (RTF)."),
)
_OF_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb")
_MARKS_OF_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROLS = frozenset(range(0x20)) - frozenset(b"\t\n\v\f\r\x1a\x1b")
"""Bytes that no text has."""
_MARKUP = (b"<!doctype html", b"<html", b"<table", b"<head", b"<meta", b"<?xml")


def is_workbook(path: Path) -> bool:
    """Whether this is an Excel workbook, going by what is in it."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return "xl/workbook.xml" in archive.namelist()


def refuse_others(path: Path) -> None:
    """Raise UnreadableFile for a file that is neither a workbook nor text, or is empty."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise UnreadableFile(path, "This file is empty.", "Save it again and send the new one.")
    if head.startswith(_OLE):
        raise _ole(path)
    if head.startswith(b"PK"):
        _refuse_archive(path)
        return
    for beginning, what in _BEGINNINGS:
        if head.startswith(beginning):
            raise UnreadableFile(
                path, what, "Send the table as CSV or as an Excel workbook (.xlsx)."
            )
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_MARKUP):
        raise UnreadableFile(
            path, "This is a web page, although its name may end in .xls.", _AS_WORKBOOK
        )
    _refuse_garbage(path, head)


def _refuse_garbage(path: Path, head: bytes) -> None:
    """What is called a workbook and is neither one nor text was damaged on its way."""
    is_text = head.startswith(_MARKS_OF_UTF16) or not _CONTROLS.intersection(head)
    if path.suffix.lower() in _OF_WORKBOOKS and not is_text:
        raise UnreadableFile(
            path,
            "This is called an Excel workbook, but is none: it is damaged, or was encrypted.",
            "Open it in Excel, save it again and send the new one.",
        )


def _ole(path: Path) -> UnreadableFile:
    """Old Excel files and encrypted new ones share one container; its directory names the parts."""
    names = path.read_bytes()
    if _utf16("EncryptedPackage") in names:
        return UnreadableFile(
            path,
            "This workbook is password protected.",
            'Open it in Excel, choose File > Info > Protect Workbook > "Encrypt with Password", '
            "empty the password, save, and send it again.",
        )
    if _utf16("Workbook") in names or _utf16("Book") in names:
        return UnreadableFile(path, "This is an old Excel file (.xls).", _AS_WORKBOOK)
    return UnreadableFile(path, "This is an old Office file, not a sheet.", _AS_WORKBOOK)


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


def _refuse_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            kind = archive.read("mimetype") if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError) as error:
        raise UnreadableFile(
            path, "This file is damaged or was not sent completely.", "Send it again."
        ) from error
    if "xl/workbook.xml" in names:
        return
    if b"opendocument.spreadsheet" in kind:
        raise UnreadableFile(path, "This is an OpenDocument sheet (.ods).", _AS_WORKBOOK)
    if "xl/workbook.bin" in names:
        raise UnreadableFile(path, "This is a binary Excel workbook (.xlsb).", _AS_WORKBOOK)
    if any(name.startswith("Index/") or name == "Index.zip" for name in names):
        raise UnreadableFile(
            path,
            "This is an Apple Numbers document.",
            "In Numbers choose File > Export To > Excel or CSV, and send that.",
        )
    if "[Content_Types].xml" in names:
        raise UnreadableFile(path, "This is an Office document, but not a workbook.", _AS_WORKBOOK)
    raise UnreadableFile(
        path, "This is a zip archive.", "Unpack it and send the sheets in it one by one."
    )
