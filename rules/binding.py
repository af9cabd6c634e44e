"""What kept a customer from an earlier week, in the words of a closed list."""

from bisect import bisect_left
from enum import StrEnum

from rules.openings import Opening
from rules.placing import Placing
from rules.problem import Problem


class Binding(StrEnum):
    """The reasons a customer does not go earlier."""

    first_open_week = "first open week"
    feature = "feature"
    blackout = "blackout"
    pilot = "pilot"
    capacity = "capacity of the CSA"
    ramp = "ramp"
    promise = "promise"
    size = "size"


def bindings(placing: Placing, kept: set[int]) -> list[str]:
    """For each customer, what kept it from an earlier week (or from any, when it has none).

    An open week before its own names what filled it, the latest of them speaking for all. When
    there is none, the week just before names what closed it. `kept` are those whose promise holds.
    """
    return [
        _binding(placing, customer, is_kept=customer in kept)
        for customer in range(placing.problem.customers)
    ]


def _binding(placing: Placing, customer: int, *, is_kept: bool) -> str:
    problem, opening = placing.problem, placing.openings[customer]
    parts = placing.parts[customer]
    week = parts[0][0] if parts else problem.weeks
    if week == 0 or problem.size[customer] == 0:
        return Binding.first_open_week.value
    earlier = _last_open_before(opening, week)
    if earlier is None:
        return _what_closed(problem, customer, week - 1).value
    return (Binding.promise if is_kept else _what_filled(placing, customer, earlier)).value


def _last_open_before(opening: Opening, week: int) -> int | None:
    position = bisect_left(opening.weeks, week)
    return opening.weeks[position - 1] if position else None


def _what_closed(problem: Problem, customer: int, week: int) -> Binding:
    if week < problem.release[customer]:
        return Binding.feature
    if week < problem.pilot_weeks and not problem.pilot[customer]:
        return Binding.pilot
    if problem.blackout[problem.region[customer], week]:
        return Binding.blackout
    return Binding.capacity


def _what_filled(placing: Placing, customer: int, week: int) -> Binding:
    """What took the room; a week with room for it was held by a promise when it was its turn."""
    capacity, ramp = placing.left(customer, week)
    if capacity == 0:
        return Binding.capacity
    if ramp == 0:
        return Binding.ramp
    return Binding.size if min(capacity, ramp) < placing.problem.size[customer] else Binding.promise
