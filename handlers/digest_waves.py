"""News of waves that run, as people read them: one line for each thing that a wave did."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date

from handlers.blocks import Mrkdwn, Words
from handlers.dates import short
from rules.following import News

WAVE_TURN = "wave turn"
"""A wave began, was paused, went on, was rolled back or closed: `week`, `step`, `words`, `customer`."""
LOCATIONS_FAILED = "locations failed"
"""In place of a step of the wave: some of its locations were marked so; `words` are the cause."""
MOST_NAMED = 5
LONGEST_NAME = 30


def turns(news: Iterable[News], called: Callable[[str], str]) -> list[Mrkdwn]:
    """A line for each step of a wave, in their order, with the customers that it concerns."""
    customers: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for each in news:
        if each.event == WAVE_TURN:
            facts = each.facts
            customers[facts["week"], facts["step"], facts["words"]].append(facts["customer"])
    return [_line(*told, [called(each) for each in ids]) for told, ids in customers.items()]


def _line(week: str, step: str, words: str, names: list[str]) -> Mrkdwn:
    named = [short(name, LONGEST_NAME) for name in sorted(names)]
    return Words(
        "digest",
        week=date.fromisoformat(week),
        step=step,
        words=words,
        named=named[:MOST_NAMED],
        more=len(named[MOST_NAMED:]),
    )["turn"]
