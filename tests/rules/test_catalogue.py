"""The catalogue: the same cause in other words, remedies that worked, and what is met most."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.catalogue import (
    Cause,
    Failure,
    meant,
    ranking,
    remedies,
    suggestion,
    without_remedy,
)

MENU = Cause("menu", "Menu did not sync")
LOGIN = Cause("login", "Owner could not sign in")
PRINTER = Cause("printer", "Café’s printer offline")
KNOWN = (MENU, LOGIN, PRINTER)


@pytest.mark.parametrize(
    "words", ["menu DID not  sync.", "Menu did not sync", " menu-did not sync"]
)
def test_the_same_words_are_the_same_cause_whatever_case_and_marks(words: str) -> None:
    assert meant(words, KNOWN).cause is MENU


def test_accents_and_apostrophes_do_not_make_another_cause() -> None:
    assert meant("cafes printer offline", KNOWN).cause is PRINTER


@pytest.mark.parametrize(
    "words", ["Menue did not synk", "did not sync: menu", "menus did not sync"]
)
def test_words_that_are_much_like_a_cause_are_asked_about(words: str) -> None:
    told = meant(words, KNOWN)
    assert (told.cause, told.alike, told.is_new) == (None, (MENU,), False)


@pytest.mark.parametrize("words", ["Power cut in the street", "Menu", "Owner moved away"])
def test_other_words_are_a_new_cause(words: str) -> None:
    assert meant(words, KNOWN).is_new


@pytest.mark.parametrize("words", ["", "  ", "\n"])
def test_no_words_are_no_cause(words: str) -> None:
    with pytest.raises(ValueError, match="Say in a few words why it failed"):
        meant(words, KNOWN)


def failed(
    cause: Cause, remedy: str = "", *, worked: bool | None = None, wave: str = "W1"
) -> Failure:
    return Failure("L1", wave, cause.id, remedy, worked)


TRIED = [
    failed(MENU, "Import the menu again", worked=True),
    failed(MENU, "import the menu again.", worked=True, wave="W2"),
    failed(MENU, "Import the menu again", worked=True, wave="W2"),
    failed(MENU, "Import the menu again", worked=False),
    failed(MENU, "Call support", worked=True),
    failed(MENU, "Wait a day", worked=False),
    failed(MENU, "Wait a day"),
    failed(MENU),
    failed(LOGIN, "Wait a day", worked=False, wave="W2"),
]


def test_remedies_are_ranked_by_how_likely_they_work_again() -> None:
    told = remedies("menu", TRIED)
    assert [(each.words, each.tried, each.worked, each.unknown) for each in told] == [
        ("Import the menu again", 4, 3, 0),
        ("Call support", 1, 1, 0),
        ("Wait a day", 1, 0, 1),
    ]
    assert told[0].promise == pytest.approx(4 / 6)


def test_who_meets_the_same_cause_again_is_told_what_worked() -> None:
    again = suggestion("menu", TRIED)
    assert again is not None
    assert again.words == "Import the menu again"


def test_where_nothing_worked_yet_what_nobody_tried_is_suggested() -> None:
    tried = [*TRIED, failed(LOGIN, "Reset the password")]

    again = suggestion("login", tried)
    assert again is not None
    assert (again.words, again.tried, again.worked) == ("Reset the password", 0, 0)


def test_what_never_worked_is_not_suggested() -> None:
    assert suggestion("login", TRIED) is None
    assert suggestion("printer", TRIED) is None


def test_the_most_frequent_causes_come_first_with_their_waves() -> None:
    first, second = ranking(KNOWN, TRIED)
    assert (first.cause, first.count, first.by_wave) == (MENU, 8, (("W1", 6), ("W2", 2)))
    assert (second.cause, second.count, second.by_wave) == (LOGIN, 1, (("W2", 1),))


def test_failures_without_a_remedy_are_what_is_left_to_settle() -> None:
    assert without_remedy(TRIED) == (TRIED[7],)


causes = st.lists(
    st.builds(Cause, st.uuids().map(str), st.text(min_size=1, max_size=20)), max_size=6
)


@settings(max_examples=100, deadline=None)
@given(causes, st.text(max_size=20))
def test_a_cause_is_always_found_by_its_own_words(known: list[Cause], words: str) -> None:
    for cause in known:
        try:
            told = meant(cause.words, known)
        except ValueError:
            continue
        assert told.cause is not None
    if words.strip():
        told = meant(words, known)
        assert (told.cause is None) or not told.alike
        assert set(told.alike) <= set(known)


outcomes = st.builds(
    failed,
    st.sampled_from(KNOWN),
    st.sampled_from(["", "A", "b", " B", "Á"]),
    worked=st.sampled_from([True, False, None]),
    wave=st.sampled_from(["W1", "W2"]),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(outcomes, max_size=30))
def test_every_failure_is_counted_once(failures: list[Failure]) -> None:
    assert sum(each.count for each in ranking(KNOWN, failures)) == len(failures)
    for each in ranking(KNOWN, failures):
        assert sum(count for _, count in each.by_wave) == each.count
        told = remedies(each.cause.id, failures)
        done = [f for f in failures if f.cause == each.cause.id and f.remedy.strip()]
        assert sum(remedy.tried + remedy.unknown for remedy in told) == len(done)
        promises = [remedy.promise for remedy in told]
        assert promises == sorted(promises, reverse=True)
