"""How fast a portfolio is scored: `python -m tests.benchmarks.bench_scoring 1000000`.

Beside it the same formulas in plain Python, location by location, on a slice; and how far the two
are apart, which must be nothing but rounding.
"""

import resource
import sys
import time

import numpy as np

from rules.scoring import Scores, scores
from tests.benchmarks.portfolio import TODAY, portfolio
from tests.rules.plain_scoring import plain_scores

SLICE = 20_000


def main(locations: str = "1000000") -> None:
    """Print seconds, peak memory (Linux) and the ratio to plain Python."""
    frame = portfolio(int(locations))
    before = _peak()
    begin = time.perf_counter()
    made = scores(frame, taken_on=TODAY, today=TODAY)
    seconds = time.perf_counter() - begin
    ordering = time.perf_counter()
    made.priority.in_order(frame["location_id"])
    ordered = time.perf_counter() - ordering
    after = _peak()
    rows = frame.head(SLICE).to_dicts()
    begin = time.perf_counter()
    plain = plain_scores(rows, TODAY, *(_usual(made)))
    slow = time.perf_counter() - begin
    healths = [np.nan if health is None else health for _, health, _ in plain]
    apart = np.nanmax(np.abs(made.health.score[: len(plain)] - np.array(healths)))
    ratio = (slow / len(plain)) / (seconds / frame.height)
    sys.stdout.write(
        f"{frame.height:,} locations scored in {seconds:.2f} s and put in order in {ordered:.2f} s; "
        f"{after:.0f} MB at the peak, {before:.0f} MB of them with the sheet alone\n"
        f"plain Python: {slow / len(plain) * frame.height:.1f} s for as many "
        f"(from {len(plain):,}), {ratio:.0f} times as long; healths {apart:.1g} apart\n"
    )


def _usual(made: Scores) -> tuple[tuple[float, float], tuple[float, float]]:
    missed, cancelled = made.health.missed, made.health.cancelled
    return (missed.hits, missed.trials), (cancelled.hits, cancelled.trials)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
