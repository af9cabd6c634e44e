"""From a wish to a plan that holds: weighed, approved, made room for, told, moved again, kept or missed."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar, cast

import pytest
from sqlalchemy import text

from handlers.approving import approve
from handlers.displacing import make_room
from handlers.drafting import wished
from handlers.errors import Refused
from handlers.escalating import NotPossible, Wish, escalate, take_step
from handlers.escalation_ends import end_what_is_over
from handlers.escalation_jobs import MAKE_ROOM, WEIGH, ask_for_room, weigh_another_day
from handlers.escalation_weeks import note_weeks
from handlers.jobs import JobKind, SlackFiles, Work
from handlers.plan_outcome import Proposal
from handlers.planning import keep_draft, publish_first_plan
from handlers.roles import give as give_role
from handlers.room_again import tell_of_cancelled
from handlers.triage_case import case_of
from handlers.weighing import weigh
from rules.escalation import Category, State, Step, Taken, Who, replay
from rules.parameters import Parameters
from rules.roles import Role
from rules.waves import plan
from store.customers import CsaLeaveRow
from store.escalation_rows import EscalationRow
from store.plans import PlanState
from store.session import Store
from tests.world import ANA, World, counted, run

TODAY = date(2022, 1, 15)
NOW = datetime(2022, 1, 15, 9, tzinfo=UTC)
REQUESTER, LEA = "U1ANA", "U2LEA"
OWNER = "U3OWN"
DUE = date(2022, 1, 24)
LEASE = timedelta(minutes=5)
WEEK = timedelta(weeks=1)
WAITING = "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
KINDS: dict[str, JobKind] = {WEIGH: weigh, MAKE_ROOM: make_room}

Given = TypeVar("Given")


@dataclass
class Here:
    """A child process that is none."""

    async def __call__(self, function: Callable[..., Given], /, *arguments: object) -> Given:
        return await asyncio.to_thread(function, *arguments)


async def jobs_done(store: Store) -> list[str]:
    """Do what waits, one job after the other; their kinds."""
    done: list[str] = []
    while True:
        async with store.transaction(actor="worker") as tx:
            leased = await tx.jobs.lease([*KINDS], most=1, duration=LEASE, in_turn=[MAKE_ROOM])
        if not leased:
            return done
        [job] = leased
        async with store.reading() as reading:
            await KINDS[job.kind].check_asker(reading, job)
        await KINDS[job.kind].does(Work(job, store, None, cast("SlackFiles", None), Here()))
        done.append(job.kind)


async def weeks(store: Store) -> dict[str, list[date]]:
    """The weeks promised to the locations of each customer."""
    async with store.reading() as reading:
        query = "SELECT customer_id, array_agg(week ORDER BY location_id) AS weeks FROM promises GROUP BY 1"
        rows = await reading.connection.execute(text(query))
        return {row.customer_id: row.weeks for row in rows}


async def row_of(store: Store, number: int) -> EscalationRow:
    async with store.reading() as reading:
        row = await reading.escalations.get(number)
    assert row
    return row


async def moves(store: Store) -> list[tuple[Any, ...]]:
    async with store.reading() as reading:
        query = "SELECT customer_id, reason, actor, locations FROM moves ORDER BY id"
        return [tuple(row) for row in await reading.connection.execute(text(query))]


async def said_to(store: Store, lane: str) -> str:
    async with store.reading() as reading:
        query = text("SELECT blocks::text FROM outbox WHERE lane = :lane ORDER BY number")
        said = (await reading.connection.execute(query, {"lane": lane})).scalars()
        return "\n".join(said).replace("\N{NO-BREAK SPACE}", " ").replace("*", "")


async def heard_by(store: Store, person: str) -> list[str]:
    """The causes of what somebody hears of what they own."""
    async with store.reading() as reading:
        query = text("SELECT cause FROM tidings WHERE person_id = :person ORDER BY cause")
        return list((await reading.connection.execute(query, {"person": person})).scalars())


async def triage_reads(store: Store) -> str:
    return await said_to(store, LEA)


@pytest.fixture(autouse=True)
async def world(store: Store) -> None:
    """Ana moves two locations a week: Cleo's first, as it misses most orders; then Wim's, then Joe's."""
    world = World()
    world.csa()
    world.customer("Cleo's", id="cleos", unplaced=2, binding=None)
    world.customer("Wim's", id="wims", unplaced=2, binding=None)
    world.customer("Joe's Pizza", id="joes", unplaced=3, binding=None)
    await world.keep(store, planned=False)
    await run(store, "UPDATE csas SET weekly_capacity = 2")
    for customer, missed in (("cleos", 90), ("wims", 60), ("joes", 10)):
        await run(
            store,
            f"UPDATE locations SET orders_28d = 400, missed_orders_28d = {missed}"
            f" WHERE customer_id = '{customer}'",
        )
    for person, name, email in ((LEA, "Lea", "lea@northwind.example"), (OWNER, "Ana Reyes", ANA)):
        await run(
            store,
            "INSERT INTO people (id, name, email, timezone, kind, active)"
            " VALUES (:id, :name, :email, 'UTC', 'member', true)",
            id=person,
            name=name,
            email=email,
        )
    await run(
        store,
        "INSERT INTO waves SELECT '2021-12-06'::date + 7 * n, 'closed' FROM generate_series(0, 2) AS n",
    )
    async with store.transaction(actor="test") as tx:
        await give_role(tx, "lea@northwind.example", Role.lead)
    async with store.transaction(actor="U_ELSE") as tx:
        await publish_first_plan(tx, today=TODAY, parameters=Parameters())


