"""Work in a process of its own."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

import polars as pl
import psutil
import pytest

from bot.child import in_child
from handlers.errors import Refused
from handlers.jobs import ChildDied
from tests.post_office import until


def doubled(frame: pl.DataFrame, times: int) -> pl.DataFrame:
    print("this is no answer")
    return pl.concat([frame] * times)


def refuses(words: str) -> None:
    raise Refused(words)


def dies() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def leaves() -> None:
    os._exit(0)


def waits(mark: Path) -> None:
    mark.write_text(str(os.getpid()))
    signal.pause()


async def test_what_a_child_makes_comes_back() -> None:
    frame = pl.DataFrame({"id": range(50_000)})
    assert (await in_child(doubled, frame, 4)).height == 200_000


async def test_what_a_child_raises_is_raised_here() -> None:
    with pytest.raises(Refused, match="no such sheet"):
        await in_child(refuses, "no such sheet")


@pytest.mark.parametrize(("function", "cause"), [(dies, "SIGKILL"), (leaves, "it ended with 0")])
async def test_the_death_of_a_child_is_told_in_words(
    function: Callable[..., object], cause: str
) -> None:
    with pytest.raises(ChildDied, match=cause):
        await in_child(function)


async def test_a_child_ends_with_who_waits_for_it(tmp_path: Path) -> None:
    mark = tmp_path / "child"
    waiting = asyncio.create_task(in_child(waits, mark))

    async def begun() -> bool:
        return mark.exists() and bool(mark.read_text())

    await until(begun)
    waiting.cancel()
    await asyncio.wait({waiting})
    assert not psutil.pid_exists(int(mark.read_text()))
