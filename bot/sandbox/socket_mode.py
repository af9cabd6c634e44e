"""Socket Mode: what is delivered over a WebSocket that the app opened.

Source: https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import json
import secrets
from collections.abc import Coroutine
from itertools import count
from typing import Literal
from uuid import uuid4

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.clock import Clock
from bot.sandbox.delivery import Kind, Parcel, Receipt
from bot.sandbox.inspector import Inspector
from bot.sandbox.json_types import Json

PATH = "/link/"
TICKET_LIFE = 60.0  # unsourced
# Source: https://github.com/slackapi/bolt-js/issues/2225
MOST_CONNECTIONS = 10
# "about 10 seconds before it's disconnected", said of the warning; of a refresh it is unsourced.
NOTICE = 10.0
LIFE = 18060  # what Slack's example of `hello` says a connection lasts, in seconds

Reason = Literal["refresh_requested", "warning"]

_TYPES = {Kind.command: "slash_commands", Kind.event: "events_api"}
# HTTP's reason for a retry, as Socket Mode calls it. Source: the comment on `retryReason` in
# https://github.com/slackapi/java-slack-sdk, bolt/src/main/java/com/slack/api/bolt/request/builtin.
_RETRY_REASONS = {"http_timeout": "timeout"}
_UNKNOWN_TICKET = 4403


class Connection:
    """One open WebSocket of the app, with the envelopes that wait for its answer."""

    def __init__(self, number: int, socket: WebSocket) -> None:
        self.number = number
        self.leaves = False
        self.turn = 0
        self._socket = socket
        self._waiting: dict[str, asyncio.Future[Receipt]] = {}

    async def tell(self, message: Json) -> bool:
        """Send a message; False when the connection is gone."""
        try:
            await self._socket.send_text(json.dumps(message))
        except (WebSocketDisconnect, RuntimeError):  # RuntimeError: it was closed from here
            return False
        return True

    async def ask(self, envelope: Json) -> Receipt:
        """Send an envelope and wait for its acknowledgement, or for the connection to end."""
        answer = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = answer
        try:
            if not await self.tell(envelope):
                return Receipt(failure="unreachable")
            receipt: Receipt = await answer
        finally:
            del self._waiting[envelope["envelope_id"]]
        return receipt if envelope["accepts_response_payload"] else Receipt(receipt.status)

    def acknowledge(self, envelope_id: object, receipt: Receipt) -> bool:
        """Hand over an acknowledgement; False when no envelope of this connection waits for it."""
        answer = self._waiting.get(str(envelope_id))
        if answer is None or answer.done():
            return False
        answer.set_result(receipt)
        return True

    def forget(self) -> None:
        """Give up what still waits: an envelope sent to a connection that ended is not answered."""
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_result(Receipt(failure="unreachable"))

    async def hear(self) -> str | None:
        """The next message of the app, or None when it hung up."""
        try:
            return await self._socket.receive_text()
        except (WebSocketDisconnect, RuntimeError, KeyError):  # KeyError: it sent bytes
            return None

    async def hang_up(self) -> None:
        """Close the connection."""
        try:
            await self._socket.close()
        except (WebSocketDisconnect, RuntimeError):
            return


class SocketMode:
    """The app's open connections; each envelope goes to one of them, in turn."""

    def __init__(self, app_id: str, clock: Clock, inspector: Inspector) -> None:
        self._app_id = app_id
        self._clock = clock
        self._inspector = inspector
        self._tickets: dict[str, float] = {}
        self._connections: list[Connection] = []
        self._numbers = count(1)
        self._turns = count(1)
        self._underway: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()

    @property
    def is_open(self) -> bool:
        """Whether the app holds a connection."""
        return bool(self._connections)

    @property
    def numbers(self) -> list[int]:
        """The open connections, numbered as they came, oldest first."""
        return [connection.number for connection in self._connections]

    def ticket(self) -> str:
        """The path and query of a WebSocket that may be opened once, within a minute."""
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = self._clock.now() + TICKET_LIFE
        return f"{PATH}?ticket={ticket}&app_id={self._app_id}"

    async def serve(self, socket: WebSocket) -> None:
        """Hold one connection until either side ends it."""
        if not self._redeem(socket.query_params.get("ticket", "")):
            await socket.close(_UNKNOWN_TICKET)
            return
        await socket.accept()
        connection = Connection(next(self._numbers), socket)
        if len(self._connections) >= MOST_CONNECTIONS:
            await connection.tell(self._disconnect("too_many_websockets"))
            await connection.hang_up()
            return
        self._connections.append(connection)
        try:
            if await connection.tell(self._hello()):
                self._changed.set()
                await self._listen(connection)
        finally:
            self._connections.remove(connection)
            connection.forget()
            self._changed.set()

    async def connected(self, numbers: list[int]) -> None:
        """Wait until exactly these connections are open."""
        while self.numbers != numbers:
            self._changed.clear()
            await self._changed.wait()

    async def carry(self, parcel: Parcel) -> Receipt:
        """Send the parcel in an envelope to the connection whose turn it is."""
        connection = self._next()
        if connection is None:
            return Receipt(failure="unreachable")
        return await connection.ask(envelope(parcel))

    async def refresh(self, reason: Reason = "refresh_requested") -> None:
        """Ask the app to open new connections in place of those it has, which end after a while."""
        for connection in list(self._connections):
            connection.leaves = True
            await connection.tell(self._disconnect(reason))
            self._start(self._end_later(connection))

    async def drop(self) -> None:
        """End every connection without a word."""
        for connection in list(self._connections):
            await connection.hang_up()

    async def close(self) -> None:
        """Let go of all connections."""
        for task in self._underway:
            task.cancel()
        await asyncio.gather(*self._underway, return_exceptions=True)
        await self.drop()

    def _redeem(self, ticket: str) -> bool:
        return self._clock.now() < self._tickets.pop(ticket, 0.0)

    def _next(self) -> Connection | None:
        if not self._connections:
            return None
        chosen = min(self._connections, key=lambda connection: (connection.leaves, connection.turn))
        chosen.turn = next(self._turns)
        return chosen

    async def _listen(self, connection: Connection) -> None:
        while (said := await connection.hear()) is not None:
            message = _read(said)
            receipt = Receipt(200, _body(message.get("payload")), "application/json")
            if not connection.acknowledge(message.get("envelope_id"), receipt):
                self._note_unexpected(said)

    def _note_unexpected(self, said: str) -> None:
        self._inspector.note(
            at=self._clock.machine(),
            direction="in",
            kind="socket_mode",
            name="acknowledgement",
            status=None,
            ms=0,
            request=said,
            response="No envelope of this connection waits for it: it came late, or twice.",
        )

    async def _end_later(self, connection: Connection) -> None:
        await self._clock.sleep(NOTICE)
        await connection.hang_up()

    def _start(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._underway.add(task)
        task.add_done_callback(self._underway.discard)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "connection_info": {"app_id": self._app_id},
            "debug_info": {"host": "sandbox", "approximate_connection_time": LIFE},
        }

    def _disconnect(self, reason: str) -> Json:
        return {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}


def envelope(parcel: Parcel) -> Json:
    """What Socket Mode wraps around a payload."""
    wrapped: Json = {
        "envelope_id": str(uuid4()),
        "type": _TYPES.get(parcel.kind, "interactive"),
        "accepts_response_payload": accepts_response(parcel),
        "payload": parcel.payload,
    }
    if parcel.kind is Kind.event:
        wrapped["retry_attempt"] = parcel.retry_num
        wrapped["retry_reason"] = _RETRY_REASONS.get(parcel.retry_reason, parcel.retry_reason)
    return wrapped


def accepts_response(parcel: Parcel) -> bool:
    """Whether an acknowledgement may carry what HTTP's body would."""
    if parcel.kind is Kind.interaction:
        return bool(parcel.payload["type"] == "view_submission")
    return parcel.kind in {Kind.command, Kind.options}


def _read(said: str) -> Json:
    try:
        message = json.loads(said)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def _body(payload: object) -> bytes:
    return b"" if payload is None else json.dumps(payload).encode()
