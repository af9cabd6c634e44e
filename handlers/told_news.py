"""The facts that news told by DM says, by the names that announcements have for them."""

from collections.abc import Iterator
from datetime import date

from handlers.digest_words import DATED, ELIGIBLE, MOVED, PROMISED, RELEASED, SLIPPED, SOONER, WAVE
from rules.facts import expected, moves, released
from rules.following import News

OF_WEEKS = (WAVE, MOVED, PROMISED, ELIGIBLE)
OF_TARGETS = (SLIPPED, SOONER, DATED)
OF_RELEASES = (RELEASED, ELIGIBLE)


def facts_of(news: News) -> Iterator[str]:
    """What somebody knows who was told this; nothing that an announcement would say, in other cases."""
    facts = news.facts
    if "fact" in facts:
        yield facts["fact"]
    week = date.fromisoformat(facts["week"]) if facts.get("week") else None
    if news.event in OF_WEEKS and week:
        yield moves(week, facts["customer"])
    if news.event in OF_TARGETS and week:
        yield expected(facts["feature"], week)
    if news.event in OF_RELEASES and facts.get("on"):
        yield released(facts["feature"], date.fromisoformat(facts["on"]))
