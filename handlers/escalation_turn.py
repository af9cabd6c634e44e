"""A turn that an escalation takes, and what follows from one: what escalating, deciding and clocks share."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import date

from rules.escalation import State, Step, Taken
from store.escalation_rows import EscalationRow
from store.jobs import Json
from store.session import Transaction

WAVEPOST = "Wavepost"
"""Who takes the steps of the planner and the clock."""


@dataclass(frozen=True, slots=True)
class Granting:
    """What an approval grants: until when, so many points, counted for which CSA.

    `locations` are the ids of those that are granted; None: all that were asked for.
    """

    due_on: date
    points: float
    csa_email: str
    locations: Collection[str] | None = None

    def to_json(self) -> Json:
        """The same as it is kept with the step and in the audit."""
        granted = {"locations": sorted(self.locations)} if self.locations is not None else {}
        told = {"due_on": self.due_on.isoformat(), "points": self.points}
        return told | {"csa_email": self.csa_email} | granted


@dataclass(frozen=True, slots=True)
class Turn:
    """An escalation after something happened to it, and the state it was in before.

    `taken` is the step; without one, and without a state before, it was just sent.
    """

    escalation: EscalationRow
    was: State | None = None
    taken: Taken | None = None
    details: Json | None = None

    @property
    def step(self) -> Step | None:
        """The step that was taken; None: it was sent."""
        return self.taken.step if self.taken else None


FollowUp = Callable[[Transaction, Turn], Awaitable[Taken | None]]
"""What follows from a turn, in its transaction; a step that it gives is taken next, in the same one."""

AfterJoining = Callable[[Transaction, EscalationRow], Awaitable[None]]
"""What follows when somebody joins an escalation: triage sees it, say."""
