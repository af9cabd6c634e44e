"""Rows, made of what was found."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlmodel import SQLModel

from store.space_rows import SpaceRow

FOUND = {
    "id": uuid4(),
    "organisation_id": uuid4(),
    "name": "Menus",
    "folded": "menus",
    "is_proxied": True,
    "made_by": "U0SENDER",
    "made_at": datetime(2022, 1, 15, tzinfo=UTC),
}


def test_a_row_is_the_one_that_sqlmodel_makes() -> None:
    row = SpaceRow.model_validate(FOUND)
    theirs = SQLModel.model_validate.__func__(SpaceRow, FOUND)  # type: ignore[attr-defined]  # a class method's

    assert row == theirs
    assert row.model_dump() == theirs.model_dump() == FOUND | {"closed_at": None}
    assert row.model_fields_set == theirs.model_fields_set == set(FOUND)


def test_a_row_can_be_changed_and_what_it_was_copied_from_stays() -> None:
    row = SpaceRow.model_validate(FOUND)
    other = row.model_copy(update={"name": "Prices"})
    row.is_proxied = False

    assert (row.name, row.is_proxied) == ("Menus", False)
    assert (other.name, other.is_proxied) == ("Prices", True)


def test_what_is_no_row_is_refused() -> None:
    with pytest.raises(ValidationError, match="is_proxied"):
        SpaceRow.model_validate(FOUND | {"is_proxied": "perhaps"})
