"""Two apps for the stand-in's tests: a plain Bolt app, and one that keeps raw requests."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qs

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.json_types import Json
from bot.sandbox.server import Sandbox


@asynccontextmanager
async def served(application: web.Application) -> AsyncIterator[str]:
    """Serve on a free port of this machine; gives the address."""
    runner = web.AppRunner(application, shutdown_timeout=0)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


class BoltApp(AsyncApp):
    """A Bolt app connected to the stand-in."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_address)
        super().__init__(
            client=client, signing_secret=sandbox.signing_secret, process_before_response=True
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        async with served(self.server(port=0).web_app) as address:
            self.sandbox.request_url = f"{address}/slack/events"
            yield self


@dataclass(frozen=True)
class Delivered:
    """One request of the stand-in, as it came."""

    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}

    @property
    def is_event(self) -> bool:
        return self.headers["Content-Type"] == "application/json"

    @property
    def json(self) -> Json:
        packed = self.form["payload"] if b"payload=" in self.body[:8] else self.body
        decoded: Json = json.loads(packed)
        return decoded


Reply = Callable[[Delivered], web.Response]
PATIENCE = 30
"""Seconds: a busy machine takes its time."""


class Receiver:
    """Keeps each request and answers as told; an empty 200 unless told otherwise."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.reply: Reply = lambda _delivered: web.Response()
        self.held: asyncio.Event | None = None
        self._came: asyncio.Queue[Delivered] = asyncio.Queue()
        self._events: asyncio.Queue[Delivered] = asyncio.Queue()

    async def _take(self, request: web.Request) -> web.Response:
        delivered = Delivered(dict(request.headers), await request.read())
        (self._events if delivered.is_event else self._came).put_nowait(delivered)
        if self.held is not None:
            await self.held.wait()
        return self.reply(delivered)

    async def next(self) -> Delivered:
        """The next command or interaction that came, or comes while one is patient."""
        async with asyncio.timeout(PATIENCE):
            return await self._came.get()

    async def next_event(self) -> Delivered:
        """The next event that came, or comes while one is patient."""
        async with asyncio.timeout(PATIENCE):
            return await self._events.get()

    def is_idle(self) -> bool:
        """Whether no command or interaction came that was not looked at."""
        return self._came.empty()

    def has_no_event(self) -> bool:
        """Whether no event came that was not looked at."""
        return self._events.empty()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        application = web.Application()
        application.router.add_post("/slack/events", self._take)
        async with served(application) as address:
            self.sandbox.request_url = f"{address}/slack/events"
            try:
                yield self
            finally:
                # What a test that failed still holds would hold the server's end, too.
                if self.held is not None:
                    self.held.set()
