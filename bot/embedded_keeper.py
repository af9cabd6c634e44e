"""Keeps one server alive for as long as any process holds its folder, then stops it and goes.

Run as a script with an order in JSON (see `bot.embedded.Order`), so it imports nothing but the
standard library. A process that dies, however it dies, lets go of its
lock, so a killed parent leaves no server behind on Linux or on macOS.
"""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

LOOK_EVERY = 0.1


class Stop:
    """Set when someone asks the keeper to stop its server now."""

    asked = False

    @classmethod
    def ask(cls, _signal: int, _frame: FrameType | None) -> None:
        """Remember the wish; the loop below acts on it."""
        cls.asked = True


def main() -> None:
    """Leave the process that called, then run and watch the server."""
    if os.fork():
        os._exit(0)
    order = json.loads(sys.argv[1])
    for asked in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(asked, Stop.ask)
    note = Path(order["note"])
    server = begin(order)
    try:
        told = {"keeper": os.getpid(), "server": server.pid, "leaves": order["leaves"]}
        announce(note, order["facts"] | told)
        watch(server, Path(order["holders"]))
    finally:
        end(server, order["stop_signal"], order["grace"])
        clear(order["leaves"])
        note.unlink(missing_ok=True)


def begin(order: dict[str, Any]) -> "subprocess.Popen[bytes]":
    """Start the server, its words going to the log."""
    run_as = order["run_as"]
    identity = {} if run_as is None else {"user": run_as, "group": run_as, "extra_groups": []}
    with Path(order["log"]).open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - the command is our own, built from our own folder
            order["command"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=order["folder"],
            env=order["environment"],
            **identity,
        )


def announce(note: Path, facts: dict[str, Any]) -> None:
    """Tell the other processes what runs here, all at once or not at all."""
    draft = note.with_suffix(".draft")
    draft.write_text(json.dumps(facts))
    draft.replace(note)


def watch(server: "subprocess.Popen[bytes]", holders: Path) -> None:
    """Return when the server has ended, a stop was asked for, or nobody holds the folder."""
    with holders.open("rb") as lock:
        while server.poll() is None and not Stop.asked and not abandoned(lock.fileno()):
            time.sleep(LOOK_EVERY)


def abandoned(lock: int) -> bool:
    """Whether no process holds the folder; if so nobody can hold it until the keeper is gone."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def end(server: "subprocess.Popen[bytes]", stop_signal: int, grace: float) -> None:
    """Ask the server to stop, and end it when it has not within its grace."""
    if server.poll() is not None:
        return
    server.send_signal(stop_signal)
    try:
        server.wait(grace)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def clear(leaves: list[str]) -> None:
    """Remove the sockets, and the folders of sockets, that the server leaves elsewhere."""
    for left in leaves:
        shutil.rmtree(left, ignore_errors=True)
        with contextlib.suppress(OSError):
            Path(left).unlink()


if __name__ == "__main__":
    main()
