"""How fast and how good plans are: `python -m tests.benchmarks.bench_plan tight 100000`."""

import resource
import sys
import time

from rules.waves import plan
from tests.benchmarks.families import large, tight

FAMILIES = {"tight": tight, "large": large}


def main(family: str = "tight", locations: str = "100000") -> None:
    """Plan one problem and print seconds, gap, who is left out, and peak memory (Linux)."""
    problem = FAMILIES[family](int(locations))
    begin = time.perf_counter()
    made = plan(problem)
    seconds = time.perf_counter() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        f"{family}: {problem.size.sum():,} locations, {problem.customers:,} customers, "
        f"{seconds:.2f} s, {made.gap:.2%} over the bound, "
        f"{made.unplaced.size} unplaced, {memory:.0f} MB\n"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
