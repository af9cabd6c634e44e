"""How much of each CSA's capacity a plan uses, and its picture."""

from datetime import date, timedelta

import numpy as np
import pytest

from rules.drawing import png
from rules.load_chart import load_map
from rules.loads import Loads, loads
from rules.waves import Allocations, Plan
from tests.rules.problems import problem

MONDAY = date(2022, 1, 17)


def plan(*placed: tuple[int, int, int]) -> Plan:
    columns = np.array(placed, np.int64).reshape(-1, 3).T
    return Plan(Allocations(*columns), np.zeros(0, np.int64), 0.0, 0.0, [])


def test_locations_are_counted_by_csa_and_week_up_to_the_last_week_in_use() -> None:
    asked = problem([3, 2, 4], weeks=3, owner=[0, 1, 0], capacity=[[4, 4, 4], [2, 0, 2]])
    found = loads(asked, plan((0, 0, 3), (2, 0, 1), (2, 1, 3), (1, 0, 2)))
    assert found.used.tolist() == [[4, 3], [2, 0]]
    assert found.capacity.tolist() == [[4, 4], [2, 0]]
    assert found.fullest == 1.0


def test_a_plan_without_anybody_has_no_weeks() -> None:
    found = loads(problem([3]), plan())
    assert found.used.shape == (1, 0)
    assert found.fullest == 0.0


@pytest.mark.parametrize("csas", [1, 5, 60])
def test_the_load_of_few_and_of_many_csas_is_drawn(csas: int) -> None:
    used = np.tile(np.arange(4), (csas, 1))
    mondays = [MONDAY + timedelta(weeks=week) for week in range(4)]
    names = [f"Person {number}" for number in range(csas)]
    spec = load_map(names, mondays, Loads(used, np.where(used == 2, 0, 4)))
    assert png(spec).startswith(b"\x89PNG")
