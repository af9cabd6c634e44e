"""Slack's payloads: which door each came through, who sent it, what it says, and what names it."""

import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from handlers.directory import SLACKBOT
from handlers.doors import DIRECT_MESSAGE, HOME_OPENED, Door
from handlers.interaction import Form
from store.interactions import InteractionKey

Body = dict[str, Any]
NOBODY = frozenset({"", SLACKBOT})


class NotSlacksError(Exception):
    """Signed with Slack's secret, but of no shape that Slack's payloads have."""


@dataclass(frozen=True)
class Arrival:
    """What arrived, told apart: the door, the name of the listener, the person."""

    door: Door
    name: str
    person_id: str
    body: Body

    @classmethod
    def read(cls, body: Body) -> "Arrival | None":
        """What a payload is; None for what no listener of ours could answer.

        Raises:
            NotSlacksError: it is not made as Slack makes its payloads.
        """
        try:
            arrival = cls._read(body)
            if arrival:
                _check(arrival)
        except (KeyError, IndexError, TypeError, AttributeError) as error:
            raise NotSlacksError(f"{type(error).__name__}: {error}") from error
        return arrival

    @classmethod
    def _read(cls, body: Body) -> "Arrival | None":  # noqa: PLR0911 - one line for each door
        if "command" in body:
            return cls(Door.command, body["command"], body["user_id"], body)
        if body.get("type") == "event_callback":
            event = body["event"]
            if event["type"] == "message":
                return (
                    cls(Door.message, DIRECT_MESSAGE, event["user"], body) if _asks(event) else None
                )
            person = _who(event.get("user"))
            if event["type"] == HOME_OPENED:
                return cls(Door.home, HOME_OPENED, person, body) if _is_home(event) else None
            return cls(Door.event, event["type"], person, body)
        person = _who(body.get("user"))
        match body.get("type"):
            case "block_actions":
                name = body["actions"][0]["action_id"].partition(":")[0]
                return cls(Door.action, name, person, body)
            case "block_suggestion":
                return cls(Door.options, body["action_id"], person, body)
            case "view_submission":
                return cls(Door.submission, body["view"]["callback_id"], person, body)
            case "view_closed":
                return cls(Door.closed, body["view"]["callback_id"], person, body)
            case "shortcut" | "message_action":
                return cls(Door.shortcut, body["callback_id"], person, body)
        return None

    def saying(self, text: str) -> "Arrival":
        """The same command with these words behind it."""
        if text == self.body.get("text"):
            return self
        return replace(self, body=self.body | {"text": text})

    @cached_property
    def key(self) -> InteractionKey:
        """What makes a second delivery of the same thing known as such."""
        identity, meaning = self._identity()
        payload = json.dumps(meaning, sort_keys=True, ensure_ascii=False)
        return InteractionKey.of(self.door, identity, payload.encode(errors="surrogatepass"))

    @property
    def view(self) -> Body | None:
        """The modal or Home it happened in, or the Home that was there when it was opened."""
        view: Body | None = self.payload.get("view")
        return view

    @property
    def form(self) -> Form | None:
        """The modal it came from, as filled in so far."""
        view = self.body.get("view")
        if not view:
            return None
        values = view.get("state", {}).get("values", {})
        return Form(
            view["id"], view.get("callback_id", ""), values, view.get("private_metadata", "")
        )

    @property
    def text(self) -> str:
        """What was typed behind a command, or is written in a message."""
        written = self.payload if self.door is Door.message else self.body
        return str(written.get("text") or "")

    @property
    def value(self) -> str:
        """What was pressed, chosen or typed so far."""
        if self.door is Door.options:
            return str(self.body.get("value") or "")
        if self.door is not Door.action:
            return ""
        element = self.body["actions"][0]
        return str((element.get("selected_option") or element).get("value") or "")

    @property
    def channel(self) -> str | None:
        """Where it happened, if in a channel."""
        if self.door is Door.command:
            return str(self.body["channel_id"])
        if self.door is Door.message:
            return str(self.body["event"]["channel"])
        channel = self.body.get("channel")
        return str(channel["id"]) if isinstance(channel, dict) else None

    @property
    def message(self) -> str:
        """The ts of the message that was pressed on; empty elsewhere."""
        return str((self.body.get("container") or {}).get("message_ts", ""))

    @property
    def thread(self) -> str | None:
        """The ts of the message at the head of the thread it happened in."""
        if self.door is Door.message:
            thread = self.body["event"].get("thread_ts")
        else:
            thread = (self.body.get("container") or {}).get("thread_ts")
        return str(thread) if thread else None

    @property
    def payload(self) -> Body:
        """The event itself, or the whole body."""
        of_event = self.door in (Door.event, Door.message, Door.home)
        return self.body["event"] if of_event else self.body

    @property
    def response_url(self) -> str | None:
        """Where a message that was pressed on can be replaced."""
        return self.body.get("response_url")

    def _identity(self) -> tuple[str, object]:
        """Slack's id of it, and what it means: what a resubmission may not change."""
        body = self.body
        match self.door:
            case Door.event | Door.message | Door.home:
                return body["event_id"], body["event"]
            case Door.submission | Door.closed:
                view = body["view"]
                return f"{view['id']}:{view['hash']}", view.get("state")
            case Door.action:
                return body["trigger_id"], body["actions"]
        return body.get("trigger_id", ""), [self.name, body.get("text"), body.get("value")]


def _check(arrival: Arrival) -> None:
    """Read all that is read of it later; raises what that raises."""
    _ = arrival.name.strip, arrival.person_id.strip
    _ = arrival.key, arrival.form, arrival.text, arrival.value
    _ = arrival.channel, arrival.message, arrival.thread


def _asks(event: Body) -> bool:
    """Whether a message is what a person wrote to us, and not an edit, a join, or what an app said."""
    written = "subtype" not in event and "bot_id" not in event
    return written and event.get("channel_type") == "im" and _who(event.get("user")) not in NOBODY


def _is_home(event: Body) -> bool:
    """Whether a person turned to our Home, and not to the messages beside it."""
    return bool(event.get("tab", "home") == "home")


def _who(user: object) -> str:
    if isinstance(user, dict):
        return str(user.get("id", ""))
    return str(user or "")
