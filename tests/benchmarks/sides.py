"""Both sides of a comparison, each in a process of its own: Wavepost, and a bare Bolt app."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.embedded_postgres import EmbeddedPostgres
from bot.sandbox.server import Sandbox
from tests.workspace import WORKSPACE

MANIFEST = Path(__file__).parents[2] / "manifest.yml"


@dataclass(frozen=True, slots=True)
class Sides:
    """Where both take what Slack signs with `secret`, the id of Ana, who asks, and the stand-in."""

    echo: str
    wavepost: str
    secret: str
    user: str
    sandbox: Sandbox


@asynccontextmanager
async def both_served(server: EmbeddedPostgres) -> AsyncIterator[Sides]:
    """Serve both, with the stand-in for Slack behind them, until the end of the block."""
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(
            Sandbox(manifest=MANIFEST, workspace=WORKSPACE, rates=None).running()
        )
        ports = [free_port(), free_port()]
        wavepost = served_to(sandbox, server, ports[1]) | {"WAVEPOST_S3_BUCKET": ""}
        programs = [_echo(server, sandbox, ports[0]), serve(wavepost)]
        stack.callback(_end, programs)
        for port in ports:
            await answers(port)
        user = sandbox.people.user("ana").id
        secret = sandbox.signing_secret
        yield Sides(_url(ports[0]), _url(ports[1]), secret, user, sandbox)


def served_to(sandbox: Sandbox, server: EmbeddedPostgres, port: int) -> dict[str, str]:
    """The settings of a Wavepost that serves the stand-in for Slack at a port of this machine."""
    return {
        "WAVEPOST_DATABASE_URL": server.app_url,
        "WAVEPOST_SLACK_TOKEN": sandbox.bot_token,
        "WAVEPOST_SLACK_SIGNING_SECRET": sandbox.signing_secret,
        "WAVEPOST_SLACK_ADDRESS": sandbox.api_address,
        "WAVEPOST_PORT": str(port),
        "WAVEPOST_LOG_LEVEL": "WARNING",
    }


def serve(settings: dict[str, str]) -> subprocess.Popen[bytes]:
    """Wavepost as it runs for good, with these settings; end it."""
    command = [sys.executable, "-c", "from bot.cli import app; app(['serve'])"]
    return subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.DEVNULL)


def _echo(server: EmbeddedPostgres, sandbox: Sandbox, port: int) -> subprocess.Popen[bytes]:
    secrets = (sandbox.bot_token, sandbox.signing_secret, server.app_url)
    arguments = [str(port), sandbox.api_address, *secrets]
    return subprocess.Popen([sys.executable, "-m", "tests.benchmarks.echo", *arguments])


def _end(programs: list[subprocess.Popen[bytes]]) -> None:
    for program in programs:
        program.terminate()
        program.wait()


async def answers(port: int) -> None:
    """Wait until somebody listens at a port of this machine."""
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return


def free_port() -> int:
    """A port of this machine that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}/slack/events"


def say(words: str) -> None:
    """Print a line at once."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
