"""The one way everything reaches the app: signed, timed, inspected."""

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.clock import Clock
from bot.sandbox.inspector import Inspector
from bot.sandbox.json_types import Json

ACK_LIMIT = 3.0  # https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment
_OK = 200
_MULTIPLE_CHOICES = 300


class Kind(StrEnum):
    """What is delivered; it decides the encoding."""

    command = "command"
    interaction = "interaction"
    options = "options"
    event = "event"
    verification = "url_verification"


@dataclass(frozen=True)
class Parcel:
    """One thing for the app."""

    kind: Kind
    name: str
    payload: Json
    retry_num: int = 0
    retry_reason: str = ""


@dataclass(frozen=True)
class Receipt:
    """What came back; `failure` says why nothing did."""

    status: int | None = None
    body: bytes = b""
    content_type: str = ""
    no_retry: bool = False
    failure: str | None = None

    @property
    def is_ack(self) -> bool:
        """Whether a command or interaction counts as answered: status 200."""
        return self.status == _OK

    @property
    def is_taken(self) -> bool:
        """Whether an event counts as received: any status 2xx."""
        return self.status is not None and _OK <= self.status < _MULTIPLE_CHOICES

    def json(self) -> Json:
        """The body as a JSON object, or nothing when it is empty or something else."""
        try:
            body = json.loads(self.body) if self.body.strip() else {}
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}

    @property
    def text(self) -> str:
        """The body as words."""
        return self.body.decode("utf-8", "replace")


class Transport(Protocol):
    """A way to the app."""

    async def carry(self, parcel: Parcel) -> Receipt:
        """Deliver and bring back what the app answered, however long that takes."""

    async def close(self) -> None:
        """Let go of connections."""


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's v0 signature of a request.

    Source: https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    signed = f"v0:{timestamp}:".encode() + body
    return "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def encode(parcel: Parcel) -> tuple[bytes, str]:
    """The body and content type Slack sends for this kind of thing."""
    if parcel.kind is Kind.command:
        return urlencode(parcel.payload).encode(), "application/x-www-form-urlencoded"
    packed = json.dumps(parcel.payload, separators=(",", ":"))
    if parcel.kind in {Kind.event, Kind.verification}:
        return packed.encode(), "application/json"
    return urlencode({"payload": packed}).encode(), "application/x-www-form-urlencoded"


class HttpTransport:
    """Signed POSTs to the app's one request URL."""

    def __init__(self, signing_secret: str, clock: Clock) -> None:
        self.url: str | None = None
        self._secret = signing_secret
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    async def carry(self, parcel: Parcel) -> Receipt:
        """POST the parcel to the request URL."""
        if self.url is None:
            return Receipt(failure="unreachable")
        body, content_type = encode(parcel)
        try:
            return await self._post(self.url, body, self._headers(parcel, body, content_type))
        except aiohttp.ClientError:
            return Receipt(failure="unreachable")

    def _headers(self, parcel: Parcel, body: bytes, content_type: str) -> dict[str, str]:
        timestamp = str(int(self._clock.machine()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
        }
        if parcel.retry_num:
            headers["X-Slack-Retry-Num"] = str(parcel.retry_num)
            headers["X-Slack-Retry-Reason"] = parcel.retry_reason
        return headers

    async def _post(self, url: str, body: bytes, headers: dict[str, str]) -> Receipt:
        if self._session is None:
            # A kept connection may be closed by the app just as it is used again.
            connector = aiohttp.TCPConnector(limit=0, force_close=True)
            self._session = aiohttp.ClientSession(connector=connector)
        async with self._session.post(url, data=body, headers=headers) as answer:
            return Receipt(
                status=answer.status,
                body=await answer.read(),
                content_type=answer.content_type,
                no_retry=answer.headers.get("X-Slack-No-Retry") == "1",
            )

    async def close(self) -> None:
        """Close the connections to the app."""
        if self._session is not None:
            await self._session.close()
            self._session = None


class Delivery:
    """Carries parcels within Slack's time limit and lets the inspector see each one."""

    def __init__(self, transport: Transport, clock: Clock, inspector: Inspector) -> None:
        self.transport = transport
        self.ack_limit = ACK_LIMIT
        self._clock = clock
        self._inspector = inspector

    async def send(self, parcel: Parcel) -> Receipt:
        """Deliver one parcel and wait at most `ack_limit` seconds for the answer."""
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self.ack_limit):
                receipt = await self._carry(parcel)
        except TimeoutError:
            receipt = Receipt(failure="timeout")
        self._inspector.note(
            at=self._clock.machine(),
            direction="out",
            kind=parcel.kind,
            name=parcel.name,
            status=receipt.status,
            ms=(time.perf_counter() - started) * 1000,
            request=parcel.payload,
            response=receipt.failure or receipt.json() or receipt.text,
        )
        return receipt

    async def _carry(self, parcel: Parcel) -> Receipt:
        return await self.transport.carry(parcel)
