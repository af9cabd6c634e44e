"""Which way a delivery takes: Socket Mode where the app uses it, otherwise its request URL."""

from bot.sandbox.delivery import Kind, Parcel, Receipt, Transport
from bot.sandbox.socket_mode import SocketMode


class Ways:
    """A transport that chooses between two.

    An app whose manifest says `socket_mode_enabled` gets nothing over HTTP, as in Slack; another
    gets everything over Socket Mode for as long as it holds a connection.
    """

    def __init__(self, http: Transport, sockets: SocketMode, *, sockets_only: bool) -> None:
        self._http = http
        self._sockets = sockets
        self._sockets_only = sockets_only

    async def carry(self, parcel: Parcel) -> Receipt:
        """Deliver and bring back what the app answered."""
        by_socket = self._sockets_only or self._sockets.is_open
        if by_socket and parcel.kind is not Kind.verification:
            return await self._sockets.carry(parcel)
        return await self._http.carry(parcel)

    async def close(self) -> None:
        """Let go of both."""
        await self._sockets.close()
        await self._http.close()
