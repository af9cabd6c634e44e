"""Names that have an "and" in them, among others and misspelt."""

from datetime import date

import pytest

from handlers.name_finding import meant, nearest_to
from rules.asking import question
from rules.comparing import comparison
from tests.rules.test_finding import index

NAMES = index(
    ["Salt and Straw", "Fish & Chips", "Pepper and Sons", "Taco Town", "Salt Bar", "Joe's Pizza"]
)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Salt and Strw", ["Salt and Straw"]),
        ("Fish and Chps", ["Fish & Chips"]),
        ("Salt and Strw and Taco Twn", ["Salt and Straw", "Taco Town"]),
        ("Taco Town and Pepper and Sns", ["Taco Town", "Pepper and Sons"]),
        ("Taco Town and Joe's Pizza and Salt Bar", ["Taco Town", "Joe's Pizza", "Salt Bar"]),
    ],
)
def test_an_and_in_a_name_is_told_from_one_between_names(typed: str, names: list[str]) -> None:
    found = meant(NAMES, question(typed, date(2022, 1, 15)))
    assert [each.matches.only and each.matches.only.name for each in found] == names


@pytest.mark.parametrize(
    "typed",
    ["why Salt and Strw vs Fish and Chps", "why Salt and Strw and Fish and Chps"],
)
def test_so_it_is_where_two_are_compared(typed: str) -> None:
    asked = comparison(typed)
    assert asked
    read = [
        [nearest_to(NAMES, pair.earlier), nearest_to(NAMES, pair.later)] for pair in asked.pairs
    ]
    best = min(read, key=lambda two: sum(each.near for each in two))
    names = [each.matches.only and each.matches.only.name for each in best]
    assert names == ["Salt and Straw", "Fish & Chips"]


def test_a_question_for_one_with_an_and_keeps_its_name_whole() -> None:
    asked = comparison("why is Salt and Strw so late?")
    assert asked
    assert asked.one
    only = nearest_to(NAMES, asked.one).matches.only
    assert only
    assert only.name == "Salt and Straw"
