"""`wavepost plan` as somebody at a terminal meets it."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.plan_command import plan_waves
from bot.terminal import console
from store.session import Store
from tests.conftest import TODAY
from tests.world import World, counted, run

app = typer.Typer()
app.command()(plan_waves)

Plan = Callable[..., Result]


@pytest.fixture
def plan(database_url: str, logging_restored: None, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """The command, where Joe and Cleo are imported on 15 January 2022."""
    monkeypatch.setenv("WAVEPOST_DATABASE_URL", database_url)
    monkeypatch.setattr(console, "width", 300)  # no word of a table is broken

    async def begin(store: Store) -> None:
        async with store.transaction(actor="test") as tx:
            await tx.clock.set_today(TODAY)
        world = World()
        world.csa()
        world.customer("Joe's Pizza", id="joes", unplaced=4, binding=None)
        world.customer("Cleo's", id="cleos", unplaced=2, binding=None)
        await world.keep(store, planned=False)
        await run(store, "UPDATE csas SET weekly_capacity = 4")

    with_it(database_url, begin)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def with_it(url: str, work: Callable[[Store], Awaitable[object]]) -> object:
    """Do something with the database of the test."""

    async def opened() -> object:
        store = Store(url)
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(opened())


def changed(url: str, statement: str) -> None:
    with_it(url, lambda store: run(store, statement))


def number(url: str, table: str) -> object:
    return with_it(url, lambda store: counted(store, table))


def test_the_first_plan_is_published_at_once(plan: Plan, database_url: str) -> None:
    first = plan()

    assert first.exit_code == 0
    assert "Locations with a date" in first.stdout
    assert number(database_url, "promises") == 6


def test_a_later_plan_is_a_draft_until_it_is_said_to_be_published(
    plan: Plan, database_url: str
) -> None:
    plan()
    changed(database_url, "UPDATE csas SET weekly_capacity = 3")

    drafted = plan()
    assert drafted.exit_code == 0
    assert "Draft 2" in drafted.stdout
    assert "Moved: there was no room left" in drafted.stdout
    assert "Nobody can be asked here." in drafted.stdout
    assert number(database_url, "moves") == 0

    published = plan("--publish")
    assert published.exit_code == 0
    assert "Plan 3 holds now" in published.stdout
    assert number(database_url, "plans WHERE state = 'discarded'") == 1
    assert number(database_url, "moves") != 0


def test_what_would_change_nothing_is_said_and_not_kept(plan: Plan, database_url: str) -> None:
    plan()

    again = plan("--draft")

    assert again.exit_code == 0
    assert "Nothing would change. Plan 1 still fits" in again.stdout
    assert number(database_url, "plans") == 1


def test_a_first_draft_is_no_plan_and_can_be_put_aside(plan: Plan, database_url: str) -> None:
    drafted = plan("--draft")
    assert "Draft 1 is kept; nobody has heard of it." in drafted.stdout
    assert number(database_url, "promises") == 0

    assert "Draft 1 was put aside by" in plan("--discard").stdout
    assert "No draft is open" in plan("--discard").stdout


def test_a_past_plan_is_shown_as_it_was(plan: Plan, database_url: str) -> None:
    plan()
    changed(database_url, "UPDATE csas SET weekly_capacity = 3")
    plan("--publish")

    first = plan("--show", 1)
    assert "Plan 1" in first.stdout
    assert "Moved" not in first.stdout
    assert "Moved" in plan("--show", 2).stdout
    missing = plan("--show", 9)
    assert missing.exit_code == 2
    assert "There is no plan 9. The newest is 2." in missing.stdout
