"""Which two a question is about, however it is put."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.comparing import comparison


def pair(typed: str) -> tuple[str, str]:
    asked = comparison(typed)
    assert asked
    first = asked.pairs[0]
    return first.earlier.core, first.later.core


@pytest.mark.parametrize(
    "typed",
    [
        "why Joe's Pizza vs Taco Town",
        "why Joe's Pizza vs. Taco Town?",
        "Joe's Pizza versus Taco Town",
        "why is Joe's Pizza before Taco Town?",
        "Why is Joe's Pizza ahead of Taco Town",
        "why does Joe's Pizza go before Taco Town?",
        "why are Joe's Pizza scheduled earlier than Taco Town",
        "why is Joe's Pizza moving sooner than Taco Town?",
        "why is Taco Town after Joe's Pizza?",
        "why does Taco Town move later than Joe's Pizza?",
        "why is Taco Town behind Joe's Pizza ???",
        "how come Joe's Pizza goes in front of Taco Town does",
        "please tell me why Joe's Pizza is planned before Taco Town is planned",
        'why "Joe\'s Pizza" vs "Taco Town"',
        "why Joe's Pizza and Taco Town",
        "why, Joe's Pizza, Taco Town",
        "Why  is   Joe's Pizza\nbefore Taco Town?",
    ],
)
def test_the_two_are_told_apart_however_it_is_put(typed: str) -> None:
    assert pair(typed) == ("Joe's Pizza", "Taco Town")


def test_mine_is_one_of_them() -> None:
    assert pair("why were Joe's ahead of mine?") == ("Joe's", "mine")


def test_a_name_with_such_a_word_in_it_is_one_of_the_readings() -> None:
    asked = comparison("why is Before Sunrise before After Eight?")
    assert asked
    read = {(each.earlier.core, each.later.core) for each in asked.pairs}
    assert ("Before Sunrise", "After Eight") in read


@pytest.mark.parametrize(
    "typed", ["", "Joe's Pizza", "The Morning After", "Before Sunrise", "when is Joe's moving?"]
)
def test_what_does_not_ask_why_is_no_comparison(typed: str) -> None:
    assert comparison(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "why is Joe's Pizza moving so late?",
        "why Joe's Pizza",
        "why is Joe's Pizza not sooner",
        "why does Joe's Pizza have no date?",
        "why is Joe's Pizza scheduled then?",
        "why is Joe's Pizza waiting?",
    ],
)
def test_why_one_of_them_asks_for_what_decides_its_date(typed: str) -> None:
    asked = comparison(typed)
    assert asked
    assert asked.pairs == ()
    assert asked.one
    assert asked.one.core == "Joe's Pizza"


def test_more_than_two_are_counted() -> None:
    asked = comparison("why A vs B vs C")
    assert asked
    assert asked.names == 3


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_or_not_but_never_fails(typed: str) -> None:
    comparison(f"why {typed}")
    comparison(f"{typed} vs {typed}")
