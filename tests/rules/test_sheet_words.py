"""Every sheet, row and column has words that a person understands."""

from rules.columns import COLUMNS as CANONICAL
from rules.columns import Kind
from rules.sheet_words import COLUMNS, ROWS, SHEETS


def test_every_kind_and_column_has_its_words() -> None:
    assert set(SHEETS) == set(ROWS) == set(Kind)
    for kind, columns in CANONICAL.items():
        assert list(COLUMNS[kind]) == [column.name for column in columns]


def test_no_name_of_a_machine_is_among_the_words() -> None:
    words = [*SHEETS.values(), *(word for each in COLUMNS.values() for word in each.values())]

    assert [each for each in words if "_" in each] == []
