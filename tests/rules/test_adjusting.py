"""Changing parameters: every number can be, and what cannot be used says what can."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.adjusting import (
    CHAPTERS,
    NUMBERS,
    Number,
    UnfitNumbers,
    adjusted,
    differences,
    nearest_key,
    number,
    titled,
    written,
)
from rules.parameters import Parameters

USUAL = Parameters()


def refused(**typed: str) -> dict[str, str]:
    with pytest.raises(UnfitNumbers) as told:
        adjusted(USUAL, {key.replace("__", "."): text for key, text in typed.items()})
    return told.value.problems


def leaves(values: dict[str, object]) -> int:
    return sum(leaves(each) if isinstance(each, dict) else 1 for each in values.values())


def test_every_number_is_in_exactly_one_chapter_with_words_of_its_own() -> None:
    keys = [each.key for each in NUMBERS]
    assert len(set(keys)) == len(keys) == leaves(USUAL.model_dump())
    assert len({each.title for chapter in CHAPTERS for each in chapter.numbers}) > 40
    assert [chapter.title for chapter in CHAPTERS][-6:] == [
        "Priority",
        "Priority weights",
        "Forecast",
        "Checks",
        "Brake",
        "Rollback",
    ]


@given(st.sampled_from(NUMBERS))
def test_a_number_typed_as_it_is_shown_changes_nothing(each: Number) -> None:
    assert each.of(USUAL) == each.default
    assert adjusted(USUAL, {each.key: written(each.of(USUAL))}) == USUAL


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("health.green", " 80 ", 80.0),
        ("health.worst_missed", "0,25", 0.25),
        ("health.worst_missed", "30 %", 0.3),
        ("forecast.runs", "20,000", 20_000),
        ("weeks", "26.0", 26),
        ("silence.inactive_chance", "5e-3", 0.005),
    ],
)
def test_numbers_are_read_as_people_write_them(key: str, typed: str, value: float) -> None:
    changed = adjusted(USUAL, {key: typed})
    (difference,) = differences(USUAL, changed)
    assert (difference.number.key, difference.after) == (key, value)


@pytest.mark.parametrize("typed", ["", "many", "nan", "inf", "1_0", "1.2.3", "--1", "٣"])
def test_what_is_no_number_is_told_what_one_may_be(typed: str) -> None:
    (words,) = refused(health__green=typed).values()
    assert words.startswith("Green from must be a number from 0 to 100")


@pytest.mark.parametrize(
    ("key", "typed", "words"),
    [
        ("weeks", "0", "Horizon must be a whole number from 1 to 520, not 0."),
        ("weeks", "2.5", "Horizon must be a whole number from 1 to 520, not 2.5."),
        ("pilot_weeks", "1e400", "Pilot weeks must be a whole number from 0 to 520, not 1e400."),
        (
            "move_cost",
            "1e308",
            "Price of a moved promise must be a number from 0 to 1,000, not 1e308.",
        ),
        ("tardiness", "-1", "Price of being late must be a number from 0 to 1,000, not -1."),
        (
            "silence.inactive_chance",
            "1",
            "Chance below which silence means inactive must be a number above 0 and below 1, not 1.",
        ),
    ],
)
def test_a_number_outside_of_what_is_allowed_says_what_is(key: str, typed: str, words: str) -> None:
    with pytest.raises(UnfitNumbers) as told:
        adjusted(USUAL, {key: typed})
    assert told.value.problems == {key: words}


def test_every_number_that_is_wrong_is_told_at_once() -> None:
    assert set(refused(health__green="x", weeks="0")) == {"health.green", "weeks"}


def test_weights_say_what_they_add_up_to() -> None:
    problems = refused(priority__weights__benefit="0.6")
    assert list(problems) == ["priority.weights.benefit"]
    assert "must add up to 1, and these add up to 1.05" in problems["priority.weights.benefit"]
    assert "Lower them by 0.05" in problems["priority.weights.benefit"]
    together = {"priority.weights.benefit": "60 %", "priority.weights.health": "0.2"}
    assert adjusted(USUAL, together).priority.weights.health == 0.2


def test_numbers_that_contradict_each_other_are_told_at_what_was_typed() -> None:
    problems = refused(weeks="50", health__amber="80")
    assert list(problems) == ["health.amber"]
    words = "“Green from” (75) must be more than “Amber from” (80). Change one of them."
    assert titled(problems["health.amber"]) == words
    across = refused(health__usual_silence="0.00001", weeks="50")
    assert list(across) == ["health.usual_silence"]
    assert titled(across["health.usual_silence"]).startswith("“Usual silence” (1e-05)")


def test_a_key_with_a_slip_is_found() -> None:
    assert number("health.green")
    assert number("health.grene") is None
    assert nearest_key("health.grene") == "health.green"
    assert nearest_key("green") == "health.green"
    assert nearest_key("weights") is None


def test_only_what_changed_differs() -> None:
    assert differences(USUAL, USUAL) == []
    changed = adjusted(USUAL, {"health.green": "80", "weeks": "26"})
    assert [each.number.key for each in differences(USUAL, changed)] == ["weeks", "health.green"]
