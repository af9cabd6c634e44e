"""The brake over the real database: it pauses a wave in time, and everybody concerned hears it once."""

import asyncio
from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from handlers.blocks import built
from handlers.brake_words import from_json
from handlers.going_on import go_on
from handlers.marking import Mark, mark_all
from handlers.running import start_wave, take_steps, take_wave_step
from handlers.wave_causes import Met, causes_met
from handlers.wave_turn import WAVEPOST, Outcome, Wish
from rules import wave_life
from rules.following import Kind as Followed
from rules.following import Pace, Subject
from rules.location_life import Step, Who
from rules.roles import Kind, Role
from store.people import Person, PersonRow
from store.session import Store
from store.wave_rows import WaveRow
from tests.post_office import until
from tests.world import ANA as ANAS
from tests.world import FIRST_MONDAY, World, heard, run

WEEK = FIRST_MONDAY
NOW = datetime(2022, 1, 17, 14, tzinfo=UTC)
ANA, OMAR, LEA, BEN, VIC = "U1ANA", "U2OMAR", "U3LEA", "U4BEN", "U5VIC"
OMARS = "omar@northwind.example"
SHOPS = 12
OF_OMAR = 2


@pytest.fixture(autouse=True)
async def world(store: Store) -> None:
    """Twelve customers with a location each; ten are Ana's. Lea leads, Ben approves, Vic follows one."""
    world = World()
    world.csa()
    world.csa(OMARS, "Omar Haddad")
    for number in range(SHOPS):
        csa = OMARS if number < OF_OMAR else ANAS
        world.customer(f"Shop {number}", id=f"S{number:02}", weeks={WEEK: 1}, csa=csa)
    await world.keep(store)
    people = {ANA: "ana", OMAR: "omar", LEA: "lea", BEN: "ben", VIC: "vic"}
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(NOW)
        await tx.people.keep(
            PersonRow(id=id_, name=name, kind=Kind.member, email=f"{name}@northwind.example")
            for id_, name in people.items()
        )
        await tx.roles.give(LEA, Role.lead, by="test")
        await tx.roles.give(BEN, Role.approver, by="test")
        await tx.subscriptions.choose(VIC, Subject(Followed.customer, "S11"), Pace.instant)
    async with store.transaction(actor=LEA) as tx:
        await start_wave(tx, WEEK, by=LEA, who=wave_life.Who.lead)
    await heard(store)


def location(number: int) -> str:
    return f"S{number:02}-L1"


def failed(number: int, words: str = "Menu sync") -> Wish:
    return Wish(location(number), Step.fail, words)


async def marked(store: Store, step: Step, *numbers: int, lost_orders: bool = False) -> Outcome:
    wishes = [
        Wish(location(number), step, "Menu sync", lost_orders=lost_orders) for number in numbers
    ]
    return await taken(store, *wishes)


async def taken(store: Store, *wishes: Wish) -> Outcome:
    async with store.transaction(actor=ANA) as tx:
        return await take_steps(tx, WEEK, wishes, by=ANA, who=Who.csa)


async def goes_on(store: Store, row: WaveRow) -> None:
    async with store.transaction(actor=BEN) as tx:
        step, who = wave_life.Step.go_on, wave_life.Who.approver
        words = "The till was restarted"
        going = wave_life.Taken(step, BEN, who, row.version, NOW, words)
        await take_wave_step(tx, WEEK, going)


async def wave(store: Store) -> WaveRow:
    async with store.reading() as reading:
        row = await reading.waves.get(WEEK)
        steps = [each.taken for each in await reading.waves.steps(WEEK)]
    assert row
    assert wave_life.replay(steps).state is wave_life.State(row.state)
    return row


