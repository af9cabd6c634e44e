"""What was granted: told, moved again, kept or missed, and over once nothing is left of it."""

import asyncio
from datetime import timedelta

from handlers.escalating import take_step
from handlers.escalation_jobs import MAKE_ROOM
from handlers.escalation_weeks import note_weeks
from handlers.planning import publish_first_plan
from rules.escalation import State, Step, Taken, Who
from rules.parameters import Parameters
from store.customers import CsaLeaveRow
from store.session import Store
from tests.handlers.displacing.room import (
    DUE,
    LEA,
    NOW,
    REQUESTER,
    TODAY,
    WAITING,
    WEEK,
    approved,
    ended,
    jobs_done,
    row_of,
    said_to,
    sent,
    triage_reads,
)
from tests.world import ANA, counted, run


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
