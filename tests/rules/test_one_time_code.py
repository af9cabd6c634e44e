"""One-time codes: a few minutes, a few tries, and nobody is kept out by what others ask and try."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rules.one_time_code import (
    AGAIN_AFTER,
    ASKED_WITHIN,
    DIGITS,
    HOLDS_FOR,
    LONG_DIGITS,
    MOST_ASKED,
    MOST_TRIES,
    MOST_TRIES_IN_ALL,
    Code,
    digest,
    is_right,
    is_sent,
    length,
    tries_left,
    typed,
)

NOON = datetime(2022, 1, 18, 12, tzinfo=UTC)
CODE = Code(b"right", NOON)
LONG = replace(CODE, is_long=True)


def test_the_right_digits_count_once_and_in_their_time() -> None:
    assert is_right([CODE], b"right", NOON + HOLDS_FOR / 2, wrong=0)
    assert not is_right([CODE], b"wrong", NOON, wrong=0)
    assert not is_right([CODE], b"right", NOON + HOLDS_FOR, wrong=0)
    assert not is_right([CODE], b"right", NOON - timedelta(seconds=1), wrong=0)
    assert not is_right([replace(CODE, is_used=True)], b"right", NOON, wrong=0)
    assert is_right([CODE, Code(b"other", NOON)], b"right", NOON, wrong=0)


def test_wrong_tries_end_short_codes_and_no_long_one() -> None:
    assert is_right([CODE], b"right", NOON, wrong=MOST_TRIES - 1)
    assert not is_right([CODE], b"right", NOON, wrong=MOST_TRIES)
    assert is_right([LONG], b"right", NOON, wrong=1_000_000)
    assert not is_right([LONG], b"right", NOON + HOLDS_FOR, wrong=0)
    assert [tries_left(wrong) for wrong in (0, MOST_TRIES - 1, 99)] == [MOST_TRIES, 1, 0]


def test_codes_are_long_where_somebody_seems_to_guess() -> None:
    assert length(MOST_TRIES - 1, MOST_TRIES_IN_ALL - 1) == DIGITS
    assert length(MOST_TRIES, 0) == LONG_DIGITS
    assert length(0, MOST_TRIES_IN_ALL) == LONG_DIGITS


def test_the_same_digits_of_two_addresses_have_nothing_in_common() -> None:
    assert digest(b"ivy", "123456") != digest(b"eve", "123456")
    assert digest(b"ivy", "123456") == digest(b"ivy", "123456")


@given(st.text(max_size=20))
def test_whatever_is_typed_comes_down_to_digits(text: str) -> None:
    assert typed(text).isascii()
    assert typed(text) == "" or typed(text).isdigit()


def test_asked_again_at_once_none_is_sent_and_after_a_while_another() -> None:
    assert is_sent([], NOON, wrong=0)
    assert not is_sent([CODE], NOON + timedelta(seconds=1), wrong=0)
    assert is_sent([CODE], NOON + AGAIN_AFTER, wrong=0)
    assert is_sent([replace(CODE, is_used=True)], NOON + timedelta(seconds=1), wrong=0)
    assert is_sent([CODE], NOON + timedelta(seconds=1), wrong=MOST_TRIES)
    many = [replace(CODE, sent_at=NOON - AGAIN_AFTER * each) for each in range(1, MOST_ASKED + 1)]
    assert not is_sent(many, NOON + AGAIN_AFTER, wrong=0)


@given(
    st.lists(st.tuples(st.integers(0, 900), st.sampled_from(["ask", "try", "use"])), max_size=60),
)
def test_whoever_asks_and_tries_what_a_code_is_there_for_who_reads_the_mail(
    deeds: list[tuple[int, str]],
) -> None:
    codes: list[Code] = []
    wrong: list[datetime] = []
    now = NOON

    def tried() -> int:
        return sum(at > now - ASKED_WITHIN for at in wrong)

    for wait, deed in deeds:
        now += timedelta(seconds=wait)
        if deed == "ask" and is_sent(codes, now, tried()):
            codes.append(Code(b"", now, is_long=length(tried(), 0) == LONG_DIGITS))
        elif deed == "try":
            wrong.append(now)
        elif deed == "use":
            codes = [replace(code, is_used=True) for code in codes]
        if deed == "ask":
            assert any(code.holds(now, tried()) for code in codes)
        short = [code for code in codes if not code.is_long and code.holds(now, tried())]
        assert len(short) <= MOST_ASKED
