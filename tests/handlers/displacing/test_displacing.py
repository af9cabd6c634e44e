"""From a wish to a plan that holds: weighed, granted whole or in part, or refused with what is possible."""

from datetime import timedelta

import pytest

from handlers.approving import approve
from handlers.errors import Refused
from handlers.escalating import NotPossible
from handlers.escalation_jobs import MAKE_ROOM, WEIGH, ask_for_room
from handlers.planning import publish_first_plan
from handlers.room_again import tell_of_cancelled
from handlers.triage_case import case_of
from rules.escalation import State, replay
from rules.parameters import Parameters
from rules.roles import Role
from store.plans import PlanState
from store.session import Store
from tests.handlers.displacing.room import (
    DUE,
    LEA,
    OWNER,
    REQUESTER,
    TODAY,
    WEEK,
    approved,
    draft,
    heard_by,
    jobs_done,
    moves,
    row_of,
    said_to,
    sent,
    triage_reads,
    weeks,
)
from tests.world import World, run


async def test_an_escalation_is_weighed_granted_told_and_kept(store: Store) -> None:
    before = await weeks(store)
    due = before["wims"][0]
    number = await sent(store, "joes-L1", "joes-L2", wished_on=due)
    assert "is being worked out" in await triage_reads(store)

    assert await jobs_done(store) == [WEIGH]
    shown = await triage_reads(store)
    assert (
        "Joe's Pizza: 2 locations from Mon 31 Jan 2022 to Mon 24 Jan 2022, 1 week earlier" in shown
    )
    assert "2 locations of 1 customer would make room" in shown
    assert "Wim's (Ana Reyes): 2 locations from Mon 24 Jan 2022 to Mon 31 Jan 2022" in shown
    assert "more than it spares" in shown
    assert "Unless somebody makes room, it cannot go sooner than it does." in shown
    assert (await row_of(store, number)).state is State.new

    await approved(store, number, due)
    assert await jobs_done(store) == [MAKE_ROOM]
    after = await weeks(store)
    assert after["joes"] == [due, due, before["joes"][2]], "the third was not escalated"
    assert after["wims"] == [due + WEEK, due + WEEK]
    assert after["cleos"] == before["cleos"]
    assert await moves(store) == [
        ("joes", "customer asked", LEA, 2),
        ("wims", "displaced by an escalation", LEA, 2),
    ]
    told = await said_to(store, REQUESTER)
    assert f"is approved by <@{LEA}>" in told
    assert "Until now it was to move in the week of Mon 31 Jan 2022." in told
    assert "Yes: the date is fixed" in told
    assert "has its week: Mon 24 Jan 2022, instead of Mon 31 Jan 2022" in told
    assert await heard_by(store, OWNER) == ["plan 1", "plan 2"], "one message about both moves"

    row = await row_of(store, number)
    assert (row.state, row.told_week, row.points) == (State.scheduled, due, 25)
    async with store.reading() as reading:
        steps = await reading.escalations.steps(number)
        scored = await reading.scores.of_customer(1 + 1, "joes")
        case = await case_of(reading, number)
    assert replay(REQUESTER, [each.taken for each in steps]).state is State.scheduled
    points = [each.score.priority.bump for each in scored if each.score.priority]
    assert points == [25, 25, 0], "the scores that the plan was made with show it"
    assert case
    assert case.weighed
    assert case.weighed.plan == 2

    async with store.transaction(actor="U_ELSE") as tx:
        again = await publish_first_plan(tx, today=TODAY, parameters=Parameters())
    assert not again.is_new, "planned again, everybody stays"


async def test_part_of_it_is_granted_and_an_open_draft_gives_way(store: Store) -> None:
    open_draft = await draft(store)
    number = await sent(store, "joes-L1", "joes-L2", "joes-L3", wished_on=DUE)
    await jobs_done(store)
    await approved(store, number, DUE, "joes-L3")
    assert (await row_of(store, number)).state is State.approved
    await jobs_done(store)

    assert (await weeks(store))["joes"][2] == DUE
    assert (await weeks(store))["joes"][:2] == [DUE + WEEK] * 2
    assert "Approved in part" in await triage_reads(store)
    told = await said_to(store, REQUESTER)
    assert "is approved in part" in told
    assert "1 of the 3 locations of Joe's Pizza (Joe's Pizza (joes-L3)), by" in told
    async with store.reading() as reading:
        discarded = await reading.plans.get(open_draft)
    assert discarded
    assert discarded.state is PlanState.discarded


async def test_what_cannot_be_granted_is_refused_with_what_is_possible(store: Store) -> None:
    number = await sent(store, "joes-L1", wished_on=DUE)
    world = World()
    world.blackout(DUE, DUE + timedelta(days=6), "Fair week")
    await world.keep(store, planned=False)
    with pytest.raises(NotPossible) as refused:
        await approved(store, number, DUE)
    assert "Mon 31 Jan 2022" in refused.value.plain.replace("\N{NO-BREAK SPACE}", " ")
    assert (await row_of(store, number)).state is State.new


async def test_a_lead_grants_their_own_wish_only_where_no_other_lead_is(store: Store) -> None:
    number = await sent(store, "joes-L1", wished_on=DUE)
    await run(store, "UPDATE escalations SET sent_by = :lea", lea=LEA)
    async with store.transaction(actor="test") as tx:
        await tx.roles.give(OWNER, Role.lead, by="test")
    with pytest.raises(Refused, match="Somebody else decides what you asked for"):
        await approved(store, number, DUE)

    await run(store, "UPDATE people SET active = false WHERE id = :owner", owner=OWNER)
    await approved(store, number, DUE)
    assert (await row_of(store, number)).state is State.approved


async def test_the_second_of_two_deciders_hears_who_was_faster(store: Store) -> None:
    number = await sent(store, "joes-L1", wished_on=DUE)
    await approved(store, number, DUE)
    with pytest.raises(Refused, match="was faster"):
        async with store.transaction(actor="U3LEO") as tx:
            await approve(tx, number, 1, due_on=DUE, words="I say so too")
    assert await jobs_done(store) == [WEIGH, MAKE_ROOM]


async def test_what_nobody_makes_room_for_any_more_says_so_and_can_be_tried_again(
    store: Store,
) -> None:
    number = await sent(store, "joes-L1", wished_on=DUE)
    await jobs_done(store)
    await approved(store, number, DUE)
    async with store.transaction(actor=LEA) as tx:
        [job], _ = await tx.jobs.page(None, skip=0, most=1)
        assert await tx.jobs.cancel(job.id, "cancelled")
        await tell_of_cancelled(tx, job, by=LEA)
    assert await jobs_done(store) == []
    assert "nobody moves for it now" in await triage_reads(store)
    assert "Room is being made" not in await triage_reads(store)

    async with store.transaction(actor=LEA) as tx:
        await ask_for_room(tx, number, by=LEA)
    assert await jobs_done(store) == [MAKE_ROOM]
    assert (await row_of(store, number)).state is State.scheduled
