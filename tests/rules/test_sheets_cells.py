from datetime import date

import polars as pl
import pytest

from rules.columns import CellType, Column
from rules.dates import read_date
from rules.numbers import read_number

TODAY = date(2022, 1, 15)
DATE = Column("last_order_on", CellType.date, past=True)
COUNT = Column("orders_28d", CellType.whole_number, most=100_000_000)
MONEY = Column("gmv_28d", CellType.amount, most=1e12)

NOT_A_NUMBER = "This is not a number."
NOT_A_DATE = "This is not a date; write it like 2022-01-31."


def dates(*cells: str | None) -> tuple[list[date | None], list[str | None], list[str]]:
    rows = pl.Series(range(2, 2 + len(cells)), dtype=pl.Int64)
    reading = read_date(DATE, pl.Series(cells, dtype=pl.String), rows, TODAY)
    return reading.values.to_list(), reading.problems.to_list(), reading.notes


def numbers(column: Column, *cells: str | None) -> tuple[list[float | None], list[str | None]]:
    reading = read_number(column, pl.Series(cells, dtype=pl.String))
    return reading.values.to_list(), reading.problems.to_list()


@pytest.mark.parametrize(
    "written",
    [
        "2021-03-04",
        "2021/3/4",
        "2021-03-04 17:30:00",
        "2021-03-04T17:30:00Z",
        "2021-03-04T17:30:00.123+01:00",
        "20210304",
        "44259",
        "44259.75",
        "04.03.2021",
        "4 March 2021",
        "04-Mar-21",
        "Mar 4, 2021",
    ],
)
def test_a_date_is_read_however_it_is_written(written: str) -> None:
    assert dates(written) == ([date(2021, 3, 4)], [None], [])


def test_one_row_that_can_only_be_day_first_decides_the_column() -> None:
    values, problems, notes = dates("03/04/2021", "31/12/2021", None)

    assert values == [date(2021, 4, 3), date(2021, 12, 31), None]
    assert problems == [None, None, None]
    assert notes == ['"03/04/2021" was read with the day first, because row 3 says "31/12/2021".']


def test_one_row_that_can_only_be_month_first_decides_the_column() -> None:
    values, _, notes = dates("03/04/21", "12/31/21")

    assert values == [date(2021, 3, 4), date(2021, 12, 31)]
    assert "month first" in notes[0]


def test_dates_that_could_be_two_are_rejected_with_both() -> None:
    values, problems, notes = dates("03/04/2021", "5/5/2021", "2021-12-31")

    assert values == [None, date(2021, 5, 5), date(2021, 12, 31)]
    words = (
        "It could be 3 April 2021 or 4 March 2021: no other date in this column tells the day "
        "from the month. Write it as 2021-04-03 or 2021-03-04."
    )
    assert problems == [words, None, None]
    assert notes == []


def test_where_both_orders_are_in_use_only_what_is_certain_is_read() -> None:
    values, problems, _ = dates("03/04/2021", "31/12/2021", "12/30/2021")

    assert values == [None, date(2021, 12, 31), date(2021, 12, 30)]
    assert problems[0] == (
        'It could be 3 April 2021 or 4 March 2021: row 3 says "31/12/2021" and row 4 says '
        '"12/30/2021", so both orders are in use. Write it as 2021-04-03 or 2021-03-04.'
    )


def test_impossible_dates_are_refused_with_the_reason() -> None:
    values, problems, _ = dates(
        "2022-01-16", "1989-12-31", "2021-02-30", "soon", "99", "2022-01-15"
    )

    assert values == [None, None, None, None, None, TODAY]
    assert problems == [
        "2022-01-16 is after today, 2022-01-15.",
        "1989-12-31 is before 1990.",
        NOT_A_DATE,
        NOT_A_DATE,
        NOT_A_DATE,
        None,
    ]


def test_digits_of_other_scripts_are_refused_and_not_lost() -> None:
    assert dates("٠٤/٠٣/٢٠٢١")[1] == [NOT_A_DATE]
    assert numbers(COUNT, "١٢٣") == ([None], [NOT_A_NUMBER])


def test_the_decimal_mark_of_other_cells_tells_what_a_comma_means() -> None:
    assert numbers(MONEY, "1,234", "1,234.50") == ([1234.0, 1234.5], [None, None])
    assert numbers(MONEY, "1.234", "1.234,50") == ([1234.0, 1234.5], [None, None])
    assert numbers(MONEY, "1,234", "0,5") == ([1.234, 0.5], [None, None])
    assert numbers(MONEY, "1.234", "12.5") == ([1.234, 12.5], [None, None])
    assert numbers(MONEY, "1.234.567", "1.500") == ([1234567.0, 1500.0], [None, None])


def test_an_amount_that_could_be_two_is_rejected_with_both() -> None:
    words = "It could be 1.234 or 1234; write it without a separator of thousands."

    assert numbers(MONEY, "1.234", "7") == ([None, 7.0], [words, None])
    assert numbers(MONEY, "1.234", "0.5", "0,5") == ([None, 0.5, 0.5], [words, None, None])


def test_in_whole_numbers_a_single_mark_separates_thousands_and_this_is_said() -> None:
    reading = read_number(COUNT, pl.Series(["1,234", "12", "3.456"]))

    assert reading.values.to_list() == [1234, 12, 3456]
    assert reading.notes == ['"1,234" and the like were read with a separator of thousands.']


def test_money_signs_and_spaces_around_and_in_numbers_do_not_count() -> None:
    cells = ("$ 1,234.50", "€12.5", "1 234.5", "1'234.5", "12.5 EUR", "1.5e3")

    assert numbers(MONEY, *cells)[0] == [1234.5, 12.5, 1234.5, 1234.5, 12.5, 1500.0]


@pytest.mark.parametrize("column", [COUNT, MONEY])
@pytest.mark.parametrize("cell", ["NaN", "inf", "-inf", "twelve", "1,2,3", "--1", "1.2.3", "#1"])
def test_what_is_no_number_is_refused(column: Column, cell: str) -> None:
    assert numbers(column, cell, "1") == ([None, 1], [NOT_A_NUMBER, None])


def test_impossible_numbers_are_refused_with_the_reason() -> None:
    assert numbers(COUNT, "-1", "(3)", "2.5", "1e9", "12.0") == (
        [None, None, None, None, 12],
        [
            "It is below zero.",
            "It is below zero.",
            "This is not a whole number.",
            "It is larger than can be; the most is 100,000,000.",
            None,
        ],
    )
