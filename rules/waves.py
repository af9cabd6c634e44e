"""The plan: which customers go in which week, what that costs and how good it can be at best."""

from time import monotonic

from rules.binding import bindings
from rules.completing import completed
from rules.placing import Placing
from rules.problem import NO_DUE, Allocations, ImpossibleProblem, Plan, Problem
from rules.promises import (
    keep_promises,
    place_escalations,
    place_lost_promises,
    promised_parts,
)

__all__ = ["NO_DUE", "Allocations", "ImpossibleProblem", "Plan", "Problem", "plan"]

# The solvers are imported by who plans: they take 50 MB, which only a process that plans has to hold.


def plan(
    problem: Problem,
    seconds: float = 20.0,
    seed: int = 0,  # noqa: ARG001 - nothing is drawn by lot
) -> Plan:
    """Place every customer that there is room for, at a low cost.

    Capacity, ramp, blackout, release and pilot rules always hold. Promises are kept where there is
    room (frozen ones first), escalations follow by due date, then frozen promises that lost their
    place, then everyone else in the cheapest of a few orders, in which customers then exchange
    weeks while that saves anything. The same problem gives the same plan, unless `cut_short` says
    that this search had no more `seconds`. The bound is computed before it, in 2 seconds at 100,000
    locations and a minute at 1,000,000; no other thread of the process runs meanwhile.
    """
    from rules.flow import divided  # noqa: PLC0415 - see above
    from rules.settling import GOOD_ENOUGH, settle  # noqa: PLC0415 - see above

    best_possible = divided(problem)
    stops_at = monotonic() + seconds
    announced = promised_parts(problem)
    placing = Placing(problem)
    kept = keep_promises(placing, announced)
    place_escalations(placing, announced, kept)
    place_lost_promises(placing, announced)
    best, cut_short = completed(
        placing, announced, best_possible.shares, stop=lambda: monotonic() > stops_at
    )
    if not cut_short and best.cost() > best_possible.bound * (1 + GOOD_ENOUGH):
        best, cut_short = settle(best, announced, placing, seconds=stops_at - monotonic())
    return Plan(
        placed=best.placed(),
        unplaced=best.unplaced(),
        cost=best.cost(),
        bound=best_possible.bound,
        binding=bindings(best, kept),
        cut_short=cut_short,
    )
