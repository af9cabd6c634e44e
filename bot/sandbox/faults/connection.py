"""Breaking a connection off, which a web application cannot do by itself."""

import asyncio

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Connection(HttpToolsProtocol):
    """A connection whose transport the application finds in its scope."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Begin."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class Unanswered(Response):
    """No answer: the connection breaks off at once, or when `until` is set or the caller goes."""

    def __init__(self, until: asyncio.Event | None = None) -> None:
        super().__init__()
        self._until = until

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        """Wait as long as it takes, then break off."""
        hung_up = asyncio.create_task(_hung_up(receive))
        if self._until is not None:
            over = asyncio.create_task(self._until.wait())
            await asyncio.wait({hung_up, over}, return_when=asyncio.FIRST_COMPLETED)
            over.cancel()
        scope["state"]["transport"].abort()
        # The server would answer 500 to a caller that it still thought there.
        await hung_up


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
