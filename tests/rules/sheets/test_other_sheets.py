"""Sheets beside the master sheet: history, blackouts, leave, features, and marks."""

from datetime import date

import polars as pl

from rules.columns import ROW, Kind
from rules.sheets import Checked, check
from tests.rules.sheets.rows import TODAY, problems, sheet


def test_history_weeks_begin_on_mondays_and_come_once() -> None:
    rows = [
        {"location_id": "L1", "week_start": day, "orders": orders}
        for day, orders in (("2022-01-03", "5"), ("2022-01-05", "5"), ("2022-01-03", "6"))
    ]
    checked = check(Kind.history, sheet(*rows), today=TODAY)

    same = "Rows 2, 4 have the same location_id and week_start and say different things; keep one."
    wednesday = "2022-01-05 is a Wednesday; that week begins on Monday 2022-01-03."
    assert problems(checked) == [
        (2, "location_id", "L1", same),
        (3, "week_start", "2022-01-05", wednesday),
        (4, "location_id", "L1", same),
    ]


def test_a_blackout_ends_no_earlier_than_it_begins() -> None:
    frame = sheet({"region": "*", "from": "2022-12-24", "to": "2022-12-20", "why": "Holidays"})

    checked = check(Kind.blackouts, frame, today=TODAY)
    assert problems(checked) == [(2, "to", "2022-12-20", "It is before 2022-12-24.")]


def test_leave_is_kept_as_the_mondays_of_its_weeks() -> None:
    frame = sheet(
        {
            "email": "ANA@example.com",
            "capacity": "20",
            "leave": "2022-02-02; 2022-01-31;2022-03-07",
        },
        {"email": "bo@example.com", "capacity": None, "leave": None},
        {"email": "cy@example.com", "capacity": None, "leave": "soon"},
    )
    checked = check(Kind.csas, frame, today=TODAY)

    mondays = [date(2022, 1, 31), date(2022, 3, 7)]
    assert checked.rows["leave_weeks"].to_list() == [mondays, []]
    assert checked.rows["email"].to_list() == ["ana@example.com", "bo@example.com"]
    assert [row[3] for row in problems(checked)] == [
        "soon: This is not a date; write it like 2022-01-31."
    ]


def test_a_feature_cannot_have_been_released_in_the_future() -> None:
    frame = sheet({"key": "F1", "target_release_on": "2022-06-01", "released_on": "2022-02-01"})

    assert [row[1] for row in problems(check(Kind.features, frame, today=TODAY))] == ["released_on"]


def marks(**columns: list[str | None]) -> Checked:
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    rows = frame.with_row_index(ROW, offset=2).cast({ROW: pl.Int64})
    return check(Kind.marks, rows, today=TODAY)


def test_outcomes_are_read_from_the_words_people_use_and_may_wait() -> None:
    checked = marks(
        location_id=["L1", "L2", "L3", "L4", "L5"],
        outcome=["Done", "not migrated", None, "-", "perhaps"],
        lost_orders=["no", "Yes", None, None, None],
    )

    assert checked.rows["outcome"].to_list() == ["migrated", "failed", None, None]
    assert checked.rows["lost_orders"].to_list() == [False, True, None, None]
    assert checked.rejects["problem"].to_list() == [
        "We know migrated and failed; write one of these."
    ]
    assert 'outcome: "Done" was read as migrated, "not migrated" was read as failed.' in (
        checked.notes
    )


def test_whether_orders_were_lost_is_yes_or_no() -> None:
    checked = marks(location_id=["L1"], outcome=["failed"], lost_orders=["some"])

    assert checked.rejects["problem"].to_list() == ["Write yes or no."]
