"""What is shown to who decides about an escalation: whom it brings forward and at whose expense."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from rules.calendar import week_of
from rules.displacing import Displacement, displace_promised, displaced_plan
from rules.granting import granting
from rules.parameters import Parameters
from rules.question import Material, Question
from rules.tradeoff import Shift, Tradeoff, Wished, rows_of, tradeoff, tradeoffs
from rules.waves import NO_DUE, plan

TODAY = date(2022, 1, 15)
ANA, BOB = "ana@example.com", "bob@example.com"
WEEK_3, WEEK_4, WEEK_5 = date(2022, 2, 7), date(2022, 2, 14), date(2022, 2, 21)
WAITING = "waiting for feature wine"


def material(*rows: tuple[str, str, date | None]) -> Material:
    """Locations of Ana's with their customers and promises; she moves two a week.

    Cleo's misses more orders than the others, so it is no pilot.
    """
    locations = pl.DataFrame(
        [
            (location, customer, ANA, "", "", "active", 400, 80 if customer == "cleos" else 40)
            for location, customer, _ in rows
        ],
        schema={
            "location_id": pl.String,
            "customer_id": pl.String,
            "csa_email": pl.String,
            "region": pl.String,
            "requires": pl.String,
            "status": pl.String,
            "orders_28d": pl.Int64,
            "missed_orders_28d": pl.Int64,
        },
        orient="row",
    ).with_columns(
        promised=pl.Series([week for *_, week in rows], dtype=pl.Date),
        promised_to=pl.Series([customer for _, customer, _ in rows]),
    )
    return Material(locations, features={}, capacity={ANA: 2}, leave=[], blackouts=[], waves_run=0)


STANDING = material(
    ("J1", "joes", WEEK_5),
    ("J2", "joes", WEEK_5),
    ("C1", "cleos", WEEK_3),
    ("C2", "cleos", WEEK_3),
    ("W1", "wims", WEEK_4),
)


def granted(given: Material, *ids: str, due: date = WEEK_3, points: float = 25) -> Question:
    """The question as it is once these are approved."""
    grants = granting(given.granted, ids, csa_email=ANA, due_on=due, points=points, given_on=TODAY)
    return replace(given, granted=grants).question(TODAY, Parameters())


def displaced(question: Question, *ids: str, due: date = WEEK_3) -> Displacement | None:
    """Whom it displaces to let these go by a day."""
    rows = rows_of(question, ids)
    week = week_of(due, question.first_monday)
    return displace_promised(question.problem, rows, week) if rows else None


def weigh(given: Material, *ids: str, due: date = WEEK_3) -> Tradeoff:
    question = granted(given, *ids, due=due)
    return tradeoff(question, displaced(question, *ids, due=due), ids, due)


def test_an_escalated_location_is_a_part_of_its_own_with_its_due_week_and_points() -> None:
    question = granted(STANDING, "J1")
    problem, parts = question.problem, question.parts
    before = STANDING.question(TODAY, Parameters()).problem

    assert parts["customer_id"].to_list() == ["cleos", "joes", "joes", "wims"]
    assert parts["due"].to_list() == [None, None, 3, None]
    assert problem.due.tolist() == [NO_DUE, NO_DUE, 3, NO_DUE]
    assert problem.weight[2] == pytest.approx(before.weight[1] + 25)


def test_points_are_over_after_the_due_day_and_the_day_stays_due() -> None:
    grants = granting(
        STANDING.granted, ["J1"], csa_email=ANA, due_on=date(2022, 1, 14), points=25, given_on=TODAY
    )
    problem = replace(STANDING, granted=grants).question(TODAY, Parameters()).problem
    before = STANDING.question(TODAY, Parameters()).problem
    assert problem.due.tolist() == [NO_DUE, NO_DUE, -1, NO_DUE]
    assert problem.weight[2] == pytest.approx(before.weight[1])


def test_of_two_grants_the_earliest_day_and_the_most_points_count() -> None:
    once = granting(
        STANDING.granted, ["J1"], csa_email=ANA, due_on=WEEK_3, points=5, given_on=TODAY
    )
    question = granted(replace(STANDING, granted=once), "J1", due=WEEK_4, points=20)
    before = STANDING.question(TODAY, Parameters()).problem
    assert min(question.problem.due) == 3
    assert question.problem.weight[2] == pytest.approx(before.weight[1] + 20)


def test_points_given_when_more_were_allowed_are_cut_and_planning_goes_on() -> None:
    few = Parameters.model_validate({"priority": {"most_bump": 10}})
    grants = granting(
        STANDING.granted, ["J1"], csa_email=ANA, due_on=WEEK_3, points=25, given_on=TODAY
    )
    question = replace(STANDING, granted=grants).question(TODAY, few)
    before = STANDING.question(TODAY, few).problem
    assert question.problem.weight[2] == pytest.approx(before.weight[1] + 10)


def test_who_is_escalated_goes_in_no_pilot_week_unless_promised_one() -> None:
    week_1 = date(2022, 1, 24)
    pilots = material(("J1", "joes", WEEK_5), ("W1", "wims", week_1))
    before = pilots.question(TODAY, Parameters()).problem
    assert before.pilot.tolist() == [True, True]
    assert granted(pilots, "J1").problem.pilot.tolist() == [False, True]
    assert granted(pilots, "W1").problem.pilot.tolist() == [True, True]


def test_it_says_who_goes_sooner_who_makes_room_and_what_both_are_worth() -> None:
    found = weigh(STANDING, "J1", "J2")
    assert found.escalated == (Shift("joes", ANA, 2, WEEK_5, WEEK_3),)
    assert found.displaced == (Shift("cleos", ANA, 2, WEEK_3, WEEK_5),)
    assert found.displaced[0].weeks_later == 2
    assert (found.makes_due, found.locations, found.last) == (True, 2, WEEK_3)
    assert (found.opens, found.free) == (WEEK_3, WEEK_5)
    # 100 orders a week, 42 of 450 missed, 60 % of them avoided; two locations for two weeks.
    assert found.spared == pytest.approx(100 * 42 / 450 * 0.6 * 4)
    assert found.lost == pytest.approx(100 * 82 / 450 * 0.6 * 4)


def test_some_locations_of_a_customer_leave_the_others_where_they_are() -> None:
    found = weigh(STANDING, "J1", due=WEEK_4)
    assert found.escalated == (Shift("joes", ANA, 1, WEEK_5, WEEK_4),)
    assert found.displaced == ()
    assert found.lost == 0 < found.spared


def test_who_is_in_time_already_moves_nobody() -> None:
    found = weigh(STANDING, "C1", "C2", due=WEEK_4)
    assert found.is_in_time_already
    assert found.displaced == ()
    assert found.spared == 0


def test_where_no_week_can_be_looked_for_it_says_why() -> None:
    waiting = replace(
        STANDING,
        locations=STANDING.locations.with_columns(
            requires=pl.when(pl.col("customer_id") == "joes")
            .then(pl.lit("wine"))
            .otherwise(pl.lit(""))
        ),
    )
    found = weigh(waiting, "J1", "J2")
    assert found.escalated == ()
    assert found.left_out == ((WAITING, 2),)
    assert not found.makes_due


def test_several_are_weighed_at_once_as_each_is_alone() -> None:
    wishes = [Wished(("J1", "J2"), WEEK_3), Wished(("W1",), WEEK_3), Wished(("J2",), WEEK_4)]
    assert tradeoffs(STANDING, wishes, TODAY, Parameters()) == [
        weigh(STANDING, *each.location_ids, due=each.due_on) for each in wishes
    ]


def test_a_wish_that_cannot_be_met_goes_as_early_as_it_can() -> None:
    found = weigh(STANDING, "J1", "J2", due=date(2022, 1, 24))
    assert found.opens == WEEK_3
    assert not found.makes_due
    assert found.last == WEEK_3


def test_its_plan_moves_nobody_else_and_planning_again_keeps_it() -> None:
    question = granted(STANDING, "J1", "J2")
    found = displaced(question, "J1", "J2")
    assert found
    made = displaced_plan(question.problem, found)
    assert made.placed is found.placed
    assert made.bound <= made.cost
    again = plan(replace(question.problem, promised=made.placed))
    assert again.placed.week.tolist() == made.placed.week.tolist()
    assert question.weeks_in(again).to_list() == question.weeks_in(made).to_list()


def test_a_promise_that_lost_its_room_stays_where_it_was_told() -> None:
    crowded = replace(STANDING, capacity={ANA: 1})
    question = granted(crowded, "W1", due=WEEK_4)
    found = displaced(question, "W1", due=WEEK_4)
    assert found
    assert question.weeks_in(displaced_plan(question.problem, found)).to_list() == (
        question.going["promised"].to_list()
    )
