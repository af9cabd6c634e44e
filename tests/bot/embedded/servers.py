"""Embedded servers as tests ask, kill and await them."""

import json
import os
import signal
import subprocess

import psutil
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.embedded import Embedded

A_PARENT = """
import sys
from pathlib import Path
from bot.embedded_postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
server.start()
print(server.server_pid, flush=True)
sys.stdin.read()
"""


async def ask(url: str, *statements: str) -> object:
    """The first value of the last statement."""
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            *_, last = [await connection.execute(text(words)) for words in statements]
            return last.scalar() if last.returns_rows else None
    finally:
        await engine.dispose()


def ended(pid: int) -> bool:
    """Wait for a process to end."""
    try:
        psutil.Process(pid).wait(10)
    except psutil.NoSuchProcess:
        pass
    except psutil.TimeoutExpired:
        return False
    return True


def kill(server: Embedded) -> None:
    """End a server and its keeper as a power cut would."""
    facts = json.loads((server.folder / "running.json").read_text())
    for pid in (facts["keeper"], facts["server"]):
        os.kill(pid, signal.SIGKILL)
    assert ended(facts["keeper"])
    assert ended(facts["server"])


def said_by(program: "subprocess.Popen[str]") -> str:
    assert program.stdout is not None
    return program.stdout.readline()
