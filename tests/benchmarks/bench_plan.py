"""How good and how fast plans are: `python -m tests.benchmarks.bench_plan tight 100000 5`.

Each of the seeds is planned, and placed by greedy next to it; up to 10,000 locations CP-SAT gets the
first one too, for 60 seconds, without and with the rule that due dates come first. Plans are judged
by the checker of the tests, which shares no code with the planner. Gaps are over its bound.
"""

import resource
import sys
import time

from rules.problem import Problem
from rules.waves import plan
from tests.benchmarks.families import large, tight
from tests.benchmarks.rivals import cp_sat, late_weeks
from tests.rules.greedy import Rival, greedy
from tests.rules.plan_checker import judge

FAMILIES = {"tight": tight, "large": large}
SECONDS = {1_000_000: 80.0}
CP_SAT_UP_TO = 10_000


def main(family: str = "tight", locations: str = "100000", seeds: str = "5") -> None:
    """Print cost, certified gap, who has no week, late escalations, seconds, peak memory (Linux)."""
    for seed in range(int(seeds)):
        problem = FAMILIES[family](int(locations), seed)
        begin, worked = time.perf_counter(), time.process_time()
        made = plan(problem, SECONDS.get(int(locations), 20.0))
        seconds, worked = time.perf_counter() - begin, time.process_time() - worked
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        judged = judge(problem, made)
        if judged.faults:
            raise SystemExit(f"not a plan: {judged.faults[:3]}")
        _say(
            f"{family} {locations}, seed {seed}: cost {judged.cost:,.0f}, "
            f"{judged.cost / made.bound - 1:.2%} over the bound, {made.unplaced.size} unplaced, "
            f"{late_weeks(problem, made.placed)} location-weeks late, {seconds:.1f} s "
            f"({worked:.1f} s of one core), "
            f"{memory:.0f} MB{', cut short' if made.cut_short else ''}"
        )
        _say_rival("greedy", problem, greedy(problem), made.bound)
        if seed == 0 and int(locations) <= CP_SAT_UP_TO:
            _say_rival("CP-SAT after 60 s", problem, cp_sat(problem), made.bound)
            in_time = cp_sat(problem, due_first=True)
            _say_rival("CP-SAT after 60 s, due dates first", problem, in_time, made.bound)


def _say_rival(name: str, problem: Problem, rival: Rival, bound: float) -> None:
    _say(
        f"  {name}: cost {rival.cost:,.0f}, {rival.cost / bound - 1:.2%} over the bound, "
        f"{rival.unplaced} unplaced, {late_weeks(problem, rival.placed)} location-weeks late"
    )


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
