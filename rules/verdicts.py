"""One check of one location: the verdict, the numbers it was made from, and how it is revised."""

from dataclasses import dataclass, fields
from enum import IntEnum
from hashlib import sha256

from rules.looks import Compared


class Verdict(IntEnum):
    """What a check says of a location."""

    inconclusive = 0
    passed = 1
    failed = 2


class Why(IntEnum):
    """What a verdict was made by, in a closed list that has words for people."""

    not_sure_yet = 0
    no_data = 1
    no_controls = 2
    fewer_orders = 3
    no_worse = 4
    worse = 5
    orders_stopped = 6
    lost_orders = 7

    @property
    def is_hard(self) -> bool:
        """Whether it is a failure whatever the rates are."""
        return self in {Why.orders_stopped, Why.lost_orders}


@dataclass(frozen=True, slots=True)
class Counts:
    """Orders and how many of them were missed; None where they are not known."""

    orders: float | None
    missed: float | None

    @property
    def rate(self) -> float | None:
        """The plain share that was missed."""
        return self.missed / self.orders if self.orders and self.missed is not None else None


@dataclass(frozen=True, slots=True)
class Data:
    """All that a verdict was made from; two with the same name are the same."""

    compared: Compared
    before: Counts
    after: Counts
    controls: tuple[str, ...]
    controls_before: Counts
    controls_after: Counts
    usual: tuple[float, float]  # (missed, of so many orders) assumed of every location
    alike: float  # the design effect of the location's orders
    stopped_chance: float | None
    lost_orders: bool
    rules: str  # the parameters of checks, as JSON

    @property
    def name(self) -> str:
        """Twelve letters that are others as soon as one number is another."""
        told = "\n".join(f"{field.name}={getattr(self, field.name)!r}" for field in fields(self))
        return sha256(told.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Check:
    """A check as the timeline keeps it.

    `change` is by how much the missed rate rose beyond that of the controls, `low` and `high` its
    limits, `volume` the share of its orders that it kept, next to the controls; None where not known.
    """

    verdict: Verdict
    why: Why
    look: int
    is_for_a_person: bool
    change: float | None
    low: float | None
    high: float | None
    volume: float | None
    data: Data


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure that is another one than when the verdict was made; what it is called in `Data`."""

    name: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class Revision:
    """A verdict made again from figures that came late or were corrected."""

    before: Check
    after: Check
    changed: tuple[Changed, ...]

    @property
    def is_another(self) -> bool:
        """Whether the verdict is another one, so that everyone who was told hears of it."""
        then, now = self.before, self.after
        return (then.verdict, then.why) != (now.verdict, now.why)


def revision(before: Check, after: Check) -> Revision | None:
    """What is revised when the same look is judged again; None where its data are the same.

    Raises ValueError for checks of different looks: a later look is no revision.
    """
    if before.look != after.look:
        raise ValueError(f"Look {after.look} does not revise look {before.look}: judge it anew.")
    changed = tuple(
        Changed(field.name, then, now)
        for field in fields(Data)
        if (then := getattr(before.data, field.name)) != (now := getattr(after.data, field.name))
    )
    return Revision(before, after, changed) if changed else None