async def sent(store: Store, *locations: str, wished_on: date) -> int:
    wish = Wish(locations, Category.launch, "Their partner opens in March", wished_on)
    async with store.transaction(actor=REQUESTER) as tx:
        return await escalate(tx, wish, by=REQUESTER, today=TODAY)


async def approved(store: Store, number: int, due_on: date, *locations: str) -> None:
    row = await row_of(store, number)
    async with store.transaction(actor=LEA) as tx:
        await approve(
            tx,
            number,
            row.version,
            due_on=due_on,
            words="Yes: the date is fixed",
            locations=locations or None,
        )


async def ended(store: Store, today: date) -> int:
    """The clock knocks on a day."""
    async with store.transaction(actor="clock") as tx:
        return await end_what_is_over(tx, datetime(*today.timetuple()[:3], 9, tzinfo=UTC))


async def draft(store: Store) -> int:
    """Somebody drafts a plan and publishes nothing."""
    async with store.transaction(actor="U_ELSE") as tx:
        wish = await wished(store)
        proposal = Proposal.of(wish.question, plan(wish.question.problem))
        return await keep_draft(tx, proposal, today=TODAY, parameters=Parameters())


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


async def test_a_plan_that_moves_it_is_told_and_its_end_too(store: Store) -> None:
    number = await sent(store, "joes-L1", wished_on=DUE)
    await approved(store, number, DUE)
    await jobs_done(store)
    assert await ended(store, DUE + timedelta(days=6)) == 0

    async with store.transaction(actor="test") as tx:
        row = CsaLeaveRow(email=ANA, week=DUE)
        await tx.connection.execute(row.__table__.insert(), row.model_dump())  # type: ignore[attr-defined]  # SQLModel's own attribute
    async with store.transaction(actor="U_ELSE") as tx:
        await publish_first_plan(tx, today=TODAY, parameters=Parameters())
    row_now = await row_of(store, number)
    assert row_now.told_week
    assert row_now.told_week > DUE
    assert "has another week: Mon 31 Jan 2022" in await said_to(store, REQUESTER)

    assert await ended(store, DUE + WEEK) == 1
    assert (await row_of(store, number)).state is State.missed
    assert "did not go by Mon 24 Jan 2022" in await said_to(store, REQUESTER)
    assert await ended(store, DUE + WEEK) == 0


async def test_it_is_kept_once_its_week_is_over(store: Store) -> None:
    number = await sent(store, "joes-L1", wished_on=DUE)
    await approved(store, number, DUE)
    await jobs_done(store)
    assert await ended(store, DUE + WEEK) == 1
    assert (await row_of(store, number)).state is State.done


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


async def test_what_is_left_of_it_is_kept_and_when_nothing_is_left_it_is_over(store: Store) -> None:
    number = await sent(store, "joes-L1", "joes-L2", wished_on=DUE)
    await approved(store, number, DUE)
    await jobs_done(store)
    await offboarded(store, "joes-L1")
    assert (await row_of(store, number)).state is State.scheduled
    assert await ended(store, DUE) == 0
    assert await ended(store, DUE + WEEK) == 1
    assert (await row_of(store, number)).state is State.done
    assert "1 location more was granted, and is gone since" in await said_to(store, REQUESTER)

    other = await sent(store, "wims-L1", "wims-L2", wished_on=DUE)
    await approved(store, other, DUE)
    await jobs_done(store)
    await offboarded(store, "wims-L1", "wims-L2")
    assert "has lost its week" not in await said_to(store, REQUESTER)
    assert await ended(store, TODAY) == 1, "there is nothing to wait for"
    assert "Both locations that were granted were offboarded" in await said_to(store, REQUESTER)
    assert "Over: Both locations" in await triage_reads(store)
    assert "I am sorry" not in await said_to(store, REQUESTER)


