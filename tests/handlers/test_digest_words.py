"""What a digest makes of several changes to one customer's dates."""

from handlers.digest_words import MOVED, PROMISED, as_it_stands
from rules.following import Kind, News, Subject
from store.plans import MoveReason

FIRST, LATER, LAST = "2022-02-07", "2022-02-21", "2022-02-28"


def news(event: str, week: str, was: str | None = None, why: MoveReason | None = None) -> News:
    facts = {"location": None, "locations": 2, "from": was, "week": week, "reason": why}
    return News(event, frozenset({Subject(Kind.customer, "joes")}), facts)


def told(*each: News) -> list[tuple[str, str | None, str]]:
    standing = as_it_stands(each)
    return [(news.event, news.facts["from"], news.facts["week"]) for news in standing]


def test_a_first_date_that_moved_before_anybody_heard_of_it_is_a_first_date() -> None:
    moved = news(MOVED, LATER, FIRST, MoveReason.capacity)
    assert told(news(PROMISED, FIRST), moved) == [(PROMISED, None, LATER)]


def test_who_made_room_for_an_escalation_hears_of_it_with_their_first_dates() -> None:
    displaced = news(MOVED, LATER, FIRST, MoveReason.displaced)
    assert told(news(PROMISED, FIRST), displaced) == [(MOVED, FIRST, LATER)]


def test_two_moves_are_one_from_the_first_week_to_the_one_that_holds() -> None:
    once = news(MOVED, LATER, FIRST, MoveReason.capacity)
    again = news(MOVED, LAST, LATER, MoveReason.displaced)
    assert told(once, again) == [(MOVED, FIRST, LAST)]
