"""What is looked for among files: words and fields, quoted or not, typed by people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.share_search import Search, search


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("", Search()),
        ("Menu prices", Search(words=("menu", "prices"))),
        ("tag:pilot tag:uk", Search(tags=("pilot", "uk"))),
        ('space:"Joe\u2019s Pizza" menu', Search(words=("menu",), spaces=("joes pizza",))),
        ("space:“Big Joe”", Search(spaces=("big joe",))),
        ("from:<@U1ANA|ana>", Search(senders=("<@U1ANA|ana>",))),
        ("tags:pilot", Search(words=("tags", "pilot"), unknown=("tags",))),
        ('"two words"', Search(words=("two", "words"))),
        ("menu MENU menu", Search(words=("menu",))),
        ("tag: menu", Search(tags=("menu",))),
        ("menu tag:", Search(words=("menu", "tag"))),
        ("Re: prices", Search(words=("re", "prices"), unknown=("re",))),
    ],
)
def test_a_line_is_read_as_it_was_meant(line: str, found: Search) -> None:
    assert search(line) == found


def test_a_quote_that_is_never_closed_goes_to_the_end() -> None:
    assert search('space:"big joe') == Search(spaces=("big joe",))


@given(st.text(max_size=60))
def test_any_line_is_a_search(line: str) -> None:
    assert search(line) == search(f"  {line}  ")
