"""What differs between two texts, as it is read in Slack."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.blocks import MOST_IN_SECTION
from handlers.difference_shown import difference
from rules.partner_message import LONGEST

OLD = "Your stores move on Monday, 24 January. You do not need to do anything."


@pytest.mark.parametrize(
    ("new", "shown"),
    [
        (
            "Your stores move on Thursday, 3 February. You do not need to do anything.",
            "> Your stores move on ~Monday, 24 January~ *Thursday, 3 February*. You do not need to …",
        ),
        (f"{OLD}\nCall us.", "> … not need to do anything.\n> *Call us.*"),
        (OLD.replace("Monday, ", ""), "> Your stores move on ~Monday,~ 24 January. You do not …"),
    ],
)
def test_what_is_gone_is_struck_out_and_what_is_new_is_bold(new: str, shown: str) -> None:
    assert difference(OLD, new) == [shown]


def test_what_somebody_wrote_has_no_marks_and_pings_nobody() -> None:
    (shown,) = difference("We move.", "We *all* move, <!channel> & <@U1>.")
    assert "*all*" not in shown
    assert "&lt;!channel&gt; &amp; &lt;@U1&gt;" in shown


letters = st.text(alphabet="ab &<*~_`\n.,\u05d0", max_size=LONGEST)


@settings(max_examples=60, deadline=None)
@given(letters | st.just("&" * LONGEST), letters | st.just("< " * (LONGEST // 2)))
def test_texts_of_any_kind_fit_into_sections_and_each_line_is_quoted(old: str, new: str) -> None:
    texts = difference(old, new)
    assert all(len(text) <= MOST_IN_SECTION for text in texts)
    assert all(line.startswith("> ") for text in texts for line in text.splitlines())
    assert bool(texts) is bool((old + new).strip())
