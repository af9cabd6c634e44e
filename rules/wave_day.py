"""A wave on its day: how far it is, and what each person can do in it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from rules import location_life, wave_life
from rules.calendar import start_of_week
from rules.location_life import MOVED, MOVING, State, Step
from rules.roles import Role

ORDER = (
    State.failed,
    State.undecided,
    State.not_passed,
    State.migrating,
    State.planned,
    State.rolling_back,
    State.migrated,
    State.rolled_back,
    State.returned,
    State.accepted,
    State.passed,
)
"""Lists begin with what needs hands."""

BY_HAND = (Step.migrate, Step.fail, Step.try_again, Step.unmark, Step.give_back)
"""What those who move locations tell of them or do with them, in the order of the buttons."""


class Group(StrEnum):
    """Locations of a wave that people look for together."""

    everything = "all"
    left = "left"
    failed = "failed"
    moved = "moved"
    deciding = "deciding"
    back = "back"

    @property
    def states(self) -> tuple[State, ...] | None:
        """The states that belong to it; None where all do."""
        return _STATES.get(self)


_STATES = {
    Group.left: tuple(state for state in ORDER if state in MOVING),
    Group.failed: (State.failed,),
    Group.moved: tuple(state for state in ORDER if state in MOVED),
    Group.deciding: (State.undecided, State.not_passed),
    Group.back: (State.rolling_back, State.rolled_back, State.returned),
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many locations stand where."""

    by_state: Mapping[State, int] = field(default_factory=dict)

    def of(self, group: Group) -> int:
        """How many belong to a group."""
        states = group.states
        if states is None:
            return self.total
        return sum(self.by_state.get(state, 0) for state in states)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_state.values())

    @property
    def in_order(self) -> tuple[tuple[State, int], ...]:
        """The states that there are, each with its number, what needs hands first."""
        return tuple((state, self.by_state[state]) for state in ORDER if self.by_state.get(state))


def part_in_wave(roles: Collection[Role]) -> wave_life.Who | None:
    """In which part somebody with these roles starts and pauses waves; None for everybody else."""
    return wave_life.Who.lead if Role.lead in roles else None


def part_at_location(roles: Collection[Role]) -> location_life.Who | None:
    """In which part somebody with these roles marks locations; None for who only looks on."""
    if Role.lead in roles:
        return location_life.Who.lead
    return location_life.Who.csa if Role.csa in roles else None


def marks(state: State, wave: wave_life.State, roles: Collection[Role]) -> tuple[Step, ...]:
    """What somebody with these roles can tell of a location, in the order of the buttons."""
    who = part_at_location(roles)
    allowed = location_life.possible(state, who, wave) if who else ()
    return tuple(step for step in BY_HAND if step in allowed)


def turns(wave: wave_life.State, roles: Collection[Role]) -> tuple[wave_life.Step, ...]:
    """What somebody with these roles can do with the wave itself: start it, or pause it.

    A planned one can be started, for that announces it.
    """
    who = part_in_wave(roles)
    if who is None:
        return ()
    if wave is wave_life.State.planned:
        return (wave_life.Step.start,)
    possible = wave_life.possible(wave, who)
    return tuple(each for each in (wave_life.Step.start, wave_life.Step.pause) if each in possible)


def first_looked_for(weeks: Sequence[date], under_way: date | None, today: date) -> date:
    """Of these Mondays in order, that of this week's wave; without one the wave that is `under_way`.

    Else the next, or the last one after all.
    """
    this_week = start_of_week(today)
    if this_week in weeks or under_way is None:
        return next((week for week in weeks if week >= this_week), weeks[-1])
    return under_way
