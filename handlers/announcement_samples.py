"""Announcements of every kind, made up: what words for them must be able to say before they are used."""

from collections.abc import Iterator
from datetime import date, timedelta

from handlers.announcement_said import said
from rules.announced import Breadth, Cause, Customer, Feature, Figures, Past, Scope
from rules.announcement import MAY_BE, MOST_LISTED, Announcement, Part, Section, Topic
from rules.announcement_content import Content
from rules.wave_life import State
from store.outbox import Message

MONDAY = date(2022, 1, 17)
LATER, EARLIER = MONDAY + timedelta(weeks=1), MONDAY - timedelta(weeks=1)
WHOM = {
    Scope(): "",
    Scope(Breadth.csa, "ana@example.com"): "Ana Reyes",
    Scope(Breadth.region, "north"): "north",
    Scope(Breadth.feature, "kiosk"): "Kiosk",
}
FINISHES = (
    ((0.5, LATER), (0.8, LATER)),
    ((0.5, LATER), (0.8, None)),
    ((0.5, None), (0.8, None)),
)
FEATURES = (
    Feature("kiosk", "Kiosk", LATER, locations=1),
    Feature("late", "Late", EARLIER),
    Feature("moved", "Moved", LATER, slipped_from=MONDAY, locations=2),
    Feature("gone", "Gone", None, slipped_from=MONDAY),
    Feature("there", "There", MONDAY, released_on=MONDAY, is_new=True),
)
PAST = (
    Past(EARLIER - timedelta(weeks=1), 20, moved=5, failed=4, to_move=1, back=3, returned=7),
    Past(EARLIER, 1_200, was_started=False),
)
CAUSES = (Cause("No network", 1, 0), Cause("Wrong menu", 3, 3), Cause("No power", 3, 1))


def samples(own: str) -> Iterator[Message]:
    """Messages with every sentence that there is, in an installation's own words."""
    for scope, about in WHOM.items():
        for figures in _figures():
            for part in _parts():
                content = Content(Announcement((part,)), figures, about)
                yield said(
                    content,
                    topic=Topic.waves if part.week else Topic(_TOPICS[part.section]),
                    scope=scope,
                    language="en-GB",
                    note="A note.",
                    channel="C1",
                    announcement_id=1,
                    file="F1",
                    own=own,
                )


_TOPICS = {
    Section.this_wave: Topic.waves,
    Section.next_wave: Topic.everything,
    Section.progress: Topic.progress,
    Section.forecast: Topic.progress,
    Section.failures: Topic.failures,
    Section.roadmap: Topic.roadmap,
}


def _figures() -> Iterator[Figures]:
    for many, finishes in zip((0, 1, 5_000), FINISHES, strict=True):
        yield Figures(
            MONDAY,
            to_move=2 * many,
            moved=many,
            waiting=many,
            has_plan=True,
            tried=many,
            closed={MONDAY: "Spring break"} if many else {},
            finishes=finishes,
            past=PAST,
        )


def _parts() -> Iterator[Part]:
    """Every section with a list of one and of many, and for each reason why it may have none."""
    for section, reasons in MAY_BE.items():
        yield from (Part(section, empty, week=MONDAY) for empty in reasons)
    yield from (Part(section) for section in (Section.progress, Section.forecast))
    yield Part(Section.roadmap, features=FEATURES, total=3)
    yield Part(Section.failures, causes=CAUSES, total=7)
    for many in (1, MOST_LISTED[Section.this_wave] + 1):
        customers = tuple(Customer(f"C-{at}", "Joe’s Pizza", 1) for at in range(many))
        for state in State:
            yield Part(Section.this_wave, customers=customers, total=many, week=MONDAY, state=state)
        yield Part(
            Section.next_wave, customers=customers, total=many, week=LATER, state=State.planned
        )
