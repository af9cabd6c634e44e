import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.spreadsheets import RawSheet, UnreadableFile, read_sheets

HEADER = ["location_id", "customer_id", "customer_name", "csa_email"]
SIMPLE = "location_id,customer_name\nL1,Joe\nL2,Ana\n"


def read(folder: Path, content: bytes | str, name: str = "stores.csv") -> RawSheet:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_sheets(path)[0]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_text_is_read_in_any_usual_encoding(
    tmp_path: Path, encoding: str, separator: str, end: str
) -> None:
    rows = [HEADER, ["007", "C1", "Café", "a@b.de"], ["", " C2 ", "", "=x"]]
    text = "".join(separator.join(row) + end for row in rows)

    sheet = read(tmp_path, text.encode(encoding))
    assert sheet.frame.rows() == [(2, "007", "C1", "Café", "a@b.de"), (3, None, "C2", None, "=x")]
    assert (sheet.name, sheet.file_name, sheet.header_row) == ("stores", "stores.csv", 1)
    guessed = ("Read as Windows-1252.",) if encoding == "cp1252" else ()
    assert (sheet.notes, sheet.broken.height) == (guessed, 0)
    assert sheet.titles == tuple(HEADER) == tuple(sheet.headers)


CELLS = st.text(alphabet="ab1é ,;|\t\"'\n=", max_size=6)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    grid=st.lists(st.lists(CELLS, min_size=4, max_size=4), max_size=8),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    separator=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_any_grid_of_text_survives(
    tmp_path: Path, grid: list[list[str]], encoding: str, separator: str, quoting: int
) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=separator, quoting=quoting)  # type: ignore[arg-type]  # one of csv's constants
    writer.writerows([HEADER, *grid])

    sheet = read(tmp_path, file.getvalue().encode(encoding))
    expected = [
        (row, *(cell.strip() or None for cell in cells)) for row, cells in enumerate(grid, start=2)
    ]
    assert sheet.frame.rows() == [row for row in expected if any(row[1:])]
    assert sheet.broken.height == 0


def test_rows_that_are_too_wide_or_too_narrow_are_named_and_not_lost(tmp_path: Path) -> None:
    sheet = read(tmp_path, "location_id,customer_name,region\nL1,Joe, Ana,EMEA,x\nL2\nL3,Bo,A,\n")

    wide = (
        "The header has 3 cells, this row has 5. "
        "Put quotes around a cell that contains the separator."
    )
    narrow = "The header has 3 cells, this row has 1. Add the separators that are missing."
    assert sheet.broken.rows() == [(2, None, "EMEA,x", wide), (3, None, None, narrow)]
    assert sheet.frame["row"].to_list() == [2, 3, 4]


def test_a_quote_without_its_pair_is_named(tmp_path: Path) -> None:
    sheet = read(tmp_path, 'location_id,customer_name,region\nL1,Joe,A\nL2,"Ana,B\nL3,Bo,C\n')

    assert sheet.broken.rows()[0][3].endswith(
        "A cell goes on in the next line: a quote mark may lack its pair."
    )


def test_a_cell_that_never_ends_is_refused_with_the_place(tmp_path: Path) -> None:
    text = SIMPLE + 'L3,"Ana\n' + "L4,Bo\n" * 40_000

    with pytest.raises(UnreadableFile, match="A cell in row 4 never ends"):
        read(tmp_path, text)


def test_a_quote_within_a_cell_is_text(tmp_path: Path) -> None:
    sheet = read(tmp_path, 'location_id,customer_name\nL1,5" pizza\nL2,"5"" pizza"\nL3,8" p\n')

    assert sheet.frame["customer_name"].to_list() == ['5" pizza', '5" pizza', '8" p']


def test_row_numbers_count_titles_empty_lines_and_line_breaks_in_cells_as_a_sheet_does(
    tmp_path: Path,
) -> None:
    text = (
        "Report, January\n\nLocation ID;Account;Account name;CSM\n"
        'L1;C1;"Joe\nPizza";a@b.de\n\n;;;\nL2;C2;Ana;a@b.de\n'
    )
    sheet = read(tmp_path, text)

    assert sheet.header_row == 3
    assert sheet.frame["row"].to_list() == [4, 7]
    assert sheet.frame["Account name"].to_list() == ["Joe\nPizza", "Ana"]
    assert sheet.notes == (
        'Rows 1 to 2 were passed over, above the header: "Report, January".',
        "Empty rows were passed over: 5, 6.",
    )


def test_the_separator_hint_that_some_programs_write_is_not_a_row(tmp_path: Path) -> None:
    sheet = read(tmp_path, "sep=;\r\nlocation_id;customer_name\r\nL1;Joe, Ana\r\n")

    assert sheet.frame.rows() == [(2, "L1", "Joe, Ana")]


def test_columns_without_a_header_and_headers_that_come_twice_are_told_apart(
    tmp_path: Path,
) -> None:
    sheet = read(tmp_path, "location_id,,row,Name,,Name\nL1,,r,Joe,note,Ana\n")

    assert sheet.headers == ["location_id", "row (column C)", "Name", "Name (column F)"]
    assert sheet.titles == ("location_id", "row", "Name", "Name")
    assert sheet.frame.rows() == [(2, "L1", "r", "Joe", "Ana")]
    assert sheet.notes == (
        "Empty columns were passed over: B.",
        "Columns without a header were passed over: E. Give them a header if they matter.",
    )


def test_a_regular_file_and_one_with_an_odd_row_are_read_alike(tmp_path: Path) -> None:
    regular = read(tmp_path, SIMPLE + '"L3","Joe, Ana"\n')
    odd = read(tmp_path, SIMPLE + '"L3","Joe, Ana"\n\n')

    assert regular.frame.equals(odd.frame)


def test_a_header_alone_is_a_sheet_without_rows(tmp_path: Path) -> None:
    sheet = read(tmp_path, "location_id,customer_name\n")

    assert sheet.frame.height == 0
    assert sheet.headers == ["location_id", "customer_name"]


def test_headers_that_nobody_knows_are_found_by_their_place(tmp_path: Path) -> None:
    sheet = read(tmp_path, "\nColours\n\nred,green\n1,2\n")

    assert sheet.header_row == 4
    assert sheet.headers == ["red", "green"]


@pytest.mark.parametrize(
    "content",
    [
        ("location_id,customer_name\n" + "L1,Café Ünïön\n" * 5).encode() + b"L2,Caf\xe9\n",
        "location_id,customer_name\nL1,Café".encode()[:-1],
        b"location_id,customer_name\nL1,\x81\x8d\n",
    ],
)
def test_damaged_text_is_refused_rather_than_guessed(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="neither UTF-8 nor Windows-1252"):
        read(tmp_path, content)
