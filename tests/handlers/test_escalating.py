"""Escalating over the real database: what is kept, audited and told, and who wins of two."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from handlers.escalating import NotPossible, Wish, escalate, refusal, take_step
from handlers.escalation_shown import shown
from handlers.escalation_turn import Granting
from handlers.escalation_typed import MOST_IN_LINK
from rules.escalation import (
    Category,
    NotNow,
    Outdated,
    Standing,
    State,
    Step,
    Taken,
    Who,
    replay,
)
from rules.requests import Hindrance
from store.session import Store, Transaction
from tests.typography import glued
from tests.world import FIRST_MONDAY, World, run

TODAY = date(2022, 1, 15)
WISHED = date(2022, 2, 9)
NOW = datetime(2022, 1, 15, 9, tzinfo=UTC)
ANA, LEA, LEO = "U1ANA", "U2LEA", "U3LEO"
WEEK = timedelta(weeks=1)
MOST_IN_FIELD = 2_000


@pytest.fixture(autouse=True)
async def world(store: Store) -> None:
    world = World()
    world.customer("Joe's Pizza", id="JOE", weeks={FIRST_MONDAY + 9 * WEEK: 2}, unplaced=1)
    world.customer("Noodle Bar", id="NOODLE", weeks={FIRST_MONDAY - WEEK: 1})
    await world.keep(store)
    await run(
        store,
        "INSERT INTO waves SELECT '2021-12-06'::date + 7 * n, 'closed' FROM generate_series(0, 2) AS n",
    )


def wish(*locations: str, wished_on: date = WISHED) -> Wish:
    asked = locations or ("JOE-L1", "JOE-L2", "JOE-L3")
    return Wish(asked, Category.launch, "Their partner opens <!channel> in March", wished_on)


async def sent(store: Store, asked: Wish | None = None) -> int:
    async with store.transaction(actor=ANA) as tx:
        return await escalate(tx, asked or wish(), by=ANA, today=TODAY)


def step(
    step: Step, by: str = LEA, who: Who = Who.triage, version: int = 1, words: str = "Yes"
) -> Taken:
    return Taken(step, by, who, version, NOW, words)


async def take(
    store: Store, number: int, taken: Taken, granting: Granting | None = None
) -> Standing:
    async with store.transaction(actor=taken.by) as tx:
        return await take_step(tx, number, taken, granting=granting)


async def said_to(store: Store, lane: str) -> list[str]:
    async with store.reading() as reading:
        query = text("SELECT blocks::text FROM outbox WHERE lane = :lane ORDER BY number")
        return list((await reading.connection.execute(query, {"lane": lane})).scalars())


async def test_what_was_asked_for_is_kept_audited_and_confirmed(store: Store) -> None:
    number = await sent(
        store, replace(wish(), urgent_because="They leave", link="https://crm.example/1")
    )

    async with store.reading() as reading:
        row = await reading.escalations.get(number)
        line = await reading.escalation_lines.one(number)
        asked = await reading.escalations.locations(number)
        audited = await reading.connection.execute(text("SELECT action, subject, actor FROM audit"))
    assert row
    assert (row.state, row.version, row.sent_by, row.wished_on) == (State.new, 1, ANA, WISHED)
    assert (row.is_urgent, row.urgent_because, row.link) == (
        True,
        "They leave",
        "https://crm.example/1",
    )
    assert row.sent_at.date() == TODAY
    assert line
    assert (line.name, line.locations, line.others, line.whole) == ("Joe's Pizza", 3, 0, True)
    assert [each.location_id for each in asked] == ["JOE-L1", "JOE-L2", "JOE-L3"]
    assert all(each.granted for each in asked)
    assert audited.all() == [("escalation sent", f"escalation {number}", ANA)]
    (told,) = await said_to(store, ANA)
    assert "Joe's Pizza" in told


@pytest.mark.parametrize(
    ("asked", "hindrance"),
    [
        (wish("JOE-L1", "GONE"), Hindrance.unknown),
        (wish("NOODLE-L1"), Hindrance.begun),
        (wish(wished_on=date(2022, 1, 14)), Hindrance.past),
    ],
)
async def test_what_no_decision_could_grant_is_not_kept(
    store: Store, asked: Wish, hindrance: Hindrance
) -> None:
    with pytest.raises(NotPossible) as refused:
        await sent(store, asked)
    assert [each.verdict.hindrance for each in refused.value.found] == [hindrance]
    async with store.reading() as reading:
        assert await reading.escalation_lines.open(skip=0, most=9) == ([], 0)


async def test_steps_change_where_it_stands_and_replay_to_it(store: Store) -> None:
    number = await sent(store)
    await take(store, number, step(Step.ask, version=1, words="Which day do they open?"))
    await take(store, number, step(Step.answer, ANA, Who.requester, 3, "On 1 March"))
    granting = Granting(date(2022, 2, 28), 20.0, "ana@northwind.example", ["JOE-L1"])
    standing = await take(store, number, step(Step.approve_partly, version=4), granting)

    async with store.reading() as reading:
        row = await reading.escalations.get(number)
        steps = await reading.escalations.steps(number)
        asked = await reading.escalations.locations(number)
        audited = await reading.connection.execute(
            text("SELECT action, after ->> 'state' FROM audit ORDER BY id")
        )
    assert row
    assert standing == replay(ANA, [each.taken for each in steps])
    assert standing == row.standing(standing.last)
    assert (row.state, row.version) == (State.approved, 5)
    assert (row.decided_by, row.decided_words, row.points) == (LEA, "Yes", 20.0)
    assert (row.due_on, row.csa_email) == (date(2022, 2, 28), "ana@northwind.example")
    assert [each.location_id for each in asked if each.granted] == ["JOE-L1"]
    assert [each.step for each in steps] == ["triage", "ask", "answer", "approve partly"]
    assert [tuple(row) for row in audited][1:] == [
        ("escalation triage", "in triage"),
        ("escalation ask", "waiting for the requester"),
        ("escalation answer", "in triage"),
        ("escalation approve partly", "approved"),
    ]
    told = await said_to(store, ANA)
    assert len(told) == 3
    assert "Which day do they open?" in told[1]
    assert "escalation_answer" in told[1]


async def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told_who_and_what(
    store: Store,
) -> None:
    number = await sent(store)

    async def decide(by: str, words: str) -> str:
        try:
            await take(store, number, step(Step.decline, by, words=words))
        except Outdated as refused:
            async with store.reading() as reading:
                return (await refusal(reading, number, refused)).words
        return by

    ended = await asyncio.gather(decide(LEA, "No room"), decide(LEO, "Not before March"))
    (winner,) = {LEA, LEO}.intersection(ended)
    (told,) = set(ended) - {winner}
    words = "No room" if winner == LEA else "Not before March"
    assert told.startswith(f"<@{winner}> was faster and declined it, <!date^")
    assert "This is declined by now" in told
    assert words in told
    async with store.reading() as reading:
        row = await reading.escalations.get(number)
        assert row
        assert (row.decided_by, row.decided_words) == (winner, words)
        assert len(await reading.escalations.steps(number)) == 2


async def test_a_late_press_names_what_a_person_did_and_not_what_the_planner_did_then(
    store: Store,
) -> None:
    number = await sent(store)
    await take(store, number, step(Step.ask, words="Which day?"))
    await take(store, number, step(Step.answer, ANA, Who.requester, 3, "On 1 March"))
    granting = Granting(date(2022, 2, 28), 20.0, "ana@northwind.example")
    await take(store, number, step(Step.approve, version=4), granting)
    async with store.transaction(actor="Wavepost") as tx:
        await tx.escalations.note(number, told_week=date(2022, 2, 28))
    await take(store, number, step(Step.schedule, "Wavepost", Who.planner, 5, ""))

    async def told(late: Taken) -> str:
        with pytest.raises(Outdated) as refused:
            await take(store, number, late)
        async with store.reading() as reading:
            return (await refusal(reading, number, refused.value)).plain

    again = await told(step(Step.answer, ANA, Who.requester, 3))
    assert glued("You answered this already, Sat 15 Jan 2022 at 09:00 UTC.") in glued(again)
    assert "This is scheduled by now." in again
    late = await told(step(Step.decline, LEO, version=4))
    assert late.startswith(f"{LEA} was faster and approved it, ")


async def test_a_step_that_cannot_be_taken_leaves_nothing(store: Store) -> None:
    number = await sent(store)
    with pytest.raises(NotNow):
        await take(store, number, step(Step.answer, ANA, Who.requester))
    async with store.reading() as reading:
        assert await reading.escalations.steps(number) == []
    assert len(await said_to(store, ANA)) == 1


async def test_who_joined_hears_what_the_requester_hears(store: Store) -> None:
    number = await sent(store)

    async def join(tx: Transaction) -> bool:
        return await tx.escalations.join(number, LEO, at=NOW, words="Mine too")

    async with store.transaction(actor=LEO) as tx:
        assert await join(tx)
        assert not await join(tx)
    await take(store, number, step(Step.decline, words="No room before March"))
    (told,) = await said_to(store, LEO)
    assert "No room before March" in told
    assert "escalation_withdraw" not in told
    async with store.reading() as reading:
        mine, total = await reading.escalation_lines.of_person(LEO, skip=0, most=5)
    assert ([line.row.id for line in mine], total) == ([number], 1)


async def test_one_that_was_decided_in_many_words_is_shown_within_slacks_limits(
    store: Store,
) -> None:
    link = "https://crm.example/" + "a" * (MOST_IN_LINK - 20)
    number = await sent(store, replace(wish(), link=link))
    await take(store, number, step(Step.decline, words="No room & no time. " * 105))
    async with store.reading() as reading:
        view = json.loads(json.dumps(await shown(reading, number, person=ANA)))
    fields = [field for block in view["blocks"] for field in block.get("fields", ())]
    assert fields
    assert all(len(field["text"]) <= MOST_IN_FIELD for field in fields)
    assert str(view).count("No room &amp; no time.") > 105


async def test_open_ones_about_the_same_locations_are_found(store: Store) -> None:
    first = await sent(store, wish("JOE-L1"))
    second = await sent(store, wish("JOE-L1", "JOE-L2"))
    async with store.reading() as reading:
        found = await reading.escalation_lines.open_about(["JOE-L1", "JOE-L2"])
        assert [line.row.id for line in found] == [second, first]
        assert found[1].location == "Joe's Pizza"
        assert await reading.escalation_lines.open_about(["JOE-L3"]) == []
    await take(store, second, step(Step.withdraw, ANA, Who.requester))
    async with store.reading() as reading:
        found = await reading.escalation_lines.open_about(["JOE-L1", "JOE-L2"])
        assert [line.row.id for line in found] == [first]
