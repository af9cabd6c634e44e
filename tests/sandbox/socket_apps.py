"""The app's side of Socket Mode for the stand-in's tests: a bare connection, and plain Bolt apps."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

import aiohttp
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk import WebClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.json_types import Json
from bot.sandbox.server import Sandbox


class Wire:
    """A bare WebSocket of the app: what comes is read, what goes is written, one by one."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def next(self) -> Json:
        """The next message, which came or comes within five seconds."""
        message: Json = await self._socket.receive_json(timeout=5)
        return message

    async def acknowledge(self, envelope: Json, payload: Json | None = None) -> None:
        answer = {"envelope_id": envelope["envelope_id"]}
        await self._socket.send_json(answer | ({} if payload is None else {"payload": payload}))

    async def say(self, words: str) -> None:
        await self._socket.send_str(words)

    async def hang_up(self) -> None:
        await self._socket.close()

    async def end(self) -> aiohttp.WSMsgType:
        """How the connection ended."""
        return (await self._socket.receive(timeout=5)).type


@asynccontextmanager
async def wire(sandbox: Sandbox) -> AsyncIterator[Wire]:
    """A connection that has said hello."""
    url = await address(sandbox)
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        line = Wire(socket)
        assert (await line.next())["type"] == "hello"
        yield line


async def address(sandbox: Sandbox) -> str:
    client = AsyncWebClient(token=sandbox.app_token, base_url=sandbox.api_address)
    return str((await client.apps_connections_open(app_token=sandbox.app_token))["url"])


class SocketApp(AsyncApp):
    """A plain asynchronous Bolt app in Socket Mode."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_address)
        super().__init__(client=client, process_before_response=True)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        handler = AsyncSocketModeHandler(self, self.sandbox.app_token)
        await handler.connect_async()  # type: ignore[no-untyped-call]  # slack's own, without types
        try:
            yield self
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]  # slack's own, without types


@asynccontextmanager
async def synchronous_app(sandbox: Sandbox) -> AsyncIterator[App]:
    """A plain synchronous Bolt app over the built-in client, in threads of its own."""
    client = WebClient(token=sandbox.bot_token, base_url=sandbox.api_address)
    app = await asyncio.to_thread(App, client=client, process_before_response=True)
    handler = SocketModeHandler(app, sandbox.app_token)
    await asyncio.to_thread(handler.connect)
    try:
        yield app
    finally:
        await asyncio.to_thread(handler.close)
