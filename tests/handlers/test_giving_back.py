"""Whoever a wave gives back loses its week, with the reason, and is planned again."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from handlers.dates import look_up
from handlers.plan_outcome import Proposal, outcome_of
from handlers.planning import publish_first_plan
from handlers.running import start_wave, take_steps, take_wave_step
from handlers.wave_turn import Wish
from rules import wave_life
from rules.escalation import Category
from rules.escalation import State as EscalationState
from rules.finding import Named
from rules.location_life import Step, Who
from rules.parameters import Parameters
from rules.requests import Hindrance
from rules.waves import plan
from store.escalation_rows import EscalationRow
from store.planning import Planning
from store.plans import MoveReason
from store.session import Store, Transaction
from store.tallies import Tally
from tests.world import FIRST_MONDAY, World, counted, run

WEEK = FIRST_MONDAY
LEA, LEO = "U2LEA", "U3LEO"


@pytest.fixture(autouse=True)
async def world(store: Store) -> None:
    """Joe's has two locations in the wave and one in the next, Casa one in the wave that is running."""
    world = World()
    world.csa()
    world.feature("kiosk", "Kiosk", date(2022, 1, 3), released=date(2022, 1, 3))
    later = date(2022, 1, 24)
    world.customer("Joe's Pizza", id="joes", weeks={WEEK: 2, later: 1}, requires=["kiosk"])
    world.customer("Casa Azteca", id="casa", weeks={WEEK: 1})
    await world.keep(store)
    async with store.transaction(actor=LEA) as tx:
        await start_wave(tx, WEEK, by=LEA, who=wave_life.Who.lead)


async def take(tx: Transaction, *wishes: Wish, who: Who = Who.lead) -> None:
    outcome = await take_steps(tx, WEEK, wishes, by=LEA, who=who)
    assert not outcome.refused


async def asked(store: Store, today: date = WEEK) -> dict[str, set[str]]:
    """Who is planned again, by what is asked of the planner."""
    async with store.reading() as reading:
        question = await Planning(reading.connection).question(today, Parameters())
    return {"going": set(question.going["location_id"]), "begun": {str(question.begun)}}


async def placed_again(store: Store) -> int:
    """How many the next plan places again, as it says of itself."""
    async with store.transaction(actor=LEA) as tx:
        question = await Planning(tx.connection).question(WEEK, Parameters(pilot_weeks=0))
        proposal = Proposal.of(question, plan(question.problem))
    return outcome_of(proposal, 1, is_new=True).came_back


async def rows(store: Store, query: str) -> list[dict[str, Any]]:
    async with store.reading() as reading:
        found = await reading.connection.execute(text(query))
        return [dict(row) for row in found.mappings()]


async def test_who_failed_loses_the_week_with_the_reason_and_is_planned_again(
    store: Store,
) -> None:
    assert await asked(store) == {"going": {"joes-L3"}, "begun": {"3"}}
    async with store.transaction(actor=LEA) as tx:
        await take(
            tx, Wish("joes-L1", Step.fail, "Menu sync stopped"), Wish("joes-L2", Step.migrate)
        )
    async with store.transaction(actor=LEA) as tx:
        await take(tx, Wish("joes-L1", Step.give_back, "It needs a new menu"))

    assert await asked(store) == {"going": {"joes-L1", "joes-L3"}, "begun": {"2"}}
    assert await placed_again(store) == 1
    promised = await rows(store, "SELECT location_id FROM promises ORDER BY 1")
    assert [row["location_id"] for row in promised] == ["casa-L1", "joes-L2", "joes-L3"]
    (move,) = await rows(store, "SELECT * FROM moves")
    assert (move["customer_id"], move["from_week"], move["to_week"]) == ("joes", WEEK, None)
    assert (move["reason"], move["locations"]) == (MoveReason.failed_check, 1)
    async with store.reading() as reading:
        known = await reading.schedules.of_customer("joes")
    assert known
    assert known.punts == 1
    (told,) = await rows(store, "SELECT * FROM audit WHERE action = 'promise moved'")
    assert (told["actor"], told["reason"]) == (LEA, "failed check")


