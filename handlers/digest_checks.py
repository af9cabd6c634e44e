"""News of checks, as people read them: a line for each customer, what did not pass first."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from handlers.blocks import Mrkdwn, Words
from handlers.dates import short
from rules.following import News

CHECKED = "checked"
"""Locations were checked: `customer`, `wave`, `kind`, `was` (the verdict that is revised, or empty),
`locations`, and of a single one `location` (its id), `words` and `is_accepted`."""
FAILED, PERSON, UNSURE, PASSED = "failed", "person", "unsure", "passed"
KINDS = (FAILED, PERSON, UNSURE, PASSED)
"""What there is to do first."""
MOST_FACTS = 4
LONGEST_NAME = 60


def checks(
    news: Iterable[News], called: Callable[[str], str], location: Callable[[str], str]
) -> list[Mrkdwn]:
    """A line for each customer with checks, those with one that did not pass first, then by name."""
    of_customers: dict[str, list[News]] = defaultdict(list)
    for each in news:
        if each.event == CHECKED:
            of_customers[each.facts["customer"]].append(each)
    ordered = [
        (called(customer), sorted(told, key=_urgency)) for customer, told in of_customers.items()
    ]
    ordered.sort(key=lambda each: (_urgency(each[1][0]), each[0].lower()))
    return [_line(name, told, location) for name, told in ordered]


def _urgency(news: News) -> int:
    return KINDS.index(news.facts["kind"])


def _line(name: str, news: list[News], location: Callable[[str], str]) -> Mrkdwn:
    facts = [_fact(each, location) for each in news[:MOST_FACTS]]
    more = sum(each.facts["locations"] for each in news[MOST_FACTS:])
    words = Words("digest_checks", name=short(name, LONGEST_NAME), facts=facts, more=more)
    return words["customer"]


def _fact(news: News, location: Callable[[str], str]) -> Mrkdwn:
    facts = news.facts
    name = short(location(facts["location"]), LONGEST_NAME) if facts["location"] else ""
    return Words("digest_checks", **{**facts, "location": name})["fact"]
