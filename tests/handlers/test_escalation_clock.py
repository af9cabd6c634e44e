"""The clock of escalations over the real database: who is asked when, each once, and what is said."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from typing import cast

import pytest
from sqlalchemy import text

from bot.assembly import mind_escalations
from handlers import triage_moving
from handlers.blocks import Words
from handlers.escalating import Wish, escalate, take_step
from handlers.escalation_jobs import MOVE, ask_to_move
from handlers.escalation_words import about
from handlers.jobs import InChild, SlackFiles, Work
from handlers.rota_form import stand_in, take_turns
from handlers.triage_settings import place_in, set_up
from rules.escalation import Category, State, Step, Taken, Who, replay
from rules.roles import Kind, Role
from store.channels import ChannelRow
from store.escalation_lines import Line
from store.escalation_rows import EscalationRow
from store.people import PersonRow
from store.session import Store
from tests.world import FIRST_MONDAY, World, run

ANA, LEA, ADA, OMAR = "U1ANA", "U2LEA", "U3ADA", "U4OMAR"
NOT_NEEDED = (cast("SlackFiles", None), cast("InChild", None))
TRIAGE, LEADS = "C1TRIAGE", "C2LEADS"
MONDAY = FIRST_MONDAY


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2022, 1, day, hour, minute, tzinfo=UTC)


def is_due(row: EscalationRow, at: datetime) -> bool:
    """Whether it is due then, give or take what passes while a test runs: business time goes on."""
    return row.clock_ends_at is not None and abs(row.clock_ends_at - at) < timedelta(minutes=20)


@pytest.fixture(autouse=True)
async def world(store: Store) -> None:
    """Joe's Pizza; Lea and then Ada take turns, and it is Monday morning."""
    world = World()
    world.customer("Joe's Pizza", id="JOE", weeks={FIRST_MONDAY: 1}, unplaced=2)
    await world.keep(store)
    await moves_to(store, at(17, 9, 30))
    async with store.transaction(actor="test") as tx:
        names = {ANA: "Ana", LEA: "Lea", ADA: "Ada", OMAR: "Omar"}
        await tx.people.keep(
            [PersonRow(id=id_, name=name, kind=Kind.member) for id_, name in names.items()]
        )
        await tx.channels.keep([ChannelRow(id=TRIAGE, name="triage", joined=True)])
        for lead in (LEA, ADA):
            await tx.roles.give(lead, Role.lead, by="test")
        await place_in(tx, "triage")
        await take_turns(tx, [LEA, ADA])
    await run(store, "DELETE FROM outbox")


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
