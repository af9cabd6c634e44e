"""What opening a file sets going, by its bytes, and by its name where those are a text or unknown."""

import io
import struct
import zipfile

import pytest

from rules import compound_look
from rules.media_types import LOOKED_AT, media_type
from rules.programs import Runs, runs
from tests.rules.test_file_look import MADE, looked


def of(data: bytes, name: str = "x") -> Runs:
    head = data[:LOOKED_AT]
    return runs(head, name, media_type(head, data[-LOOKED_AT:], name), looked(data, name=name))


def zipped(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, b"<a/>")
    return held.getvalue()


def compound(*names: str, sort: bytes = bytes(16)) -> bytes:
    """A container with a directory of one sector, whose root is of this sort."""
    header = bytearray(compound_look.SIGN + bytes(504))
    header[30] = 9
    header[48:52] = struct.pack("<L", 0)
    entries = b""
    for name in ("Root Entry", *names):
        written = name.encode("utf-16-le")
        entry = bytearray(128)
        entry[: len(written)] = written
        entry[64:66] = struct.pack("<H", len(written) + 2)
        entry[66] = 5 if name == "Root Entry" else 2
        entry[80:96] = sort if name == "Root Entry" else bytes(16)
        entries += entry
    return bytes(header) + entries.ljust(512, b"\0")


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"MZ\x90\0" + bytes(100), "menu.pdf", Runs.program),
        (b"\x7fELF\2\1\1" + bytes(100), "tool", Runs.program),
        (b"#!/bin/sh\necho soup\n", "menu.txt", Runs.script),
        (b"WScript.Echo 1\r\n", "menu.vbs", Runs.script),
        ("alert(1)".encode("utf-16"), "menu.js", Runs.script),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "menu.js", Runs.nothing),
        (b"dish,price\n", "menu.csv", Runs.nothing),
        (zipped("[Content_Types].xml", "word/vbaProject.bin"), "menu.docx", Runs.macros),
        (zipped("[Content_Types].xml", "word/document.xml"), "menu.docm", Runs.nothing),
        (compound("Workbook", "_VBA_PROJECT"), "menu.xls", Runs.macros),
        (compound(sort=compound_look.INSTALLER), "menu.doc", Runs.installer),
        ((MADE / "open.xls").read_bytes(), "menu.xls", Runs.nothing),
        (b"", "", Runs.nothing),
    ],
)
def test_bytes_say_what_opening_them_sets_going(data: bytes, name: str, expected: Runs) -> None:
    assert of(data, name) is expected
