import csv
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from rules.columns import Kind
from rules.sheets import check
from store.spreadsheets import RawSheet, read_sheets, write_rejects

TODAY = date(2022, 1, 15)
HEADER = "Store ID;Colour;Account;Account name;CSM;Name;Name"
FORMULA = '=HYPERLINK("http://x")'
TEXT = f"""{HEADER}
007;red;C1;Joe;ana@example.com;n;m
;@x;C2;"{FORMULA.replace('"', '""')}";nobody;+1;-a
008;blue;C3;Bo;bo@example.com;;
"""


def raw(folder: Path, text: str) -> RawSheet:
    path = folder / "stores.csv"
    path.write_text(text, encoding="utf-8")
    return read_sheets(path)[0]


@pytest.mark.parametrize("name", ["rejects.csv", "rejects.xlsx"])
def test_rejected_rows_come_back_as_the_same_sheet_with_their_problems(
    tmp_path: Path, name: str
) -> None:
    sheet = raw(tmp_path, TEXT)
    checked = check(Kind.master, sheet.frame, today=TODAY)
    path = tmp_path / name

    assert write_rejects(path, sheet, checked.rejects) == path
    assert table(path) == [
        [*HEADER.split(";"), "problem"],
        [
            *("", "'@x", "C2", f"'{FORMULA}", "nobody", "+1", "'-a"),
            (
                "Store ID: It is empty. "
                "CSM: This is not one e-mail address; write it like name@example.com."
            ),
        ],
    ]


def table(path: Path) -> list[list[str]]:
    if path.suffix == ".xlsx":
        rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
        return [[cell or "" for cell in row] for row in rows]
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


def test_corrected_rejects_can_be_sent_again_and_the_old_problems_are_replaced(
    tmp_path: Path,
) -> None:
    sheet = raw(tmp_path, TEXT)
    path = tmp_path / "rejects.csv"
    write_rejects(path, sheet, check(Kind.master, sheet.frame, today=TODAY).rejects)

    again = raw(tmp_path, path.read_text(encoding="utf-8-sig").replace("nobody", "bo@example.com"))
    checked = check(Kind.master, again.frame, today=TODAY)
    second = write_rejects(path, again, checked.rejects)
    assert table(second)[0] == [*HEADER.split(";"), "problem"]
    assert table(second)[1][-1] == "Store ID: It is empty."


@pytest.mark.parametrize("name", ["rejects.csv", "rejects.xlsx"])
def test_a_file_that_is_there_is_never_written_over(tmp_path: Path, name: str) -> None:
    sheet = raw(tmp_path, TEXT)
    rejects = check(Kind.master, sheet.frame, today=TODAY).rejects
    for taken in (name, name.replace(".", "-2.")):
        (tmp_path / taken).write_text("somebody's work")

    written = write_rejects(tmp_path / name, sheet, rejects)
    assert written.name == name.replace(".", "-3.")
    assert table(written)[0] == [*HEADER.split(";"), "problem"]
    assert (tmp_path / name).read_text() == "somebody's work"
    assert (tmp_path / name.replace(".", "-2.")).read_text() == "somebody's work"


@pytest.mark.parametrize("name", ["rejects.csv", "rejects.xlsx"])
def test_the_same_rejects_stay_in_one_file(tmp_path: Path, name: str) -> None:
    sheet = raw(tmp_path, TEXT)
    rejects = check(Kind.master, sheet.frame, today=TODAY).rejects

    first = write_rejects(tmp_path / name, sheet, rejects)
    assert write_rejects(tmp_path / name, sheet, rejects) == first
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, "stores.csv"])


def test_a_row_broken_in_the_file_comes_back_too(tmp_path: Path) -> None:
    sheet = raw(tmp_path, TEXT + "009;green\n")
    checked = check(Kind.master, sheet.frame, today=TODAY, broken=sheet.broken)
    path = tmp_path / "rejects.csv"

    assert write_rejects(path, sheet, checked.rejects) == path
    assert len(table(path)) == 3
    assert table(path)[2][0] == "009"
    assert table(path)[2][-1].startswith("The header has 7 cells, this row has 2.")
