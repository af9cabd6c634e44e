"""Announcing that a feature is released or slips, in each channel that hears of the roadmap and needs it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Self

from slack_sdk.models.blocks import Block

from handlers.announcement_figures import called
from handlers.announcement_said import buttons
from handlers.announcement_turn import WAVEPOST
from handlers.blocks import Words, button, lines, section
from handlers.date_languages import dates_in
from handlers.dates import short
from handlers.digest_words import RELEASED, SLIPPED
from handlers.event_announcing import Event, Said, of_scope, say_event
from handlers.jobs import Work, job
from rules import announced
from rules.announced import Breadth, Figures, Scope
from rules.announcement import Announcement, Part, Section
from rules.announcement_content import Content
from rules.calendar import start_of_week
from rules.facts import expected, released
from rules.happenings import OF_FEATURES, one_for_each
from store.announcement_rows import ScheduleVersionRow
from store.jobs import Json
from store.session import Reading, Transaction

ANNOUNCE = "announce features"
ANNOUNCED = frozenset({RELEASED, SLIPPED})
LONGEST_NAME = 45
LONGEST_REASON = 300
DAYS = ("was", "to", "on")


@dataclass(frozen=True, slots=True)
class FeatureEvent:
    """What became of a feature: `event` is RELEASED on a day, or SLIPPED `was` one day `to` another."""

    key: str
    event: str
    at: datetime
    was: date | None = None
    to: date | None = None
    on: date | None = None
    why: str = ""

    @property
    def fact(self) -> str | None:
        """What people know who read it; that it has no date any more has no name."""
        if self.event == RELEASED:
            return released(self.key, self.on) if self.on else None
        return expected(self.key, self.to) if self.to else None

    def to_json(self) -> Json:
        """The event as a job is given it."""
        days = {name: getattr(self, name) for name in DAYS}
        written = {name: day.isoformat() if day else None for name, day in days.items()}
        told: Json = {"key": self.key, "event": self.event, "why": self.why}
        return told | {"at": self.at.isoformat()} | written

    @classmethod
    def from_json(cls, given: Json) -> Self:
        """The event that a job was given."""
        days = {name: given[name] and date.fromisoformat(given[name]) for name in DAYS}
        at = datetime.fromisoformat(given["at"])
        return cls(given["key"], given["event"], at, why=given["why"], **days)


async def have_announced(tx: Transaction, events: Iterable[FeatureEvent]) -> None:
    """Have channels told that hear of the roadmap, where there are any."""
    told = [each for each in events if each.event in ANNOUNCED]
    if told and await tx.announcement_schedules.telling(OF_FEATURES):
        for each in told:
            about = f"Telling channels that {each.key} {each.event}"
            await tx.jobs.start(ANNOUNCE, each.to_json(), by=WAVEPOST, about=about)


async def readers(reading: Reading, features: Collection[str]) -> Mapping[str, frozenset[str]]:
    """Who reads in a channel what becomes of each of these features."""
    schedules = await reading.announcement_schedules.telling(OF_FEATURES) if features else []
    if not schedules:
        return {}
    waiting = {says.scope: await reading.scoped.waiting(says.scope) for says in schedules}
    return {
        key: await reading.channels.anybody_in(_speaking(schedules, key, waiting))
        for key in features
    }


@job(ANNOUNCE, in_turn=True)
async def announce(work: Work) -> None:
    """Say what became of a feature, channel by channel; where that was said already, nothing is said."""
    event = FeatureEvent.from_json(work.job.given)
    async with work.store.reading(consistent=True) as reading:
        found = [each for each in await reading.roadmap.features() if each.key == event.key]
        name = found[0].name if found else event.key
        schedules = await reading.announcement_schedules.telling(OF_FEATURES)
        waiting = {says.scope: await reading.scoped.waiting(says.scope) for says in schedules}
        speaking = _speaking(schedules, event.key, waiting)
        scopes = {says.scope for says in speaking.values()}
        told = {
            scope: FeatureNews(
                event, name, scope, await called(reading, scope), waiting[scope].get(event.key, 0)
            )
            for scope in scopes
        }
    of = Event(f"feature {event.key} in channels", f"feature {event.key} at {event.at}", event.at)
    for says in speaking.values():
        async with work.meanwhile() as tx:
            await say_event(tx, of, says, told[says.scope].said(says.language))
    async with work.ending():
        pass


@dataclass(frozen=True)
class FeatureNews:
    """What is said of it in channels of one scope: `waiting` are the locations there that need it."""

    event: FeatureEvent
    name: str
    scope: Scope
    about: str
    waiting: int

    def said(self, language: str) -> Said:
        """The words of it, and what is kept of it."""
        words = of_scope(
            self.scope,
            self.about,
            name=short(self.name, LONGEST_NAME),
            on=dates_in(language),
            was=self.event.was,
            to=self.event.to,
            waiting=self.waiting,
            reason=short(self.event.why, LONGEST_REASON),
        )
        told = self._told(words)
        facts = [self.event.fact] if self.event.fact else []
        post = partial(self._post, told)
        return Said(words.plain(self._block), post, told, self.content, facts)

    @property
    def content(self) -> Content:
        """What is kept of it, to be read again as it was."""
        event = self.event
        is_released = event.event == RELEASED
        feature = announced.Feature(
            event.key,
            self.name,
            target_on=event.to,
            released_on=event.on if is_released else None,
            slipped_from=None if is_released else event.was,
            is_new=is_released,
            locations=self.waiting,
        )
        part = Part(Section.roadmap, features=(feature,), total=self.waiting)
        figures = Figures(
            week=start_of_week(event.at.date()),
            to_move=self.waiting,
            moved=0,
            waiting=self.waiting,
            has_plan=True,
            tried=0,
        )
        return Content(Announcement((part,)), figures, self.about)

    @property
    def _block(self) -> str:
        return "released" if self.event.event == RELEASED else "slipped"

    def _told(self, words: Words) -> list[Block]:
        texts = [words[self._block], *words["reason"].split("\n")]
        if self._block == "slipped" and self.waiting:
            texts.append(words["waits"])
        return [*map(section, lines([each for each in texts if each]))]

    def _post(self, told: Iterable[Block], announcement_id: int) -> list[Block]:
        see = button("See the feature", "roadmap_open", self.event.key)
        return [*told, buttons(announcement_id, see, is_cut=False)]


def _speaking(
    schedules: Iterable[ScheduleVersionRow],
    key: str,
    waiting: Mapping[Scope, Mapping[str, int]],
) -> dict[str, ScheduleVersionRow]:
    """The schedule that speaks of a feature in each channel that needs it, or hears of everything."""

    def reaches(says: ScheduleVersionRow) -> int:
        hears_anyway = says.breadth is Breadth.everything or (
            says.breadth is Breadth.feature and says.of == key
        )
        return waiting[says.scope].get(key, 0) or int(hears_anyway)

    return one_for_each(schedules, lambda says: says.channel, reaches)
