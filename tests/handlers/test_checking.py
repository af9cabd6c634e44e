"""Checks from the clock to whom they concern: judged once, revised in the open, decided by people."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

import polars as pl
import pytest
from sqlalchemy import insert, text

from handlers import looks
from handlers.check_shown import check_view
from handlers.checking import check
from handlers.importing import import_sheets
from handlers.jobs import SlackFiles, Work
from handlers.looks import JUDGE
from handlers.running import take_steps
from handlers.wave_turn import Outcome, Wish
from rules.location_life import State, Step, Who
from rules.roles import Kind as Member
from rules.roles import Role
from rules.verdicts import Verdict, Why
from store.check_rows import CheckRow
from store.jobs import JobRow
from store.people import Person
from store.session import Store
from tests.handlers.checked_world import (
    ANA,
    AS_BEFORE,
    BUSY,
    FAR_MORE,
    LEA,
    WEEK,
    figures,
    keep_moved,
    stands,
    to_day,
)
from tests.world import ANA as OWNER
from tests.world import run

LEASE = timedelta(minutes=5)
LEAD = Person(LEA, "Lea", None, "UTC", Member.member, frozenset({Role.lead, Role.csa}))

Given = TypeVar("Given")


@dataclass
class Here:
    """A child process that is none."""

    async def __call__(self, function: Callable[..., Given], /, *arguments: object) -> Given:
        return await asyncio.to_thread(function, *arguments)


@pytest.fixture(autouse=True)
async def world(store: Store) -> None:
    """Three locations moved, and Ana owns them."""
    await keep_moved(store)
    await run(
        store,
        "INSERT INTO people (id, name, email, timezone, kind, active)"
        " VALUES (:id, 'Ana Reyes', :email, 'UTC', 'member', true)",
        id=ANA,
        email=OWNER,
    )


async def leased(store: Store) -> JobRow | None:
    async with store.transaction(actor="worker") as tx:
        found = await tx.jobs.lease([JUDGE], most=1, duration=LEASE, in_turn=[JUDGE])
    return found[0] if found else None


async def judged(store: Store) -> int:
    """Let the clock knock, and do the jobs that wait; how many there were."""
    await looks.knock(store)
    done = 0
    while job := await leased(store):
        await check.does(Work(job, store, None, cast("SlackFiles", None), Here()))
        done += 1
    return done


async def checks(store: Store, location: str) -> list[CheckRow]:
    async with store.reading() as reading:
        return await reading.checks.of_location(WEEK, location)


async def imported(store: Store, weeks: range) -> None:
    """Say that the figures of these weeks were just written."""
    rows = pl.DataFrame({"week_start": [WEEK + timedelta(weeks=week) for week in weeks]})
    async with store.transaction(actor="test") as tx:
        await looks.have_judged_anew(tx, rows)


async def news(store: Store) -> list[dict[str, Any]]:
    """The facts of what Joe's owner heard of checks, in order."""
    async with store.reading() as reading:
        query = "SELECT news FROM tidings WHERE cause LIKE 'checks %' ORDER BY happened_at, cause"
        rows = await reading.connection.execute(text(query))
        return [each["facts"] for row in rows for each in row.news]


async def test_nothing_is_looked_at_before_its_day(store: Store) -> None:
    await figures(store, ["joes-L1"], range(1), AS_BEFORE)
    await to_day(store, 6)
    assert await judged(store) == 0
    await to_day(store, 7)
    assert await judged(store) == 1
    assert await judged(store) == 0


