"""The calls that Slack's stand-in was asked, as its inspector tells them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from starlette.responses import PlainTextResponse, Response

from bot.sandbox.faults.fault import CarryOut, Play
from bot.sandbox.json_types import Json
from bot.sandbox.server import Sandbox


@dataclass(frozen=True)
class Call:
    """One call of the Web API, and when it came (seconds of the stand-in's machine)."""

    method: str
    channel: str
    came_at: float


class SlackCalls:
    """The calls so far."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._came = asyncio.Condition()

    def of(self, method: str) -> list[Call]:
        return [call for call in self._calls if call.method == method]

    async def called(self, method: str, times: int = 1) -> None:
        """Return once the method was called so many times."""
        async with asyncio.timeout(20), self._came:
            await self._came.wait_for(lambda: len(self.of(method)) >= times)

    async def follow(self, events: AsyncIterator[Json]) -> None:
        """Keep what the inspector is told, until cancelled."""
        async for event in events:
            if event["type"] != "request" or event["request"]["kind"] != "web_api":
                continue
            record = event["request"]
            came_at = record["at"] - record["ms"] / 1000
            call = Call(record["name"], str(record["request"].get("channel")), came_at)
            async with self._came:
                self._calls.append(call)
                self._came.notify_all()


@asynccontextmanager
async def watched(sandbox: Sandbox) -> AsyncIterator[SlackCalls]:
    """The calls from now on."""
    live = sandbox.world.live
    calls = SlackCalls()
    events = live.follow(live.open("a test", inspects=True))
    following = asyncio.create_task(calls.follow(events))
    try:
        yield calls
    finally:
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following


def after(act: Callable[[], Awaitable[Any]], then: Response | None = None) -> Play:
    """Accepted; then `act` happens before the answer leaves, or `then` in its place."""

    async def play(carry_out: CarryOut) -> Response:
        answer = await carry_out()
        await act()
        return then or answer

    return play


async def mumbles_after(carry_out: CarryOut) -> Response:
    """Accepted, then a 200 that is no JSON."""
    await carry_out()
    return PlainTextResponse("ok")
