"""News as people read them: customers first, each once with all that changed, then roadmap and waves."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from handlers.blocks import Mrkdwn, Words
from handlers.dates import short
from handlers.timeline import WHY
from rules.following import Kind, News, Subject
from store.plans import MoveReason

MOVED, PROMISED = "moved", "promised"
ADDED, OFFBOARDED = "added", "offboarded"
WAVE = "wave"
RELEASED, SLIPPED, SOONER = "released", "slipped", "sooner"
OF_CUSTOMERS = (MOVED, PROMISED, ADDED, OFFBOARDED)
OF_FEATURES = (RELEASED, SLIPPED, SOONER)
GROUPS = {MOVED: "moved", PROMISED: "promised", ADDED: "changed", OFFBOARDED: "changed"}
"""Under which heading a customer stands: the first of these that happened to it."""
HEADINGS = ("moved", "promised", "changed")
MOST_FACTS = 3
MOST_NAMED = 5
LONGEST_NAME = 60


@dataclass(frozen=True)
class Entry:
    """A customer and all that is new of it; `group` is the heading it stands under."""

    customer_id: str
    name: str
    group: str
    news: tuple[News, ...]

    @property
    def first_week(self) -> str:
        """The first week it has now; those that lost their date come first."""
        return min(str(each.facts.get("week") or "") for each in self.news)


@dataclass(frozen=True)
class Digest:
    """All that is told at once. `names` are those of the customers, locations and features in it."""

    news: Sequence[News]
    beyond: int
    names: Mapping[Subject, str]

    @cached_property
    def entries(self) -> list[Entry]:
        """The customers of which something is new: those that moved, then by week and name."""
        by_customer: dict[str, list[News]] = defaultdict(list)
        for each in self.news:
            if each.event in OF_CUSTOMERS:
                by_customer[each.facts["customer"]].append(each)
        entries = [self._entry(customer, news) for customer, news in by_customer.items()]
        return sorted(
            entries,
            key=lambda each: (HEADINGS.index(each.group), each.first_week, each.name.lower()),
        )

    @cached_property
    def features(self) -> list[Mrkdwn]:
        """A line for each piece of news of the roadmap."""
        waiting: dict[tuple[str, str, str, str], set[str]] = defaultdict(set)
        for each in self.news:
            if each.event in OF_FEATURES:
                facts = each.facts
                key = (each.event, facts["feature"], facts["from"] or "", facts["week"] or "")
                waiting[key] |= {facts["customer"]} if facts.get("customer") else set()
        return [self._feature(*key, len(customers)) for key, customers in waiting.items()]

    @cached_property
    def waves(self) -> dict[str, list[str]]:
        """The customers of each wave that comes, by its Monday."""
        waves: dict[str, list[str]] = defaultdict(list)
        for each in self.news:
            if each.event == WAVE:
                waves[each.facts["week"]].append(each.facts["customer"])
        return dict(sorted(waves.items()))

    @property
    def customers(self) -> list[tuple[str, str]]:
        """Id and name of every customer in it, in the order in which they are told."""
        ids = [entry.customer_id for entry in self.entries]
        ids += [customer for wave in self.waves.values() for customer in wave]
        return [(customer, self.called(customer)) for customer in dict.fromkeys(ids)]

    @property
    def summary(self) -> Mrkdwn:
        """The first line: how many of what."""
        groups = Counter(entry.group for entry in self.entries)
        counts = {
            **{heading: groups[heading] for heading in HEADINGS},
            "features": len(self.features),
            "waves": len(self.waves),
        }
        parts = [
            Words("digest", number=number)[f"{what}_count"]
            for what, number in counts.items()
            if number
        ]
        return Words("digest", parts=parts)["summary"]

    def lines(self, entries: Iterable[Entry]) -> Iterator[Mrkdwn]:
        """A line for each of these customers, under headings."""
        heading = ""
        for entry in entries:
            if entry.group != heading:
                heading = entry.group
                yield Words("digest")[f"{heading}_heading"]
            yield self._line(entry)

    def wave_lines(self) -> Iterator[Mrkdwn]:
        """A line for each wave that comes."""
        for week, customers in self.waves.items():
            names = sorted(short(self.called(customer), LONGEST_NAME) for customer in customers)
            yield Words(
                "digest",
                week=date.fromisoformat(week),
                total=len(customers),
                named=names[:MOST_NAMED],
                more=len(names[MOST_NAMED:]),
            )["wave"]

    def called(self, customer: str) -> str:
        """A customer's name."""
        return self.names.get(Subject(Kind.customer, customer), customer)

    def _entry(self, customer: str, news: Sequence[News]) -> Entry:
        group = min((GROUPS[each.event] for each in news), key=HEADINGS.index)
        return Entry(customer, self.called(customer), group, tuple(news))

    def _line(self, entry: Entry) -> Mrkdwn:
        return Words(
            "digest",
            name=short(entry.name, LONGEST_NAME),
            facts=[self._fact(each) for each in entry.news[:MOST_FACTS]],
            more=len(entry.news[MOST_FACTS:]),
        )["customer"]

    def _fact(self, news: News) -> Mrkdwn:
        facts = news.facts
        location = facts.get("location")
        name = self.names.get(Subject(Kind.location, location), location) if location else ""
        whose = Words("digest", location=short(name), locations=facts["locations"])["whose"]
        return Words(
            "digest",
            whose=whose,
            locations=facts["locations"],
            from_week=_day(facts.get("from")),
            week=_day(facts.get("week")),
            reason=WHY[MoveReason(facts["reason"])] if facts.get("reason") else None,
        )[news.event]

    def _feature(self, event: str, key: str, was: str, week: str, waiting: int) -> Mrkdwn:
        name = self.names.get(Subject(Kind.feature, key), key)
        return Words(
            "digest",
            event=event,
            name=short(name, LONGEST_NAME),
            from_week=_day(was),
            week=_day(week),
            waiting=waiting,
        )["feature"]


def subjects_named(news: Iterable[News]) -> set[Subject]:
    """The subjects whose names these news are told with."""
    kinds = (Kind.customer, Kind.location, Kind.feature)
    return {
        Subject(kind, str(each.facts[kind]))
        for each in news
        for kind in kinds
        if each.facts.get(kind)
    }


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
