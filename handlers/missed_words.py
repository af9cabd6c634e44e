"""What one person heard of what was announced: each once, with when and by which way."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.blocks import Mrkdwn, Words
from handlers.dates import short
from handlers.reach_report import Report
from rules.concerning import customer_of
from rules.reach import Outcome, Way, Why
from store.announcement_rows import Kind
from store.reach import Said

MOST_NAMED = 3
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that was announced, where one read it if one did, and how it reached one.

    `is_read` says whether they may read what that channel was told; `facts` are those that concern
    this person, `missed` counts those that did not reach them, and `why`; `at` is when they heard it,
    in business time.
    """

    said: Said
    is_read: bool
    facts: Sequence[str]
    way: Way
    missed: int
    why: Why
    at: datetime | None

    @property
    def may_be_missed(self) -> bool:
        """Whether any of it did not come to them; what they chose to hear nothing of is not missed."""
        return self.missed > 0 and self.why is not Why.muted


def heard_of(report: Report, person: str, read: Collection[str]) -> list[Heard]:
    """What was announced that concerned a person or was said where they are, in its order.

    `read` are the channels of which they may know what these were told.
    """
    alike: dict[str, list[Said]] = {}
    for each in report.said:
        # What changed a post and tells nothing new is no announcement to anybody.
        if each.content and (report.tells[each.content] or each.kind is not Kind.event):
            alike.setdefault(each.content, []).append(each)
    found = (_heard(report, person, content, said, read) for content, said in alike.items())
    return sorted((each for each in found if each), key=lambda each: (each.said.at, each.said.id))


def _heard(
    report: Report, person: str, content: str, said: Sequence[Said], read: Collection[str]
) -> Heard | None:
    """Several channels that say the same are one thing to a person."""
    here = [each for each in said if person in each.members and each.outcome is not Outcome.unsaid]
    ways = _ways(report, person, content)
    arrived = [each for each in here if each.outcome is Outcome.delivered]
    if not ways and not arrived:
        return None
    missed = [fact for fact, (way, _) in ways.items() if way is Way.missed]
    why = next((why for way, why in ways.values() if way is Way.missed), Why.reached)
    reached = [way for way, _ in ways.values() if way is not Way.missed]
    way = min(reached, default=Way.missed if ways else Way.channel)
    told = [each for each in report.told if each.person == person and each.fact in ways]
    at = min((each.at for each in told), default=None)
    if way in (Way.channel, Way.pressed):
        at = arrived[0].at if arrived else _elsewhere(report, person, ways)
    places = arrived or here or said
    shown = next((each for each in places if each.channel in read), places[0])
    return Heard(shown, shown.channel in read, list(ways), way, len(missed), why, at)


def _ways(report: Report, person: str, content: str) -> dict[str, tuple[Way, Why]]:
    """How each fact of a content that concerns a person reached them, or why not."""
    if person not in report.of.members:
        return {}
    row = report.of.people.index(person)
    tells = frozenset(report.tells[content])
    columns = [column for column, fact in enumerate(report.of.facts) if fact in tells]
    pairs = {
        report.of.facts[column]: (
            Way(report.reach.way[row, column]),
            Why(report.reach.why[row, column]),
        )
        for column in columns
    }
    return {fact: pair for fact, pair in pairs.items() if pair[0] is not Way.unconcerned}


def _elsewhere(report: Report, person: str, facts: Mapping[str, object]) -> datetime | None:
    """When another announcement of that week told a person any of these facts in a channel."""
    return min(
        (
            each.at
            for each in report.said
            if each.content and person in each.members and each.outcome is Outcome.delivered
            if not facts.keys().isdisjoint(report.tells[each.content])
        ),
        default=None,
    )


def line(heard: Heard, title: str, called: Mapping[str, str]) -> Mrkdwn:
    """One of them as a line: what it was, what of it concerned one, and how it came."""
    customers = [customer for fact in heard.facts if (customer := customer_of(fact))]
    named = [short(called.get(each, each), LONGEST_NAME) for each in dict.fromkeys(customers)]
    return Words(
        "missed",
        title=title,
        channel=heard.said.channel if heard.is_read else None,
        named=named[:MOST_NAMED],
        more=len(named[MOST_NAMED:]),
        way=heard.way.name,
        at=heard.at,
        missed=heard.missed,
        total=len(heard.facts),
        why=heard.why.name,
    )["line"]
