"""Words as others see them: whatever is typed shows something and reads as it was written, or is none."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.seen_words import TURNING, seen

UNSEEN = st.text(
    st.characters(categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"])
    | st.sampled_from("\u115f\u1160\u2800\u3164\uffa0"),
    max_size=20,
)
LOOKS = st.characters(categories=["Lu", "Ll", "Nd", "Po", "So"], exclude_characters="\u2800")


@pytest.mark.parametrize(
    "words",
    ["Übergabe 2022", "👩‍🍳", "می‌خواهم", "店", "❤️", "…", "Two\nlines", "a\tb"],
)
def test_words_that_show_something_stay_as_they_are(words: str) -> None:
    assert seen(f" {words} ") == words


@given(UNSEEN)
def test_what_nobody_sees_is_none(unseen: str) -> None:
    assert not seen(unseen)


@given(UNSEEN, LOOKS, UNSEEN)
def test_whatever_is_around_it_one_sign_that_is_seen_makes_a_name(
    before: str, sign: str, after: str
) -> None:
    assert sign in seen(before + sign + after)


@given(st.text(st.characters() | st.sampled_from(sorted(TURNING)), max_size=200))
def test_nothing_turns_text_around_and_what_was_cleaned_is_clean(typed: str) -> None:
    words = seen(typed)
    assert not TURNING & set(words)
    assert all(unicodedata.category(each) != "Cc" or each in "\n\t" for each in words)
    assert seen(words) == words == words.strip()
