"""How much of each CSA's capacity a plan uses, week by week."""

from dataclasses import dataclass

import numpy as np

from rules.problem import Counts, Plan, Problem


@dataclass(frozen=True, eq=False)
class Loads:
    """Locations per CSA and week, up to the last week that is used: i64[o, w] each."""

    used: Counts
    capacity: Counts

    @property
    def fullest(self) -> float:
        """The largest share of a capacity that is used; 0 where nothing is."""
        has_room = self.capacity > 0
        shares = self.used[has_room] / self.capacity[has_room]
        return float(shares.max(initial=0.0))


def loads(problem: Problem, plan: Plan) -> Loads:
    """What a plan asks of each CSA."""
    placed = plan.placed
    used = np.zeros(problem.capacity.shape, np.int64)
    np.add.at(used, (problem.owner[placed.customer], placed.week), placed.count)
    last = int(placed.week.max(initial=-1)) + 1
    return Loads(used[:, :last], problem.capacity[:, :last])
