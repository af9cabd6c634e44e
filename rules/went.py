"""How a wave that was started has gone so far, counted in locations."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rules.location_life import State


@dataclass(frozen=True)
class Went:
    """How many locations of a wave stand where; `failures` are the tries that failed, all of them."""

    standing: Mapping[State, int]
    failures: int = 0

    @property
    def locations(self) -> int:
        """How many are in the wave: those that it gave back are not any more."""
        return sum(count for state, count in self.standing.items() if state is not State.returned)

    @property
    def all_of_it(self) -> int:
        """How many were in the wave at its start."""
        return sum(self.standing.values())

    @property
    def to_move(self) -> int:
        """How many are still to be told of how they went."""
        return self._of(lambda state: state.is_moving)

    @property
    def migrated(self) -> int:
        """How many work with the new system, well or badly."""
        return self._of(lambda state: state.is_on_new_system)

    @property
    def failed(self) -> int:
        """How many failed and wait for a remedy."""
        return self.standing.get(State.failed, 0)

    @property
    def back(self) -> int:
        """How many are on the old system again, or on the way to it."""
        return self._of(lambda state: state in {State.rolling_back, State.rolled_back})

    @property
    def passed(self) -> int:
        """How many passed their check, or were accepted by a person."""
        return self._of(lambda state: state in {State.passed, State.accepted})

    @property
    def not_passed(self) -> int:
        """How many did not pass."""
        return self.standing.get(State.not_passed, 0)

    @property
    def undecided(self) -> int:
        """How many wait for a person to judge them."""
        return self.standing.get(State.undecided, 0)

    @property
    def judged(self) -> int:
        """How many have a verdict, be it that a person has to judge them."""
        return self.passed + self.not_passed + self.undecided

    @property
    def tried(self) -> int:
        """How many tries were told of. One that was rolled back had succeeded, until it had not."""
        return self.migrated + self.failures + self.back

    def __add__(self, other: "Went") -> "Went":
        """Both waves together."""
        states = self.standing.keys() | other.standing.keys()
        together = {
            state: self.standing.get(state, 0) + other.standing.get(state, 0) for state in states
        }
        return Went(together, self.failures + other.failures)

    def _of(self, holds: Callable[[State], bool]) -> int:
        return sum(count for state, count in self.standing.items() if holds(state))
