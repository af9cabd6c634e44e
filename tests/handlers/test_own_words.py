"""An installation's own words for announcements: what cannot be said in them is said all the same."""

from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import text

from handlers.announcing import announce_now, preview
from handlers.own_words import FILE, knock, problem_of
from rules.announcement import Topic
from rules.roles import Kind, Role
from store.announcement_rows import ScheduleVersionRow
from store.channels import ChannelRow
from store.people import PersonRow
from store.session import Store
from tests.world import FIRST_MONDAY, World

CHANNEL, LEA = "C1WAVES", "U1LEA"
NINE = datetime(2022, 1, 17, 9, tzinfo=UTC)
OURS = "move this week."
SAYS = ScheduleVersionRow.model_validate(
    {
        "since": NINE,
        "by": LEA,
        "channel": CHANNEL,
        "topic": Topic.waves,
        "weekday": 0,
        "at_time": time(9),
        "zone": "UTC",
    }
)


def words(said: str) -> str:
    return "{% block this_wave %}" + said + "{% endblock %}"


GOOD = words("Up next: {{ part.total }}.")
BETTER = words("Off they go: {{ part.total }}.")
BROKEN = words("{{ nobody }}")


@pytest.fixture(autouse=True)
async def world(store: Store) -> None:
    """Joe's Pizza moves this week, and there is a channel to announce it in."""
    world = World()
    world.csa()
    world.customer("Joe's Pizza", id="JOE", weeks={FIRST_MONDAY: 2})
    await world.keep(store)
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(NINE)
        await tx.people.keep([PersonRow(id=LEA, name="Lea", kind=Kind.member)])
        await tx.roles.give(LEA, Role.lead, by="test")
        await tx.channels.keep([ChannelRow(id=CHANNEL, name="waves", joined=True)])


async def found(store: Store, folder: Path, source: str) -> None:
    """The clock looks at a file twice."""
    (folder / FILE).write_text(source)
    for _ in range(2):
        await knock(store, folder, leads_channel="leads")


async def said(store: Store) -> str:
    async with store.reading() as reading:
        message = await preview(reading, SAYS)
    return str(message.blocks[1]["text"]["text"])


async def told(store: Store) -> list[str]:
    """What Lea was told."""
    async with store.reading() as reading:
        query = text("SELECT blocks::text FROM outbox WHERE lane = :lane ORDER BY number")
        return list((await reading.connection.execute(query, {"lane": LEA})).scalars())


async def test_own_words_take_the_place_of_ours_and_only_of_those(
    store: Store, tmp_path: Path
) -> None:
    assert OURS in await said(store)
    await found(store, tmp_path, GOOD)
    assert (await said(store)).startswith("Up next: 2.\n• Joe's Pizza · 2")
    assert await told(store) == []


async def test_the_last_good_words_are_used_while_new_ones_are_broken_and_leads_hear_once(
    store: Store, tmp_path: Path
) -> None:
    await found(store, tmp_path, GOOD)
    await found(store, tmp_path, BROKEN)
    assert "Up next: 2." in await said(store)
    (notice,) = await told(store)
    assert "'nobody' is undefined" in notice
    await found(store, tmp_path, BETTER)
    assert "Off they go: 2." in await said(store)
    await found(store, tmp_path, BROKEN)
    assert "Off they go: 2." in await said(store)
    assert len(await told(store)) == 1


async def test_without_any_good_words_ours_are_used(store: Store, tmp_path: Path) -> None:
    await found(store, tmp_path, BROKEN)
    assert OURS in await said(store)
    assert len(await told(store)) == 1


async def test_a_file_that_is_taken_away_leaves_our_words(store: Store, tmp_path: Path) -> None:
    await found(store, tmp_path, GOOD)
    (tmp_path / FILE).unlink()
    await knock(store, tmp_path, leads_channel="leads")
    assert OURS in await said(store)
    await found(store, tmp_path, GOOD)
    await knock(store, None, leads_channel="leads")
    assert OURS in await said(store)


async def test_a_file_that_cannot_be_read_changes_nothing(store: Store, tmp_path: Path) -> None:
    await found(store, tmp_path, GOOD)
    (tmp_path / FILE).write_bytes(b"\xff\xfe")
    await knock(store, tmp_path, leads_channel="leads")
    assert "Up next: 2." in await said(store)
    (notice,) = await told(store)
    assert "cannot be read" in notice


async def test_words_that_fail_for_one_announcement_alone_lose_none(
    store: Store, tmp_path: Path
) -> None:
    await found(store, tmp_path, words("{{ 1 // (part.total - 2) }}"))
    async with store.transaction(actor=LEA) as tx:
        schedule = await tx.announcement_schedules.add(SAYS)
        row = await announce_now(tx, schedule, key="test")
    assert row
    assert row.said
    assert OURS in row.said[1]["text"]["text"]
    assert await told(store) == []
    await knock(store, tmp_path, leads_channel="leads")
    (notice,) = await told(store)
    assert "division" in notice


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (GOOD, None),
        ("", None),
        ("{% block this_wave %}{{ ", "line 1:"),
        (BROKEN, "'nobody' is undefined"),
        ("{% block this_wave_closed %}{% endblock %}", "A section is empty."),
        (words("{{ 'x' * 4000 }}"), "3000"),
        ("{% block roadmap_no_features %}{{ later }}{% endblock %}", "'later' is undefined"),
        ("{% block title %}{% endblock %}", "A header is empty."),
    ],
)
def test_words_are_tried_on_every_announcement_there_may_be(
    source: str, problem: str | None
) -> None:
    found = problem_of(source)
    assert found is None if problem is None else problem in (found or "")
