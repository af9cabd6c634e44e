"""The stand-in and plain Bolt apps, each a process of its own."""

import asyncio
import re
import signal
import subprocess
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import yaml

from bot.sandbox.json_types import Json
from bot.sandbox.person import Person
from bot.sandbox.starter import MANIFEST

WAVEPOST = [sys.executable, "-c", "from bot.cli import app; app()"]
PATIENCE = 30


@asynccontextmanager
async def alone(state: Path, *options: str) -> AsyncIterator[str]:
    """The stand-in at work; gives the address of its page. Ended as Ctrl-C ends it."""
    command = [*WAVEPOST, "sandbox", "--only", "--port", "0", "--state", str(state), *options]
    program = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=STDOUT)
    try:
        yield await said(program, r"is ready: (http://\S+)")
    finally:
        program.send_signal(signal.SIGINT)
        async with asyncio.timeout(PATIENCE):
            await program.communicate()
    assert program.returncode == 0


async def said(program: Process, pattern: str) -> str:
    """What the pattern found in what the program says."""
    assert program.stdout is not None
    heard = ""
    async with asyncio.timeout(PATIENCE):
        async for line in program.stdout:
            heard += line.decode()
            if found := re.search(pattern, heard):
                return found[1]
    raise AssertionError(heard)


@asynccontextmanager
async def app(source: str, state: Path, port: int) -> AsyncIterator[None]:
    """A Bolt app in a process of its own that knows nothing but the stand-in's shell file."""
    shell = '. "$1" && exec "$2" -c "$3" "$4"'
    arguments = [str(state / "environment"), sys.executable, source, str(port)]
    program = await asyncio.create_subprocess_exec("/bin/sh", "-c", shell, "sh", *arguments)
    try:
        yield
    finally:
        program.kill()
        await program.wait()


async def answered(person: Person, line: str) -> str:
    """The answer to a command, asked again until the app is up."""
    async with asyncio.timeout(PATIENCE):
        while not (answer := await person.command(line, in_="#general")).ok:
            await person.reads("#general")
    return answer.text


def with_(place: str, value: object) -> Json:
    """The starter's manifest with one field changed."""
    manifest: Json = yaml.safe_load(yaml.safe_dump(MANIFEST))
    *way, last = place.split(".")
    section = manifest
    for step in way:
        section = section[step]
    section[last] = value
    return manifest


def ran(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


async def at_once() -> None:
    return
