"""Topics by the other names that people have for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.ways_in import OVERVIEW, WayIn, way_in


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("what is this", WayIn(OVERVIEW, "")),
        ("What's this?", WayIn(OVERVIEW, "")),
        ("who is responsible", WayIn(OVERVIEW, "")),
        ("stop Joe's Pizza", WayIn("unfollow", "Joe's Pizza")),
        ("Stop following  Joe's Pizza", WayIn("unfollow", "Joe's Pizza")),
        ("unsubscribe from loyalty points", WayIn("unfollow", "loyalty points")),
        ("subscribe to next wave", WayIn("follow", "next wave")),
        ("digest", WayIn("hours", "")),
        ("my digest", WayIn("hours", "")),
        ("who am I?", WayIn("roles", "")),
    ],
)
def test_what_people_type_leads_to_the_topic_they_mean(typed: str, meant: WayIn) -> None:
    assert way_in(typed) == meant


@pytest.mark.parametrize("typed", ["", "Joe's Pizza", "stopover inn", "what is this place called"])
def test_other_words_are_no_topic(typed: str) -> None:
    assert way_in(typed) is None


@given(st.text(max_size=60))
def test_whatever_is_typed_has_an_answer_and_nothing_is_made_up(typed: str) -> None:
    found = way_in(typed)

    assert found is None or found.rest in typed
