"""Master sheets as people write them: what is read, what is refused, and under whose header that is said."""

from datetime import date

import polars as pl
import pytest

from rules.columns import REJECTS, ROW, SCHEMAS, Kind, map_columns
from rules.sheets import MissingColumns, check
from rules.together import notes_across
from tests.rules.sheets.rows import GOOD, TODAY, master, problems, sheet


def test_a_good_row_is_typed_as_the_schema_says() -> None:
    row = {
        "location_id": "007",
        "Store name": "Mitte",
        "region": "EMEA",
        "timezone": "europe/berlin",
        "status": "Active",
        "requires": "F2; F1;F2",
        "signed_up_on": "2020-01-31",
        "last_order_on": "2022-01-14",
        "orders_28d": "1234.0",
        "missed_orders_28d": "8",
        "open_hours_28d": "300.5",
        "gmv_28d": None,
    }
    checked = master(row)

    assert checked.rows.row(0, named=True) == {
        "row": 2,
        "location_id": "007",
        "location_name": "Mitte",
        "customer_id": "C1",
        "customer_name": "Joe's Pizza",
        "csa_email": "ana@example.com",
        "region": "EMEA",
        "timezone": "Europe/Berlin",
        "status": "active",
        "requires": ["F2", "F1"],
        "signed_up_on": date(2020, 1, 31),
        "last_order_on": date(2022, 1, 14),
        "orders_28d": 1234,
        "missed_orders_28d": 8,
        "open_hours_28d": 300.5,
        "gmv_28d": None,
    }
    schema = SCHEMAS[Kind.master]
    assert checked.rows.schema == {name: schema[name] for name in checked.rows.columns}
    assert checked.rejects.schema == REJECTS
    assert checked.notes == ()


def test_a_sheet_without_a_required_column_is_not_read_at_all() -> None:
    with pytest.raises(MissingColumns, match="no column for customer_id, customer_name") as told:
        check(Kind.master, sheet({"location_id": "L1", "csa_email": "a@b.de"}), today=TODAY)

    assert "Nothing was read" in told.value.remedy


def test_everything_wrong_with_a_row_is_said_under_its_own_headers() -> None:
    frame = sheet({"Store": None, "Account": "C1", "Brand": "Joe", "CSM": "ana", "TZ": "Mars"})

    assert check(Kind.master, frame, today=TODAY).rejects.rows() == [
        (2, "Store", None, "It is empty."),
        (2, "CSM", "ana", "This is not one e-mail address; write it like name@example.com."),
        (2, "TZ", "Mars", "This is not a time zone we know; write it like Europe/Berlin."),
    ]


def test_a_mapping_that_a_person_confirmed_is_followed() -> None:
    frame = sheet(GOOD | {"Who": "bo@example.com"})
    mapping = map_columns(Kind.master, frame.columns)
    mapping.columns["csa_email"] = "Who"

    rows = check(Kind.master, frame, today=TODAY, mapping=mapping).rows
    assert rows["csa_email"].to_list() == ["bo@example.com"]


def test_rows_that_differ_under_one_id_are_all_rejected_and_named() -> None:
    checked = master({"region": "EMEA"}, {"location_id": "L2"}, {"region": "APAC"})

    words = "Rows 2, 4 have the same location_id and say different things; keep one."
    assert problems(checked) == [
        (2, "location_id", "L1", words),
        (4, "location_id", "L1", words),
    ]
    assert checked.rows["location_id"].to_list() == ["L2"]


def test_of_rows_that_say_exactly_the_same_the_first_stays() -> None:
    checked = master({}, {"location_id": "L2"}, {})

    assert checked.rows["row"].to_list() == [2, 3]
    assert problems(checked) == [(4, "location_id", "L1", "Row 2 already says exactly this.")]


def test_ids_keep_their_zeros_and_case_and_are_compared_composed() -> None:
    checked = master(
        {"location_id": "007"}, {"location_id": "7"}, {"location_id": "a"}, {"location_id": "A"}
    )
    assert checked.rows["location_id"].to_list() == ["007", "7", "a", "A"]
    assert len(problems(master({"location_id": "Café"}, {"location_id": "Cafe\u0301"}))) == 1


