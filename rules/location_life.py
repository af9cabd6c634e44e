"""The life of a location in its wave: moved or failed, checked, rolled back, back into the plan."""

from collections.abc import Collection, Iterable
from enum import StrEnum

from rules import life
from rules.life import Life, NotNow, way
from rules.wave_life import State as WaveState


class State(StrEnum):
    """Where a location of a wave stands."""

    planned = "planned"
    migrating = "migrating"
    migrated = "migrated"  # and not judged yet
    failed = "failed"
    passed = "passed"
    not_passed = "not passed"
    undecided = "waiting for a person"  # four looks did not tell
    accepted = "accepted"  # by a person, who is not overruled by figures
    rolling_back = "rolling back"
    rolled_back = "rolled back"
    returned = "back in the plan"

    @property
    def is_moving(self) -> bool:
        """Whether it is still to be told how its move went."""
        return self in MOVING

    @property
    def is_settled(self) -> bool:
        """Whether its wave has nothing left to do with it."""
        return self in SETTLED

    @property
    def is_on_new_system(self) -> bool:
        """Whether it works with the new system, well or badly."""
        return self in MOVED


MOVING = frozenset({State.planned, State.migrating})
SETTLED = frozenset({State.passed, State.accepted, State.returned})
MOVED = frozenset({State.migrated, State.passed, State.not_passed, State.undecided, State.accepted})


class Who(StrEnum):
    """In which part somebody takes a step; a person may have more than one."""

    csa = "CSA"
    lead = "lead"
    approver = "approver"
    wavepost = "clock"  # Wavepost itself: its checks, its plan, and the last confirmation


class Step(StrEnum):
    """What can be done with a location of a wave."""

    begin = "begin"
    migrate = "mark migrated"
    fail = "mark failed"  # the words are the cause, of the catalogue or a new one
    try_again = "try again"  # in the same wave; the words are the remedy
    unmark = "take the mark back"
    passes = "pass"
    misses = "not pass"
    look_again = "look again"  # no verdict yet, or none any more after a correction
    ask = "ask a person"
    accept = "accept"
    check_anew = "check anew"  # mended where it is; the words are the remedy
    roll_back = "roll back"
    end = "end the rollback"
    give_back = "give back to the plan"


Taken = life.Taken[Step, Who]
Standing = life.Standing[State, Step, Who]


class NotWhile(life.StepRefused):
    """The state of the wave does not allow this step of its locations."""


_PEOPLE = (Who.csa, Who.lead)
_JUDGED = (State.migrated, State.passed, State.not_passed, State.undecided)
_LIFE = Life(
    {
        Step.begin: way(*_PEOPLE, of=(State.planned,), to=State.migrating),
        Step.migrate: way(*_PEOPLE, of=MOVING, to=State.migrated),
        Step.fail: way(*_PEOPLE, of=MOVING, to=State.failed, needs_words=True),
        Step.try_again: way(*_PEOPLE, of=(State.failed,), to=State.migrating, needs_words=True),
        Step.unmark: way(
            *_PEOPLE, of=(State.migrated, State.failed), to=State.planned, needs_words=True
        ),
        Step.passes: way(Who.wavepost, of=_JUDGED, to=State.passed, needs_words=True),
        Step.misses: way(
            Who.wavepost,
            Who.lead,
            of=(*_JUDGED, State.accepted),
            to=State.not_passed,
            needs_words=True,
        ),
        Step.look_again: way(Who.wavepost, of=_JUDGED, to=State.migrated, needs_words=True),
        Step.ask: way(Who.wavepost, of=_JUDGED, to=State.undecided, needs_words=True),
        Step.accept: way(
            Who.lead, of=(State.undecided, State.not_passed), to=State.accepted, needs_words=True
        ),
        Step.check_anew: way(*_PEOPLE, of=(State.not_passed,), to=State.migrated, needs_words=True),
        Step.roll_back: way(
            Who.approver, of=(*MOVED, State.failed), to=State.rolling_back, needs_words=True
        ),
        Step.end: way(Who.wavepost, of=(State.rolling_back,), to=State.rolled_back),
        Step.give_back: way(
            Who.lead,
            Who.wavepost,
            of=(State.planned, State.failed, State.rolled_back),
            to=State.returned,
            needs_words=True,
        ),
    }
)

NEED_WORDS = _LIFE.need_words
"""The steps whose taker has to say why, or what."""

_BEGINS = frozenset({Step.begin, Step.migrate, Step.fail, Step.try_again})
_OPEN = frozenset({WaveState.running, WaveState.checking})
_UNDER_WAY = _OPEN | {WaveState.paused}
_ANY_TIME = frozenset({Step.give_back})
_STARTED = frozenset(WaveState) - {WaveState.planned, WaveState.announced}


def take(standing: Standing, taken: Taken, wave: WaveState) -> Standing:
    """Where the location stands after a step in a wave of this state.

    Moves begin while the wave runs, and while it is only checked where one failed or was marked by
    mistake; one that was under way when it was paused can still be told. A mark is taken back until
    the wave is closed. Raises StepRefused as Outdated, NotNow, NotTheirs, WordsMissing or NotWhile,
    whichever holds first; nothing has changed then.

    A lead may accept what did not pass, and figures do not overrule that: only `misses` by a lead
    leads away from `accepted`.
    """
    after = _LIFE.take(standing, taken)
    if standing.state is State.accepted and taken.who is Who.wavepost:
        raise NotNow(standing, taken, "A person accepted it, and figures do not overrule that.")
    if wave not in _allowing(standing.state, taken.step):
        raise NotWhile(standing, taken, f"The wave is {wave}: nobody can {taken.step} in it now.")
    return after


def possible(state: State, who: Who, wave: WaveState) -> tuple[Step, ...]:
    """The steps that somebody in this part may take from a state: the buttons they get."""
    is_overruling = state is State.accepted and who is Who.wavepost
    steps = () if is_overruling else _LIFE.possible(state, who)
    return tuple(step for step in steps if wave in _allowing(state, step))


def replay(steps: Iterable[tuple[Taken, WaveState]]) -> Standing:
    """Where a location stands after its steps, each with the state that its wave had then.

    Raises StepRefused where one of them could not have been taken.
    """
    standing = Standing(State.planned)
    for taken, wave in steps:
        standing = take(standing, taken, wave)
    return standing


def all_moved(states: Collection[State]) -> bool:
    """Whether nobody is left to move, so that the wave is only checked from now on."""
    return not any(state.is_moving for state in states)


def all_settled(states: Collection[State]) -> bool:
    """Whether the wave can be closed."""
    return all(state.is_settled for state in states)


def all_back(states: Collection[State]) -> bool:
    """Whether a wave that is rolled back has nobody left on the new system or on the way."""
    return all(state in {State.rolled_back, State.returned} for state in states)


def _allowing(state: State, step: Step) -> frozenset[WaveState]:
    """The states of the wave in which the step may be taken."""
    if step in _BEGINS:
        return _UNDER_WAY if state is State.migrating else _OPEN
    if step is Step.unmark:
        return _UNDER_WAY
    return frozenset(WaveState) if step in _ANY_TIME else _STARTED
