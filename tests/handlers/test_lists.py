"""Lists in pages: each item once, in its order, however many there are by now."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.lists import Page

sizes = st.integers(1, 20)
lists = st.lists(st.integers(), max_size=100)


@given(lists, sizes)
def test_the_pages_of_a_list_hold_all_of_it_once(every: list[int], size: int) -> None:
    first = Page.of(every, 0, size)
    pages = [Page.of(every, number, size) for number in range(first.last + 1)]
    assert [item for page in pages for item in page.items] == every
    assert all(0 < len(page.items) <= size for page in pages if every)


@given(lists, sizes, st.integers(0, 50))
def test_a_page_beyond_the_end_is_the_last_one(every: list[int], size: int, beyond: int) -> None:
    last = Page.of(every, 0, size).last
    assert Page.of(every, last + beyond, size) == Page.of(every, last, size)