async def test_who_never_began_goes_back_because_the_wave_was_paused_and_frees_the_first_week(
    store: Store,
) -> None:
    async with store.transaction(actor=LEA) as tx:
        wave = await tx.waves.get(WEEK)
        assert wave
        at = await tx.clock.now()
        words = "Orders were lost elsewhere"
        pause = wave_life.Taken(
            wave_life.Step.pause, LEO, wave_life.Who.lead, wave.version, at, words
        )
        await take_wave_step(tx, WEEK, pause)
        both = [Wish(each, Step.give_back, words) for each in ("joes-L1", "joes-L2")]
        await take(tx, *both)

    (move,) = await rows(store, "SELECT * FROM moves")
    assert (move["reason"], move["locations"]) == (MoveReason.wave_paused, 2)
    (joes,) = await rows(store, "SELECT first_week FROM customers WHERE id = 'joes'")
    assert joes["first_week"] == date(2022, 1, 24)


async def test_those_in_a_wave_wait_for_nothing_and_wait_again_once_they_are_given_back(
    store: Store,
) -> None:
    async def waiting() -> list[int]:
        async with store.reading() as reading:
            return [row["locations"] for row in await reading.tallies.of(Tally.waiting)]

    assert await waiting() == [1]
    async with store.transaction(actor=LEA) as tx:
        await tx.tallies.keep()
        await take(tx, Wish("joes-L1", Step.give_back, "Asked for by the customer"))
    assert await waiting() == [2]
    assert await counted(store, "jobs") == 2


async def test_who_is_in_a_wave_or_has_migrated_has_nothing_to_ask_for_until_it_comes_back(
    store: Store,
) -> None:
    async def begun() -> set[str]:
        async with store.reading() as reading:
            said = await reading.requests.verdicts(
                ["joes-L1", "joes-L2", "joes-L3"],
                date(2022, 2, 9),
                today=date(2022, 1, 26),
                parameters=Parameters(),
            )
        named = [ids for verdict, ids in said.items() if verdict.hindrance is Hindrance.begun]
        return {location for ids in named for location in ids}

    assert await begun() == {"joes-L1", "joes-L2", "joes-L3"}
    async with store.transaction(actor=LEA) as tx:
        await take(tx, Wish("joes-L1", Step.fail, "Menu sync stopped"))
        await take(tx, Wish("joes-L1", Step.give_back, "It needs a new menu"))
    assert await begun() == {"joes-L2", "joes-L3"}


async def first_line(store: Store, customer: str) -> str:
    async with store.reading() as reading:
        named = Named("customer", customer, customer, customer)
        dated = await look_up(reading, named, date(2022, 1, 22))
    assert dated
    return dated.plain_line.replace("\N{NO-BREAK SPACE}", " ")


async def test_the_first_line_goes_with_it_from_failing_to_the_week_of_the_next_plan(
    store: Store,
) -> None:
    at = datetime(2022, 1, 19, 9, tzinfo=UTC)
    async with store.transaction(actor=LEA) as tx:
        await tx.clock.set_now(at)
        await take(tx, Wish("casa-L1", Step.fail, "Menu sync stopped"))
    why = "Wed 19 Jan 2022"
    assert await first_line(store, "casa") == (
        f"Casa Azteca failed to migrate on {why}: Menu sync stopped."
    )
    async with store.transaction(actor=LEA) as tx:
        await take(tx, Wish("casa-L1", Step.give_back, "It needs a new menu"))
    assert await first_line(store, "casa") == (
        f"Casa Azteca has no new date yet: it failed on {why} (Menu sync stopped)."
    )
    # The world's plan took its number without asking for one.
    await run(store, "SELECT nextval('plans_id_seq')")
    async with store.transaction(actor=LEA) as tx:
        parameters = Parameters(pilot_weeks=0)
        await publish_first_plan(tx, today=date(2022, 1, 22), parameters=parameters)
    assert await first_line(store, "casa") == (
        f"Casa Azteca moves in the week of Mon 24 Jan 2022: it failed on {why} (Menu sync stopped)."
    )


async def test_an_approved_wish_is_kept_by_who_migrated_and_not_by_a_week_that_is_over(
    store: Store,
) -> None:
    async with store.transaction(actor=LEA) as tx:
        row = EscalationRow(
            sent_at=await tx.clock.now(),
            sent_by="U1ANA",
            state=EscalationState.scheduled,
            category=next(iter(Category)),
            explanation="A launch",
            wished_on=date(2022, 1, 20),
            due_on=date(2022, 1, 20),
        )
        number = await tx.escalations.add(row, ["joes-L1", "joes-L2"])
        await tx.escalations.grant(number, ["joes-L1", "joes-L2"])
        await take(
            tx, Wish("joes-L1", Step.migrate), Wish("joes-L2", Step.fail, "Menu sync stopped")
        )
        (going,) = await tx.escalations.going(date(2022, 1, 26))
    assert (going.weeks, going.migrated) == ([WEEK, WEEK], [True, False])
