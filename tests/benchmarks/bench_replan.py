"""How steady dates are when the world changes: `python -m tests.benchmarks.bench_replan 100000 5`.

A plan of the family "tight" is published, and eight of its weeks run. Then 5 % of the last wave comes
back in two weeks (earlier failures came back in earlier replans), 2 % of the others are scored anew,
60 are escalated and 6 CSAs lose two weeks. The plan made then keeps what was promised; a free one,
next to it, need not keep anything.
"""

import sys
import time
from dataclasses import replace

import numpy as np

from rules.costs import moved_locations
from rules.waves import NO_DUE, Allocations, Plan, Problem, plan
from tests.benchmarks.families import tight
from tests.rules.plan_checker import judge

WEEKS_RUN = 8
FAILED, RESCORED, ESCALATED, CSAS, WEEKS_LOST = 0.05, 0.02, 60, 6, 2
BACK_AFTER = 2


def main(locations: str = "100000", seeds: str = "5") -> None:
    """Print which share of the promised dates moves, and what keeping the others costs."""
    for seed in range(int(seeds)):
        asked = eight_weeks_later(tight(int(locations), seed), seed)
        begin = time.perf_counter()
        made = plan(asked)
        seconds = time.perf_counter() - begin
        free = plan(replace(asked, promised=Allocations.none()))
        for answer, question in (
            (made, asked),
            (free, replace(asked, promised=Allocations.none())),
        ):
            if faults := judge(question, answer).faults:
                raise SystemExit(f"not a plan: {faults[:3]}")
        moved, promised = _moved(asked, made)
        sys.stdout.write(
            f"tight {locations}, seed {seed}: {moved:,} of {promised:,} promised dates move "
            f"({moved / promised:.2%}), cost {made.cost / free.cost - 1:+.2%} over a free replan, "
            f"{made.cost / made.bound - 1:.2%} over the bound, "
            f"{made.unplaced.size} unplaced (free: {free.unplaced.size}), {seconds:.1f} s\n"
        )
        sys.stdout.flush()


def eight_weeks_later(problem: Problem, seed: int) -> Problem:
    """What is asked after eight weeks of the plan, when some went wrong and the world changed."""
    rng = np.random.default_rng(seed)
    placed = plan(problem).placed
    ends = np.full(problem.customers, -1)
    np.maximum.at(ends, placed.customer, placed.week)
    ahead = placed.week >= WEEKS_RUN
    left = np.bincount(placed.customer[ahead], placed.count[ahead], problem.customers)
    failed = (ends == WEEKS_RUN - 1) & (rng.random(ends.size) < FAILED)
    return _with_news(
        rng,
        replace(
            problem,
            size=np.where(failed, problem.size, left.astype(np.int64)),
            release=np.where(failed, BACK_AFTER, problem.release - WEEKS_RUN),
            due=np.where(problem.due == NO_DUE, NO_DUE, problem.due - WEEKS_RUN),
            promised=Allocations(
                placed.customer[ahead], placed.week[ahead] - WEEKS_RUN, placed.count[ahead]
            ),
            capacity=problem.capacity[:, WEEKS_RUN:],
            ramp=problem.ramp[WEEKS_RUN:],
            blackout=problem.blackout[:, WEEKS_RUN:],
            pilot_weeks=0,
        ),
    )


def _with_news(rng: np.random.Generator, problem: Problem) -> Problem:
    """Some scored anew, some escalated, some CSAs away."""
    n = problem.customers
    weight, due, capacity = problem.weight.copy(), problem.due.copy(), problem.capacity.copy()
    rescored = rng.random(n) < RESCORED
    weight[rescored] = 100 * rng.beta(2, 2, int(rescored.sum()))
    calm = np.flatnonzero((due == NO_DUE) & (problem.size > 0))
    due[rng.choice(calm, ESCALATED, replace=False)] = rng.integers(1, 12, ESCALATED)
    for owner in rng.choice(len(capacity), min(CSAS, len(capacity)), replace=False):
        capacity[owner, rng.choice(problem.weeks // 2, WEEKS_LOST, replace=False)] = 0
    return replace(problem, weight=weight, due=due, capacity=capacity)


def _moved(problem: Problem, made: Plan) -> tuple[int, int]:
    """How many promised locations move, of how many."""
    moved = moved_locations(problem, made.placed)
    return int(moved.sum()), int(problem.promised.count.sum())


if __name__ == "__main__":
    main(*sys.argv[1:])
