"""A load of signed requests on one address: so many connections, each sending its next at once."""

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from urllib.parse import SplitResult, urlencode, urlsplit

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: answers in a second, and the time an answer took (seconds)."""

    per_second: float
    p50: float
    p99: float


def signature(secret: str, body: str) -> dict[str, str]:
    """The headers by which Slack signs a body now."""
    stamp = str(int(time.time()))
    mark = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mark}"}


def signed(path: str, secret: str, body: str, kind: str = FORM) -> bytes:
    """A body as Slack sends it, ready for the wire."""
    headers = {"Content-Type": kind, **signature(secret, body), "Content-Length": len(body)}
    told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {path} HTTP/1.1\r\nHost: wavepost\r\n{told}\r\n".encode() + body.encode()


async def put_on(
    address: str, secret: str, texts: list[str], *, command: str, user: str, connections: int = 16
) -> Load:
    """Send a command with each of the texts, over `connections` connections.

    Raises:
        AssertionError: an answer was not a 200, or says that something went wrong.
    """
    fields = {
        "command": command,
        "user_id": user,
        "team_id": "T0",
        "channel_id": "C0",
        "token": "none",
        "api_app_id": "A0",
        "response_url": "http://127.0.0.1:9/none",
    }
    bodies = [
        urlencode(fields | {"text": text, "trigger_id": f"{number}.0.x"})
        for number, text in enumerate(texts)
    ]
    where = urlsplit(address)
    return await _sent(where, [signed(where.path, secret, body) for body in bodies], connections)


async def open_homes(
    address: str, secret: str, times: int, *, user: str, connections: int = 16
) -> Load:
    """Turn to Home so many times, over `connections` connections.

    Raises:
        AssertionError: an answer was not a 200.
    """
    opened = {"type": "app_home_opened", "user": user, "channel": "D0", "tab": "home"}
    bodies = [
        json.dumps({"type": "event_callback", "event_id": f"Ev{number}", "event": opened})
        for number in range(times)
    ]
    where = urlsplit(address)
    kind = "application/json"
    requests = [signed(where.path, secret, body, kind) for body in bodies]
    return await _sent(where, requests, connections)


async def open_pages(address: str, paths: list[str], cookie: str, *, connections: int = 16) -> Load:
    """Open each of these pages as who has the cookie, over `connections` connections.

    Raises:
        AssertionError: an answer was not a 200.
    """
    head = f"Host: wavepost\r\nCookie: {cookie}\r\nAccept: text/html\r\n\r\n"
    requests = [f"GET {path} HTTP/1.1\r\n{head}".encode() for path in paths]
    return await _sent(urlsplit(address), requests, connections, fault=b"Something went wrong")


async def _sent(
    where: SplitResult, payloads: list[bytes], connections: int, *, fault: bytes = b"wrong"
) -> Load:
    requests = iter(payloads)
    times: list[float] = []

    async def send_in_turn() -> None:
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        for request in requests:
            began = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            body = await reader.readexactly(length)
            times.append(time.perf_counter() - began)
            assert fault not in body, body
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(send_in_turn() for _ in range(connections)))
    seconds = time.perf_counter() - began
    times.sort()
    return Load(len(times) / seconds, times[len(times) // 2], times[int(len(times) * 0.99)])
