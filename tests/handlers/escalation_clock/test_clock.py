"""The clock of an escalation: whom it asks, when it hands over, and when it stands still."""

import asyncio
from datetime import date, time

from sqlalchemy import text

from bot.assembly import mind_escalations
from handlers.blocks import Words
from handlers.escalating import take_step
from handlers.escalation_words import about
from handlers.rota_form import stand_in, take_turns
from handlers.triage_settings import set_up
from rules.escalation import Category, State, Step, Taken, Who
from store.escalation_lines import Line
from store.escalation_rows import EscalationRow
from store.session import Store
from tests.handlers.escalation_clock.asked import (
    ADA,
    ANA,
    LEA,
    OMAR,
    at,
    heard,
    is_due,
    kept,
    moves_to,
    posted,
    sent,
    take,
)
from tests.world import run


async def test_who_an_escalation_is_handed_to_hears_of_it_once(store: Store) -> None:
    number = await sent(store)
    handed = Taken(Step.hand_over, LEA, Who.triage, 1, at(17, 10), "You know them", to=ADA)
    async with store.transaction(actor=LEA) as tx:
        await take_step(tx, number, handed)
    async with store.reading() as reading:
        query = text("SELECT blocks::text FROM outbox WHERE lane = :ada")
        told = (await reading.connection.execute(query, {"ada": ADA})).scalar_one()
    assert "You know them" in told
    assert "A decision is due" in told
    assert "Decide" in told


async def test_a_normal_one_is_asked_of_one_after_the_other(store: Store) -> None:
    number = await sent(store)
    row = await kept(store, number)
    assert is_due(row, at(19, 9, 30))
    assert row.in_hand_of is None
    async with store.reading() as reading:
        query = text("SELECT fallback FROM outbox WHERE lane = :ana")
        confirmed = (await reading.connection.execute(query, {"ana": ANA})).scalar_one()
    assert "You get an answer by <!date^" in confirmed
    await heard(store)

    await moves_to(store, at(18, 9, 29))
    await mind_escalations(store)
    assert await heard(store) == {}

    # Half of the time is over: Lea, who is on duty, has it from now on. Nobody hears it twice.
    await moves_to(store, at(18, 9, 31))
    await asyncio.gather(*(mind_escalations(store) for _ in range(4)))
    told = await heard(store)
    assert list(told) == [LEA]
    assert len(told[LEA]) == 1
    assert "Half of the time for escalation" in told[LEA][0]
    assert "You are on duty, so it is in your hand now." in told[LEA][0]
    row = await kept(store, number)
    assert (row.in_hand_of, is_due(row, at(19, 9, 30))) == (LEA, True)

    # The time is over: Ada is asked and has as much again; who waits hears that it is late.
    await moves_to(store, at(19, 9, 31))
    await asyncio.gather(*(mind_escalations(store) for _ in range(4)))
    told = await heard(store)
    assert sorted(told) == sorted([ANA, ADA, OMAR])
    assert f"<@{LEA}> has not decided" in told[ADA][0]
    for waiting in (ANA, OMAR):
        assert f"<@{ADA}> has it in hand now. A decision is due" in told[waiting][0]
    row = await kept(store, number)
    assert (row.in_hand_of, is_due(row, at(21, 9, 31))) == (ADA, True)

    # An outage of days: only what holds now is told, and nobody is left to ask.
    await moves_to(store, at(25, 12))
    await asyncio.gather(*(mind_escalations(store) for _ in range(4)))
    told = await heard(store)
    assert sorted(told) == sorted([ANA, ADA, LEA, OMAR])
    assert all(len(each) == 1 for each in told.values())
    assert "everyone who takes turns was asked" in told[LEA][0]
    assert "All leads were told." in told[ANA][0]
    await moves_to(store, at(31, 12))
    await mind_escalations(store)
    assert await heard(store) == {}


async def test_the_clock_stands_still_while_the_requester_is_asked(store: Store) -> None:
    number = await sent(store)
    await moves_to(store, at(17, 12, 30))
    await take(store, number, Step.ask, LEA, Who.triage)
    row = await kept(store, number)
    assert (row.clock_ends_at, row.knocks_at) == (None, None)
    await heard(store)
    await moves_to(store, at(20, 16))
    await mind_escalations(store)
    assert await heard(store) == {}

    await take(store, number, Step.answer, ANA, Who.requester)
    assert is_due(await kept(store, number), at(24, 13))

    await take(store, number, Step.decline, LEA, Who.triage)
    assert (await kept(store, number)).knocks_at is None
    await heard(store)
    await moves_to(store, at(31, 16))
    await mind_escalations(store)
    assert await heard(store) == {}


