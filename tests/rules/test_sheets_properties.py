from datetime import date
from random import Random

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from rules.columns import COLUMNS, Kind
from rules.sheets import Checked, check

TODAY = date(2022, 1, 15)
MESSY = (
    *(None, "", "Total", "L1", "L2", "007", "-", "n/a", "#REF!", "x\x00", "ana@example.com"),
    *(
        "bo@example.com",
        "2022-01-10",
        "03/04/2021",
        "31/12/2021",
        "12/31/2021",
        "44572",
        "2099-1-1",
    ),
    *("1", "5", "-3", "1.5", "1,234", "1.234", "1.234,5", "nan", "1e400", "F1;F2", "closed"),
    *("Europe/Berlin", "\u202eabc", "=1+1", "9" * 40, "é" * 301),
)


@st.composite
def sheets(draw: st.DrawFn) -> tuple[Kind, pl.DataFrame]:
    kind = draw(st.sampled_from(list(Kind)))
    names = [column.name for column in COLUMNS[kind]]
    cells = st.one_of(st.sampled_from(MESSY), st.text(max_size=5))
    size = draw(st.integers(0, 6))
    columns = {
        name: [cell or None for cell in draw(st.lists(cells, min_size=size, max_size=size))]
        for name in names
    }
    frame = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))
    return kind, frame.with_row_index("row", offset=2).cast({"row": pl.Int64})


def checked(kind: Kind, frame: pl.DataFrame) -> Checked:
    return check(kind, frame, today=TODAY)


@settings(max_examples=60, deadline=None)
@given(sheets())
def test_every_row_is_kept_rejected_or_passed_over_and_never_two_of_them(
    sheet: tuple[Kind, pl.DataFrame],
) -> None:
    result = checked(*sheet)
    kept = result.rows["row"].to_list()
    rejected = result.rejects["row"].unique().to_list()

    assert (
        sorted(kept + rejected + result.passed_over["row"].to_list()) == sheet[1]["row"].to_list()
    )


@settings(max_examples=40, deadline=None)
@given(sheets(), st.randoms(use_true_random=False))
def test_the_order_of_columns_does_not_matter(
    sheet: tuple[Kind, pl.DataFrame],
    random: Random,
) -> None:
    kind, frame = sheet
    names = frame.columns
    random.shuffle(names)
    one, other = checked(kind, frame), checked(kind, frame.select(names))

    assert_frame_equal(one.rows, other.rows)
    assert_frame_equal(one.rejects, other.rejects)
    assert one.notes == other.notes


@settings(max_examples=40, deadline=None)
@given(sheets())
def test_checking_twice_says_the_same(sheet: tuple[Kind, pl.DataFrame]) -> None:
    one, other = checked(*sheet), checked(*sheet)

    assert_frame_equal(one.rows, other.rows)
    assert_frame_equal(one.rejects, other.rejects)
    assert one.notes == other.notes


@settings(max_examples=60, deadline=None)
@given(sheets())
def test_no_filled_cell_of_a_kept_row_is_lost(sheet: tuple[Kind, pl.DataFrame]) -> None:
    kind, frame = sheet
    result = checked(kind, frame)
    placeholders = [cell for cell in MESSY if cell in ("-", "n/a")]
    for column in COLUMNS[kind]:
        written = frame.select("row", text=column.name).filter(
            pl.col("text").is_not_null(), ~pl.col("text").is_in(placeholders)
        )
        kept = result.rows.join(written, on="row")
        assert kept[column.name].null_count() == 0
