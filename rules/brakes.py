"""The brake of a wave: a sequential test that pauses it when too many of its locations fail."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, log

from rules.guards import Brake
from rules.likeness import Likeness
from rules.parameters import Parameters

AFTER_CLEARING = 1 / 4
"""The share of false stops that is left for what comes after a wave was called good.

Wald's limits are passed by whole failures, so up to then about three quarters of them are used up.
"""


class Verdict(StrEnum):
    """What the brake says."""

    watching = "watching"
    clear = "clear"  # it looks like a good wave, and is watched on
    paused = "paused"


class Why(StrEnum):
    """Why a wave is paused, in a closed list that has words for people."""

    too_many_failed = "too many failed"
    lost_orders = "lost orders"


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of one try of a location: it works so far, or failed, or its check did.

    A later mark of the same try takes the place of the earlier one. `withdrawn` says that the try
    was marked by mistake.
    """

    location: str
    customer: str
    failed: bool
    attempt: int = 1
    lost_orders: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers of the test: what a try is worth where it is its customer's only one."""

    failure: float
    success: float
    pause: float
    clear: float
    floor: float

    @classmethod
    def of(cls, chosen: Brake, locations: int) -> "Limits":
        """Wald's: the logarithms of p1/p0, (1 - p1)/(1 - p0), (1 - b)/a and b/(1 - a).

        The score of a wave that goes well falls no lower than `floor`, so that it is still stopped
        when it goes wrong later. A good wave climbs from there to the pause about once in
        (e^h - 1)/d tries (Siegmund 1985), with h the way up and d what its score loses with a try:
        the floor lies so deep that this happens in the share of false stops that is left.
        """
        good, bad = chosen.usual_failures, chosen.bad_failures
        failure, success = log(bad / good), log((1 - bad) / (1 - good))
        pause = log((1 - chosen.missed_stops) / chosen.false_stops)
        clear = log(chosen.missed_stops / (1 - chosen.false_stops))
        falls = -(good * failure + (1 - good) * success)
        way = log(1 + locations * falls / (AFTER_CLEARING * chosen.false_stops))
        return cls(failure, success, pause, clear, min(clear, pause - way))


@dataclass(frozen=True, slots=True)
class Reading:
    """What the brake says of a wave, with the numbers that people are told.

    `failed` and `tried` count tries, `customers` those with a try. `score` pauses at
    `limits.pause`. `tells_as_many` are the tries of different customers that would tell as much:
    each customer's divided by its design effect, 1 + (tries - 1) likeness. `at_pause` is what it
    said when it paused the wave: later marks change the other numbers, and no pause.
    """

    verdict: Verdict
    why: Why | None
    score: float
    failed: int
    tried: int
    customers: int
    customers_failed: int
    tells_as_many: float
    likeness: Likeness
    limits: Limits
    at_pause: "Reading | None" = None

    @property
    def share(self) -> float | None:
        """The share of tries that failed."""
        return self.failed / self.tried if self.tried else None

    @property
    def failures_to_pause(self) -> int:
        """How many more failures in a row, each at another customer, would pause the wave."""
        lacking = self.limits.pause - self.score
        return max(0, ceil(lacking / self.limits.failure - _ROUNDING))

    @property
    def successes_to_clear(self) -> int:
        """How many more successes in a row, each at another customer, would call the wave good."""
        lacking = self.limits.clear - self.score
        return max(0, ceil(lacking / self.limits.success - _ROUNDING))


_ROUNDING = 1e-9
_LEAST = 1e-9
"""Locations are never wholly alike, nor wholly apart: the formula has neither end."""


