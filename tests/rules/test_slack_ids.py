"""Who is a person by the id that something was done under."""

import pytest

from rules.slack_ids import is_person


@pytest.mark.parametrize("actor", ["U0NZXR7ASWP", "W012A3CDE", "U1"])
def test_ids_of_people_are_known(actor: str) -> None:
    assert is_person(actor)


@pytest.mark.parametrize("actor", ["Wavepost", "C0NZXR7ASWP", "D01", "root", "W", "", "U1\n"])
def test_nobody_else_is_a_person(actor: str) -> None:
    assert not is_person(actor)
