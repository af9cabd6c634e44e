"""Keeps other web pages from driving the stand-in through a person's browser."""

import re

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_LOCAL = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """Lets through requests that name this machine, and writes that come from its own pages."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse with 403 or pass the request on."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            reason = _refusal(scope["method"], headers)
            if reason:
                await PlainTextResponse(reason, 403)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def names_this_machine(host: str) -> bool:
    """Whether a Host header names this machine by a name of its own, not by one that leads here."""
    return _LOCAL.fullmatch(host) is not None


def _refusal(method: str, headers: Headers) -> str | None:
    host = headers.get("host", "")
    if not names_this_machine(host):
        return "The stand-in answers on this machine only. Open it as http://127.0.0.1."
    origin = headers.get("origin")
    if method not in _READING and origin is not None and origin.partition("://")[2] != host:
        return "Another web page may not act here."
    return None
