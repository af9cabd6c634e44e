"""Escalations for which room is made: sent, approved, worked on, and what people hear of them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar, cast

from sqlalchemy import text

from handlers.approving import approve
from handlers.displacing import make_room
from handlers.drafting import wished
from handlers.escalating import Wish, escalate
from handlers.escalation_ends import end_what_is_over
from handlers.escalation_jobs import MAKE_ROOM, WEIGH
from handlers.jobs import JobKind, SlackFiles, Work
from handlers.plan_outcome import Proposal
from handlers.planning import keep_draft
from handlers.weighing import weigh
from rules.escalation import Category
from rules.parameters import Parameters
from rules.waves import plan
from store.escalation_rows import EscalationRow
from store.session import Store

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
