import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import xlsxwriter

from rules.columns import Kind
from rules.sheets import check
from store.spreadsheets import read_sheets


def test_a_workbook_as_people_have_it(tmp_path: Path) -> None:
    path = tmp_path / "stores.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet("Stores")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    page.merge_range("B2:E2", "Stores, January 2022")
    page.write_row("B4", ["Store ID", "Account", "Account name", "", "CSM", "Last order", "Orders"])
    page.write_row("B5", ["007", 12345, "=SUM(A1)"])
    page.write("F5", " ana@example.com ")
    page.write_datetime("G5", datetime(2022, 1, 14, tzinfo=UTC).replace(tzinfo=None), day)
    page.write("H5", 1234.0)
    page.write_string("D5", '=HYPERLINK("http://x")')
    page.write_row("B7", ["008", 12345.0, "Joe", "", "ana@example.com", "2022-01-13", "56"])
    page.write_formula("H8", "=1/0", None, "#DIV/0!")
    page.write_row("B8", ["009", 1.5, True])
    page.write_row("B9", ["Total", "", "", "", "", "", 1290])
    other = book.add_worksheet("Lists")
    other.write_row("A1", ["key", "name"])
    other.hide()
    book.add_worksheet("Empty")
    book.close()

    stores, lists = read_sheets(path)
    assert (stores.name, stores.file_name, stores.header_row) == ("Stores", "stores.xlsx", 4)
    assert stores.frame.rows() == [
        (5, "007", "12345", '=HYPERLINK("http://x")', "ana@example.com", "2022-01-14", "1234"),
        (7, "008", "12345", "Joe", "ana@example.com", "2022-01-13", "56"),
        (8, "009", "1.5", "true", None, None, "#DIV/0!"),
        (9, "Total", None, None, None, None, "1290"),
    ]
    assert stores.notes == (
        'Rows 1 to 3 were passed over, above the header: "Stores, January 2022".',
        "Empty columns were passed over: A, E.",
        "Empty rows were passed over: 6.",
    )
    assert lists.notes == ('The sheet "Lists" is hidden; it was read.',)

    checked = check(Kind.master, stores.frame, today=date(2022, 1, 15))
    assert checked.rows["location_id"].to_list() == ["007", "008"]
    assert checked.passed_over.rows() == [(9, "total row")]
    assert checked.rejects.rows() == [
        (8, "CSM", None, "It is empty."),
        (8, "Orders", "#DIV/0!", "The cell shows an error instead of a value."),
    ]


def test_every_cell_in_error_is_found_wherever_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "errors.xlsx"
    book = xlsxwriter.Workbook(path)
    first, second = book.add_worksheet("B"), book.add_worksheet("A & B")
    first.write_row(0, 0, ["location_id", "region"])
    second.write_row(0, 0, ["location_id", "region"])
    for row in range(1, 3000):
        first.write_row(row, 0, [f"L{row}", "x" * 400])
        second.write(row, 0, f"L{row}")
        second.write_formula(row, 1, "=NA()", None, "#N/A")
    book.close()

    fine, wrong = read_sheets(path)
    assert fine.frame["region"].unique().to_list() == ["x" * 400]
    assert wrong.frame["region"].to_list() == ["#N/A"] * 2999


def test_a_workbook_by_another_program_is_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["email", "capacity", "leave"])
    book.active.append(["ana@example.com", 20.0, date(2022, 1, 31)])
    book.active.append(["=1/0", 0.1 + 0.2, datetime(2022, 1, 31, 12, 30)])
    book.save(path)

    rows = read_sheets(path)[0].frame.rows()
    assert rows[0] == (2, "ana@example.com", "20", "2022-01-31")
    assert rows[1][2:] == ("0.3", "2022-01-31 12:30:00")


def test_formulas_without_a_result_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "formulas.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["location_id", "customer_name", "region"])
    for row in range(2, 1202):
        book.active.append([f"=A{row}", "Joe", ""])
    book.save(path)

    (note,) = read_sheets(path)[0].notes
    assert note == (
        "1,200 cells hold a formula without a result, read as empty: open the workbook in Excel, "
        "save it, and import it again."
    )


def test_a_formula_with_an_empty_text_as_its_result_has_one(tmp_path: Path) -> None:
    made, path = tmp_path / "made.xlsx", tmp_path / "formulas.xlsx"
    with xlsxwriter.Workbook(made) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["location_id", "customer_name"])
        page.write_formula(1, 0, '=""', None, "nothing")
        page.write_formula(2, 1, "=1", None, 1)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<v>nothing</v>", b"<v></v>"))

    assert read_sheets(path)[0].notes == ("Empty rows were passed over: 2.",)
