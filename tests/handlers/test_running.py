"""Running a wave over the real database: what is kept, refused in words, and who wins of two."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from handlers.errors import NotThere, Refused
from handlers.running import start_wave, take_steps, take_wave_step
from handlers.wave_refusals import refusal
from handlers.wave_turn import WAVEPOST, Outcome, Wish
from rules import location_life, wave_life
from rules.life import NotNow, Outdated, StepRefused
from rules.location_life import State, Step, Who
from rules.mark_hindrances import Hindrance
from store.promises import Promises
from store.session import Store
from tests.post_office import until
from tests.world import FIRST_MONDAY, World, run

NOW = datetime(2022, 1, 17, 9, tzinfo=UTC)
WEEK = FIRST_MONDAY
ANA, LEA, LEO = "U1ANA", "U2LEA", "U3LEO"
PAUSE = wave_life.Step.pause


@pytest.fixture(autouse=True)
async def world(store: Store) -> None:
    """Joe's has three locations in the wave, Cleo's two in the next one; three others cannot move."""
    world = World()
    world.csa()
    world.customer("Joe's Pizza", id="joes", weeks={WEEK: 3}, locations=["Dock St", "Main St"])
    world.customer("Cleo's", id="cleos", weeks={WEEK + timedelta(weeks=1): 2})
    world.customer("Gone Grill", id="gone", weeks={WEEK: 1}, status="offboarded")
    world.customer("Late Lunch", id="late", unplaced=1, requires=["split-pay"])
    world.customer("Lone Larder", id="lone", unplaced=1)
    world.feature("split-pay", "Split payments", target=date(2022, 3, 1))
    await world.keep(store)
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(NOW)


async def started(store: Store, week: date = WEEK, by: str = LEA) -> wave_life.Standing:
    async with store.transaction(actor=by) as tx:
        return await start_wave(tx, week, by=by, who=wave_life.Who.lead)


async def marked(
    store: Store, *wishes: Wish, by: str = ANA, who: Who = Who.csa, week: date = WEEK
) -> Outcome:
    async with store.transaction(actor=by) as tx:
        return await take_steps(tx, week, wishes, by=by, who=who)


async def wave_step(
    store: Store, step: wave_life.Step, who: wave_life.Who, words: str = ""
) -> wave_life.Standing:
    async with store.transaction(actor=LEO) as tx:
        wave = await tx.waves.get(WEEK)
        assert wave
        at = await tx.clock.now()
        taken = wave_life.Taken(step, LEO, who, wave.version, at, words)
        return await take_wave_step(tx, WEEK, taken)


def migrate(*ids: str) -> list[Wish]:
    return [Wish(each, Step.migrate) for each in ids]


def fail(location: str, words: str = "Menu sync stopped") -> Wish:
    return Wish(location, Step.fail, words)


def why(outcome: Outcome) -> dict[str, str]:
    return {each.location_id: parted(each.plain) for each in outcome.refused}


def parted(words: str) -> str:
    """Words as one line of a test has them: dates may break."""
    return words.replace("\N{NO-BREAK SPACE}", " ")


async def states(store: Store, week: date = WEEK) -> dict[str, State]:
    async with store.reading() as reading:
        return {row.location_id: State(row.state) for row in await reading.wave_locations.of(week)}


async def wave_state(store: Store) -> str:
    async with store.reading() as reading:
        wave = await reading.waves.get(WEEK)
    assert wave
    return wave.state


ALL = ("joes-L1", "joes-L2", "joes-L3")
WAVE = "Mon 17 Jan 2022"


async def test_a_wave_starts_with_who_is_promised_its_week_and_can_move(store: Store) -> None:
    standing = await started(store)

    assert standing.state is wave_life.State.running
    assert await states(store) == dict.fromkeys(ALL, State.planned)
    async with store.reading() as reading:
        steps = await reading.waves.steps(WEEK)
    assert [(step.step, step.by) for step in steps] == [("announce", LEA), ("start", LEA)]


async def test_a_wave_that_nobody_is_promised_or_can_move_in_does_not_start(store: Store) -> None:
    with pytest.raises(NotThere) as none:
        await started(store, date(2022, 2, 7))
    await run(store, "UPDATE locations SET status = 'offboarded'")

    with pytest.raises(Refused) as nobody:
        await started(store)

    assert "no wave in the week of Mon 7 Feb 2022" in parted(none.value.plain)
    assert f"Nobody is left to move in the week of {WAVE}" in parted(nobody.value.plain)
    async with store.reading() as reading:
        assert await reading.waves.get(WEEK) is None


async def test_a_wave_that_starts_waits_for_the_plan_that_is_being_published(
    store: Store,
) -> None:
    async with store.transaction(actor="planner") as tx:
        await Promises(tx.connection).lock()
        starting = asyncio.create_task(started(store))
        await until(lambda: _somebody_waits(store))
        moved = text("DELETE FROM promises WHERE location_id = 'joes-L1'")
        await tx.connection.execute(moved)

    await starting

    assert set(await states(store)) == {"joes-L2", "joes-L3"}


async def _somebody_waits(store: Store) -> bool:
    async with store.reading() as reading:
        waiting = text("""
            SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database
                WHERE NOT granted AND datname = current_database())
        """)
        return bool((await reading.connection.execute(waiting)).scalar_one())


async def test_of_two_who_start_a_wave_at_once_the_second_is_told(store: Store) -> None:
    both = await asyncio.gather(started(store), started(store, by=LEO), return_exceptions=True)

    (refused,) = [each for each in both if isinstance(each, StepRefused)]
    assert isinstance(refused, NotNow)
    async with store.reading() as reading:
        told = await refusal(reading, WEEK, refused)
        assert len(await reading.waves.steps(WEEK)) == len(["announce", "start"])
    first = LEO if isinstance(both[0], StepRefused) else LEA
    assert parted(told.plain).startswith(f"The wave of {WAVE} is running ({first} started it, ")


async def test_a_wave_closes_when_all_moved_and_all_passed(store: Store) -> None:
    await started(store)

    await marked(store, *migrate(*ALL))
    assert await wave_state(store) == "checking"
    passes = [Wish(each, Step.passes, "No worse") for each in ALL]
    await marked(store, *passes, by=WAVEPOST, who=Who.wavepost)

    assert await wave_state(store) == "closed"


async def test_a_wave_is_rolled_back_when_everything_is(store: Store) -> None:
    await started(store)
    await marked(store, *migrate("joes-L1", "joes-L2"))
    await wave_step(store, PAUSE, wave_life.Who.lead, "Too many failed")
    await wave_step(store, wave_life.Step.roll_back, wave_life.Who.approver, "Orders are lost")

    back = [Wish(each, Step.roll_back, "Orders are lost") for each in ALL[:2]]
    await marked(store, *back, by=LEO, who=Who.approver)
    given = Wish("joes-L3", Step.give_back, "The wave is rolled back")
    await marked(store, given, by=WAVEPOST, who=Who.wavepost)
    assert await wave_state(store) == "rolling back"
    ends = [Wish(each, Step.end) for each in ALL[:2]]
    await marked(store, *ends, by=WAVEPOST, who=Who.wavepost)

    assert await wave_state(store) == "rolled back"


async def test_what_cannot_be_marked_is_refused_by_location_and_the_rest_is_kept(
    store: Store,
) -> None:
    await started(store)
    await marked(store, *migrate("joes-L1"))

    outcome = await marked(
        store,
        *migrate("joes-L1", "joes-L2", "cleos-L1", "gone-L1", "late-L1", "lone-L1", "nowhere"),
        fail("joes-L3", "\u200b\u0301"),
    )

    assert [line.location_id for line in outcome.taken] == ["joes-L2"]
    told = why(outcome)
    assert told.pop("joes-L1").startswith("Dock St is migrated already (U1ANA marked it migrated, ")
    assert told == {
        "cleos-L1": "Cleo's is in the wave of Mon 24 Jan 2022, not in this one.",
        "gone-L1": "Gone Grill is offboarded, so it does not move.",
        "joes-L3": "Say why Joe's Pizza failed: choose a cause, or name a new one.",
        "late-L1": "Late Lunch cannot move: it needs Split payments, which is not released yet "
        "(expected Tue 1 Mar 2022).",
        "lone-L1": "Lone Larder is in no wave yet. The next plan may find it a week.",
        "nowhere": "There is no location nowhere. Its id is the one in the master sheet.",
    }
    assert [each.location_id for each in outcome.refused if each.is_nothing_new] == ["joes-L1"]


async def test_nothing_is_marked_before_the_wave_starts(store: Store) -> None:
    async with store.transaction(actor=LEA) as tx:
        await tx.waves.plan(WEEK)

    outcome = await marked(store, *migrate("joes-L1"))

    assert not outcome.taken
    assert why(outcome) == {
        "joes-L1": f"Dock St cannot move: the wave of {WAVE} has not started. A lead starts it."
    }


async def test_in_a_paused_wave_only_what_was_under_way_is_marked(store: Store) -> None:
    await started(store)
    await marked(store, Wish("joes-L1", Step.begin))
    await wave_step(store, PAUSE, wave_life.Who.lead, "Two chains failed")

    outcome = await marked(store, *migrate("joes-L1", "joes-L2"))

    assert [line.location_id for line in outcome.taken] == ["joes-L1"]
    told = why(outcome)["joes-L2"]
    assert told.startswith(f"Main St cannot move: the wave of {WAVE} is paused, by U3LEO, since ")
    assert told.endswith(": “Two chains failed”. An approver lets it go on.")


async def test_what_came_out_of_reach_since_the_start_cannot_move(store: Store) -> None:
    await started(store)
    await run(store, "UPDATE locations SET status = 'offboarded' WHERE id = 'joes-L1'")
    await run(store, "UPDATE locations SET requires = '{split-pay}' WHERE id = 'joes-L2'")

    outcome = await marked(store, *migrate("joes-L1", "joes-L2"))

    assert {each.location_id: each.hindrance for each in outcome.refused} == {
        "joes-L1": Hindrance.offboarded,
        "joes-L2": Hindrance.not_eligible,
    }


async def test_a_day_before_the_wave_or_still_to_come_is_refused(store: Store) -> None:
    await started(store)

    outcome = await marked(
        store,
        Wish("joes-L1", Step.migrate, on=date(2022, 1, 14)),
        Wish("joes-L2", Step.migrate, on=date(2022, 1, 20)),
    )

    assert why(outcome) == {
        "joes-L1": f"Fri 14 Jan 2022 is before the wave of {WAVE} began. Give the day on which "
        "Dock St moved.",
        "joes-L2": "Thu 20 Jan 2022 is still to come. Give the day on which Main St moved.",
    }


async def test_a_location_that_failed_twice_tells_which_remedy_did_not_work(store: Store) -> None:
    await started(store)
    await marked(store, fail("joes-L1"))
    await marked(store, Wish("joes-L1", Step.try_again, "Restart the till"))
    await marked(store, fail("joes-L1", "menu sync: stopped"))
    await marked(store, Wish("joes-L1", Step.try_again, "New cable"))
    await marked(store, *migrate("joes-L1"))

    async with store.reading() as reading:
        failures = await reading.failures.of_wave(WEEK)
        causes = await reading.causes.all()
        (row,) = await reading.wave_locations.of(WEEK, ["joes-L1"])
    told = [(each.attempt, each.remedy, each.worked) for each in failures]
    assert told == [(1, "Restart the till", False), (2, "New cable", True)]
    assert [cause.words for cause in causes] == ["Menu sync stopped"]
    third = 3
    assert (row.state, row.attempt, row.migrated_on) == ("migrated", third, WEEK)


async def test_a_failure_marked_by_mistake_is_taken_back_and_can_be_given_again(
    store: Store,
) -> None:
    await started(store)
    await marked(store, fail("joes-L1"))
    await marked(store, Wish("joes-L1", Step.unmark, "It was Main St"))
    async with store.reading() as reading:
        assert await reading.failures.of_wave(WEEK) == []

    await marked(store, fail("joes-L1", "No power"))

    async with store.reading() as reading:
        (failure,) = await reading.failures.of_wave(WEEK)
        causes = await reading.causes.some({failure.cause_id})
    assert (failure.attempt, causes[failure.cause_id].words) == (1, "No power")


async def test_a_failed_location_is_not_marked_anew_without_saying_what_was_done(
    store: Store,
) -> None:
    await started(store)
    await marked(store, fail("joes-L1"), fail("joes-L2"), fail("joes-L3"))

    outcome = await marked(
        store,
        *migrate("joes-L1"),
        fail("joes-L2", "No power"),
        fail("joes-L3", "menu SYNC stopped"),
    )

    told = why(outcome)
    assert told["joes-L1"].endswith(
        "so nothing was changed. Say first what was done about it: “Try again”."
    )
    assert "To give another cause, take that mark back first." in told["joes-L2"]
    assert [each.hindrance for each in outcome.refused] == [
        Hindrance.not_now,
        Hindrance.other_cause,
        Hindrance.done,
    ]


async def test_a_cause_of_the_catalogue_is_named_by_its_id(store: Store) -> None:
    await started(store)
    await marked(store, fail("joes-L1"))
    async with store.reading() as reading:
        (cause,) = await reading.causes.all()
    none_such = 99

    outcome = await marked(
        store,
        Wish("joes-L2", Step.fail, cause=cause.id),
        Wish("joes-L3", Step.fail, cause=none_such),
    )

    assert [line.words for line in outcome.taken] == ["Menu sync stopped"]
    assert why(outcome) == {
        "joes-L3": "The cause that was chosen for Joe's Pizza is not in the catalogue any more. "
        "Choose one, or name a new one."
    }


async def test_of_two_who_mark_at_once_the_second_is_told_who_was_first(store: Store) -> None:
    await started(store)

    outcomes = await asyncio.gather(
        marked(store, Wish("joes-L1", Step.migrate, version=1), by=ANA),
        marked(store, Wish("joes-L1", Step.fail, "No power", version=1), by=LEO),
    )

    (first,) = [each for each in outcomes if each.taken]
    (second,) = [each for each in outcomes if each.refused]
    assert first is not second
    (refused,) = second.refused
    assert refused.hindrance is Hindrance.meanwhile
    by, did, now = (ANA, "migrated", "is migrated")
    if first is outcomes[1]:
        by, did, now = (LEO, "failed", "failed")
    assert refused.plain.startswith(f"{by} was faster and marked it {did}")
    assert refused.plain.endswith(f"Dock St {now} now. Nothing that you did was kept.")


async def test_who_was_first_is_called_by_name_after_leaving(store: Store) -> None:
    await started(store)
    await marked(store, *migrate("joes-L1"), by=LEO)
    await run(
        store,
        "INSERT INTO people (id, name, timezone, kind, active) VALUES (:id, 'Leo', 'UTC', 'member', false)",
        id=LEO,
    )

    outcome = await marked(store, *migrate("joes-L1"))

    (refused,) = outcome.refused
    assert "(Leo marked it migrated, " in refused.plain
    assert f"(<@{LEO}> marked it migrated, " in refused.words


async def test_a_location_that_was_rolled_back_is_not_marked(store: Store) -> None:
    await started(store)
    await marked(store, *migrate("joes-L1", "joes-L2"))
    back = [Wish(each, Step.roll_back, "Orders are lost") for each in ALL[:2]]
    await marked(store, *back, by=LEO, who=Who.approver)
    await marked(store, Wish("joes-L2", Step.end), by=WAVEPOST, who=Who.wavepost)

    outcome = await marked(store, *migrate("joes-L1", "joes-L2"))

    assert [each.hindrance for each in outcome.refused] == [Hindrance.not_now] * 2
    told = why(outcome)
    assert (
        "Dock St is on its way back to the old system (U3LEO had it rolled back, "
        in told["joes-L1"]
    )
    assert (
        "Main St is on the old system again (Wavepost confirmed that it is back, "
        in told["joes-L2"]
    )


async def test_a_csa_who_judges_or_rolls_back_is_told_who_may(store: Store) -> None:
    await started(store)
    await marked(store, *migrate("joes-L1", "joes-L2"))

    outcome = await marked(
        store, Wish("joes-L1", Step.passes, "Fine"), Wish("joes-L2", Step.roll_back, "Bad")
    )

    assert why(outcome) == {
        "joes-L1": "This is for Wavepost itself to do. Nothing was changed.",
        "joes-L2": "This is for an approver to do. Nothing was changed.",
    }


async def test_a_location_goes_in_one_wave_at_a_time(store: Store) -> None:
    await started(store)
    later = WEEK + timedelta(weeks=1)
    await run(store, "UPDATE promises SET week = :week WHERE location_id = 'joes-L1'", week=later)

    await started(store, later)
    outcome = await marked(store, *migrate("joes-L1"), week=later)

    assert set(await states(store, later)) == {"cleos-L1", "cleos-L2"}
    assert why(outcome) == {"joes-L1": f"Dock St is in the wave of {WAVE}, not in this one."}


async def test_a_location_is_named_once(store: Store) -> None:
    await started(store)

    with pytest.raises(ValueError, match="one step at a time"):
        await marked(store, *migrate("joes-L1"), fail("joes-L1"))


async def test_a_wave_step_by_who_saw_an_older_wave_is_refused_with_who_was_faster(
    store: Store,
) -> None:
    await started(store)
    paused = await wave_step(store, PAUSE, wave_life.Who.lead, "Two chains failed")
    late = wave_life.Taken(PAUSE, ANA, wave_life.Who.lead, paused.version - 1, NOW, "Me too")

    with pytest.raises(Outdated) as caught:
        async with store.transaction(actor=ANA) as tx:
            await take_wave_step(tx, WEEK, late)

    async with store.reading() as reading:
        told = await refusal(reading, WEEK, caught.value)
    assert told.plain.startswith("U3LEO was faster and paused it, ")
    assert parted(told.plain).endswith(
        f"The wave of {WAVE} is paused now. Nothing that you did was kept."
    )


async def test_the_steps_and_the_audit_tell_where_everything_stands(store: Store) -> None:
    await started(store)
    await marked(store, *migrate("joes-L1"), fail("joes-L2"))
    await marked(store, Wish("joes-L2", Step.try_again, "New cable"))
    await marked(store, *migrate("joes-L2", "joes-L3"))

    async with store.reading() as reading:
        stands = await states(store)
        for location, state in stands.items():
            steps = await reading.wave_locations.steps(WEEK, location)
            went = [(step.taken, wave_life.State(step.wave_state)) for step in steps]
            assert location_life.replay(went).state is state
        wave_steps = await reading.waves.steps(WEEK)
        audit = await reading.connection.execute(
            text("SELECT action, after FROM audit WHERE subject = 'wave 2022-01-17' ORDER BY id")
        )
        told = [tuple(each) for each in audit]
    assert wave_life.replay([step.taken for step in wave_steps]).state == await wave_state(store)
    assert [action for action, _ in told if action != "wave locations"] == [
        f"wave {step.step}" for step in wave_steps
    ]
    last = {
        location: after["state"]
        for action, told_after in told
        if action == "wave locations"
        for location, after in told_after["locations"].items()
    }
    assert last == stands


async def test_the_timeline_tells_a_customer_once_what_happened_to_several(store: Store) -> None:
    await started(store)
    await marked(store, *migrate("joes-L1", "joes-L2"), fail("joes-L3"))
    await wave_step(store, PAUSE, wave_life.Who.lead, "Two chains failed")

    async with store.reading() as reading:
        entries, total = await reading.timeline.of_customer("joes", skip=0, most=9)
        of_one, _ = await reading.timeline.of_location("joes-L1", skip=0, most=9)
    assert total == len(["migrated", "failed", "wave paused"])
    paused, *others = entries
    assert (paused.event, paused.facts["words"]) == ("wave paused", "Two chains failed")
    (migrated,) = [each for each in others if each.event == "migrated"]
    (failed,) = [each for each in others if each.event == "failed"]
    assert migrated.facts["locations"] == len(["joes-L1", "joes-L2"])
    assert (failed.location, failed.facts["words"]) == ("Joe's Pizza", "Menu sync stopped")
    assert [each.event for each in of_one] == ["migrated"]


@pytest.mark.parametrize("table", ["wave_steps", "location_steps"])
async def test_steps_are_never_rewritten(store: Store, table: str) -> None:
    for statement in (f"UPDATE {table} SET by = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            await run(store, statement)
