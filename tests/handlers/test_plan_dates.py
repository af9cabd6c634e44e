"""Why promises break when somebody is escalated: told as it is, and nobody else is moved."""

from dataclasses import replace
from datetime import date

import polars as pl

from handlers.plan_dates import publication_of, publication_of_displacement
from rules.displacing import displaced_plan
from rules.parameters import Parameters
from rules.question import Question
from rules.waves import plan
from store.promises import Publication
from tests.rules.test_tradeoff import STANDING, WEEK_3, WEEK_4, WEEK_5, displaced, granted

TODAY = date(2022, 1, 15)

Moves = dict[str, tuple[date, date | None, str]]


def moves(says: Publication) -> Moves:
    """The moves by customer."""
    rows = says.moves.select("customer_id", "from_week", "to_week", "reason").iter_rows()
    return {customer: (before, after, why) for customer, before, after, why in rows}


def published(question: Question, *ids: str) -> Publication:
    found = displaced(question, *ids)
    assert found
    answer = displaced_plan(question.problem, found)
    return publication_of_displacement(question, answer, ids)


def test_an_escalation_and_whom_it_displaces_are_told_as_such_by_any_plan() -> None:
    question = granted(STANDING, "J1", "J2")
    assert moves(publication_of(question, plan(question.problem))) == {
        "cleos": (WEEK_3, WEEK_5, "displaced by an escalation"),
        "joes": (WEEK_5, WEEK_3, "customer asked"),
    }


def test_who_loses_room_that_nobody_escalated_took_is_told_of_the_capacity() -> None:
    tight = replace(STANDING, leave=[("ana@example.com", WEEK_3)])
    question = granted(tight, "W1", due=WEEK_5)
    [(customer, (before, _, why))] = moves(publication_of(question, plan(question.problem))).items()
    assert (customer, before, why) == ("cleos", WEEK_3, "capacity")


def test_a_displacement_moves_the_escalated_and_who_makes_room() -> None:
    says = published(granted(STANDING, "J1", "J2"), "J1", "J2")
    assert moves(says) == {
        "cleos": (WEEK_3, WEEK_5, "displaced by an escalation"),
        "joes": (WEEK_5, WEEK_3, "customer asked"),
    }
    assert says.news.is_empty()
    assert says.placed == STANDING.locations.height


def test_a_displacement_leaves_who_lost_its_room_or_is_not_planned_any_more() -> None:
    changed = STANDING.locations.with_columns(
        requires=pl.when(pl.col("customer_id") == "wims").then(pl.lit("wine")).otherwise(pl.lit(""))
    )
    question = granted(
        replace(STANDING, locations=changed, leave=[("ana@example.com", WEEK_4)]), "J1", "J2"
    )
    assert "wims" in question.left_out["customer_id"]
    says = published(question, "J1", "J2")
    assert set(moves(says)) == {"cleos", "joes"}
    assert says.withdrawn.is_empty()
    assert says.dates.filter(pl.col("customer_id") == "wims")["week"].to_list() == [WEEK_4]


def test_a_scoring_keeps_the_points_of_an_escalation() -> None:
    question = granted(STANDING, "J1")
    assert question.scoring
    points = dict(
        zip(
            question.scoring.locations["location_id"],
            question.scoring.scores.priority.bump.tolist(),
            strict=True,
        )
    )
    assert (points["J1"], points["J2"]) == (25, 0)
    assert STANDING.question(TODAY, Parameters()).going.height == question.going.height
