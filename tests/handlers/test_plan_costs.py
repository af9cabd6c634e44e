"""Which costs are set side by side: those of plans that weighed the same, from the same week on."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from handlers.plan_costs import why_incomparable
from rules.parameters import Parameters
from store.plan_versions import PlanVersion
from store.plans import PlanState

BASE = PlanVersion(
    id=1,
    state=PlanState.published,
    made_on=date(2022, 1, 15),
    first_monday=date(2022, 1, 17),
    made_by="U1",
    maker="Lea",
    made_at=datetime(2022, 1, 15, tzinfo=UTC),
    why=None,
    based_on=None,
    scoring_id=1,
    parameters=Parameters().model_dump(),
    cost=2.0,
    bound=1.0,
    placed=1,
    unplaced=0,
    decided_by="U1",
    decider="Lea",
    decided_at=datetime(2022, 1, 15, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"id": 2}, None),
        ({"parameters": {"forecast": {"runs": 500}}}, None),
        ({"first_monday": date(2022, 1, 24)}, "began in another week"),
        ({"parameters": {"tardiness": 9.0}}, "had other parameters"),
        ({"scoring_id": 2}, "was made from other figures"),
        ({"scoring_id": None}, "was made from other figures"),
    ],
)
def test_costs_are_comparable_only_where_the_same_was_weighed(
    other: dict[str, Any], why: str | None
) -> None:
    assert why_incomparable(replace(BASE, **other), BASE) == why
