"""News as people read them: customers first, each once with all that changed, then roadmap and waves."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from handlers.blocks import Mrkdwn, Words
from handlers.dates import short
from handlers.digest_checks import checks
from handlers.digest_waves import turns
from handlers.timeline import WHY
from rules.following import Kind, News, Subject
from store.plans import MoveReason

MOVED, PROMISED = "moved", "promised"
ADDED, OFFBOARDED = "added", "offboarded"
WAVE = "wave"
RELEASED, SLIPPED, SOONER, DATED = "released", "slipped", "sooner", "dated"
ELIGIBLE = "eligible"
OF_CUSTOMERS = (MOVED, PROMISED, ELIGIBLE, ADDED, OFFBOARDED)
OF_WEEKS = (MOVED, PROMISED)
DECIDED = frozenset({MoveReason.displaced, MoveReason.customer_asked})
"""Why dates moved because a person decided so."""
OF_FEATURES = (RELEASED, SLIPPED, SOONER, DATED)
FACTS_OF_MOVE = ("from", "week", "reason", "feature", "why")
"""What customers must share to be told of in one line."""
FACTS_OF_FEATURE = ("feature", "from", "week", "why")
"""What tells one piece of news of a feature from another."""
GROUPS = {
    MOVED: "moved",
    PROMISED: "promised",
    ELIGIBLE: "eligible",
    ADDED: "changed",
    OFFBOARDED: "changed",
}
"""Under which heading a customer stands: the first of these that happened to it."""
HEADINGS = ("moved", "promised", "eligible", "changed")
MOST_FACTS = 3
MOST_NAMED = 5
MOST_IN_LINE = 8
"""Customers named in one line of a page; the next ones get a line of their own, so that all fit."""
LONGEST_NAME = 60
LONGEST_WHY = 150
LONGEST_SHARED = 30
"""Of a name in a line with others."""


@dataclass(frozen=True)
class Entry:
    """A customer and all that is new of it, by week; `group` is the heading it stands under."""

    customer_id: str
    name: str
    group: str
    news: tuple[News, ...]

    @property
    def first_week(self) -> str:
        """The first week it has now; those that lost their date come first."""
        return min(str(each.facts.get("week") or "") for each in self.news)

    @property
    def shared(self) -> tuple[str, ...]:
        """What it may share with others, which are then told in one line; empty where it cannot."""
        only, *others = self.news
        if others or only.event not in OF_WEEKS:
            return ()
        return tuple(str(only.facts.get(name) or "") for name in FACTS_OF_MOVE)


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
        entries = [
            self._entry(customer, as_it_stands(news)) for customer, news in by_customer.items()
        ]
        return sorted(
            entries,
            key=lambda each: (
                *(HEADINGS.index(each.group), each.first_week),
                *each.shared,
                each.name.lower(),
            ),
        )

    def together(self, entries: Sequence[Entry], *, most: int) -> list[list[Entry]]:
        """The same in runs that one line tells, `most` in each: their week is said once."""
        runs = [
            list(run)
            for _, run in groupby(
                entries, lambda each: (each.group, each.shared or each.customer_id)
            )
        ]
        return [run[at : at + most] for run in runs for at in range(0, len(run), most)]

    @cached_property
    def features(self) -> list[Mrkdwn]:
        """A line for each piece of news of the roadmap."""
        waiting: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for each in self.news:
            if each.event in OF_FEATURES:
                facts = each.facts
                known = (str(facts.get(name) or "") for name in FACTS_OF_FEATURE)
                waiting[each.event, *known] |= (
                    {facts["customer"]} if facts.get("customer") else set()
                )
        return [self._feature(told, len(customers)) for told, customers in waiting.items()]

    @cached_property
    def waves(self) -> dict[str, list[str]]:
        """The customers of each wave that comes, by its Monday."""
        waves: dict[str, list[str]] = defaultdict(list)
        for each in self.news:
            if each.event == WAVE:
                waves[each.facts["week"]].append(each.facts["customer"])
        return dict(sorted(waves.items()))

    @cached_property
    def turns(self) -> list[Mrkdwn]:
        """A line for each thing that a wave did, with the customers in it that are followed."""
        return turns(self.news, self.called)

    @cached_property
    def checks(self) -> list[Mrkdwn]:
        """A line for each customer of which locations were checked."""
        return checks(self.news, self.called, self.called_location)

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
            "turns": len(self.turns),
            "checks": len(self.checks),
            "waves": len(self.waves),
        }
        parts = [
            Words("digest", number=number)[f"{what}_count"]
            for what, number in counts.items()
            if number
        ]
        return Words("digest", parts=parts)["summary"]

    def lines(self, runs: Iterable[Sequence[Entry]], *, most_named: int) -> Iterator[Mrkdwn]:
        """A line for each of these runs of customers, under headings; so many are named in one."""
        heading = ""
        for run in runs:
            if run[0].group != heading:
                heading = run[0].group
                yield Words("digest")[f"{heading}_heading"]
            yield self._line(run[0]) if len(run) == 1 else self._shared_line(run, most_named)

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

    def called_location(self, location: str) -> str:
        """A location's name."""
        return self.names.get(Subject(Kind.location, location), location)

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

    def _shared_line(self, run: Sequence[Entry], most_named: int) -> Mrkdwn:
        news = run[0].news[0]
        named = [
            Words(
                "digest",
                name=short(each.name, LONGEST_SHARED),
                whose=self._whose(each.news[0], LONGEST_SHARED),
            )
            for each in run[:most_named]
        ]
        return Words(
            "digest",
            from_week=_day(news.facts.get("from")),
            week=_day(news.facts.get("week")),
            reason=self._why(news),
            named=[each["named"] for each in named],
            more=len(run[most_named:]),
        )[f"{news.event}_together"]

    def _whose(self, news: News, longest: int = LONGEST_NAME) -> Mrkdwn:
        location = news.facts.get("location")
        name = self.called_location(location) if location else ""
        locations = news.facts["locations"]
        return Words("digest", location=short(name, longest), locations=locations)["whose"]

    def _fact(self, news: News) -> Mrkdwn:
        facts = news.facts
        return Words(
            "digest",
            whose=self._whose(news),
            locations=facts["locations"],
            from_week=_day(facts.get("from")),
            week=_day(facts.get("week")),
            reason=self._why(news),
            feature=self._feature_named(facts.get("feature")),
            on=_day(facts.get("on")),
        )[news.event]

    def _why(self, news: News) -> str | None:
        """Why a date moved; of a feature that slipped its name, and why it did where that was said."""
        reason, feature = news.facts.get("reason"), news.facts.get("feature")
        if not reason:
            return None
        if reason != MoveReason.feature_slipped or not feature:
            return WHY[MoveReason(reason)]
        words = Words(
            "digest",
            feature=self._feature_named(feature),
            why=short(news.facts.get("why") or "", LONGEST_WHY),
        )
        return words["comes_later"]

    def _feature_named(self, key: str | None) -> str:
        name = self.names.get(Subject(Kind.feature, key), key) if key else ""
        return short(name, LONGEST_NAME)

    def _feature(self, told: tuple[str, ...], waiting: int) -> Mrkdwn:
        event, key, was, week, why = told
        return Words(
            "digest",
            event=event,
            name=self._feature_named(key),
            from_week=_day(was),
            week=_day(week),
            why=short(why, LONGEST_WHY),
            waiting=waiting,
        )["feature"]


