"""One-time codes: a few minutes, a few tries, once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rules.one_time_code import (
    ASKED_WITHIN,
    HOLDS_FOR,
    MOST_ASKED,
    MOST_TRIES,
    Code,
    Verdict,
    judged,
    may_ask_at,
    typed,
)

NOON = datetime(2022, 1, 18, 12, tzinfo=UTC)
CODE = Code(b"right", NOON)


def test_the_right_digits_count_once_and_in_their_time() -> None:
    assert judged(CODE, b"right", NOON + HOLDS_FOR / 2) is Verdict.right
    assert judged(CODE, b"wrong", NOON) is Verdict.wrong
    assert judged(CODE, b"right", NOON + HOLDS_FOR) is Verdict.over
    assert judged(CODE, b"right", NOON - timedelta(seconds=1)) is Verdict.over
    assert judged(replace(CODE, is_used=True), b"right", NOON) is Verdict.used
    assert judged(replace(CODE, tries=MOST_TRIES), b"right", NOON) is Verdict.over


@given(st.text(max_size=20))
def test_whatever_is_typed_comes_down_to_digits(text: str) -> None:
    assert typed(text).isascii()
    assert typed(text) == "" or typed(text).isdigit()


@given(st.lists(st.integers(0, 7_200), max_size=40))
def test_never_more_codes_than_may_be_asked_for_within_an_hour(waits: list[int]) -> None:
    asked: list[datetime] = []
    now = NOON
    for wait in waits:
        now = max(now + timedelta(seconds=wait), may_ask_at(asked, now))
        asked.append(now)
    for at in asked:
        assert sum(at <= other < at + ASKED_WITHIN for other in asked) <= MOST_ASKED


def test_who_asked_too_often_waits_until_the_oldest_is_long_ago() -> None:
    asked = [NOON + timedelta(minutes=each) for each in range(MOST_ASKED)]
    assert may_ask_at(asked[:-1], NOON) == NOON
    assert may_ask_at(asked, NOON + timedelta(minutes=10)) == NOON + ASKED_WITHIN
