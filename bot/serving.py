"""Serve an application over HTTP in the running event loop."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import structlog
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger(__name__)

GRACE = 10
"""Seconds for what is being answered when the server is to end."""
TICK = 0.1
"""Seconds after which uvicorn wants to look at its clock; every tenth tick it writes the date anew."""


class CannotListen(Exception):
    """The host and port cannot be listened on; the words say what to do about it."""


class _Server(uvicorn.Server):
    """Signals belong to the program, which stops its parts in order; `ready` says when it serves."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self._stopping = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        """Serve until told to stop; uvicorn's own loop would first sleep to the end of its tick."""
        tick = 0
        while not await self.on_tick(tick):
            tick += 1
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK):
                    await self._stopping.wait()

    def stop(self) -> None:
        """Take nothing more, and finish what is being answered."""
        self.should_exit = True
        self._stopping.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


@asynccontextmanager
async def serving(
    app: FastAPI,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    grace: int = GRACE,
    at: socket.socket | None = None,
) -> AsyncIterator[str]:
    """Serve until the block ends; gives the address. Port 0 takes a free one.

    Who has to know the address before there is an application listens first, and serves `at` that.

    At the end, what is being answered has `grace` seconds; then it is cut off, as is who never
    sends the rest of a request.

    Raises:
        CannotListen: the port is taken, or the host is not this machine's.
    """
    listening = at or listen(host, port)
    config = uvicorn.Config(
        _Interruptible(app),
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_keep_alive=75,
        timeout_graceful_shutdown=grace,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await server.ready.wait()
        yield address_of(listening)
    finally:
        server.stop()
        await task
        # uvicorn cuts off without waiting; what is cut off may still be ending a commit.
        await asyncio.gather(*server.server_state.tasks)
        listening.close()


def address_of(listening: socket.socket) -> str:
    """Where it is reached from this machine."""
    host, port, *_ = listening.getsockname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Interruptible:
    """An application of which a request that is cut off ends with 503 and a line in the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except asyncio.CancelledError:
            # By its route: an address may hold a secret.
            route = getattr(scope.get("route"), "path", "")
            log.warning("a request was cut off at the end", route=route)
            if not begun:
                await send({"type": "http.response.start", "status": 503, "headers": []})
                await send({"type": "http.response.body", "body": b""})


def listen(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """A port to serve at; 0 takes a free one.

    Raises:
        CannotListen: the port is taken, or the host is not this machine's.
    """
    try:
        listening = socket.create_server((host, port))
    except OSError as error:
        raise CannotListen(
            f"Nothing can be served at {host}:{port} ({system_words(error)}). End what "
            "listens there, or set another WAVEPOST_PORT or WAVEPOST_HOST."
        ) from error
    # asyncio does this only for sockets that it makes: else each answer may wait 40 ms for its turn.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def system_words(error: OSError) -> str:
    """What the system calls an error, without the address that Python adds to it."""
    if error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)
    # A name that cannot be looked up has a number below zero, and words of its own.
    return (error.strerror or str(error)).partition(" (")[0] or type(error).__name__