@pytest.mark.parametrize("text", ["L\x00", "L\u200b1", "x" * 301, "1.23457E+11", "#REF!"])
def test_ids_that_cannot_be_right_are_refused(text: str) -> None:
    assert [row[1] for row in problems(master({"location_id": text}))] == ["location_id"]


@pytest.mark.parametrize("name", ["Pizza 🍕", "مطعم جو", '=HYPERLINK("x")', "x" * 300, "Total"])
def test_unusual_names_are_fine(name: str) -> None:
    assert master({"customer_name": name}).rows["customer_name"].to_list() == [name]


def test_names_with_line_breaks_become_one_line_and_control_characters_are_refused() -> None:
    assert master({"customer_name": "Joe\r\nPizza"}).rows["customer_name"].item() == "Joe Pizza"
    assert problems(master({"customer_name": "Joe\x07"})) == [
        (2, "customer_name", "Joe\x07", "It contains a control character; type it again.")
    ]


def test_statuses_in_other_words_are_read_and_the_reading_is_said() -> None:
    checked = master(
        *({"location_id": s, "status": s} for s in ("Closed", "Inactive", "ACTIVE", "maybe"))
    )

    assert checked.rows["status"].to_list() == ["offboarded", "active", "active"]
    assert problems(checked) == [
        (5, "status", "maybe", "We know active and offboarded; write one of these.")
    ]
    assert checked.notes == (
        'status: "Closed" was read as offboarded, "Inactive" was read as active.',
        "status: Who is inactive is decided from the orders, not from this column.",
    )


def test_more_missed_orders_than_orders_is_refused() -> None:
    checked = master({"orders_28d": "5", "missed_orders_28d": "6"})

    assert problems(checked) == [
        (2, "missed_orders_28d", "6", "It is more than orders_28d, which is 5.")
    ]


def test_a_customer_with_two_csas_keeps_the_rows_of_the_majority() -> None:
    checked = master(
        *({"location_id": f"L{i}"} for i in range(2)),
        {"location_id": "L9", "csa_email": "Bo@example.com"},
    )
    assert checked.rows["row"].to_list() == [2, 3]
    words = (
        "Customer C1 has several CSAs: ana@example.com (row 2), bo@example.com (row 4). "
        "Write the same one in all its rows."
    )
    assert problems(checked) == [(4, "csa_email", "Bo@example.com", words)]


def test_a_customer_whose_csas_are_level_is_rejected_as_a_whole() -> None:
    checked = master({}, {"location_id": "L2", "csa_email": "bo@example.com"})

    assert checked.rows.height == 0
    assert checked.rejects["row"].to_list() == [2, 3]


def test_a_customer_spelt_in_several_ways_keeps_all_rows_under_the_most_frequent_name() -> None:
    checked = master(
        {"location_id": "L0", "customer_name": "Joes Pizza"}, {}, {"location_id": "L2"}
    )
    assert checked.rows["customer_name"].to_list() == ["Joe's Pizza"] * 3
    assert checked.rejects.height == 0
    said = "Customers with several names: 1; the most frequent was taken: "
    assert checked.notes == (f'{said}C1 "Joe\'s Pizza", not "Joes Pizza".',)


def test_total_and_empty_rows_are_reported_and_not_rejected() -> None:
    total = {"location_id": "Total", "orders_28d": "9"} | dict.fromkeys(list(GOOD)[1:])
    checked = master({}, dict.fromkeys(GOOD), total)

    assert checked.passed_over.rows() == [(3, "empty row"), (4, "total row")]
    assert checked.rejects.height == 0
    assert checked.notes == ("Total rows were passed over: 4.", "Empty rows were passed over: 3.")


def test_dashes_in_columns_of_numbers_and_dates_are_empty_and_counted() -> None:
    checked = master({"orders_28d": "-", "last_order_on": "n/a", "region": "-"})

    assert checked.rows.select("orders_28d", "last_order_on", "region").row(0) == (None, None, "-")
    assert len(checked.notes) == 2