def as_it_stands(news: Iterable[News]) -> list[News]:
    """News of one customer, the oldest first, with each date told once, by week; what has none first.

    What moved twice is told as one move, from its first week to the one that holds now.
    """
    standing: list[News] = []
    for latest in news:
        earlier = next((each for each in standing if _leads_to(each, latest)), None)
        if earlier:
            standing.remove(earlier)
        standing.insert(0, _since(earlier, latest) if earlier else latest)
    return sorted(standing, key=lambda each: str(each.facts.get("week") or ""))


def _leads_to(earlier: News, later: News) -> bool:
    """Whether the later one moves what the earlier one gave a date, out of that week again."""
    then, now = earlier.facts, later.facts
    same = all(then.get(name) == now.get(name) for name in ("location", "locations"))
    follows = then.get("week") is not None and then.get("week") == now.get("from")
    return earlier.event in OF_WEEKS and later.event == MOVED and same and follows


def _since(earlier: News, latest: News) -> News:
    """Both as one, from what was known before; what is as it was again is told as it happened.

    So is what somebody decided: who makes room for an escalation hears of it, first date or not.
    """
    was, week = earlier.facts.get("from"), latest.facts.get("week")
    if was == week or (was is None and latest.facts.get("reason") in DECIDED):
        return latest
    subjects = earlier.subjects | latest.subjects
    return News(earlier.event, subjects, {**latest.facts, "from": was})


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
