"""Plans that can be shown and asked again: their questions and their scores, as they were."""

from dataclasses import fields
from datetime import date

import numpy as np
import pytest

from handlers.planning import publish_first_plan
from rules.activity import Reason, State
from rules.parameters import Parameters
from rules.problem import Problem
from rules.scoring import Score
from rules.waves import plan
from store.planning import Planning
from store.plans import PlanState
from store.session import Store
from tests.world import ANA, World, run, run_as_owner

TODAY = date(2022, 1, 15)
PARAMETERS = Parameters(pilot_weeks=0)
FIGURES = """
    UPDATE locations SET orders_28d = 100 + length(id) * 10, missed_orders_28d = 9,
        last_order_on = date '2022-01-14', orders_prev_28d = 90
    WHERE customer_id = 'joes'
"""


@pytest.fixture
async def plan_id(store: Store) -> int:
    """A plan of two customers, one of them without figures, with promises that it kept."""
    world = World()
    world.csa()
    world.customer("Joe", id="joes", locations=["Main", "High", "Low"], unplaced=3, binding=None)
    world.customer("Cleo", id="cleos", unplaced=2, binding=None)
    world.feature("wine", "Wine")
    world.customer("Wim", id="wims", unplaced=1, requires=["wine"], binding=None)
    await world.keep(store, planned=False)
    await run(store, FIGURES)
    await run(store, "UPDATE csas SET weekly_capacity = 2")
    async with store.transaction(actor="U_LEAD") as tx:
        published = await publish_first_plan(tx, today=TODAY, parameters=PARAMETERS)
    return published.plan_id


async def test_a_plan_is_asked_again_as_it_was(store: Store, plan_id: int) -> None:
    async with store.reading() as reading:
        asked = await reading.plan_archive.question(plan_id)
    assert asked

    again = plan(asked.problem)

    assert (again.cost, again.bound, again.binding) == (
        asked.plan.cost,
        asked.plan.bound,
        asked.plan.binding,
    )
    for field in fields(again.placed):
        ours, theirs = getattr(again.placed, field.name), getattr(asked.plan.placed, field.name)
        np.testing.assert_array_equal(ours, theirs)
    assert asked.parts["customer_id"].to_list() == ["cleos", "joes"]
    assert asked.question.owners == [ANA]
    assert asked.question.going.height == 5
    assert asked.question.left_out.rows() == [("wims-L1", "wims", None, "waiting for feature wine")]


async def test_what_changes_later_does_not_change_what_was_asked(
    store: Store, plan_id: int
) -> None:
    await run(store, "UPDATE locations SET orders_28d = 5000, customer_id = 'cleos'")
    await run(store, "UPDATE csas SET weekly_capacity = 1")

    async with store.reading() as reading:
        asked = await reading.plan_archive.question(plan_id)

    assert asked
    assert asked.problem.capacity.max() == 2
    assert asked.problem.size.tolist() == [2, 3]
    assert asked.parts["promised"].null_count() == 2, "it made the promises that hold since"


async def test_every_field_of_a_problem_is_kept(store: Store, plan_id: int) -> None:
    """Asked after its publication: the promises are there to be kept too."""
    await run(store, "UPDATE csas SET weekly_capacity = 1")
    async with store.transaction(actor="U_LEAD") as tx:
        question = await Planning(tx.connection).question(TODAY, PARAMETERS)
        replanned = await publish_first_plan(tx, today=TODAY, parameters=PARAMETERS)
    async with store.reading() as reading:
        asked = await reading.plan_archive.question(replanned.plan_id)

    assert asked
    for field in fields(Problem):
        kept, given = getattr(asked.problem, field.name), getattr(question.problem, field.name)
        if field.name == "promised":
            assert kept.week.tolist() == given.week.tolist() != []
        else:
            np.testing.assert_array_equal(kept, given)


async def test_a_version_without_a_question_says_so(store: Store) -> None:
    await World().keep(store)
    async with store.reading() as reading:
        assert await reading.plan_archive.question(1) is None
        assert await reading.plan_archive.question(99) is None


async def test_the_score_of_any_location_is_kept_as_its_parts(store: Store, plan_id: int) -> None:
    async with store.transaction(actor="test") as tx:
        now = await Planning(tx.connection).question(TODAY, PARAMETERS)
    assert now.scoring
    ids = now.scoring.locations["location_id"].to_list()
    await run(store, "UPDATE locations SET orders_28d = 5000")

    async with store.reading() as reading:
        scoring = await reading.scores.of_plan(plan_id)
        assert scoring
        assert scoring.parameters == PARAMETERS
        assert (scoring.locations, scoring.taken_on) == (6, TODAY)
        joes = await reading.scores.of_customer(scoring.id, "joes")
        unknown = await reading.scores.of_location(scoring.id, "cleos-L1")
        nobody = await reading.scores.of_location(scoring.id, "nobody")

    assert [each.location_id for each in joes] == ["joes-L1", "joes-L2", "joes-L3"]
    assert joes[0].figures["orders_28d"] == 170
    assert joes[0].figures["silent_days"] == 1
    assert nobody is None
    for each in joes:
        is_alike(each.score, now.scoring.scores.of(ids.index(each.location_id)))
    assert unknown
    assert unknown.figures["orders_28d"] is None
    assert unknown.score.health.score is None
    assert unknown.score.activity.reason is Reason.nothing_known
    assert unknown.score.activity.state is State.active


def is_alike(kept: Score, made: Score) -> None:
    """The same, but for the digits that nobody sees."""
    assert kept.activity.state is made.activity.state
    assert kept.activity.reason is made.activity.reason
    assert kept.health.colour is made.health.colour
    assert kept.health.score == pytest.approx(made.health.score, rel=1e-6)
    assert kept.health.parts.keys() == made.health.parts.keys()
    assert kept.priority
    assert made.priority
    for field in fields(kept.priority):
        ours, theirs = getattr(kept.priority, field.name), getattr(made.priority, field.name)
        assert ours == (theirs if theirs is None else pytest.approx(theirs, rel=1e-6))


async def test_the_same_scoring_is_kept_once(store: Store, plan_id: int) -> None:
    async with store.transaction(actor="U_LEAD") as tx:
        other = PARAMETERS.model_copy(update={"frozen_weeks": 2})
        question = await Planning(tx.connection).question(TODAY, PARAMETERS)
        assert question.scoring
        first = await tx.scores.newest()
        again = await tx.scores.keep(question.scoring.locations, question.scoring.scores)
        question = await Planning(tx.connection).question(TODAY, other)
        assert question.scoring
        second = await tx.scores.keep(question.scoring.locations, question.scoring.scores)

    assert first
    assert again == first.id
    assert second > first.id


async def test_the_newest_draft_is_the_only_one(store: Store, plan_id: int) -> None:
    async with store.reading() as reading:
        in_force = await reading.plans.in_force()
        assert in_force
        assert (in_force.id, in_force.state) == (plan_id, PlanState.published)
        assert in_force.decided_by == "U_LEAD"
        assert await reading.plans.draft() is None


async def test_a_damaged_question_counts_as_not_kept(store: Store, plan_id: int) -> None:
    await run_as_owner(store, "UPDATE plan_questions SET arrays = '\\x00'")
    async with store.reading() as reading:
        assert await reading.plan_archive.question(plan_id) is None
