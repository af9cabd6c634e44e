"""Wavepost with listeners of a test's own, and Slack's signed posts to it in the raw."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from time import time
from typing import Any

import httpx

from bot.assembly import assembled
from bot.metrics import Metrics
from bot.sandbox.delivery import Kind, Parcel, encode, signature
from bot.sandbox.json_types import Json
from bot.serving import serving
from bot.settings import Settings
from bot.slack import SlackDoor
from bot.web import Readiness, web
from handlers.doors import Listener, Listeners
from store.session import Store
from tests.tls import TRUST

TEAM = "T1"
_numbers = count(1)


@dataclass(frozen=True)
class FrontDoor:
    """Where Wavepost is served, and what Slack signs with."""

    address: str
    secret: str

    async def post(
        self, parcel: Parcel, *, age: float = 0, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Deliver as Slack does, `age` seconds after it was signed; `headers` replace Slack's own."""
        body, content_type = encode(parcel)
        at = str(int(time() - age))
        signed = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": signature(self.secret, at, body),
        }
        async with httpx.AsyncClient(timeout=20, verify=TRUST) as client:
            url = f"{self.address}/slack/events"
            return await client.post(url, content=body, headers=signed | (headers or {}))


@asynccontextmanager
async def front_door(
    settings: Settings, store: Store, *listeners: Listener
) -> AsyncIterator[FrontDoor]:
    """Wavepost's door to Slack over this store, with these listeners instead of its own."""
    async with assembled(settings) as wavepost:
        slack = SlackDoor(settings, store, Listeners(listeners), wavepost.client, Metrics())
        app = web(slack, store, Metrics(), Readiness({}), None)
        async with serving(app) as address:
            secret = settings.slack_signing_secret
            yield FrontDoor(address, secret.get_secret_value() if secret else "")


@dataclass(frozen=True)
class Press:
    """The payloads of one person, each with a trigger of its own."""

    person: str
    extra: Json = field(default_factory=dict)

    def command(self, name: str, text: str = "") -> Parcel:
        body = {
            "command": name,
            "text": text,
            "user_id": self.person,
            "team_id": TEAM,
            "channel_id": "D1",
            "trigger_id": trigger(),
        }
        return Parcel(Kind.command, name, body)

    def action(self, name: str, value: str = "", **more: Any) -> Parcel:
        action = {"action_id": name, "block_id": "b", "type": "button", "value": value}
        return self._interaction("block_actions", actions=[action], trigger_id=trigger(), **more)

    def options(self, name: str, typed: str) -> Parcel:
        body = {"type": "block_suggestion", "action_id": name, "value": typed}
        return Parcel(Kind.options, name, body | self._who())

    def submission(self, name: str, blocks: list[Json], values: Json | None = None) -> Parcel:
        view = {
            "id": f"V{next(_numbers)}",
            "type": "modal",
            "hash": "1.abc",
            "callback_id": name,
            "blocks": blocks,
            "state": {"values": values or {}},
            "private_metadata": "",
        }
        return self._interaction("view_submission", view=view, trigger_id=trigger())

    def shortcut(self, name: str) -> Parcel:
        return self._interaction("shortcut", callback_id=name, trigger_id=trigger())

    def closed(self, name: str) -> Parcel:
        view = {
            "id": "V1",
            "type": "modal",
            "hash": "1.abc",
            "callback_id": name,
            "blocks": [],
            "state": {},
        }
        return self._interaction("view_closed", view=view)

    def event(self, name: str, **facts: Any) -> Parcel:
        body = {
            "type": "event_callback",
            "event_id": f"Ev{next(_numbers)}",
            "team_id": TEAM,
            "event": {"type": name, "user": self.person} | facts,
        }
        return Parcel(Kind.event, name, body)

    def message(self, name: str = "message.im", text: str = "hello", **facts: Any) -> Parcel:
        """What a person writes to the app alone; `facts` are added to the event."""
        said = {"channel": "D1", "channel_type": name.partition(".")[2], "text": text, "ts": "1.2"}
        return self.event("message", **said | facts)

    def _interaction(self, kind: str, **more: Any) -> Parcel:
        return Parcel(Kind.interaction, kind, {"type": kind} | self._who() | more)

    def _who(self) -> Json:
        return {"user": {"id": self.person}, "team": {"id": TEAM}}


def trigger() -> str:
    return f"trigger.{next(_numbers)}"


def altered(parcel: Parcel, **changes: object) -> Parcel:
    """The same delivery with other content."""
    payload = json.loads(json.dumps(parcel.payload)) | changes
    return Parcel(parcel.kind, parcel.name, payload)