async def test_who_is_as_well_off_passes_and_who_is_worse_off_does_not(store: Store) -> None:
    await figures(store, ["joes-L1"], range(1), AS_BEFORE)
    await figures(store, ["joes-L2"], range(1), FAR_MORE)
    await to_day(store, 7)

    await judged(store)

    assert await stands(store, "joes-L1") is State.passed
    assert await stands(store, "joes-L2") is State.not_passed
    [found] = await checks(store, "joes-L2")
    assert (found.look, found.verdict, found.why) == (1, Verdict.failed, Why.worse)
    async with store.reading() as reading:
        entries, _ = await reading.timeline.of_location("joes-L2", skip=0, most=5)
    assert entries[0].event == "checked"
    words = entries[0].facts["words"].replace("\N{NO-BREAK SPACE}", " ")
    assert "20.0 % of its orders were missed since the move" in words
    async with store.reading() as reading:
        view = json.dumps(await check_view(reading, LEAD, WEEK, "joes-L2"), ensure_ascii=False)
    for told in (
        "Not passed",
        "800 missed",
        "3,200 missed",
        "points more; for sure between",
        "Does not pass",
    ):
        assert told in view.replace("\N{NO-BREAK SPACE}", " ")


async def test_without_figures_it_is_looked_at_again_and_in_the_end_a_person_is_asked(
    store: Store,
) -> None:
    for look in (1, 2, 3):
        await to_day(store, 7 * look)
        await judged(store)
        assert await stands(store, "joes-L1") is State.migrated
    await to_day(store, 28)
    await judged(store)

    assert await stands(store, "joes-L1") is State.undecided
    assert [(each.look, each.why) for each in await checks(store, "joes-L1")] == [
        (look, Why.no_data) for look in (1, 2, 3, 4)
    ]
    async with store.reading() as reading:
        waiting, total = await reading.checks.undecided(skip=0, most=2)
    assert (total, [each.location for each in waiting]) == (3, ["Dock St", "Main St"])
    assert waiting[0].since.date() == WEEK + timedelta(days=28)
    await _rose(store, {"joes-L2": 0.02, "joes-L3": 0.07})
    async with store.reading() as reading:
        waiting, _ = await reading.checks.undecided(skip=0, most=3, csa=OWNER.upper())
        nobodys = await reading.checks.undecided(skip=0, most=3, csa="omar@northwind.example")
    assert [each.location_id for each in waiting] == ["joes-L3", "joes-L2", "joes-L1"]
    assert [each.is_measured for each in waiting] == [True, True, False]
    assert nobodys == ([], 0)


async def _rose(store: Store, changes: dict[str, float]) -> None:
    """Let the newest checks of locations find so large a rise, and doubt it."""
    async with store.transaction(actor="test") as tx:
        for location, row in (await tx.checks.latest(WEEK, changes)).items():
            doubted = {"change": changes[location], "data_name": "later", "revises": row.id}
            newer = row.model_dump(exclude={"id"}) | doubted
            await tx.connection.execute(insert(CheckRow).values(newer))


async def test_a_clock_that_stood_still_looks_at_every_week_in_its_order(store: Store) -> None:
    await to_day(store, 30)

    await judged(store)

    assert [each.look for each in await checks(store, "joes-L1")] == [1, 2, 3, 4]
    assert await stands(store, "joes-L1") is State.undecided
    told = await news(store)
    assert [(each["kind"], each["locations"]) for each in told] == [("person", 1)] * 3


async def test_figures_that_come_late_revise_the_verdict_and_who_heard_of_it_hears_again(
    store: Store, tmp_path: Path
) -> None:
    await to_day(store, 7)
    await judged(store)
    await to_day(store, 8)
    sheet = tmp_path / "history.csv"
    sheet.write_text(
        f"location_id,week_start,orders,missed_orders\njoes-L1,{WEEK},{BUSY},{AS_BEFORE}\n"
    )
    async with store.transaction(actor=LEA) as tx:
        await import_sheets(tx, [sheet], today=WEEK + timedelta(days=8))

    await judged(store)

    assert await stands(store, "joes-L1") is State.passed
    first, second = await checks(store, "joes-L1")
    assert (second.look, second.revises) == (1, first.id)
    assert len(await checks(store, "joes-L2")) == 1
    told = await news(store)
    assert [(each["kind"], each["was"], each["locations"]) for each in told] == [
        ("unsure", "", 3),
        ("passed", "inconclusive", 1),
    ]


