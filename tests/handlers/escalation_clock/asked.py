"""Escalations that are sent, and whom the clock asks about them."""

from datetime import UTC, date, datetime, timedelta
from typing import cast

from sqlalchemy import text

from handlers.escalating import Wish, escalate, take_step
from handlers.jobs import InChild, SlackFiles
from rules.escalation import Category, Step, Taken, Who, replay
from store.escalation_rows import EscalationRow
from store.session import Store
from tests.world import FIRST_MONDAY

ANA, LEA, ADA, OMAR = "U1ANA", "U2LEA", "U3ADA", "U4OMAR"
NOT_NEEDED = (cast("SlackFiles", None), cast("InChild", None))
TRIAGE, LEADS = "C1TRIAGE", "C2LEADS"
MONDAY = FIRST_MONDAY


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2022, 1, day, hour, minute, tzinfo=UTC)


def is_due(row: EscalationRow, at: datetime) -> bool:
    """Whether it is due then, give or take what passes while a test runs: business time goes on."""
    return row.clock_ends_at is not None and abs(row.clock_ends_at - at) < timedelta(minutes=20)


async def moves_to(store: Store, now: datetime) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(now)


async def sent(store: Store, *, urgent: str = "") -> int:
    wish = Wish(["JOE-L2"], Category.launch, "Partner launch", date(2022, 2, 9), urgent)
    async with store.transaction(actor=ANA) as tx:
        number = await escalate(tx, wish, by=ANA, today=MONDAY)
        await tx.escalations.join(number, OMAR, at=await tx.clock.now(), words="")
        return number


async def take(store: Store, number: int, step: Step, by: str, who: Who) -> None:
    async with store.transaction(actor=by) as tx:
        row = await tx.escalations.get(number)
        assert row
        now = await tx.clock.now()
        await take_step(tx, number, Taken(step, by, who, row.version, now, "Words"))


async def kept(store: Store, number: int) -> EscalationRow:
    async with store.reading() as reading:
        row = await reading.escalations.get(number)
        steps = [each.taken for each in await reading.escalations.steps(number)]
    assert row
    standing = replay(row.sent_by, steps)
    assert (standing.state, standing.version) == (row.state, row.version)
    assert standing.in_hand_of == row.in_hand_of
    return row


async def heard(store: Store) -> dict[str, list[str]]:
    """What was said of the clock since this was asked last, by lane."""
    async with store.transaction(actor="test") as tx:
        query = text("""
            UPDATE outbox SET state = 'superseded' WHERE state = 'waiting'
            AND cause IN ('escalation clock', 'triage channel lost')
            RETURNING lane, blocks->0->'text'->>'text' AS said
        """)
        lanes: dict[str, list[str]] = {}
        for lane, said in await tx.connection.execute(query):
            lanes.setdefault(lane, []).append(said.replace("\N{NO-BREAK SPACE}", " "))
        return lanes


async def posted(store: Store) -> list[str]:
    """All that was said where triage reads, and not replaced before anybody saw it."""
    async with store.reading() as reading:
        query = text("SELECT blocks::text FROM outbox WHERE lane = :lane AND state = 'waiting'")
        return list((await reading.connection.execute(query, {"lane": TRIAGE})).scalars())
