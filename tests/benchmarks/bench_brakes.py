"""How well the brake tells good waves from bad ones: `python -m tests.benchmarks.bench_brakes 400`.

Waves of customers of 1 to 400 locations, whose failures are alike or not; good ones of which 2 %
fail, bad ones with 6 %, and some that go wrong half way. Beside the brake of the rules the plain
sequential test, and the plain one divided by the design effect of the whole wave.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from math import log

import numpy as np

from rules.brakes import Limits, Mark, brake
from rules.likeness import Likeness, likeness
from rules.parameters import Parameters

LOCATIONS = (100, 300, 1000, 5000)
ALIKE = (0.0, 0.05, 0.15, 0.3)
GOOD, BAD, VERY_BAD = 0.02, 0.06, 0.2
PAST = 1000
CHOSEN = Parameters().brake
Wave = list[Mark]
Test = Callable[[Wave], int | None]
"""After how many tries a wave is stopped; None where it is not."""


def main(runs: str = "400") -> None:
    """Print false stops, power and mean length for waves of each size and likeness."""
    rng = np.random.default_rng(0)
    for locations in LOCATIONS:
        for alike in ALIKE:
            good = [wave(rng, locations, GOOD, alike) for _ in range(int(runs))]
            bad = [wave(rng, locations, BAD, alike) for _ in range(int(runs))]
            tests = _tests(rng, alike)
            for name, test in tests.items():
                sys.stdout.write(f"{locations:5,} locations, likeness {alike:4.2f}, {name:29}: ")
                sys.stdout.write(f"{_told(test, good, bad)}\n")
            late = [_late(rng, locations, alike) for _ in range(int(runs))]
            sys.stdout.write(f"{'':24} goes wrong half way ({VERY_BAD:.0%}): {_told_late(late)}\n")
            sys.stdout.flush()


def _tests(rng: np.random.Generator, alike: float) -> dict[str, Test]:
    """The brake with a likeness that is assumed, estimated and known, and what it is better than."""
    return {
        "brake, likeness assumed": lambda marks: _stopped(marks, None),
        "brake, likeness from the past": lambda marks: _stopped(marks, _past(rng, alike)),
        "brake, likeness known": lambda marks: _stopped(marks, Likeness(alike)),
        "plain test": _plain,
        "plain test, divided": lambda marks: _divided(marks, alike),
    }


def wave(rng: np.random.Generator, locations: int, failing: float, alike: float) -> Wave:
    """A wave's marks in the order of its customers; each customer has a rate of its own."""
    marks: Wave = []
    customer = 0
    while len(marks) < locations:
        size = int(np.clip(np.rint(rng.lognormal(0.9, 1.15)), 1, 400))
        size = min(size, locations - len(marks))
        strength = 1 / alike - 1 if alike else 0.0
        rate = rng.beta(failing * strength, (1 - failing) * strength) if alike else failing
        failed = rng.random(size) < rate
        marks += [Mark(f"{customer}-{n}", f"{customer}", bool(f)) for n, f in enumerate(failed)]
        customer += 1
    return marks


@dataclass(frozen=True)
class _Late:
    """A wave that was good up to `wrong_from`; `stopped` after how many tries."""

    wrong_from: int
    stopped: int | None


def _late(rng: np.random.Generator, locations: int, alike: float) -> _Late:
    good = wave(rng, locations // 2, GOOD, alike)
    bad = [
        Mark(f"later {mark.location}", f"later {mark.customer}", mark.failed)
        for mark in wave(rng, locations - locations // 2, VERY_BAD, alike)
    ]
    return _Late(len(good), _stopped(good + bad, None))


def _told_late(late: list[_Late]) -> str:
    stopped = [each for each in late if each.stopped]
    after = [each.stopped - each.wrong_from for each in stopped if each.stopped]
    return (
        f"stopped {len(stopped) / len(late):.1%}, {np.median(after):.0f} tries later (median)"
        if after
        else "never stopped"
    )


def _told(test: Test, good: list[Wave], bad: list[Wave]) -> str:
    false = sum(test(marks) is not None for marks in good) / len(good)
    stops = [stopped for marks in bad if (stopped := test(marks))]
    length = f"{np.mean(stops):4.0f}" if stops else "none"
    return f"false stops {false:5.1%}, power {len(stops) / len(bad):6.1%}, mean length {length}"


def _stopped(marks: Wave, known: Likeness | None) -> int | None:
    read = brake(([mark] for mark in marks), len(marks), known)
    return read.at_pause.tried if read.at_pause else None


def _past(rng: np.random.Generator, alike: float) -> Likeness:
    """What a thousand tries of the waves before would have told."""
    counts: dict[str, list[int]] = {}
    for mark in wave(rng, PAST, 0.03, alike):
        of = counts.setdefault(mark.customer, [0, 0])
        of[0] += mark.failed
        of[1] += 1
    failed, tried = np.array(list(counts.values())).T
    return likeness(failed, tried)


def _scores(marks: Wave) -> list[float]:
    worth = {True: log(BAD / GOOD), False: log((1 - BAD) / (1 - GOOD))}
    return list(accumulate(worth[mark.failed] for mark in marks))


def _plain(marks: Wave) -> int | None:
    """Wald's test as if every location failed by itself, begun again whenever it cleared the wave."""
    limits, cleared = Limits.of(CHOSEN, len(marks)), 0.0
    for tries, score in enumerate(_scores(marks), start=1):
        if score - cleared >= limits.pause:
            return tries
        if score - cleared <= limits.clear:
            cleared = score
    return None


def _divided(marks: Wave, alike: float) -> int | None:
    """The same, divided by the design effect of the tries so far."""
    limits, cleared, tried, pairs = Limits.of(CHOSEN, len(marks)), 0.0, dict[str, int](), 0
    for tries, (mark, score) in enumerate(zip(marks, _scores(marks), strict=True), start=1):
        pairs += 2 * tried.get(mark.customer, 0) + 1
        tried[mark.customer] = tried.get(mark.customer, 0) + 1
        divided = (score - cleared) / (1 + (pairs / tries - 1) * alike)
        if divided >= limits.pause:
            return tries
        if divided <= limits.clear:
            cleared = score
    return None


if __name__ == "__main__":
    main(*sys.argv[1:])