def brake(
    batches: Iterable[Collection[Mark]],
    locations: int,
    likeness: Likeness | None = None,
    parameters: Parameters | None = None,
) -> Reading:
    """Read the brake of a wave of so many locations after batches of marks, in their order.

    Give the marks since the wave started, or since an approver let it go on: what was known then is
    forgiven. What was marked at once is weighed at once, for the order of rows in a sheet tells
    nothing. Once paused it stays paused; later marks are still counted. A failure that lost orders
    pauses at once.

    The sequential test is Wald's (1945), good waves against bad ones. Tries of one customer are
    alike: its failures are beta-binomial with the `likeness`, so its second failure counts less
    than its first, and the n-th success less than the one before. Customers with one location each
    are counted as in the plain test: + 1.0986 for a failure, - 0.0417 for a success.

    >>> four = [Mark(str(n), str(n), failed=n < 4) for n in range(40)]
    >>> brake([four], locations=500).verdict.value
    'paused'
    """
    chosen = (parameters or Parameters()).brake
    known = likeness or Likeness(chosen.likeness)
    told = _Told(chosen, known, Limits.of(chosen, locations))
    for batch in batches:
        told.hear(batch)
    return told.reading()


@dataclass(slots=True)
class _Of:
    """What is known of one customer, and what that is worth."""

    failed: int = 0
    tried: int = 0
    score: float = 0.0


class _Told:
    """All that was marked up to now."""

    def __init__(self, chosen: Brake, likeness: Likeness, limits: Limits) -> None:
        self._likeness, self._limits = likeness, limits
        good, bad = chosen.usual_failures, chosen.bad_failures
        size = 1 / min(max(likeness.value, _LEAST), 1 - _LEAST) - 1
        self._failures = _Worths(bad * size, good * size)
        self._successes = _Worths((1 - bad) * size, (1 - good) * size)
        self._tries: dict[tuple[str, int], Mark] = {}
        self._customers: dict[str, _Of] = {}
        self._sum = self._lifted = 0.0
        self._why: Why | None = None
        self._at_pause: Reading | None = None

    @property
    def _score(self) -> float:
        return self._sum + self._lifted

    def hear(self, batch: Collection[Mark]) -> None:
        for mark in batch:
            before = self._tries.pop((mark.location, mark.attempt), None)
            if before:
                self._count(before, -1)
            if not mark.withdrawn:
                self._tries[mark.location, mark.attempt] = mark
                self._count(mark, 1)
        self._lifted = max(self._lifted, self._limits.floor - self._sum)
        if any(mark.lost_orders and not mark.withdrawn for mark in batch):
            self._pause(Why.lost_orders)
        elif self._score >= self._limits.pause and not self._why:
            self._pause(Why.too_many_failed)

    def reading(self) -> Reading:
        customers = [of for of in self._customers.values() if of.tried]
        clear = self._score <= self._limits.clear
        likeness = self._likeness.value
        return Reading(
            verdict=Verdict.paused if self._why else Verdict.clear if clear else Verdict.watching,
            why=self._why,
            score=self._score,
            failed=sum(of.failed for of in customers),
            tried=sum(of.tried for of in customers),
            customers=len(customers),
            customers_failed=sum(of.failed > 0 for of in customers),
            tells_as_many=sum(of.tried / (1 + (of.tried - 1) * likeness) for of in customers),
            likeness=self._likeness,
            limits=self._limits,
            at_pause=self._at_pause,
        )

    def _pause(self, why: Why) -> None:
        self._why = why
        self._at_pause = self._at_pause or self.reading()

    def _count(self, mark: Mark, times: int) -> None:
        of = self._customers.setdefault(mark.customer, _Of())
        of.tried += times
        of.failed += times * mark.failed
        before = of.score
        of.score = self._failures.of(of.failed) + self._successes.of(of.tried - of.failed)
        self._sum += of.score - before


class _Worths:
    """What the first, second, ... of one customer is worth, added up: each less than the one before.

    The logarithms of a (a + 1) ... / b (b + 1) ..., by which a bad wave makes them likelier.
    """

    def __init__(self, bad: float, good: float) -> None:
        self._bad, self._good = bad, good
        self._sums = [0.0]

    def of(self, times: int) -> float:
        while len(self._sums) <= times:
            step = len(self._sums) - 1
            worth = log((self._bad + step) / (self._good + step))
            self._sums.append(self._sums[-1] + worth)
        return self._sums[times]
