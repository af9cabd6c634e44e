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
ENDED_WITHIN = 120


def command(folder: Path, *options: str) -> list[str]:
    """What starts a sandbox in the folder."""
    own = ("sandbox", "--no-open", "--folder", str(folder), "--port", "0")
    return [sys.executable, "-c", PROGRAM, *own, *options]


def refused(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The program that does not start, as it ended."""
    return subprocess.run(
        command(folder, *options), capture_output=True, text=True, check=False, timeout=READY_WITHIN
    )


@contextmanager
def sandbox(folder: Path, *options: str, ended_by: signal.Signals = signal.SIGINT) -> Iterator[str]:
    """The program at work; gives the address that it prints. Ended as Ctrl-C ends it."""
    program = begun(folder, *options)
    try:
        yield at_work(program, folder)
    finally:
        program.send_signal(ended_by)
        program.wait(ENDED_WITHIN)


def begun(folder: Path, *options: str) -> "subprocess.Popen[bytes]":
    """The program, just started."""
    with _kept(folder).open("w") as output:
        return subprocess.Popen(
            command(folder, *options),
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )


def at_work(program: "subprocess.Popen[bytes]", folder: Path) -> str:
    """Wait for the program to be ready; gives the address that it prints."""
    return _said(program, folder, r"ready: (http://\S+)(?s:.*)Ctrl-C stops")[1]


def at_its_import(program: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Wait for the program to begin with its first import."""
    _said(program, folder, "Importing the example")


def _said(program: "subprocess.Popen[bytes]", folder: Path, words: str) -> re.Match[str]:
    for _ in range(READY_WITHIN * 10):
        found = re.search(words, log(folder))
        if found:
            return found
        assert program.poll() is None, log(folder)
        try:
            program.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError(log(folder))


def log(folder: Path) -> str:
    """What the program said since its last start."""
    return _kept(folder).read_text()


def _kept(folder: Path) -> Path:
    return folder.parent / "sandbox.log"
