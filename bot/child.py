"""Work in a process of its own: it can be killed, and its death is not ours."""

import asyncio
import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import Any, TypeVar

from handlers.jobs import ChildDied

WORK_ALONE = (
    *("rules.flow", "rules.settling"),
    *("rules.cause_chart", "rules.charts", "rules.fan_chart", "rules.load_chart"),
    *("rules.outlook_chart", "vl_convert"),
)
"""What only these processes use: 90 MB of solvers and of what draws, which Wavepost does not hold."""

# Forked from one that has imported everything: a start takes a twentieth of a second, not two.
_METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
_processes: Any = multiprocessing.get_context(_METHOD)
if _METHOD == "forkserver":
    _processes.set_forkserver_preload(["__main__", "handlers", *WORK_ALONE])

BETWEEN_KILLS = 0.05

Given = TypeVar("Given")


async def in_child(function: Callable[..., Given], /, *arguments: object) -> Given:
    """What a function of a module gives, or raises, in a process that ends with who waits for it.

    Raises:
        ChildDied: the process crashed or was killed.
    """
    ours, theirs = _processes.Pipe()
    process = _processes.Process(target=_work, args=(theirs, function, arguments), daemon=True)
    watched = asyncio.ensure_future(asyncio.to_thread(_watched, process, ours, theirs))
    try:
        answer = await asyncio.shield(watched)
    finally:
        # Again and again: at first it may not have begun.
        while not watched.done():
            with contextlib.suppress(AttributeError):
                process.kill()
            await asyncio.wait({watched}, timeout=BETWEEN_KILLS)
    if answer is None:
        raise ChildDied(_cause(process.exitcode))
    raised, value = answer
    if raised:
        raise value
    given: Given = value
    return given


def _watched(process: BaseProcess, ours: Connection, theirs: Connection) -> tuple[bool, Any] | None:
    """What the child answers, once it is gone; None where it left without an answer."""
    with ours:
        with theirs:
            process.start()
        try:
            answer: tuple[bool, Any] = ours.recv()
        except (EOFError, ConnectionError):
            return None
        finally:
            process.join()
    return answer


def _cause(status: int) -> str:
    if status >= 0:
        return f"it ended with {status}"
    try:
        return f"it was ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"it was ended by signal {-status}"


def _work(
    answers: Connection, function: Callable[..., object], arguments: tuple[object, ...]
) -> None:
    """Do what is asked for, once; runs in the child."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, args=(answers,), daemon=True).start()
    try:
        answer = (False, function(*arguments))
    except Exception as error:  # noqa: BLE001 - the parent raises it
        answer = (True, error)
    answers.send(answer)


def _end_with_parent(answers: Connection) -> None:
    with contextlib.suppress(EOFError, OSError):
        answers.recv()
    os._exit(1)
