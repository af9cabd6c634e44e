"""`wavepost sandbox` as a newcomer starts it: a process of its own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAM = "from bot.cli import app; app()"
READY_WITHIN = 120


def command(folder: Path, *options: str) -> list[str]:
    """What starts a sandbox in the folder."""
    own = ("sandbox", "--no-open", "--folder", str(folder), "--port", "0")
    return [sys.executable, "-c", PROGRAM, *own, *options]


def refused(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The program that does not start, as it ended."""
    return subprocess.run(  # noqa: S603 - our own program
        command(folder, *options), capture_output=True, text=True, check=False, timeout=READY_WITHIN
    )


@contextmanager
def sandbox(folder: Path, *options: str, ended_by: signal.Signals = signal.SIGINT) -> Iterator[str]:
    """The program at work; gives the address that it prints. Ended as Ctrl-C ends it."""
    kept = folder.parent / "sandbox.log"
    with kept.open("w") as output:
        program = subprocess.Popen(  # noqa: S603 - our own program
            command(folder, *options),
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
    try:
        yield _address(program, kept)
    finally:
        program.send_signal(ended_by)
        program.wait(30)


def _address(program: subprocess.Popen[bytes], log: Path) -> str:
    for _ in range(READY_WITHIN * 10):
        found = re.search(r"ready: (http://\S+)(?s:.*)Ctrl-C stops", log.read_text())
        if found:
            return found[1]
        assert program.poll() is None, log.read_text()
        try:
            program.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError(log.read_text())


def log(folder: Path) -> str:
    """What the program said since its last start."""
    return (folder.parent / "sandbox.log").read_text()
