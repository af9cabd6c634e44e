"""The life of a wave: announced, running, checked and closed, or paused and rolled back."""

from collections.abc import Iterable
from enum import StrEnum

from rules import life
from rules.life import Life, way


class State(StrEnum):
    """Where a wave stands."""

    planned = "planned"
    announced = "announced"
    running = "running"
    checking = "checking"
    closed = "closed"
    paused = "paused"
    rolling_back = "rolling back"
    rolled_back = "rolled back"

    @property
    def is_final(self) -> bool:
        """Whether nothing can happen to the wave any more; single locations may still change."""
        return self in FINAL


FINAL = frozenset({State.closed, State.rolled_back})


class Who(StrEnum):
    """In which part somebody takes a step; a person may have more than one."""

    lead = "lead"
    approver = "approver"
    wavepost = "clock"  # Wavepost itself: the clock, the brake, and the last location that is done


class Step(StrEnum):
    """What can be done with a wave."""

    announce = "announce"
    start = "start"
    check = "check"  # nobody is left to move; what moved is watched from now on
    close = "close"
    pause = "pause"
    go_on = "go on"
    roll_back = "roll back"
    end = "end the rollback"  # every step of every location is confirmed


Taken = life.Taken[Step, Who]
Standing = life.Standing[State, Step, Who]

_LIFE = Life(
    {
        Step.announce: way(Who.lead, Who.wavepost, of=(State.planned,), to=State.announced),
        Step.start: way(Who.lead, Who.wavepost, of=(State.announced,), to=State.running),
        Step.check: way(Who.wavepost, of=(State.running,), to=State.checking),
        Step.close: way(Who.wavepost, of=(State.checking,), to=State.closed),
        Step.pause: way(
            Who.lead,
            Who.wavepost,
            of=(State.running, State.checking),
            to=State.paused,
            needs_words=True,
        ),
        Step.go_on: way(Who.approver, of=(State.paused,), to=State.running, needs_words=True),
        Step.roll_back: way(
            Who.approver, of=(State.paused,), to=State.rolling_back, needs_words=True
        ),
        Step.end: way(Who.wavepost, of=(State.rolling_back,), to=State.rolled_back),
    }
)

NEED_WORDS = _LIFE.need_words
"""The steps whose taker has to say why."""


def take(standing: Standing, taken: Taken) -> Standing:
    """Where the wave stands after a step.

    Raises StepRefused as Outdated, NotNow, NotTheirs or WordsMissing, whichever holds first;
    nothing has changed then.
    """
    return _LIFE.take(standing, taken)


def possible(state: State, who: Who) -> tuple[Step, ...]:
    """The steps that somebody in this part may take from a state: the buttons they get."""
    return _LIFE.possible(state, who)


def takers(step: Step) -> frozenset[Who]:
    """In which parts somebody may take a step."""
    return _LIFE.takers(step)


def replay(steps: Iterable[Taken]) -> Standing:
    """Where a wave stands after all its steps; raises StepRefused where one cannot have been taken."""
    return _LIFE.replay(State.planned, steps)
