"""The plan: which customers go in which week, what that costs and how good it can be at best."""

from rules.binding import bindings
from rules.bounds import bound
from rules.costs import cost
from rules.orders import cheapest
from rules.placing import Placing
from rules.problem import NO_DUE, Allocations, ImpossibleProblem, Plan, Problem
from rules.promises import (
    keep_promises,
    place_escalations,
    place_lost_promises,
    promised_parts,
)

__all__ = ["NO_DUE", "Allocations", "ImpossibleProblem", "Plan", "Problem", "plan"]


def plan(
    problem: Problem,
    seconds: float = 20.0,  # noqa: ARG001 - the search guided by the flow will spend them
    seed: int = 0,  # noqa: ARG001 - nothing is drawn by lot yet
) -> Plan:
    """Place every customer that there is room for, at a low cost.

    Capacity, ramp, blackout, release and pilot rules always hold. Promises are kept where there is
    room (frozen ones first), escalations follow by due date, then frozen promises that lost their
    place, then everyone else in the cheapest of a few orders. The same problem gives the same plan.
    """
    announced = promised_parts(problem)
    placing = Placing(problem)
    kept = keep_promises(placing, announced)
    place_escalations(placing, announced, kept)
    place_lost_promises(placing, announced)
    best = cheapest(placing)
    placed, unplaced = best.placed(), best.unplaced()
    return Plan(
        placed=placed,
        unplaced=unplaced,
        cost=cost(problem, placed, unplaced),
        bound=bound(problem, placing.openings),
        binding=bindings(best, kept),
    )
