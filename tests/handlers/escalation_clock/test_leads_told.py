"""Where leads are told of escalations when their channel cannot, and what sums a week up."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.assembly import mind_escalations
from handlers import triage_moving
from handlers.escalation_jobs import MOVE, ask_to_move
from handlers.jobs import Work
from handlers.triage_settings import place_in
from rules.escalation import Step, Who
from rules.roles import Kind
from store.channels import ChannelRow
from store.people import PersonRow
from store.session import Store
from tests.handlers.escalation_clock.asked import (
    ADA,
    LEA,
    NOT_NEEDED,
    TRIAGE,
    at,
    heard,
    moves_to,
    sent,
    take,
)
from tests.world import run


async def test_leads_are_told_once_that_the_channel_is_lost(store: Store) -> None:
    await sent(store)
    await heard(store)
    await run(store, "UPDATE channels SET archived = true")
    await asyncio.gather(*(mind_escalations(store) for _ in range(3)))
    told = await heard(store)
    assert sorted(told) == sorted([ADA, LEA])
    assert "was archived, and escalations are decided there" in told[LEA][0]
    await mind_escalations(store)
    assert await heard(store) == {}

    await run(store, "UPDATE channels SET archived = false")
    await mind_escalations(store)
    assert "is fit again" in (await heard(store))[TRIAGE][0]


async def test_where_guests_read_along_escalations_go_to_the_leads(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.people.keep([PersonRow(id="U5GUS", name="Gus", kind=Kind.guest)])
        await tx.channels.enter(TRIAGE, "U5GUS")
    await mind_escalations(store)
    told = await heard(store)
    assert sorted(told) == sorted([ADA, LEA])
    assert "has guests in it now" in told[LEA][0]
    await sent(store)
    assert set(await shown_in(store)) == {ADA, LEA}

    async with store.transaction(actor="test") as tx:
        await tx.channels.leave(TRIAGE, "U5GUS")
    await mind_escalations(store)
    assert "is fit again" in (await heard(store))[TRIAGE][0]


async def test_what_is_open_is_shown_in_another_channel_by_a_job_once_each(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(triage_moving, "AT_ONCE", 2)
    numbers = [await sent(store) for _ in range(5)]
    async with store.transaction(actor="test") as tx:
        await tx.channels.keep([ChannelRow(id="C3NEW", name="new-triage", joined=True)])
        await place_in(tx, "new-triage")
    await take(store, numbers[0], Step.decline, LEA, Who.triage)
    for _ in range(2):
        async with store.transaction(actor="worker") as tx:
            await ask_to_move(tx)
            [job] = await tx.jobs.lease([MOVE], most=1, duration=timedelta(minutes=5))
        await triage_moving.move.does(Work(job, store, None, *NOT_NEEDED))
    assert (await shown_in(store)).count("C3NEW") == 4, "of what was decided nobody needs a post"
    async with store.reading() as reading:
        query = text("SELECT count(*) FROM outbox WHERE lane = 'C3NEW' AND cause = 'triage'")
        said = (await reading.connection.execute(query)).scalar_one()
    assert said == 4


async def shown_in(store: Store) -> list[str]:
    """The lanes in which escalations are shown."""
    async with store.reading() as reading:
        found = await reading.connection.execute(text("SELECT lane FROM escalation_posts"))
        return list(found.scalars())


async def test_each_week_is_summed_up_once_on_monday_morning(store: Store) -> None:
    number = await sent(store)
    await sent(store)
    await take(store, number, Step.decline, LEA, Who.triage)
    await summed_up(store)
    for early in (at(21, 12), at(24, 8, 59)):
        await moves_to(store, early)
        await mind_escalations(store)
    assert await summed_up(store) == []

    await moves_to(store, at(24, 9, 1))
    await asyncio.gather(*(mind_escalations(store) for _ in range(4)))
    (told,) = await summed_up(store)
    assert "*Escalations in the week of Mon 17 Jan 2022*: 2 sent, 0 approved, 1 declined." in told
    assert "1 waits for a decision now." in told
    assert f"by Wed 9 Feb 2022. Declined by <@{LEA}>." in told
    assert "Not decided yet." in told

    # A week without any says so; one that was missed for days is not told any more.
    await moves_to(store, at(31, 9, 1))
    await mind_escalations(store)
    (told,) = await summed_up(store)
    assert "Nothing was escalated or decided in the week of Mon 24 Jan 2022. 1 waits" in told
    await moves_to(store, datetime(2022, 2, 13, 12, tzinfo=UTC))
    await mind_escalations(store)
    assert await summed_up(store) == []
    async with store.reading() as reading:
        weeks = await reading.connection.execute(text("SELECT * FROM triage_weeks ORDER BY week"))
        assert [(str(week), outcome) for week, outcome, _ in weeks] == [
            ("2022-01-10", "skipped"),
            ("2022-01-17", "told"),
            ("2022-01-24", "told"),
            ("2022-01-31", "skipped"),
        ]


async def summed_up(store: Store) -> list[str]:
    """The summaries that were said since this was asked last."""
    async with store.transaction(actor="test") as tx:
        query = text("""
            UPDATE outbox SET state = 'superseded' WHERE state = 'waiting' AND cause = 'triage week'
            RETURNING blocks::text
        """)
        said = (await tx.connection.execute(query)).scalars()
        return [each.replace("\\u00a0", " ").replace("\N{NO-BREAK SPACE}", " ") for each in said]
