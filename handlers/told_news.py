"""The facts that news told by DM says, by the names that announcements have for them; which to leave out."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime

from handlers.digest_words import DATED, ELIGIBLE, MOVED, PROMISED, RELEASED, SLIPPED, SOONER, WAVE
from rules.concerning import customer_of, feature_of, week_of
from rules.facts import expected, moves, released
from rules.following import News
from rules.happenings import fact_of
from rules.retelling import WINDOW
from store.session import Reading
from store.tidings import Tiding

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


async def not_to_tell(
    reading: Reading, person: str, tidings: Sequence[Tiding], now: datetime
) -> set[str]:
    """What was announced to others, and this person knows already, is told here anyway, or is past."""
    announced, here = set[str](), set[str]()
    for tiding in tidings:
        facts = (fact for each in tiding.news for fact in facts_of(each))
        (announced if tiding.is_announced else here).update(facts)
    if not announced:
        return set()
    known = await reading.told_facts.known_to(person, announced, after=now - WINDOW, now=now)
    return here | known | await _past(reading, announced)


async def _past(reading: Reading, facts: Collection[str]) -> set[str]:
    """What waves did before they did something else, and dates that features do not have any more."""
    waves = {fact: week for fact in facts if (week := week_of(fact)) and not customer_of(fact)}
    features = {fact: key for fact in facts if (key := feature_of(fact))}
    holds = set[str]()
    for week in set(waves.values()):
        steps = await reading.waves.steps(date.fromisoformat(week))
        did = [fact for each in steps if (fact := fact_of(each.week, each.taken))]
        holds.update(did[-1:])
    for key, (target, out) in (await reading.reach.features(set(features.values()))).items():
        if on := out or target:
            holds.add(released(key, on) if out else expected(key, on))
    return (waves.keys() | features.keys()) - holds
