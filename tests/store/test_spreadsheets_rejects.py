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

    assert write_rejects(path, sheet, checked.rejects) == 1
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
    write_rejects(path, again, checked.rejects)
    assert table(path)[0] == [*HEADER.split(";"), "problem"]
    assert table(path)[1][-1] == "Store ID: It is empty."


def test_a_row_broken_in_the_file_comes_back_too(tmp_path: Path) -> None:
    sheet = raw(tmp_path, TEXT + "009;green\n")
    checked = check(Kind.master, sheet.frame, today=TODAY, broken=sheet.broken)
    path = tmp_path / "rejects.csv"

    assert write_rejects(path, sheet, checked.rejects) == 2
    assert table(path)[2][0] == "009"
    assert table(path)[2][-1].startswith("The header has 7 cells, this row has 2.")
