"""What became of a wave, gathered for the channels that hear of it: for each scope what is said there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Self

from handlers.announcement_figures import called
from handlers.event_announcing import Said
from handlers.wave_causes import Met, causes_met
from handlers.wave_deciders import deciders
from handlers.wave_event_said import WaveEvent
from rules.announced import Figures, Scope, Wave
from rules.announcement import Announcement, Part, Section
from rules.announcement_content import Content
from rules.calendar import start_of_week
from rules.facts import moves
from rules.happenings import FACTS, Near, fact_of
from rules.wave_life import State, Step, Taken
from store.announcement_rows import ScheduleVersionRow
from store.session import Reading


@dataclass(frozen=True)
class Happened:
    """What became of a wave: how near it is, or the step that it took."""

    wave: Wave
    what: Near | Step
    today: date
    taken: Taken | None = None
    causes: Sequence[Met] = ()
    decider: str = ""
    known: dict[Scope, tuple[WaveEvent, Content]] = field(default_factory=dict)

    @classmethod
    async def of(cls, reading: Reading, week: date, what: Near | Taken) -> Self:
        """What there is to say of it, be there anybody in the wave or not."""
        wave = await reading.scoped.wave(week) or Wave(week, State.planned, ())
        today = (await reading.clock.now()).date()
        if isinstance(what, Near):
            return cls(wave, what, today)
        if what.step is not Step.pause:
            return cls(wave, what.step, today, what)
        causes, decider = await causes_met(reading, week), (await deciders(reading)).named
        return cls(wave, what.step, today, what, causes, decider)

    async def said(self, reading: Reading, says: ScheduleVersionRow) -> Said:
        """What is said of it where a schedule speaks."""
        if says.scope not in self.known:
            self.known[says.scope] = await self._of_scope(reading, says.scope)
        event, content = self.known[says.scope]
        return Said(
            event.fallback(says.language),
            partial(event.post, says.language),
            event.below(says.language),
            content,
            self._facts(event),
        )

    async def _of_scope(self, reading: Reading, scope: Scope) -> tuple[WaveEvent, Content]:
        event = WaveEvent(
            week=self.wave.week,
            what=self.what if isinstance(self.what, Near) else FACTS[self.what],
            scope=scope,
            about=await called(reading, scope),
            customers=scope.of_wave(self.wave),
            went=await reading.scoped.went(scope, self.wave.week),
            taken=self.taken,
            causes=self.causes,
            decider=self.decider,
        )
        return event, self._content(event)

    def _content(self, event: WaveEvent) -> Content:
        part = Part(
            Section.this_wave,
            customers=tuple(event.customers),
            total=event.total,
            week=event.week,
            state=self.wave.state,
        )
        figures = Figures(
            week=start_of_week(self.today),
            to_move=event.went.all_of_it or event.total,
            moved=event.went.migrated,
            waiting=0,
            has_plan=True,
            tried=event.went.tried,
        )
        return Content(Announcement((part,)), figures, event.about)

    def _facts(self, event: WaveEvent) -> tuple[str, ...]:
        """What people know who read it: that customers move, or what the wave did."""
        if self.what is Near.eve:
            return tuple(moves(event.week, each.id) for each in event.customers)
        fact = fact_of(event.week, self.taken) if self.taken else None
        return (fact,) if fact else ()
