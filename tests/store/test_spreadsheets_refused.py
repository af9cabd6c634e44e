import gzip
import os
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from store.spreadsheets import UnreadableFile, read_sheets

FREE = 0xFFFFFFFF
END = 0xFFFFFFFE
SECTOR = 512


def compound(*streams: str) -> bytes:
    """A compound file (MS-CFB), as old Excel and encrypted workbooks are, with empty streams."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += b"".join(n.to_bytes(2, "little") for n in (0x3E, 3, 0xFFFE, 9, 6)) + bytes(6)
    numbers = (0, 1, 1, 0, 4096, END, 0, END, 0, 0, *(FREE for _ in range(108)))
    header += b"".join(n.to_bytes(4, "little") for n in numbers)
    fat = b"".join(n.to_bytes(4, "little") for n in (0xFFFFFFFD, END, *(FREE,) * 126))
    entries = [entry("Root Entry", 5, child=1)]
    entries += [entry(name, 2, right=i + 2) for i, name in enumerate(streams[:-1])]
    entries += [entry(streams[-1], 2)]
    directory = b"".join(entries).ljust(SECTOR, b"\0")
    return header + fat + directory


def entry(name: str, kind: int, *, right: int = FREE, child: int = FREE) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    links = b"".join(n.to_bytes(4, "little") for n in (FREE, right, child))
    head = text.ljust(64, b"\0") + len(text).to_bytes(2, "little") + bytes([kind, 1]) + links
    return head + bytes(36) + END.to_bytes(4, "little") + bytes(8)


def archive(folder: Path, files: dict[str, bytes]) -> bytes:
    path = folder / "made.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return path.read_bytes()


def refused(folder: Path, content: bytes, name: str = "stores.xlsx") -> UnreadableFile:
    path = folder / name
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as told:
        read_sheets(path)
    assert told.value.remedy
    assert str(told.value).startswith(f"{name}: {told.value.happened}")
    return told.value


def test_an_encrypted_workbook_says_how_to_save_it_without_its_password(tmp_path: Path) -> None:
    error = refused(tmp_path, compound("EncryptionInfo", "EncryptedPackage"))

    assert error.happened == "This workbook is password protected."
    assert "Encrypt with Password" in error.remedy


@pytest.mark.parametrize(
    ("content", "happened"),
    [
        (b"", "This file is empty."),
        (b" \r\n\r\n", "There is nothing in this file."),
        (b"\xef\xbb\xbf", "There is nothing in this file."),
        (compound("Workbook"), "This is an old Excel file (.xls)."),
        (compound("WordDocument"), "This is an old Office file, not a sheet."),
        (b"%PDF-1.7 ...", "This is a PDF. A table in it is a drawing, not rows and columns."),
        (gzip.compress(b"a,b\n", mtime=0), "This is a compressed file (gzip)."),
        (b"\x89PNG\r\n", "This is a picture."),
        (b"\n<html><table>", "This is a web page, although its name may end in .xls."),
        (
            b"\xef\xbb\xbf<?xml version='1.0'?>",
            "This is a web page, although its name may end in .xls.",
        ),
        (b"PK\x03\x04 cut", "This file is damaged or was not sent completely."),
    ],
)
def test_a_file_that_is_no_sheet_is_named_for_what_it_is(
    tmp_path: Path, content: bytes, happened: str
) -> None:
    assert refused(tmp_path, content).happened == happened


def test_a_workbook_of_random_bytes_is_called_damaged_and_text_under_its_name_is_read(
    tmp_path: Path,
) -> None:
    book = tmp_path / "stores.xlsx"
    book.write_bytes(bytes(range(256)) * 20)
    with pytest.raises(UnreadableFile, match="This is called an Excel workbook, but is none"):
        read_sheets(book)
    book.write_text("location_id,customer_id\nL1,C1\n")
    assert read_sheets(book)[0].frame.height == 1


@pytest.mark.parametrize(
    ("files", "happened"),
    [
        ({"stores.csv": b"a,b"}, "This is a zip archive."),
        ({"Index/Document.iwa": b""}, "This is an Apple Numbers document."),
        ({"xl/workbook.bin": b""}, "This is a binary Excel workbook (.xlsb)."),
        ({"[Content_Types].xml": b""}, "This is an Office document, but not a workbook."),
        (
            {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"},
            "This is an OpenDocument sheet (.ods).",
        ),
        (
            {"xl/workbook.xml": b"<broken"},
            "This workbook is damaged or was not saved completely.",
        ),
    ],
)
def test_an_archive_is_named_for_what_it_holds(
    tmp_path: Path, files: dict[str, bytes], happened: str
) -> None:
    assert refused(tmp_path, archive(tmp_path, files)).happened == happened


def test_a_workbook_without_cells_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "made.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet()

    assert refused(tmp_path, path.read_bytes()).happened == "There is nothing in this file."


def test_a_stray_cell_far_from_the_table_is_refused_before_it_takes_memory(tmp_path: Path) -> None:
    path = tmp_path / "made.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("Stores")
        page.write_row(0, 0, ["location_id", "customer_name"])
        page.write(1_048_575, 16_383, "x")

    assert "reaches as far as cell XFD1048576" in refused(tmp_path, path.read_bytes()).happened


def test_a_stray_cell_is_refused_although_the_sheet_says_it_is_small(tmp_path: Path) -> None:
    path, lying = tmp_path / "made.xlsx", {}
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write(1_048_575, 16_383, "x")
    with zipfile.ZipFile(path) as made:
        for name in made.namelist():
            lying[name] = made.read(name).replace(b'<dimension ref="XFD1048576"/>', b"")

    error = refused(tmp_path, archive(tmp_path, lying))
    assert "reaches as far as cell XFD1048576" in error.happened


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null"])
def test_a_device_is_refused_at_once(path: str) -> None:
    with pytest.raises(UnreadableFile, match="This is a pipe or a device, not a file"):
        read_sheets(Path(path))


def test_a_pipe_that_nobody_writes_to_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadableFile, match="This is a pipe or a device, not a file"):
        read_sheets(tmp_path / "pipe")


def test_a_folder_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="This is a folder"):
        read_sheets(tmp_path)


def test_a_file_too_large_to_read_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(2 * 1024**3 + 1)

    with pytest.raises(UnreadableFile, match="This file is larger than 2 GB"):
        read_sheets(path)


def workbook_with(folder: Path, text: bytes) -> bytes:
    """A workbook with this as the text of one cell."""
    path = folder / "made.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["location_id", "TEXT"])
    with zipfile.ZipFile(path) as made:
        return archive(
            folder, {name: made.read(name).replace(b"TEXT", text) for name in made.namelist()}
        )


def test_a_cell_longer_than_excel_allows_is_refused_before_it_takes_memory(tmp_path: Path) -> None:
    error = refused(tmp_path, workbook_with(tmp_path, b"x" * 20_000_000))
    assert "longer than the 32,767 characters" in error.happened


def test_the_longest_text_that_excel_allows_is_read(tmp_path: Path) -> None:
    path = tmp_path / "stores.xlsx"
    path.write_bytes(workbook_with(tmp_path, b"&quot;" * 32_767))
    assert read_sheets(path)[0].headers == ["location_id", '"' * 32_767]


def test_a_workbook_larger_than_it_claims_is_refused_all_the_same(tmp_path: Path) -> None:
    text = b"x" * 20_000_000
    honest = workbook_with(tmp_path, text)
    with zipfile.ZipFile(tmp_path / "made.zip") as made:
        size = made.getinfo("xl/sharedStrings.xml").file_size
    claims = honest.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert "longer than the 32,767 characters" in refused(tmp_path, claims).happened


def test_a_workbook_that_claims_to_unpack_to_gigabytes_is_refused(tmp_path: Path) -> None:
    honest = workbook_with(tmp_path, b"Name")
    with zipfile.ZipFile(tmp_path / "made.zip") as made:
        size = made.getinfo("xl/sharedStrings.xml").file_size
    claims = honest.replace(size.to_bytes(4, "little"), (2**31 + 1).to_bytes(4, "little"))
    assert refused(tmp_path, claims).happened == "Unpacked, this workbook is larger than 2 GB."
