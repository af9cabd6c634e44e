"""Lives of things that people decide about: a table of steps, one winner at a time, and a replay."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

FIRST_VERSION = 1

StateT = TypeVar("StateT", bound=StrEnum)
StepT = TypeVar("StepT", bound=StrEnum)
WhoT = TypeVar("WhoT", bound=StrEnum)


@dataclass(frozen=True)
class Taken(Generic[StepT, WhoT]):
    """A step that somebody takes: when, in which part, and at which version of the thing.

    `words` are those that others will read, `to` is who has it in hand from then on.
    """

    step: StepT
    by: str
    who: WhoT
    version: int
    at: datetime
    words: str = ""
    to: str | None = None


class Stands(Protocol):
    """Where a thing stands, as far as every life tells it."""

    @property
    def state(self) -> StrEnum:
        """Its state."""

    @property
    def version(self) -> int:
        """Raised by each step, so that of two people who decide at once one wins."""

    @property
    def came_by(self) -> str:
        """The last step and who took it; empty where there is none to tell."""


@dataclass(frozen=True)
class Standing(Generic[StateT, StepT, WhoT]):
    """Where a thing stands after the `last` step; without one it has just begun."""

    state: StateT
    version: int = FIRST_VERSION
    last: Taken[StepT, WhoT] | None = None

    @property
    def came_by(self) -> str:
        """The last step and who took it; empty before the first."""
        return f"{self.last.step} by {self.last.by}" if self.last else ""


class StepRefused(ValueError):
    """A step that cannot be taken; `standing` says where the thing stands and who put it there.

    `standing` and `taken` are those of the life that refused.
    """

    standing: Any
    taken: Any

    def __init__(self, standing: Stands, taken: object, why: str) -> None:
        last = f" ({standing.came_by})" if standing.came_by else ""
        super().__init__(f"{why} It is {standing.state}{last}.")
        self.standing = standing
        self.taken = taken


class Outdated(StepRefused):
    """Somebody else took a step meanwhile."""


class NotNow(StepRefused):
    """There is no way for this step from here."""


class NotTheirs(StepRefused):
    """Somebody in another part may take this step."""


class WordsMissing(StepRefused):
    """A step that others want explained came without words."""


class NobodyNamed(StepRefused):
    """A step that hands it to somebody names nobody."""


@dataclass(frozen=True)
class Way(Generic[StateT, WhoT]):
    """From where to where a step leads, who may take it, and what it has to say."""

    by: frozenset[WhoT]
    leads: Mapping[StateT, StateT]
    needs_words: bool = False
    needs_name: bool = False


def way(
    *by: WhoT,
    to: StateT | None = None,
    of: Iterable[StateT],
    needs_words: bool = False,
    needs_name: bool = False,
) -> Way[StateT, WhoT]:
    """A step from any of these states to one; without `to` it stays where it is."""
    return Way(frozenset(by), {state: to or state for state in of}, needs_words, needs_name)


class Life(Generic[StateT, StepT, WhoT]):
    """What can be done with one kind of thing, step by step."""

    def __init__(self, ways: Mapping[StepT, Way[StateT, WhoT]]) -> None:
        self._ways = ways

    @property
    def need_words(self) -> frozenset[StepT]:
        """The steps whose taker has to say why, or what."""
        return frozenset(step for step, way in self._ways.items() if way.needs_words)

    def takers(self, step: StepT) -> frozenset[WhoT]:
        """In which parts somebody may take a step."""
        return self._ways[step].by

    def beginnings(self, step: StepT) -> frozenset[StateT]:
        """The states from which a step leads somewhere."""
        return frozenset(self._ways[step].leads)

    def possible(self, state: StateT, who: WhoT) -> tuple[StepT, ...]:
        """The steps that somebody in this part may take from a state: the buttons they get."""
        return tuple(
            step for step, way in self._ways.items() if state in way.leads and who in way.by
        )

    def after(self, state: StateT, standing: Stands, taken: Taken[StepT, WhoT]) -> StateT:
        """The state after a step from `state`, which is that of `standing`.

        Raises StepRefused as Outdated, NotNow, NotTheirs, WordsMissing or NobodyNamed, whichever
        holds first; nothing has changed then.
        """
        way = self._ways[taken.step]
        if taken.version != standing.version:
            raise Outdated(standing, taken, "Somebody else took a step meanwhile.")
        if state not in way.leads:
            raise NotNow(standing, taken, f"There is no way to {taken.step} from here.")
        if taken.who not in way.by:
            raise NotTheirs(standing, taken, f"The {taken.who} cannot {taken.step}.")
        if way.needs_words and not taken.words.strip():
            raise WordsMissing(standing, taken, f"To {taken.step} needs a few words.")
        if way.needs_name and not taken.to:
            raise NobodyNamed(standing, taken, f"To {taken.step} needs a name.")
        return way.leads[state]

    def take(
        self, standing: Standing[StateT, StepT, WhoT], taken: Taken[StepT, WhoT]
    ) -> Standing[StateT, StepT, WhoT]:
        """Where the thing stands after a step; raises StepRefused like `after`."""
        state = self.after(standing.state, standing, taken)
        return Standing(state, standing.version + 1, taken)

    def replay(
        self, begins: StateT, steps: Iterable[Taken[StepT, WhoT]]
    ) -> Standing[StateT, StepT, WhoT]:
        """Where the thing stands after all its steps, as an audit tells them.

        Raises StepRefused where one of them could not have been taken.
        """
        standing: Standing[StateT, StepT, WhoT] = Standing(begins)
        for taken in steps:
            standing = self.take(standing, taken)
        return standing
