"""How an import ends before its end: by Ctrl-C, or where what it says can no longer be written."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TypeVar

import typer

from store.session import Store

STOPPED = 130
NOT_SHOWN = 3

Answer = TypeVar("Answer")


class Ending:
    """What Ctrl-C stops, and what was done until then.

    The first Ctrl-C stops; further ones are not heard, for they would break off the rollback.
    """

    def __init__(self) -> None:
        self.so_far = "nothing was imported"
        self._task: asyncio.Task[object] | None = None

    def stoppable(
        self, work: Callable[[Store], Awaitable[Answer]]
    ) -> Callable[[Store], Awaitable[Answer]]:
        """The same work; Ctrl-C cancels its task, so that everything in it is closed in order."""

        async def watched(store: Store) -> Answer:
            self._task = asyncio.current_task()
            return await work(store)

        return watched

    def interrupt(self, _signal: int, _frame: FrameType | None) -> None:
        """What Ctrl-C does. Raises KeyboardInterrupt outside of a task."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if self._task is None or self._task.done():
            raise KeyboardInterrupt
        # The loop may be waiting for the network: only a call from outside wakes it.
        self._task.get_loop().call_soon_threadsafe(self._task.cancel)


@contextmanager
def ending_in_words() -> Iterator[Ending]:
    """One sentence and an exit code of its own, where an import ends before its end.

    Raises:
        typer.Exit: it was stopped (130), or what it says could not be written (3).
    """
    ending = Ending()
    before = signal.signal(signal.SIGINT, ending.interrupt)
    try:
        yield ending
    except (KeyboardInterrupt, asyncio.CancelledError, typer.Abort):
        _last_words(f"Stopped: {ending.so_far}.")
        raise typer.Exit(STOPPED) from None
    except (OSError, SystemExit) as failure:  # Rich makes a SystemExit of a broken pipe
        why = getattr(failure, "strerror", None) or "nobody reads it"
        _forget_output()
        _last_words(f"What happens here cannot be shown ({why}): {ending.so_far}.")
        raise typer.Exit(NOT_SHOWN) from None
    finally:
        signal.signal(signal.SIGINT, before)


def _last_words(words: str) -> None:
    if sys.stderr.isatty():
        typer.echo(err=True)  # below the "^C" that the terminal shows
    typer.echo(words, err=True)


def _forget_output() -> None:
    """What could not be written is not tried again at exit, which would fail with words of Python's."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