async def test_failures_pause_a_wave_in_plain_words_and_each_hears_it_once(
    store: Store,
) -> None:
    await marked(store, Step.migrate, 0)
    await marked(store, Step.fail, 1, 2)
    assert (await wave(store)).state == "running"
    assert await heard(store) == {}

    await marked(store, Step.fail, 3)
    row = await wave(store)
    assert row.state == "paused"
    assert row.brake
    reading = from_json(row.brake)
    assert reading.score >= reading.limits.pause
    told = await heard(store)
    assert Counter({lane: len(said) for lane, said in told.items()}) == Counter(
        [ANA, OMAR, LEA, BEN, VIC]
    )
    for person in (ANA, OMAR, LEA, BEN):
        assert "3 of 4 tries failed, at 3 customers; usually 2 in 100 do." in told[person][0]
        assert "test stands" not in told[person][0]
    assert "*10 locations of yours* wait" in told[ANA][0]
    assert "*1 location of yours* waits" in told[OMAR][0]
    assert "is paused" in told[VIC][0]
    assert "Shop 11" in told[VIC][0]
    assert "*You decide:*" in told[BEN][0]
    assert "wave_go_on" in told[BEN][0]
    assert f"<@{BEN}>" in told[LEA][0]
    assert "wave_go_on" not in told[LEA][0]
    assert "Menu sync (3, no remedy yet)" in told[LEA][0]

    outcome = await marked(store, Step.migrate, 5)
    assert [each.hindrance for each in outcome.refused] == ["paused"]
    assert await heard(store) == {}


async def test_whoever_marks_what_pauses_a_wave_is_told_so_on_the_spot(store: Store) -> None:
    ana = Person(ANA, "Ana", None, "UTC", Kind.member, frozenset({Role.csa}))
    for number, is_last in ((1, False), (2, False), (3, True)):
        mark = Mark(Step.fail, [(location(number), None)], words="Menu sync")
        async with store.transaction(actor=ANA) as tx:
            told = await mark_all(tx, WEEK, mark, by=ana)
        said = str(built(*told.blocks))
        assert "is marked failed: Menu sync." in said.replace("\N{NO-BREAK SPACE}", " ")
        assert ("*That paused the wave. An approver decides" in said) is is_last


async def test_lost_orders_pause_at_once_and_going_on_forgives_what_was_known(store: Store) -> None:
    await marked(store, Step.fail, 4, lost_orders=True)
    row = await wave(store)
    assert row.state == "paused"
    assert "A location lost orders" in (await heard(store))[ANA][0]

    await goes_on(store, row)
    told = await heard(store)
    assert set(told) == {ANA, OMAR, LEA, VIC}
    assert "The till was restarted" in told[ANA][0]
    row = await wave(store)
    assert row.brake
    assert (row.state, from_json(row.brake).tried) == ("running", 0)

    await marked(store, Step.fail, 5, 6)
    assert (await wave(store)).state == "running"
    await marked(store, Step.fail, 7)
    assert (await wave(store)).state == "paused"


async def test_of_all_who_mark_at_once_one_pauses_the_wave(store: Store) -> None:
    await asyncio.gather(*(marked(store, Step.fail, number) for number in range(SHOPS)))
    async with store.reading() as reading:
        steps = [each.step for each in await reading.waves.steps(WEEK)]
    assert steps.count(wave_life.Step.pause) == 1
    told = await heard(store)
    # Vic hears of the pause where his shop waits then, and of its failure whenever it came.
    assert set(told) == {ANA, OMAR, LEA, BEN, VIC}
    pauses = {person: sum("paused" in said for said in each) for person, each in told.items()}
    assert {pauses[person] for person in (ANA, OMAR, LEA, BEN)} == {1}
    assert pauses[VIC] <= 1


async def test_a_failure_told_while_its_cause_becomes_part_of_another_counts_there(
    store: Store,
) -> None:
    await marked(store, Step.migrate, 0)
    await marked(store, Step.fail, 1)
    sync, menu = await two_causes(store)
    wish = Wish(location(2), Step.fail, cause=sync)
    async with store.transaction(actor=LEA) as tx:
        await tx.catalogue.merge(sync, menu)
        marking = asyncio.create_task(taken(store, wish))
        await until(lambda: somebody_waits(store))
    await marking
    await marked(store, Step.fail, 3)

    assert (await wave(store)).state == "paused"
    assert "Menu (3, no remedy yet)" in (await heard(store))[LEA][0]
    async with store.reading() as reading:
        page = await reading.catalogue.page(skip=0, most=10)
    assert [(line.words, line.failures) for line in page.lines] == [("Menu", 3)]