async def test_an_urgent_one_pages_who_is_on_duty_at_once_by_night_too(store: Store) -> None:
    await moves_to(store, at(19, 2))
    async with store.transaction(actor=LEA) as tx:
        await stand_in(tx, ADA, date(2022, 1, 19), date(2022, 1, 19))
    await heard(store)
    number = await sent(store, urgent="They leave <!channel> today")
    told = await heard(store)
    assert list(told) == [ADA]
    assert "*Drop everything*" in told[ADA][0]
    assert "> They leave &lt;!channel&gt; today" in told[ADA][0]
    (post,) = await posted(store)
    assert f"<@{ADA}> has it in hand" in post
    row = await kept(store, number)
    assert (row.in_hand_of, is_due(row, at(19, 3))) == (ADA, True)

    await moves_to(store, at(19, 3, 1))
    await mind_escalations(store)
    assert sorted(await heard(store)) == sorted([ANA, LEA, OMAR])
    row = await kept(store, number)
    assert (row.in_hand_of, is_due(row, at(19, 4, 1))) == (LEA, True)


async def test_who_decides_while_the_clock_hands_over_has_decided(store: Store) -> None:
    number = await sent(store)
    seen = await kept(store, number)
    await moves_to(store, at(18, 10))
    await mind_escalations(store)
    async with store.transaction(actor=ADA) as tx:
        declined = Taken(
            Step.decline, ADA, Who.triage, seen.version, at(18, 10), "Not before March"
        )
        await take_step(tx, number, declined)
    row = await kept(store, number)
    assert (row.state, row.in_hand_of, row.decided_words) == (
        State.declined,
        LEA,
        "Not before March",
    )


async def test_hours_that_change_change_the_clocks_that_run(store: Store) -> None:
    number = await sent(store)
    async with store.transaction(actor=LEA) as tx:
        await set_up(tx, {"opens": time(8), "closes": time(10), "holidays_of": "US"})
    # Half an hour on Monday is a holiday of Martin Luther King Jr.
    assert is_due(await kept(store, number), at(19, 10))


async def test_with_nobody_in_the_rota_all_leads_are_asked(store: Store) -> None:
    async with store.transaction(actor=LEA) as tx:
        await take_turns(tx, [])
    number = await sent(store, urgent="They leave")
    assert sorted(await heard(store)) == sorted([ADA, LEA])
    assert (await kept(store, number)).in_hand_of is None
    await moves_to(store, at(17, 10, 1))
    await mind_escalations(store)
    told = await heard(store)
    assert sorted(told) == sorted([ADA, LEA])
    assert "nobody is on duty" in told[ADA][0]
    await moves_to(store, at(17, 10, 31))
    await mind_escalations(store)
    assert sorted(await heard(store)) == sorted([ANA, ADA, LEA, OMAR])


async def test_who_is_asked_is_never_who_asked_nor_who_left(store: Store) -> None:
    await run(store, f"UPDATE people SET active = false WHERE id = '{LEA}'")
    number = await sent(store)
    await moves_to(store, at(18, 10))
    await mind_escalations(store)
    assert (await kept(store, number)).in_hand_of == ADA
    await heard(store)
    await run(store, f"UPDATE people SET active = false WHERE id = '{ANA}'")
    await asyncio.gather(*(mind_escalations(store) for _ in range(3)))
    told = await heard(store)
    assert [len(told[ADA]), "has left" in told[ADA][0]] == [1, True]


def test_a_name_that_looks_like_markup_is_escaped_once_wherever_it_is_said() -> None:
    row = EscalationRow(
        id=7,
        sent_at=at(17, 9),
        sent_by=ANA,
        category=Category.launch,
        explanation="Partner launch",
        wished_on=date(2022, 2, 9),
        clock_ends_at=at(19, 9),
    )
    line = Line(row, "Fig & <!channel>", 2, 2, 0, whole=True, location=None, joiners=0)
    once = "*Fig &amp; &lt;!channel&gt;*"
    assert once in about(line)["sent"]
    words = Words("escalation_clock", row=row, what=about(line)["what"], is_given=True)
    assert once in words["half"]
    assert "A decision is due <!date^" in words["half"]