async def offboarded(store: Store, *locations: str) -> None:
    """These locations end, and it is planned again."""
    query = "UPDATE locations SET status = 'offboarded' WHERE id = ANY (:ids)"
    await run(store, query, ids=list(locations))
    async with store.transaction(actor="U_ELSE") as tx:
        await publish_first_plan(tx, today=TODAY, parameters=Parameters())


async def test_without_any_week_it_stays_approved_until_its_day_is_over(store: Store) -> None:
    number = await sent(store, "joes-L1", wished_on=DUE)
    await run(store, "UPDATE csas SET weekly_capacity = 0")
    await run(store, "DELETE FROM promises WHERE location_id = 'joes-L1'")
    await approved(store, number, DUE)
    await jobs_done(store)
    assert (await row_of(store, number)).state is State.approved
    assert await ended(store, DUE + WEEK) == 1
    assert (await row_of(store, number)).state is State.missed


async def test_what_is_not_decided_is_weighed_anew_once_another_plan_holds(store: Store) -> None:
    first = await sent(store, "joes-L1", wished_on=DUE)
    await sent(store, "joes-L3", wished_on=DUE)
    await jobs_done(store)
    await approved(store, first, DUE)
    assert await jobs_done(store) == [MAKE_ROOM, WEIGH]


async def edits(store: Store, number: int) -> int:
    """How often triage was shown an escalation in place of its first post."""
    async with store.reading() as reading:
        query = text(
            "SELECT count(*) FROM outbox JOIN escalation_posts ON updates = message"
            " WHERE escalation_id = :number"
        )
        return int((await reading.connection.execute(query, {"number": number})).scalar_one())


async def test_one_job_weighs_all_again_and_changes_only_the_posts_where_that_is_news(
    store: Store,
) -> None:
    granted = await sent(store, "joes-L1", wished_on=DUE)
    in_time = await sent(store, "cleos-L1", wished_on=DUE + WEEK)
    concerned = await sent(store, "wims-L1", wished_on=DUE)
    assert await jobs_done(store) == [WEIGH], "who came later joined the job that waited"
    before = {number: await edits(store, number) for number in (in_time, concerned)}

    await approved(store, granted, DUE)
    assert await jobs_done(store) == [MAKE_ROOM, WEIGH]
    rows = [await row_of(store, number) for number in (in_time, concerned)]
    assert [row.weighed and row.weighed["plan"] for row in rows] == [2, 2]
    assert await edits(store, in_time) == before[in_time]
    assert await edits(store, concerned) == before[concerned] + 1


async def test_another_day_is_weighed_in_place_of_the_one_before(store: Store) -> None:
    number = await sent(store, "joes-L1", wished_on=DUE)
    await jobs_done(store)
    row = await row_of(store, number)
    async with store.transaction(actor=LEA) as tx:
        await weigh_another_day(tx, row, DUE + WEEK)
        case = await case_of(tx, number)
    assert case
    assert case.weighed
    assert case.weighed.due_on == DUE, "what is known is shown until then"
    assert await jobs_done(store) == [WEIGH]
    weighed = (await row_of(store, number)).weighed
    assert weighed
    assert set(weighed) == {"plan", "due_on", "tradeoff"}
    assert weighed["due_on"] == (DUE + WEEK).isoformat()


async def test_what_was_granted_is_kept_though_who_granted_it_leaves(store: Store) -> None:
    number = await sent(store, "joes-L1", wished_on=DUE)
    await jobs_done(store)
    await approved(store, number, DUE)
    await run(store, "UPDATE people SET active = false WHERE id = :id", id=LEA)
    assert MAKE_ROOM in await jobs_done(store)
    assert (await row_of(store, number)).state is State.scheduled


async def test_who_withdraws_while_a_plan_is_published_has_withdrawn(store: Store) -> None:
    number = await sent(store, "joes-L1", wished_on=DUE)
    await jobs_done(store)
    await approved(store, number, DUE)
    await jobs_done(store)
    await run(store, "UPDATE escalations SET told_week = told_week + 7")
    version = (await row_of(store, number)).version

    async def noted() -> None:
        async with store.transaction(actor="U_ELSE") as tx:
            await note_weeks(tx)

    async with store.transaction(actor=REQUESTER) as tx:
        withdrawal = Taken(Step.withdraw, REQUESTER, Who.requester, version, NOW)
        await take_step(tx, number, withdrawal)
        noting = asyncio.create_task(noted())
        while not await counted(store, WAITING):
            pass
    await noting
    assert (await row_of(store, number)).state is State.withdrawn