async def test_who_merges_a_cause_waits_for_who_has_just_named_it(store: Store) -> None:
    sync, menu = await two_causes(store)
    async with store.transaction(actor=ANA) as tx:
        await tx.causes.named(["Menu sync"], by=ANA, at=NOW)
        merging = asyncio.create_task(merged(store, sync, menu))
        await until(lambda: somebody_waits(store))
        outcome = await take_steps(tx, WEEK, [failed(1)], by=ANA, who=Who.csa)
    await merging

    assert [line.row.cause_id for line in outcome.taken] == [sync]
    async with store.reading() as reading:
        assert await causes_met(reading, WEEK) == [Met(menu, "Menu", 1, 1)]
        assert [each.cause_id for each in await reading.failures.of_wave(WEEK)] == [menu]


async def test_a_failure_that_was_left_with_a_merged_cause_is_of_the_whole_one(
    store: Store,
) -> None:
    await marked(store, Step.fail, 1)
    sync, menu = await two_causes(store)
    await merged(store, sync, menu)
    await run(store, "UPDATE failures SET cause_id = :cause", cause=sync)

    async with store.reading() as reading:
        assert await causes_met(reading, WEEK) == [Met(menu, "Menu", 1, 1)]


async def test_a_wave_goes_on_though_a_cause_in_its_form_became_part_of_another(
    store: Store,
) -> None:
    await marked(store, Step.fail, 1)
    sync, menu = await two_causes(store)
    await taken(store, failed(2, "Menu"))
    await marked(store, Step.fail, 4, lost_orders=True)
    version = (await wave(store)).version
    await merged(store, sync, menu)

    async with store.transaction(actor=BEN) as tx:
        remedies = {sync: "Restarted it", menu: "Sent the menu anew"}
        await go_on(tx, WEEK, version, words="The till was restarted", remedies=remedies)

    assert (await wave(store)).state == "running"
    async with store.reading() as reading:
        failures = await reading.failures.of_wave(WEEK)
    assert {each.remedy for each in failures} == {"Restarted it; Sent the menu anew"}


async def two_causes(store: Store) -> tuple[int, int]:
    """The cause that is met here, and another one."""
    async with store.transaction(actor=LEA) as tx:
        named = await tx.causes.named(["Menu sync", "Menu"], by=LEA, at=NOW)
    return named["Menu sync"], named["Menu"]


async def merged(store: Store, cause: int, into: int) -> None:
    async with store.transaction(actor=LEA) as tx:
        await tx.catalogue.merge(cause, into)


async def somebody_waits(store: Store) -> bool:
    query = text("""
        SELECT EXISTS (SELECT FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock')
    """)
    async with store.reading() as reading:
        return bool((await reading.connection.execute(query)).scalar_one())


async def test_checks_that_fail_pause_a_wave_that_is_only_watched(store: Store) -> None:
    await marked(store, Step.migrate, *range(SHOPS))
    assert (await wave(store)).state == "checking"
    misses = [
        Wish(location(number), Step.misses, "3 points more are missed") for number in range(4)
    ]
    async with store.transaction(actor=WAVEPOST) as tx:
        await take_steps(tx, WEEK, misses, by=WAVEPOST, who=Who.wavepost)
    row = await wave(store)
    assert row.state == "paused"
    assert "4 of 12 tries failed" in (await heard(store))[LEA][0]
    await goes_on(store, row)
    assert (await wave(store)).state == "checking"


async def test_where_nobody_approves_the_leads_read_who_can_give_the_role(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.roles.take(BEN, Role.approver)
    await marked(store, Step.fail, 1, 2, 3)
    told = await heard(store)
    assert BEN not in told
    assert "nobody has that role" in told[LEA][0]
    assert f"<@{LEA}> can give it" in told[LEA][0]