def test_cells_in_error_are_refused_whatever_the_column() -> None:
    checked = master({"orders_28d": "#DIV/0!", "region": "#N/A"})

    assert [row[1:] for row in problems(checked)] == [
        ("region", "#N/A", "The cell shows an error instead of a value."),
        ("orders_28d", "#DIV/0!", "The cell shows an error instead of a value."),
    ]


def test_rows_broken_in_the_file_are_rejected_for_that_alone() -> None:
    broken = pl.DataFrame([(3, None, "x", "This row has 9 cells.")], schema=REJECTS, orient="row")
    frame = sheet(GOOD, dict.fromkeys(GOOD, "?"))

    checked = check(Kind.master, frame, today=TODAY, broken=broken)
    assert problems(checked) == [(3, None, "x", "This row has 9 cells.")]


def test_columns_that_are_not_used_are_named() -> None:
    checked = master({"Store": "x", "colour": "red"})

    assert checked.notes == ('"Store" was not used, because "location_id" is the same column.',)
    assert checked.mapping.ignored == (ROW, "colour")


def test_the_master_sheet_alone_names_every_default() -> None:
    notes = notes_across({Kind.master: master({}).rows}, weekly_capacity=20)

    assert notes == [
        "There is no list of CSAs: 20 locations a week for each CSA, and no leave.",
        "There is no order history: who is inactive is told from the master sheet alone.",
        "There is no list of blackouts: no week is closed.",
        "No time zones: the zone of the region is used.",
        "No regions: all locations are in one.",
        "Locations without a status are active.",
    ]


def test_names_that_no_other_sheet_explains_are_noted() -> None:
    sheets = {
        Kind.master: master({"region": "EMEA", "requires": "F1;F9"}).rows,
        Kind.features: check(Kind.features, sheet({"key": "F1"}), today=TODAY).rows,
        Kind.blackouts: check(
            Kind.blackouts,
            sheet(
                {"region": "*", "from": "2022-12-24", "to": "2022-12-26"},
                {"region": "LATAM", "from": "2022-12-24", "to": "2022-12-26"},
            ),
            today=TODAY,
        ).rows,
    }
    notes = notes_across(sheets, weekly_capacity=20)

    assert "1 in the master sheet (features it needs) not in the roadmap: F9." in notes
    assert "1 in the list of blackouts (region) not in the master sheet: LATAM." in notes


@pytest.mark.parametrize("nothing", ["\u200b", "\x01", "\u200b \u2060", "\u3164", "\u202e"])
def test_a_name_or_id_of_which_nothing_is_seen_is_empty(nothing: str) -> None:
    checked = master(
        {"customer_name": nothing},
        {"location_id": nothing},
        {"location_id": "L3", "location_name": nothing},
    )
    assert [(row, column, problem) for row, column, _, problem in problems(checked)] == [
        (2, "customer_name", "It is empty."),
        (3, "location_id", "It is empty."),
    ]
    assert checked.rows["location_name"].to_list() == [None]


@pytest.mark.parametrize("cell", ["N/A", "n/a", "NULL", "None", "nan", "-", "\u2014"])
def test_a_word_for_nothing_is_no_id(cell: str) -> None:
    problem = "This says that there is no id; fill in the id, or leave the row out."
    checked = master({"location_id": cell}, {"location_id": "L2", "customer_id": cell})
    assert problems(checked) == [
        (2, "location_id", cell, problem),
        (3, "customer_id", cell, problem),
    ]


def test_ids_that_only_begin_like_a_word_for_nothing_are_ids() -> None:
    ids = ["NA", "none-1", "Nancy", "-1"]
    checked = master(*({"location_id": name} for name in ids))
    assert checked.rows["location_id"].to_list() == ids


def test_a_name_does_not_turn_the_words_behind_it() -> None:
    checked = master(
        {"customer_name": "Joe\u202e's \u2066Pizza\u2069"},
        {"location_id": "L2", "location_name": "\u05d2\u05df \u200f1"},
    )
    assert checked.rows["customer_name"][0] == "Joe's Pizza"
    assert checked.rows["location_name"][1] == "\u05d2\u05df \u200f1"
    note = "Marks that turn the direction of writing were left out in 1 cell."
    assert f"customer_name: {note}" in checked.notes
