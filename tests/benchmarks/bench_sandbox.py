"""The stand-in's own speed: `python -m tests.benchmarks.bench_sandbox`.

How long `wavepost sandbox --only` takes until its page answers, beside a bare Python that only
starts; and how many slash commands a second it carries to a bare Bolt app and back while a browser
has its page open and shows them all, beside the same app asked directly.
"""

import asyncio
import socket
import subprocess
import sys
import time
from contextlib import AsyncExitStack, suppress
from statistics import quantiles
from tempfile import TemporaryDirectory

import httpx
from playwright.async_api import async_playwright

from bot.sandbox.server import Sandbox
from bot.sandbox.wire import Wire
from tests.benchmarks.load import put_on
from tests.chromium import QUIET, chromium
from tests.workspace import WORKSPACE

MANIFEST = {
    "display_information": {"name": "Echo"},
    "features": {
        "bot_user": {"display_name": "Echo"},
        "slash_commands": [{"command": "/echo", "description": "Says it again"}],
    },
    "oauth_config": {"scopes": {"bot": ["commands"]}},
}
PEOPLE = ("ana", "omar", "lea", "vic")
PROGRAM = "from bot.cli import app; app()"
SECONDS = 10
STARTS = 5


def main() -> None:
    """Print seconds of a start, commands a second, and their ratios."""
    alone = [_seconds_to_start() for _ in range(STARTS)]
    bare = [_seconds_of_python() for _ in range(STARTS)]
    _say(
        f"start: {min(alone):.2f} to {max(alone):.2f} s; "
        f"bare Python {min(bare):.2f} s; ratio {min(alone) / min(bare):.0f}"
    )
    asyncio.run(_commands())


def _seconds_to_start() -> float:
    with TemporaryDirectory(prefix="wavepost-bench-") as folder:
        port = _free_port()
        command = [sys.executable, "-c", PROGRAM, "sandbox", "--only"]
        command += ["--port", str(port), "--state", folder]
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            while True:
                with suppress(httpx.TransportError):
                    httpx.get(f"http://127.0.0.1:{port}/").raise_for_status()
                    return time.perf_counter() - began
                time.sleep(0.01)
        finally:
            process.terminate()
            process.wait()


def _seconds_of_python() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", ""], check=True)
    return time.perf_counter() - began


async def _commands() -> None:
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())
        sandbox = Sandbox(manifest=MANIFEST, workspace=WORKSPACE)
        await stack.enter_async_context(sandbox.running())
        port = _free_port()
        arguments = [str(port), sandbox.api_address, sandbox.bot_token, sandbox.signing_secret]
        app = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.benchmarks.echo", *arguments
        )
        stack.push_async_callback(app.wait)
        stack.callback(app.terminate)
        sandbox.request_url = f"http://127.0.0.1:{port}/slack/events"
        while not await sandbox.verify_request_url():
            await asyncio.sleep(0.05)
        browser = await playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        stack.push_async_callback(browser.close)
        page = await browser.new_page()
        await page.goto(f"{sandbox.address}/?as={sandbox.people.user('ana').id}")
        user, secret = sandbox.people.user("ana").id, sandbox.signing_secret
        direct = await put_on(
            sandbox.request_url, secret, ["hello"] * 2_000, command="/echo", user=user
        )
        typed = await asyncio.gather(*(_types(sandbox, name) for name in PEOPLE))
        times = [seconds for each in typed for seconds in each]
        rate, cuts = len(times) / SECONDS, quantiles(times, n=100)
        _say(
            f"commands with a browser open: {rate:.0f}/s, p50 {cuts[49] * 1e3:.0f} ms, "
            f"p99 {cuts[98] * 1e3:.0f} ms; the app itself {direct.per_second:,.0f}/s; "
            f"ratio {rate / direct.per_second:.2f}"
        )


async def _types(sandbox: Sandbox, name: str) -> list[float]:
    """Type one command after the other in #general; the seconds each took."""
    wire = Wire(sandbox.address, sandbox.people.user(name).id)
    channel = sandbox.people.channel("general").id
    times: list[float] = []
    end = time.perf_counter() + SECONDS
    while (began := time.perf_counter()) < end:
        outcome = await wire.post("commands", channel=channel, text="/echo hello")
        assert outcome.get("ok", True), outcome
        times.append(time.perf_counter() - began)
    await wire.close()
    return times


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
