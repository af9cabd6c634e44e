"""A way to Slack's stand-in that fails on request: each fault by method and count."""

import asyncio
import json
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import aiohttp
from aiohttp import web

CARRIED = ("Authorization", "Content-Type")


@dataclass(frozen=True)
class Call:
    """One call of the Web API on its way, and when it came (seconds of the monotonic clock)."""

    method: str
    headers: dict[str, str]
    body: bytes
    came_at: float

    @property
    def channel(self) -> str:
        if self.headers["Content-Type"].startswith("application/json"):
            return str(json.loads(self.body)["channel"])
        return parse_qs(self.body.decode())["channel"][0]


class FaultySlack:
    """Passes calls on to the stand-in, except those that a fault was asked for."""

    def __init__(self, api_address: str) -> None:
        self.calls: list[Call] = []
        self._target = api_address
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._came = asyncio.Condition()
        self._port = 0
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    @property
    def api_address(self) -> str:
        return f"http://127.0.0.1:{self._port}/api/"

    def fail(self, method: str, fault: "Fault", times: int = 1) -> None:
        """Have the next calls of the method, of those that no fault waits for yet, end so."""
        self._faults[method].extend([fault] * times)

    def mend(self) -> None:
        """Forget the faults that were not used."""
        self._faults.clear()

    def of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    async def called(self, method: str, times: int = 1) -> None:
        """Return once the method was called so many times."""
        async with asyncio.timeout(20), self._came:
            await self._came.wait_for(lambda: len(self.of(method)) >= times)

    async def open(self) -> None:
        """Listen, on the same port each time."""
        application = web.Application()
        application.router.add_route("*", "/api/{method}", self._answer)
        self._runner = web.AppRunner(application, shutdown_timeout=0, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]

    async def shut(self) -> None:
        """Refuse connections, and break those there are."""
        if self._runner:
            await self._runner.cleanup()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["FaultySlack"]:
        async with aiohttp.ClientSession() as self._session:
            await self.open()
            try:
                yield self
            finally:
                await self.shut()

    async def pass_on(self, call: Call) -> web.Response:
        assert self._session
        url = self._target + call.method
        async with self._session.post(url, data=call.body, headers=call.headers) as answer:
            body = await answer.read()
            return web.Response(body=body, status=answer.status, content_type=answer.content_type)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        headers = {name: request.headers[name] for name in CARRIED if name in request.headers}
        body = await request.read() or request.query_string.encode()
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        call = Call(method, headers, body, time.monotonic())
        async with self._came:
            self.calls.append(call)
            self._came.notify_all()
        waiting = self._faults[method]
        fault = waiting.popleft() if waiting else FaultySlack.passes
        return await fault(self, call, request)

    async def passes(self, call: Call, _request: web.Request) -> web.StreamResponse:
        return await self.pass_on(call)


Fault = Callable[[FaultySlack, Call, web.Request], Awaitable[web.StreamResponse]]


def limited(seconds: float) -> Fault:
    """429 with Retry-After; nothing is accepted."""

    async def answer(_slack: FaultySlack, _call: Call, _request: web.Request) -> web.Response:
        body = {"ok": False, "error": "ratelimited"}
        return web.json_response(body, status=429, headers={"Retry-After": f"{seconds:g}"})

    return answer


def says(error: str) -> Fault:
    """Slack's own refusal."""

    async def answer(_slack: FaultySlack, _call: Call, _request: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error": error})

    return answer


async def breaks(_slack: FaultySlack, _call: Call, _request: web.Request) -> web.Response:
    """500 with a page for people; nothing is accepted."""
    return web.Response(status=500, text="<html>sorry</html>", content_type="text/html")


async def breaks_after(slack: FaultySlack, call: Call, request: web.Request) -> web.Response:
    """Accepted, then 500."""
    await slack.pass_on(call)
    return await breaks(slack, call, request)


async def garbles_after(slack: FaultySlack, call: Call, _request: web.Request) -> web.Response:
    """Accepted, then an answer cut off in the middle of its JSON."""
    answer = await slack.pass_on(call)
    assert isinstance(answer.body, bytes)
    return web.Response(body=answer.body[:20], content_type="application/json")


async def silent(_slack: FaultySlack, _call: Call, _request: web.Request) -> web.StreamResponse:
    """Never answered, never accepted."""
    return await _until_they_hang_up()


async def silent_after(slack: FaultySlack, call: Call, _request: web.Request) -> web.StreamResponse:
    """Accepted, and never answered."""
    await slack.pass_on(call)
    return await _until_they_hang_up()


async def drops(_slack: FaultySlack, _call: Call, request: web.Request) -> web.StreamResponse:
    """The connection goes away; nothing is accepted."""
    return _hung_up(request)


async def drops_after(slack: FaultySlack, call: Call, request: web.Request) -> web.StreamResponse:
    """Accepted, then the connection goes away."""
    await slack.pass_on(call)
    return _hung_up(request)


def after(act: Callable[[], Awaitable[Any]], then: Fault | None = None) -> Fault:
    """Accepted; then `act` happens before the answer leaves, or before the fault that follows."""

    async def answer(slack: FaultySlack, call: Call, request: web.Request) -> web.StreamResponse:
        response = await slack.pass_on(call)
        await act()
        return await then(slack, call, request) if then else response

    return answer


async def _until_they_hang_up() -> web.StreamResponse:
    """Cancelled when the caller goes."""
    await asyncio.Event().wait()
    return web.Response()


def _hung_up(request: web.Request) -> web.StreamResponse:
    if request.transport:
        request.transport.abort()
    return web.Response()


async def mumbles_after(slack: FaultySlack, call: Call, _request: web.Request) -> web.Response:
    """Accepted, then a 200 that is no JSON."""
    await slack.pass_on(call)
    return web.Response(text="ok")