async def test_a_correction_of_another_time_judges_nothing_anew(store: Store) -> None:
    await to_day(store, 7)
    await judged(store)
    await figures(store, ["joes-L1"], range(1, 2), AS_BEFORE)
    await imported(store, range(1, 2))

    assert await judged(store) == 1

    assert len(await checks(store, "joes-L1")) == 1


async def test_figures_that_come_back_to_what_they_were_are_a_third_verdict(store: Store) -> None:
    for missed in (AS_BEFORE, FAR_MORE, AS_BEFORE):
        await figures(store, ["joes-L1"], range(1), missed)
        await to_day(store, 7)
        await imported(store, range(1))
        await judged(store)

    found = await checks(store, "joes-L1")
    assert [each.verdict for each in found] == [Verdict.passed, Verdict.failed, Verdict.passed]
    assert found[0].data_name == found[2].data_name
    assert await stands(store, "joes-L1") is State.passed


async def test_other_figures_with_the_same_verdict_are_kept_and_told_to_nobody(
    store: Store,
) -> None:
    await figures(store, ["joes-L1"], range(1), AS_BEFORE)
    await to_day(store, 7)
    await judged(store)
    before = await news(store)
    await figures(store, ["joes-L1"], range(1), AS_BEFORE - 1)
    await imported(store, range(1))

    await judged(store)

    assert len(await checks(store, "joes-L1")) == 2
    assert await news(store) == before


async def test_two_replicas_that_judge_the_same_keep_one_verdict(store: Store) -> None:
    await figures(store, ["joes-L1"], range(1), AS_BEFORE)
    await to_day(store, 7)
    await asyncio.gather(*(looks.knock(store) for _ in range(4)))
    job = await leased(store)
    assert job
    assert await leased(store) is None
    # A worker that lost its lease unnoticed and the one who took the job up after it.
    works = [Work(job, store, None, cast("SlackFiles", None), Here()) for _ in range(2)]
    await asyncio.gather(*(check.does(work) for work in works), return_exceptions=True)

    assert len(await checks(store, "joes-L1")) == 1
    assert [each["kind"] for each in await news(store)] == ["passed", "unsure"]


async def test_who_decided_is_not_overruled_by_figures_but_hears_of_them(store: Store) -> None:
    await figures(store, ["joes-L1"], range(1), FAR_MORE)
    await to_day(store, 7)
    await judged(store)
    async with store.transaction(actor=LEA) as tx:
        wish = Wish("joes-L1", Step.accept, "The owner is content")
        outcome: Outcome = await take_steps(tx, WEEK, [wish], by=LEA, who=Who.lead)
    assert not outcome.refused
    await figures(store, ["joes-L1"], range(1), AS_BEFORE)
    await imported(store, range(1))

    await judged(store)

    assert await stands(store, "joes-L1") is State.accepted
    assert [each.verdict for each in await checks(store, "joes-L1")] == [
        Verdict.failed,
        Verdict.passed,
    ]
    assert (await news(store))[-1]["is_accepted"] is True


async def test_who_was_marked_and_unmarked_is_not_judged(store: Store) -> None:
    async with store.transaction(actor=ANA) as tx:
        wishes = [Wish(f"joes-L{at}", Step.unmark, "By mistake") for at in (1, 2, 3)]
        await take_steps(tx, WEEK, wishes, by=ANA, who=Who.csa)
    await to_day(store, 7)
    assert await judged(store) == 0


async def test_what_was_mended_is_looked_at_from_then_on(store: Store) -> None:
    await figures(store, ["joes-L1"], range(1), FAR_MORE)
    await to_day(store, 7)
    await judged(store)
    async with store.transaction(actor=ANA) as tx:
        wish = Wish("joes-L1", Step.check_anew, "Updated the printer")
        assert (await take_steps(tx, WEEK, [wish], by=ANA, who=Who.csa)).taken
    await figures(store, ["joes-L1"], range(1, 2), AS_BEFORE)
    await to_day(store, 14)

    await judged(store)

    assert await stands(store, "joes-L1") is State.passed
    _, last = await checks(store, "joes-L1")
    assert (last.look, last.revises) == (1, None)
