"""What people are told about a customer or a location: its dates, how sure they are, the risks."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeAlias

from rules.account import Account
from rules.calendar import DAYS, Blackout, monday_of, week_of, week_zero
from rules.parameters import Parameters

NEAR = timedelta(weeks=1)


class State(StrEnum):
    """Where a customer or a location stands."""

    scheduled = "scheduled"
    waiting = "waiting for a feature"
    not_scheduled = "not scheduled yet"
    no_room = "no room in the horizon"
    churned = "churned"
    offboarded = "offboarded"
    in_wave = "in its wave"
    migrated = "migrated"


class Confidence(StrEnum):
    """How likely a date is to hold."""

    firm = "firm"
    likely = "likely"
    tentative = "tentative"


@dataclass(frozen=True)
class RequiredFeature:
    """A feature that has to be released first; `slips` is how often its date moved."""

    key: str
    name: str
    target: date | None = None
    released: date | None = None
    slips: int = 0

    def is_released(self, today: date) -> bool:
        """Whether it can be used today."""
        return self.released is not None and self.released <= today


@dataclass(frozen=True)
class FeatureNotReleased:
    """The date depends on a feature that is still being built."""

    key: str
    name: str
    target: date | None
    slips: int


@dataclass(frozen=True)
class BlackoutNear:
    """A blackout lies in the week of a wave, or so soon after it that a delay could run into it."""

    blackout: Blackout
    is_within: bool = False


@dataclass(frozen=True)
class SeveralWeeks:
    """The customer is too large for one wave, and goes in so many."""

    weeks: int


Risk: TypeAlias = FeatureNotReleased | BlackoutNear | SeveralWeeks


@dataclass(frozen=True)
class Facts:
    """What is known of one customer or location.

    `parts` are (week of the plan, locations), `first_monday` is the Monday of the plan's week 0,
    `is_planned` says whether the current plan looked for a place, `is_churned` that it left it out
    because it counts as gone, `blackouts` are those of its regions. `account` tells what became of
    locations in their waves; their weeks are not among `parts`, which are to come.
    """

    first_monday: date
    parts: tuple[tuple[int, int], ...] = ()
    is_planned: bool = False
    features: tuple[RequiredFeature, ...] = ()
    blackouts: tuple[Blackout, ...] = ()
    csa: str | None = None
    is_churned: bool = False
    is_offboarded: bool = False
    account: Account | None = None


@dataclass(frozen=True)
class Schedule:
    """The answer to "when?": dates are Mondays of waves, or the day it migrated."""

    state: State
    csa: str | None
    dates: tuple[date, ...] = ()
    confidence: Confidence | None = None
    risks: tuple[Risk, ...] = ()
    account: Account | None = None

    @property
    def is_told_by_account(self) -> bool:
        """Whether what became of it in its wave is what people have to hear first."""
        if self.account is None or not self.account.is_back:
            return self.account is not None
        is_to_go = self.state in {State.scheduled, State.no_room, State.not_scheduled}
        return is_to_go and self.account.is_about_all

    def is_over(self, today: date) -> bool:
        """Whether its weeks are over, and nobody said how its waves went."""
        return self.state is State.scheduled and all(
            monday + timedelta(days=DAYS) <= today for monday in self.dates
        )


def schedule(facts: Facts, today: date, parameters: Parameters | None = None) -> Schedule:
    """What to tell about one customer or location today.

    Only who waits or has a date has risks, and only who has a date has a confidence.
    """
    state = _state(facts, today)
    told = facts.account
    if told and state in {State.migrated, State.in_wave}:
        return Schedule(
            state, facts.csa, dates=(told.migrated_on or told.first.week,), account=told
        )
    if state is State.scheduled:
        dates = tuple(monday_of(week, facts.first_monday) for week, _ in sorted(facts.parts))
        return Schedule(
            state,
            facts.csa,
            dates=dates,
            confidence=_confidence(facts, dates[-1], today, parameters or Parameters()),
            risks=(*_unreleased(facts, today), *_near(facts, dates), *_several(dates)),
            account=told,
        )
    if state in {State.offboarded, State.churned}:
        return Schedule(state, facts.csa, account=told)
    return Schedule(state, facts.csa, risks=_unreleased(facts, today), account=told)


def _state(facts: Facts, today: date) -> State:
    """The first of these that holds."""
    account = facts.account
    states = (
        (account is not None and account.has_migrated, State.migrated),
        (facts.is_offboarded, State.offboarded),
        (bool(facts.parts), State.scheduled),
        (account is not None and not account.is_back, State.in_wave),
        (facts.is_churned and not _is_back(account), State.churned),
        (bool(_unreleased(facts, today)), State.waiting),
        (facts.is_planned, State.no_room),
    )
    return next((state for holds, state in states if holds), State.not_scheduled)


def _is_back(account: Account | None) -> bool:
    """Whether all of it was in a wave lately and came back: then it is not gone, whatever others are."""
    return account is not None and account.is_back and account.is_about_all


def _confidence(facts: Facts, last: date, today: date, parameters: Parameters) -> Confidence:
    """Firm inside the frozen weeks, tentative when far away; the last wave decides."""
    if _unreleased(facts, today):
        return Confidence.tentative
    weeks_away = week_of(last, week_zero(today))
    if weeks_away < parameters.frozen_weeks:
        return Confidence.firm
    if weeks_away >= parameters.tentative_after_weeks:
        return Confidence.tentative
    return Confidence.likely


def _unreleased(facts: Facts, today: date) -> tuple[FeatureNotReleased, ...]:
    return tuple(
        FeatureNotReleased(feature.key, feature.name, feature.target, feature.slips)
        for feature in facts.features
        if not feature.is_released(today)
    )


def _near(facts: Facts, dates: tuple[date, ...]) -> tuple[BlackoutNear, ...]:
    """Blackouts that a wave which is late could run into: from its Monday to a week after it."""
    late = timedelta(days=DAYS - 1) + NEAR
    return tuple(
        BlackoutNear(blackout, any(_meets(blackout, monday) for monday in dates))
        for blackout in sorted(facts.blackouts, key=lambda blackout: blackout.starts)
        if any(blackout.starts <= monday + late and blackout.ends >= monday for monday in dates)
    )


def _meets(blackout: Blackout, monday: date) -> bool:
    """Whether a blackout and the week of this Monday share a day."""
    return blackout.starts < monday + timedelta(days=DAYS) and blackout.ends >= monday


def _several(dates: tuple[date, ...]) -> tuple[SeveralWeeks, ...]:
    return (SeveralWeeks(len(dates)),) if len(dates) > 1 else ()
