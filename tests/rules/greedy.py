"""The plain rival of the planner: greedy by density."""

from dataclasses import dataclass

import numpy as np

from rules.costs import cost
from rules.placing import Placing
from rules.problem import Allocations, Counts, Problem


@dataclass(frozen=True, eq=False)
class Rival:
    """What another way of planning came to."""

    cost: float
    placed: Allocations
    unplaced: int


def greedy(problem: Problem) -> Rival:
    """Escalations by due date, then the heaviest location first, each as early as there is room."""
    placing = Placing(problem)
    order = np.lexsort((-problem.weight, problem.due))
    placing.place_in_order(order[problem.size[order] > 0].tolist())
    return rival(problem, placing.placed(), placing.unplaced())


def rival(problem: Problem, placed: Allocations, unplaced: Counts) -> Rival:
    return Rival(cost(problem, placed, unplaced), placed, unplaced.size)
