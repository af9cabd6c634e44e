"""Names folded to plain words: one by one and by column alike."""

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules.naming import fold, folded, is_said

# Python also takes the four separators of old tapes for spaces; Unicode and columns do not.
SPACES = "".join(filter(str.isspace, map(chr, range(0x3001)))).translate(
    dict.fromkeys(range(28, 32))
)
NAMES = st.text(max_size=40) | st.text("Joe'’s ÉéßİΣςñ&-_.\t\u0301\u200d😀", max_size=20)


@settings(max_examples=200, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=20))
def test_a_column_is_folded_as_its_names_are(names: list[str]) -> None:
    column = pl.DataFrame({"name": names}).select(folded(pl.col("name")))["name"].to_list()

    assert column == [fold(name) for name in names]


@settings(max_examples=100, deadline=None)
@given(NAMES)
@example("\x1f 😀")
def test_what_is_folded_has_no_capitals_and_no_spaces_at_its_ends(name: str) -> None:
    plain = fold(name)

    assert plain == plain.strip(SPACES)
    assert plain == plain.lower() or not plain.isascii()
    assert "  " not in plain or not any(letter.isalnum() for letter in plain)


@settings(max_examples=100, deadline=None)
@given(st.text("abcxyz059", min_size=1, max_size=8), st.sampled_from(" .,-&/\t\n_!"))
def test_marks_between_words_do_not_matter(word: str, mark: str) -> None:
    assert fold(f"{mark}{word}{mark}{mark}{word}") == f"{word} {word}"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Joe’s  Café & Bar", "joes cafe bar"),
        ("JOE'S CAFE (BAR)", "joes cafe bar"),
        ("İstanbul Kebap", "istanbul kebap"),
        ("ﬁne ﬂour", "fine flour"),
        ("Ａｓｉａ １２", "asia 12"),
        ("مطعم السَّلام", "مطعم السلام"),
        ("😀🍕", "😀🍕"),
        (" !? ", "!?"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_worked_examples(name: str, plain: str) -> None:
    assert fold(name) == plain


@pytest.mark.parametrize("words", ["x", "404", " ¿Qué? ", "ﬁ", "مطعم", "한", "店"])
def test_words_with_a_letter_or_a_digit_say_something(words: str) -> None:
    assert is_said(words)


@pytest.mark.parametrize("words", ["", "  ", "...!!!", "😀", "\u200b\u0301", "\u3164\uffa0"])
def test_words_without_one_that_can_be_seen_say_nothing(words: str) -> None:
    assert not is_said(words)
