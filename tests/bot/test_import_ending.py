"""`wavepost import` that is stopped, or whose output goes nowhere."""

import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from store.session import Store

A_PROGRAM = "import typer; from bot.import_command import import_files; typer.run(import_files)"
GOOD = "location_id,customer_id,customer_name,csa_email\n1,C1,Joe,ana@x.de\n"
STOPPED = "Stopped: nothing was imported."
SECONDS = 60
PRESSES = 6
WAITING = text(
    "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'locations'::regclass"
)

Program = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def program(database_url: str, tmp_path: Path) -> Iterator[Program]:
    (tmp_path / "a.csv").write_text(GOOD)

    async def begin() -> None:
        store = Store(database_url)
        async with store.transaction(actor="test") as tx:
            await tx.clock.set_today(date(2022, 1, 15))
        await store.close()

    asyncio.run(begin())

    started: list[subprocess.Popen[bytes]] = []

    def start(**streams: Any) -> subprocess.Popen[bytes]:
        running: subprocess.Popen[bytes] = subprocess.Popen(
            [sys.executable, "-c", A_PROGRAM, str(tmp_path / "a.csv")],
            cwd=Path(__file__).parents[2],
            env={"WAVEPOST_DATABASE_URL": database_url, "WAVEPOST_SLACK_TOKEN": "xoxb-test"},
            **{"stdin": subprocess.DEVNULL, "stderr": subprocess.PIPE, **streams},
        )
        started.append(running)
        return running

    yield start
    for running in started:
        with running:
            running.kill()


@contextmanager
def terminal() -> Iterator[tuple[int, int]]:
    ours, theirs = os.openpty()
    try:
        yield ours, theirs
    finally:
        os.close(ours)
        os.close(theirs)


def read_until(words: str, ours: int) -> None:
    said = b""
    while words.encode() not in said:
        assert select.select([ours], [], [], SECONDS)[0], said
        said += os.read(ours, 4096)


def last_words(running: subprocess.Popen[bytes]) -> str:
    _, said = running.communicate(timeout=SECONDS)
    return said.decode().strip()


def words_at_ctrl_c(running: subprocess.Popen[bytes]) -> str:
    """What it says when Ctrl-C is pressed while it asks.

    Pressed in the moment between the question and the reading of the answer, C's read does not hear
    it, and a person presses again.
    """
    for _ in range(PRESSES):
        running.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            _, said = running.communicate(timeout=SECONDS / PRESSES)
            return said.decode().strip()
    raise AssertionError("it does not hear Ctrl-C")


def locations(url: str) -> int:
    async def count() -> int:
        store = Store(url)
        async with store.reading() as reading:
            found = await reading.connection.execute(text("SELECT count(*) FROM locations"))
        await store.close()
        return int(found.scalar_one())

    return asyncio.run(count())


def test_ctrl_c_at_the_question_ends_at_once_with_one_sentence(
    program: Program, database_url: str
) -> None:
    with terminal() as (ours, theirs):
        running = program(stdin=theirs, stdout=theirs)
        read_until("Import this?", ours)
        assert words_at_ctrl_c(running) == STOPPED
    assert running.returncode == 130
    assert locations(database_url) == 0


@pytest.mark.parametrize("times", [1, 2])
async def test_ctrl_c_in_the_middle_of_an_import_ends_with_one_sentence(
    program: Program, store: Store, times: int
) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.connection.execute(text("LOCK TABLE locations IN SHARE MODE"))
        running = program(stdout=subprocess.DEVNULL)
        async with asyncio.timeout(SECONDS):
            while not (await tx.connection.execute(WAITING)).scalar_one():
                pass
        for _ in range(times):
            running.send_signal(signal.SIGINT)
        assert await asyncio.to_thread(last_words, running) == STOPPED
        found = await tx.connection.execute(text("SELECT count(*) FROM customers"))
        assert found.scalar_one() == 0
    assert running.returncode == 130


def test_output_that_cannot_be_written_has_an_exit_code_of_its_own(
    program: Program, database_url: str
) -> None:
    with Path("/dev/full").open("wb") as full:
        running = program(stdout=full)
        assert last_words(running) == (
            "What happens here cannot be shown (No space left on device): nothing was imported."
        )
    assert running.returncode == 3
    assert locations(database_url) == 0


def test_without_standard_input_nobody_is_asked(program: Program, database_url: str) -> None:
    running = program(stdin=None, stdout=subprocess.DEVNULL, preexec_fn=close_input)
    assert last_words(running) == ""
    assert running.returncode == 0
    assert locations(database_url) == 1


def close_input() -> None:
    os.close(0)
