"""What a file is by its bytes, whatever it is called."""

import gzip
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.media_types import LOOKED_AT, TEXT, UNKNOWN, ZIP, media_type


def of(data: bytes, name: str = "x.bin") -> str:
    return media_type(data[:LOOKED_AT], data[-LOOKED_AT:], name)


def zipped(**files: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def workbook() -> bytes:
    held = io.BytesIO()
    openpyxl.Workbook().save(held)
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%....", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "image/png"),
        (bytes.fromhex("ffd8ffe000104a464946") + bytes(50), "image/jpeg"),
        (gzip.compress(b"menu", mtime=0), "application/x-gzip"),
        (b"7z\xbc\xaf\x27\x1c\0\4" + bytes(20), "application/x-7z-compressed"),
        (b"MZ\x90\0" + bytes(100), "application/vnd.microsoft.portable-executable"),
        (b"-----BEGIN PGP MESSAGE-----\n\n", "application/pgp-encrypted"),
        (b"<!DOCTYPE html><html>", "text/html"),
        (b'<svg xmlns="http://www.w3.org/2000/svg">', "image/svg+xml"),
        (b'<?xml version="1.0"?>\n<svg width="1">', "image/svg+xml"),
        (b"\x7fELF\2\1\1" + bytes(20), UNKNOWN),
        (bytes(1_000), UNKNOWN),
        (bytes(range(255, -1, -1)), UNKNOWN),
        (b"BM said: this is a text", TEXT),
        ("Grüße an alle".encode(), TEXT),
        (b"", UNKNOWN),
    ],
)
def test_bytes_tell_what_they_are(data: bytes, kind: str) -> None:
    assert of(data) == kind


def test_zips_are_told_apart_by_what_is_in_them() -> None:
    long_ago = bytes(3 * LOOKED_AT)
    word = {"[Content_Types].xml": b"<a/>", "media/1.bin": long_ago, "word/document.xml": b"<a/>"}
    assert of(zipped(**word)).endswith("wordprocessingml.document")
    assert of(workbook()).endswith("spreadsheetml.sheet")
    text = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"}
    assert of(zipped(**text)) == "application/vnd.oasis.opendocument.text"
    assert of(zipped(**{"xl/a.txt": b"menu"})) == ZIP
    assert of(zipped(mimetype=b"application/<script>")) == ZIP


def test_a_name_tells_kinds_of_text_apart_and_nothing_else() -> None:
    assert of(b"a,b\n1,2\n", "a.csv") == "text/csv"
    assert of(b'{"a": 1}', "a.json") == "application/json"
    assert of(b"a,b\n1,2\n", "a.png") == TEXT
    assert of(b"MZ\x90\0" + bytes(100), "menu.csv").endswith("executable")


def test_a_letter_cut_in_two_is_still_text() -> None:
    assert of(b"x" + "ü".encode() * LOOKED_AT) == TEXT


@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_bytes_have_a_type_that_can_stand_in_a_header(data: bytes, name: str) -> None:
    kind = media_type(data, data, name)
    assert kind.isascii()
    assert kind.isprintable()
    assert kind.count("/") == 1
