"""How fast it is told whom an escalation displaces: `python -m tests.benchmarks.bench_displacing`.

A plan is made, then customers ask to go eight weeks sooner, in weeks that features leave to them.
What that gives is judged by the checker of the tests, which shares no code with it.
"""

import statistics
import sys
import time
from dataclasses import replace

import numpy as np

from rules.displacing import Displacement, displace
from rules.openings import first_weeks
from rules.problem import Plan, Problem
from rules.waves import NO_DUE, plan
from tests.benchmarks.families import large, tight
from tests.rules.plan_checker import judge

FAMILIES = {"tight": tight, "large": large}
ASKED = 40
WEEKS_SOONER = 8


def main(family: str = "tight", locations: str = "100000") -> None:
    """Print how many are in time, whom that displaces by how much, and the seconds it takes."""
    problem = FAMILIES[family](int(locations))
    made = plan(problem, 20.0)
    rng = np.random.default_rng(0)
    last = np.full(problem.customers, -1)
    np.maximum.at(last, made.placed.customer, made.placed.week)
    could = first_weeks(problem) <= last - WEEKS_SOONER
    late = np.flatnonzero(could & (problem.due == NO_DUE))
    seconds, found = [], []
    for row in rng.choice(late, ASKED, replace=False).tolist():
        due = int(last[row]) - WEEKS_SOONER
        begin = time.perf_counter()
        found.append(displace(problem, made, [row], due))
        seconds.append(time.perf_counter() - begin)
        _judge(problem, made, found[-1], row, due)
    displaced = [each for one in found for each in one.displaced]
    later = [each.weeks_later for each in displaced]
    sys.stdout.write(
        f"{family} {locations}: {sum(each.makes_due for each in found)} of {ASKED} in time, "
        f"{len(displaced)} customers with {sum(each.locations for each in displaced)} locations "
        f"displaced for {sum(int(problem.size[one.escalated[0].row]) for one in found)}, by "
        f"{statistics.median(later):g} weeks (median; at most {max(later)}), "
        f"{statistics.median(seconds):.2f} s (median; at most {max(seconds):.2f})\n"
    )


def _judge(problem: Problem, made: Plan, found: Displacement, row: int, due: int) -> None:
    dues = problem.due.copy()
    dues[row] = due
    approved = replace(problem, due=dues, promised=made.placed)
    judged = judge(approved, Plan(found.placed, found.unplaced, 0.0, 0.0, made.binding))
    if judged.faults:
        raise SystemExit(f"not a plan: {judged.faults[:3]}")


if __name__ == "__main__":
    main(*sys.argv[1:])
