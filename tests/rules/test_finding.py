"""Names in memory: what is found, and in which order, whatever is typed."""

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rules.finding import NAMES, Matches, Named, NameIndex, Vocabulary
from rules.naming import fold

WORDS = st.sampled_from(
    ["joe", "joes", "pizza", "pizzeria", "café", "zürich", "7", "ab", "abc", "🍕"]
)
SPOKEN = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


def index(customers: list[str], locations: list[str] | None = None) -> NameIndex:
    """Customers C0, C1, … and locations L0, L1, … of the customer of the same number."""

    def frame(letter: str, names: list[str]) -> pl.DataFrame:
        rows = [(f"{letter}{i}", f"C{i}", name) for i, name in enumerate(names)]
        return pl.DataFrame(rows, schema=NAMES, orient="row")

    return NameIndex(frame("C", customers), frame("L", locations or []))


def has_words_beginning(name: str, words: list[str]) -> bool:
    own = fold(name).split()
    return all(any(one.startswith(word) for one in own) for word in words)


@given(st.lists(SPOKEN, min_size=1, max_size=8), st.data())
def test_a_name_is_found_by_the_beginnings_of_its_words_in_any_order(
    customers: list[str], data: st.DataObject
) -> None:
    wanted = data.draw(st.sampled_from(customers))
    words = [word for word in data.draw(st.permutations(fold(wanted).split())) if len(word) > 2]
    assume(words)
    matches = index(customers).find(" ".join(words))

    exact = {i for i, name in enumerate(customers) if fold(name) == " ".join(words)}
    fitting = {i for i, name in enumerate(customers) if has_words_beginning(name, words)}
    assert {named.id for named in matches.found} == {f"C{i}" for i in exact or fitting}
    assert matches.total == len(exact or fitting)


def test_a_location_of_exactly_this_name_is_meant_before_customers_whose_names_hold_it() -> None:
    found = index(["Joe's Pizza Palace"], ["Joe's Pizza"]).find("joes pizza").found
    assert [named.name for named in found] == ["Joe's Pizza"]
    assert found[0].kind == "location"


@given(st.lists(SPOKEN, min_size=1, max_size=12))
def test_names_that_begin_with_the_first_word_come_first_then_shorter_ones(
    names: list[str],
) -> None:
    found = index(names).find("piz").found
    ranks = [(not fold(n.name).startswith("piz"), len(fold(n.name)), fold(n.name)) for n in found]
    assert ranks == sorted(ranks)


@given(st.lists(st.text(max_size=12), max_size=6), st.text(max_size=30))
def test_anything_may_be_typed_and_any_name_be_there(names: list[str], typed: str) -> None:
    matches = index(names, names).find(typed)
    assert matches.total >= len(matches.found)
    assert not matches.total or matches.found


@given(st.lists(st.text("abcdefgh", min_size=5, max_size=9), min_size=1, unique=True), st.data())
def test_a_word_with_one_slip_is_among_the_spellings(words: list[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(words))
    at = data.draw(st.integers(0, len(word) - 2))
    slip = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    assert Vocabulary(pl.Series([word])).spellings(slip) == [word]
    assert set(Vocabulary(pl.Series(words)).spellings(slip)) <= set(words)


def test_half_a_character_finds_nothing_and_breaks_nothing() -> None:
    assert index(["Joe's"]).find("\ud800") == Matches((), 0)
    assert index(["Joe's"]).find("joe\ud800s").total == 1


def test_an_id_is_found_whatever_its_case_and_both_kinds_with_it() -> None:
    names = index(["Joe's"], ["Main Street"])
    assert [named.name for named in names.find("l0").found] == ["Main Street"]
    assert [named.name for named in names.find(" C0 ").found] == ["Joe's"]


def test_an_empty_index_finds_nothing() -> None:
    for typed in ("joe", "j", "joes pizzza", ""):
        assert index([]).find(typed) == Matches((), 0), typed


@pytest.mark.parametrize("most", [1, 2, 50])
def test_more_than_can_be_listed_is_counted(most: int) -> None:
    matches = index(["Ab One", "Ab Two"], ["Ab Three", "Ab Four"]).find("ab", most=most)
    assert len(matches.found) == min(most, 4)
    assert matches.total == (2 if most <= 2 else 4)


def test_one_customer_and_its_locations_mean_the_customer() -> None:
    customer = Named("customer", "C-1", "C-1", "Joe's")
    its = Named("location", "L-1", "C-1", "Joe's")
    other = Named("location", "L-2", "C-2", "Joe's")

    assert Matches((customer, its), 2).only == customer
    assert Matches((customer, other), 2).only is None
    assert Matches((its, other), 2).only is None
    assert Matches((its,), 1).only == its
