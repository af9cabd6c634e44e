"""What people may import that no plan can like: each still gets a plan, and nobody is dropped."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from handlers.plan_dates import dates_of
from rules.calendar import Blackout
from rules.parameters import Parameters
from rules.question import Material, Question
from rules.waves import Plan, plan
from tests.rules.plan_checker import judge

TODAY = date(2022, 1, 15)
MONDAY = date(2022, 1, 17)
ANA = "ana@northwind.example"
YEAR = timedelta(weeks=60)


def location(number: int, customer: str = "C-1", **changes: object) -> dict[str, Any]:
    row = {
        "location_id": f"L-{number:04}",
        "customer_id": customer,
        "csa_email": ANA,
        "region": "us-west",
        "requires": "",
        "status": "active",
        "orders_28d": 100,
        "missed_orders_28d": 5,
        "promised": None,
        "promised_to": None,
        "in_wave": False,
        "was_started": False,
    }
    return {**row, **changes}


def material(*locations: dict[str, Any], **changes: object) -> Material:
    kept = pl.DataFrame(
        locations,
        schema={
            **dict.fromkeys(location(0), pl.String),
            "orders_28d": pl.Int64,
            "missed_orders_28d": pl.Int64,
            "promised": pl.Date,
            "in_wave": pl.Boolean,
            "was_started": pl.Boolean,
        },
    )
    given: dict[str, Any] = {
        "locations": kept,
        "features": {},
        "capacity": {ANA: 5},
        "leave": [],
        "blackouts": [],
        "waves_run": 3,
    }
    return Material(**{**given, **changes})


def planned(asked: Material, parameters: Parameters | None = None) -> tuple[Question, Plan]:
    """The plan of it, in which every rule holds and everybody is somewhere."""
    question = asked.question(TODAY, parameters or Parameters())
    made = plan(question.problem)
    assert judge(question.problem, made).faults == []
    assert made.bound <= made.cost
    somewhere = question.going.height + question.left_out.height + question.begun
    assert somewhere == asked.locations.height
    return question, made


def why(question: Question) -> dict[str, str]:
    return dict(question.left_out.select("location_id", "why").iter_rows())


def test_without_any_capacity_everyone_waits_and_the_reason_is_capacity() -> None:
    _, made = planned(material(location(1), location(2, "C-2"), capacity={ANA: 0}))
    assert made.placed.customer.size == 0
    assert made.unplaced.size == 2
    assert set(made.binding) == {"capacity of the CSA"}


def test_a_customer_larger_than_a_year_of_its_csa_waits_whole_and_others_go() -> None:
    giant = [location(number, "C-giant") for number in range(300)]
    question, made = planned(material(*giant, location(999, "C-small")))
    assert question.parts["customer_id"][int(made.unplaced[0])] == "C-giant"
    assert made.placed.count.tolist() == [1]


def test_who_needs_a_feature_without_a_date_is_named_with_it() -> None:
    waits = location(1, requires="kiosk")
    question, made = planned(material(waits, location(2), features={"kiosk": (None, None)}))
    assert list(why(question)) == ["L-0001"]
    assert "kiosk" in why(question)["L-0001"]
    assert made.placed.count.sum() == 1


def test_who_needs_a_feature_that_nobody_knows_is_named_with_it() -> None:
    question, _ = planned(material(location(1, requires="teleport")))
    assert "teleport" in why(question)["L-0001"]


def test_when_every_week_is_blacked_out_everyone_waits_and_the_reason_is_the_blackout() -> None:
    closed = [Blackout("*", TODAY - YEAR, TODAY + 2 * YEAR, "freeze")]
    _, made = planned(material(location(1), blackouts=closed))
    assert made.unplaced.size == 1
    assert made.binding == ["blackout"]


def test_a_promise_inside_a_new_blackout_moves_to_the_first_week_after_it() -> None:
    promised = location(1, promised=MONDAY, promised_to="C-1")
    closed = [Blackout("us-west", MONDAY, MONDAY + timedelta(days=11), "freeze")]
    _, made = planned(material(promised, blackouts=closed))
    assert made.placed.week.tolist() == [2]


def test_one_customer_is_a_plan() -> None:
    _, made = planned(material(location(1)))
    assert made.placed.week.tolist() == [0]


LAST_WEEK = MONDAY - timedelta(weeks=1)


def test_who_is_in_a_wave_is_not_planned_and_of_a_wave_that_never_was_the_calendar_tells() -> None:
    question, made = planned(
        material(
            location(1, promised=LAST_WEEK, promised_to="C-1"),
            location(2, promised=LAST_WEEK, promised_to="C-1", in_wave=True, was_started=True),
            location(3, promised=MONDAY, promised_to="C-1", in_wave=True, was_started=True),
            location(4),
        )
    )
    assert (question.begun, made.placed.count.tolist()) == (3, [1])


def test_whom_a_wave_went_without_or_gave_back_is_planned_again() -> None:
    left_behind = location(1, promised=LAST_WEEK, promised_to="C-1", was_started=True)
    question, made = planned(material(left_behind, location(2)))
    assert question.begun == 0
    assert made.placed.count.sum() == 2
    reasons = dates_of(question, made).select("location_id", "reason")
    assert dict(reasons.iter_rows()) == {"L-0001": "corrected data", "L-0002": None}


def test_nobody_is_put_into_a_week_whose_wave_was_started() -> None:
    asked = material(location(1), location(2, "C-2"), started=frozenset({MONDAY}))
    _, made = planned(asked)
    assert made.placed.week.tolist() == [1, 1]


def test_none_is_an_empty_plan() -> None:
    question, made = planned(material())
    assert question.is_empty
    assert (made.placed.customer.size, made.cost, made.gap) == (0, 0.0, 0.0)


@pytest.mark.parametrize(
    "figures",
    [
        {"orders_28d": None, "missed_orders_28d": None},
        {"orders_28d": 0, "missed_orders_28d": 0},
        {"orders_28d": 10**9, "missed_orders_28d": 10**9},
    ],
    ids=["no figures", "no orders", "only missed orders"],
)
def test_whatever_its_figures_a_location_has_a_finite_weight(figures: dict[str, Any]) -> None:
    question, made = planned(material(location(1, **figures), location(2, "C-2")))
    assert (question.problem.weight > 0).all()
    assert made.placed.count.sum() == 2


def test_everyone_offboarded_leaves_an_empty_plan_that_names_them() -> None:
    question, made = planned(material(location(1, status="offboarded")))
    assert why(question) == {"L-0001": "offboarded"}
    assert made.cost == 0


def test_who_is_in_no_known_region_is_planned_as_if_nothing_closed_it() -> None:
    closed = [Blackout("us-west", TODAY, TODAY + YEAR, "freeze")]
    question, made = planned(material(location(1, region=""), blackouts=closed))
    assert question.defaults.locations_without_region == 1
    assert made.placed.count.sum() == 1


def test_a_horizon_of_one_week_is_a_plan() -> None:
    few = [location(number, f"C-{number}") for number in range(8)]
    _, made = planned(material(*few), Parameters(weeks=1))
    assert made.placed.count.sum() == 5
    assert made.unplaced.size == 3
