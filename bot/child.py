"""Work in a process of its own: it can be killed, and its death is not ours.

Run as `python -m bot.child` it does one thing: what is asked for comes in, what came of it goes out.
"""

import asyncio
import contextlib
import os
import pickle
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from threading import Thread
from typing import Any, TypeVar

from handlers.jobs import ChildDied

LENGTH = 8
"""Bytes that say how long what is asked for is."""

Given = TypeVar("Given")


async def in_child(function: Callable[..., Given], /, *arguments: object) -> Given:
    """What a function of a module gives, or raises, in a process that ends with who waits for it.

    Raises:
        ChildDied: the process crashed or was killed.
    """
    asked = pickle.dumps((function, arguments), protocol=pickle.HIGHEST_PROTOCOL)
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "bot.child"),
        stdin=PIPE,
        stdout=PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        answer = await _answer(child, asked)
        status = await child.wait()
    finally:
        await _ended(child)
    if status or not answer:
        raise ChildDied(_cause(status))
    raised, value = pickle.loads(answer)  # noqa: S301 - our own child's
    if raised:
        raise value
    given: Given = value
    return given


async def _answer(child: Process, asked: bytes) -> bytes:
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("the child was started without pipes")
    # Left open: its end tells the child that nobody waits any more.
    child.stdin.write(len(asked).to_bytes(LENGTH) + asked)
    with contextlib.suppress(ConnectionError):
        await child.stdin.drain()
    return await child.stdout.read()


async def _ended(child: Process) -> None:
    """Kill it where it still runs, and let go of its pipes."""
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
    if child.stdin:
        child.stdin.close()
    await asyncio.shield(child.wait())


def _cause(status: int) -> str:
    if status >= 0:
        return f"it ended with {status}"
    try:
        return f"it was ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"it was ended by signal {-status}"


def _work() -> None:
    """Do what the parent asks, once."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    asked = sys.stdin.buffer
    function, arguments = pickle.loads(asked.read(int.from_bytes(asked.read(LENGTH))))  # noqa: S301 - our own parent's
    Thread(target=_end_with_parent, daemon=True).start()
    with answers:
        answers.write(_outcome(function, arguments))


def _outcome(function: Callable[..., object], arguments: tuple[object, ...]) -> bytes:
    answer: tuple[bool, Any]
    try:
        answer = (False, function(*arguments))
    except Exception as error:  # noqa: BLE001 - the parent raises it
        answer = (True, error)
    return pickle.dumps(answer, protocol=pickle.HIGHEST_PROTOCOL)


def _end_with_parent() -> None:
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


if __name__ == "__main__":
    _work()
