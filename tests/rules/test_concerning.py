"""Whom a fact concerns, from its name alone."""

import pytest

from rules.concerning import customer_of, parts, week_of, whom
from rules.following import EVERY_WAVE, Choice, Kind, Pace, Subject

WEEK = "2022-01-24"
WAVE = Subject(Kind.wave, WEEK)
JOES, CASA = Subject(Kind.customer, "C-1"), Subject(Kind.customer, "C|2")
OF_ANA = Subject(Kind.csa, "ana@example.com")
KIOSK = Subject(Kind.feature, "kiosk|2")
WIDER = {JOES: (OF_ANA,)}
IN_WAVES = {WEEK: ["C-1", "C|2"]}


@pytest.mark.parametrize(
    ("fact", "about"),
    [
        ("wave|2022-01-24|customer|C-1", [{WAVE, JOES, OF_ANA}]),
        ("wave|2022-01-24|customer|C|2", [{WAVE, CASA}]),
        ("wave|2022-01-24|paused|3", [{WAVE}, {WAVE, JOES, OF_ANA}, {WAVE, CASA}]),
        ("wave|2022-01-31|started", [{Subject(Kind.wave, "2022-01-31")}]),
        ("feature|kiosk|2|target|2022-03-01", [{KIOSK}]),
        ("weather|fine", []),
    ],
)
def test_a_fact_says_what_it_is_about(fact: str, about: list[set[Subject]]) -> None:
    assert list(parts(fact, IN_WAVES, WIDER)) == about


def test_a_fact_of_a_customer_names_it_and_its_wave() -> None:
    assert (customer_of("wave|2022-01-24|customer|C|2"), week_of("wave|2022-01-24|started")) == (
        "C|2",
        WEEK,
    )
    assert customer_of("wave|2022-01-24|started") is week_of("feature|F|target|2022-03-01") is None


def test_what_a_wave_does_concerns_who_follows_anybody_in_it_unless_they_muted_all_of_theirs() -> (
    None
):
    choices = [
        Choice("ana", OF_ANA, Pace.daily),
        Choice("ana", JOES, Pace.muted),
        Choice("ben", CASA, Pace.daily),
        Choice("ben", JOES, Pace.muted),
        Choice("cleo", EVERY_WAVE, Pace.daily),
    ]
    facts = [
        parts(fact, IN_WAVES, WIDER)
        for fact in ("wave|2022-01-24|started", "feature|F|target|2022-03-01", "weather|fine")
    ]
    concerned, muted = whom(choices, facts, ["ana", "ben", "cleo"])
    assert concerned[:, 0].tolist() == [True, True, True]
    assert muted[:, 0].tolist() == [True, False, False]
    assert not concerned[:, 1:].any()
