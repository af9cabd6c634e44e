"""Whom announcements reached, as leads read it: how many by which way, then who was not and what to do."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter

from slack_sdk.models.blocks import ActionsBlock, Block, InteractiveElement

from handlers.blocks import Blocks, Mrkdwn, Words, actions, built, button, context, lines, section
from handlers.choices import chooser
from handlers.lists import Page, turn, turned
from handlers.reach_report import Report
from rules.concerning import customer_of, feature_of
from rules.reach import Bar, Way, Why
from store.reach import Said

SHOWN = 20
MOST_PRESSED = 30
MOST_OFFERED = 100
WAYS = (Way.pressed, Way.channel, Way.dm, Way.before, Way.coming)
"""In which order they are told."""


@dataclass(frozen=True, slots=True)
class ReachAsked:
    """What is asked about: a week by its Monday, or one announcement; and a page of the list."""

    week: date | None = None
    announcement: int | None = None
    page: int = 0

    @property
    def scope(self) -> str:
        """What it is, as buttons carry it."""
        return f"week/{self.week}" if self.week else f"one/{self.announcement}"

    @property
    def value(self) -> str:
        """What a button carries that asks for it."""
        return turn(self.scope, self.page)

    @classmethod
    def read(cls, value: str) -> "ReachAsked":
        """What a button asks for."""
        scope, page = turned(value)
        kind, _, which = scope.partition("/")
        if kind == "week":
            return cls(week=date.fromisoformat(which), page=page)
        return cls(announcement=int(which), page=page)


@dataclass(frozen=True, slots=True)
class Week:
    """A week with its announcements and what each is called, and the other weeks that have any.

    `others` are Mondays, the newest first; `pressed` who pressed Got it, by announcement.
    """

    monday: date
    others: Sequence[date]
    titles: Mapping[int, str]
    said: Sequence[Said]
    pressed: Mapping[int, Collection[str]]


def shown(report: Report, week: Week, asked: ReachAsked) -> tuple[Blocks, Mrkdwn]:
    """The whole answer, and its first line."""
    first = _first(report, week, asked)
    blocks = [section(first), *_ways(report), *_not_reached(report, asked)]
    return built(*blocks, *_pressed(week), *_ways_on(week, asked)), first


def _first(report: Report, week: Week, asked: ReachAsked) -> Mrkdwn:
    return Words(
        "reached",
        total=report.total,
        missed=report.reach.counts[Way.missed],
        counts=_counted(report),
        week=week.monday,
        title=week.titles.get(asked.announcement) if asked.announcement else None,
        channel=report.said[0].channel if asked.announcement else None,
    )["head"]


def _counted(report: Report) -> list[tuple[str, int]]:
    """How many people were reached by which way, or will be; without the ways that nobody was."""
    counted = [(way.name, report.reach.counts[way]) for way in WAYS]
    return [(way, number) for way, number in counted if number]


def _ways(report: Report) -> list[Block]:
    """The same below the first line where that tells of those who were not reached."""
    counts = _counted(report)
    if not counts or not report.reach.counts[Way.missed]:
        return []
    return [context(Words("reached", counts=counts)["ways"])]


def _not_reached(report: Report, asked: ReachAsked) -> list[Block]:
    """A page of who was not, by reason, the one that most needs somebody first."""
    people = report.of.people
    missed = sorted(
        report.reach.unreached,
        key=lambda each: (each[1], report.of.members[people[each[0]]].name.lower()),
    )
    if not missed:
        return []
    here = Page.of(missed, asked.page, SHOWN)
    turns = here.turns("reached_page", asked.scope)
    told = groupby(here.items, key=itemgetter(1))
    return [
        section(Words("reached")["not_reached"]),
        *(block for why, those in told for block in _for_a_reason(report, why, those)),
        *([context(here.span), actions(*turns)] if turns else []),
    ]


def _for_a_reason(report: Report, why: Why, those: Iterable[tuple[int, Why]]) -> list[Block]:
    reason = Words("reached", why=why.name)["reason"]
    return [section(text) for text in lines([reason, *(_line(report, row) for row, _ in those)])]


def _line(report: Report, row: int) -> Mrkdwn:
    """Who was not reached, and of what."""
    person = report.of.people[row]
    member = report.of.members[person]
    told = [
        fact
        for fact, way in zip(report.of.facts, report.reach.way[row].tolist(), strict=True)
        if way == Way.missed
    ]
    customers = {customer_of(fact) for fact in told} - {None}
    features = {feature_of(fact) for fact in told} - {None}
    return Words(
        "reached",
        person=person,
        name=member.name,
        is_here=member.bar is Bar.none,
        is_absent=member.bar is Bar.absent,
        customers=len(customers),
        features=len(features),
        others=len(told) if not customers and not features else 0,
    )["person"]


def _pressed(week: Week) -> list[Block]:
    people = list(dict.fromkeys(person for those in week.pressed.values() for person in those))
    words = Words(
        "reached", people=people[:MOST_PRESSED], more=len(people[MOST_PRESSED:]), total=len(people)
    )
    return [context(words["pressed" if people else "not_pressed"])]


def _ways_on(week: Week, asked: ReachAsked) -> list[ActionsBlock]:
    """One of the announcements, the whole week, and the weeks before and after."""
    row: list[InteractiveElement] = []
    told = [each for each in week.said if each.id in week.titles]
    choices = [
        (ReachAsked(announcement=each.id).value, str(week.titles[each.id]))
        for each in reversed(told[-MOST_OFFERED:])
        if each.id != asked.announcement
    ]
    if choices:
        row.append(chooser("One announcement", "reached_page:one", choices))
    if asked.announcement:
        row.append(button("The whole week", "reached_page:week", ReachAsked(week.monday).value))
    earlier = next((each for each in week.others if each < week.monday), None)
    later = next((each for each in reversed(week.others) if each > week.monday), None)
    for label, name, monday in (
        ("Earlier week", "earlier", earlier),
        ("Later week", "later", later),
    ):
        if monday:
            row.append(button(label, f"reached_page:{name}", ReachAsked(monday).value))
    return [actions(*row)] if row else []
