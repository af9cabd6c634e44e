"""`wavepost parameters` as somebody at a terminal meets it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import TypeVar

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from bot.parameters_command import parameters
from bot.terminal import console
from rules.parameters import Parameters
from store.session import Store
from tests.world import World, run_as_owner

Command = Callable[..., Result]
Answer = TypeVar("Answer")


def with_store(url: str, work: Callable[[Store], Awaitable[Answer]]) -> Answer:
    async def opened() -> Answer:
        store = Store(url)
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(opened())


def current(url: str) -> Parameters:
    async def read(store: Store) -> Parameters:
        async with store.reading() as reading:
            return await reading.parameters.current()

    return with_store(url, read)


@pytest.fixture
def run(database_url: str, logging_restored: None, monkeypatch: pytest.MonkeyPatch) -> Command:
    async def begin(store: Store) -> None:
        async with store.transaction(actor="test") as tx:
            await tx.clock.set_today(date(2022, 1, 15))
        world = World()
        world.customer("Joe's Pizza", id="C-JOE", unplaced=2)
        await world.keep(store)
        async with store.transaction(actor="test") as tx:
            await tx.connection.execute(
                text("UPDATE locations SET orders_28d = 100, missed_orders_28d = 9")
            )

    with_store(database_url, begin)
    monkeypatch.setenv("WAVEPOST_DATABASE_URL", database_url)
    monkeypatch.setattr(console, "width", 300)  # no word of a table is broken

    def run(*words: str, answers: str = "") -> Result:
        return CliRunner().invoke(parameters, list(words), input=answers)

    return run


def test_all_are_shown_with_what_they_may_be(run: Command) -> None:
    result = run()
    assert result.exit_code == 0
    assert "health.green" in result.output
    assert "The least score that is green. May be a number from 0 to 100." in result.output
    assert "Nobody has saved parameters yet." in result.output


def test_a_change_shows_its_effect_and_is_saved_when_told_so(
    run: Command, database_url: str
) -> None:
    asked = run("set", "health.green", "99", "health.amber", "98", answers="n\n")
    assert "Green from: 99, was 75" in asked.output
    assert "2 of 2 locations change colour" in asked.output.replace("\N{NO-BREAK SPACE}", " ")
    assert "Nothing was saved." in asked.output
    assert current(database_url) == Parameters()

    saved = run(
        "set", "health.green", "99", "health.amber", "98", "--note", "Strict", answers="y\n"
    )
    assert (saved.exit_code, "Saved as version 1." in saved.output) == (0, True)
    assert current(database_url).health.green == 99
    assert "Strict" in run("history").output
    assert "Nothing was saved" not in run("set", "health.green", "99.5", "--yes").output

    assert run("reset", "--yes").exit_code == 0
    assert current(database_url) == Parameters()
    assert "Version 3, saved by" in run("history").output


def test_where_nobody_can_answer_nothing_is_saved(run: Command, database_url: str) -> None:
    result = run("set", "health.green", "80")
    assert result.exit_code == 2
    assert "Where nobody can answer, add --yes." in result.output
    assert current(database_url) == Parameters()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("health.gren", "80"), "There is no parameter health.gren. Did you mean health.green?"),
        (("moon", "1"), "There is no parameter moon. wavepost parameters lists them all."),
        (("health.green",), "Name parameters and their values in turn"),
        (("health.green", "many"), "Green from must be a number from 0 to 100, not many."),
        (("weeks", "0", "health.green", "x"), "Horizon must be a whole number from 1 to 520"),
        (("health.weights.trend", "0.2"), "The weights must add up to 1, and these add up to 1.05"),
    ],
)
def test_what_cannot_be_used_says_what_can(
    run: Command, database_url: str, words: tuple[str, ...], said: str
) -> None:
    result = run("set", *words, "--yes")
    assert result.exit_code == 2
    assert said in result.output
    assert current(database_url) == Parameters()


def test_the_numbers_that_count_already_are_not_saved_again(run: Command) -> None:
    result = run("set", "health.green", "75", "--yes")
    assert result.exit_code == 0
    assert "These are the numbers that count now, so nothing was saved." in result.output


def test_what_another_wavepost_saved_can_be_left_behind(run: Command, database_url: str) -> None:
    run("set", "health.green", "80", "--yes")

    async def spoil(store: Store) -> None:
        await run_as_owner(
            store, """UPDATE parameter_versions SET parameters = parameters || '{"moon": 1}'"""
        )

    with_store(database_url, spoil)
    told = run()
    assert told.exit_code == 2
    assert "cannot be used by this one (moon)" in told.output
    assert "cannot show what changed" in run("history").output

    assert run("reset", "--yes").exit_code == 0
    assert current(database_url) == Parameters()
