"""Answers: given in the way in which each kind of interaction takes one."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import structlog
from slack_bolt import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.payloads import Arrival
from bot.refusals import Meaning, refusal
from handlers.blocks import built, home_view, modal, section
from handlers.doors import Door
from handlers.errors import FormErrors, Refused, tell
from handlers.reply import Form, Reply, errors, home, note, push
from store.interactions import AlreadyDone
from store.outbox import Message
from store.session import Store, deadline

log = structlog.get_logger(__name__)


class Answers:
    """Gives replies, and the words for failures, to who asked. `seconds` are those that saying may take."""

    def __init__(self, client: AsyncWebClient, store: Store, seconds: float) -> None:
        self._client = client
        self._store = store
        self._deadline = seconds

    async def give_failure(
        self, failure: Exception, arrival: Arrival, *, again_at_once: bool = False
    ) -> BoltResponse:
        """Say what went wrong in the way the person asked; an event is asked for again by Slack.

        What a person wrote is asked for again too, the first time, where Slack does that at once.
        """
        told = tell(failure, door=arrival.door, name=arrival.name, person=arrival.person_id)
        match arrival.door:
            case Door.event:
                refused = isinstance(failure, Refused)
                return BoltResponse(status=200 if refused else 500)
            case Door.home:
                reply = home(home_view([section(told.words)]))
            case Door.message if told.reference and again_at_once:
                return BoltResponse(status=500)
            case Door.options:
                return _json({"options": []})
            case Door.submission:
                by_block = failure.by_block if isinstance(failure, FormErrors) else {}
                first = _first_field(arrival.body["view"])
                reply = (
                    errors(by_block or {first: told.plain}) if first else push(_said(told.words))
                )
            case _:
                blocks = built(section(told.words))
                reply = note(blocks, told.words, replaces=False)
        return await self.give(reply, arrival)

    async def give(self, reply: Reply, arrival: Arrival) -> BoltResponse:
        """Give an answer in the way the interaction takes one.

        Where Slack does not take it, what was done stays done: nobody may be told otherwise. A press
        is then answered with a status that Slack shows as a failure, and does not repeat.
        """
        try:
            return await self._given(reply, arrival)
        except Exception as error:  # whatever it is: what was done is kept, so it did not fail
            where = {"door": arrival.door, "name": arrival.name, "person": arrival.person_id}
            log.exception("an answer could not be given", exc_info=error, **where)
            return BoltResponse(status=500)

    async def _given(self, reply: Reply, arrival: Arrival) -> BoltResponse:
        match arrival.door:
            case Door.command:
                return (
                    _json(_ephemeral(reply))
                    if reply.form is Form.note
                    else BoltResponse(status=200)
                )
            case Door.submission:
                return _submitted(reply)
            case Door.options:
                return _json({"options": list(reply.options)})
            case Door.home:
                return BoltResponse(status=200 if await self._publish(reply, arrival) else 500)
            case Door.action:
                await self._give_to_press(reply, arrival)
            case Door.shortcut if reply.form is Form.note and arrival.response_url:
                await self._respond(replace(reply, replaces=False), arrival)
            case Door.message if reply.form is Form.note:
                await self._say(reply, arrival)
        return BoltResponse(status=200)

    async def _say(self, reply: Reply, arrival: Arrival) -> None:
        """Answer a message by a message: once, however often Slack tells of it."""
        person = arrival.person_id
        said = Message(person, reply.fallback, reply.blocks, "direct message", arrival.thread)
        with suppress(AlreadyDone):
            async with (
                deadline(self._deadline),
                self._store.transaction(arrival.key, actor=person) as tx,
            ):
                await tx.people.keep_direct_channel(person, arrival.channel or "")
                tx.say(said)

    async def _publish(self, reply: Reply, arrival: Arrival) -> bool:
        """Show a Home as it was opened; False where Slack should tell us again that it was.

        What was published meanwhile is newer, and stays.
        """
        before = (arrival.view or {}).get("hash")
        try:
            await self._client.views_publish(
                user_id=arrival.person_id, view=reply.view or {}, hash=before
            )
        except SlackApiError as error:
            if error.response["error"] == "hash_conflict":
                return True
            log.warning("a Home was not taken", reason=str(error), person=arrival.person_id)
            return refusal(error).meaning is Meaning.never
        return True

    async def _give_to_press(self, reply: Reply, arrival: Arrival) -> None:
        view = arrival.view
        if reply.form is Form.note and view:
            reply = push(_said(reply.fallback))
        match reply.form:
            case Form.home:
                # Without the hash of what was pressed on: who presses twice sees the second page.
                await self._client.views_publish(user_id=arrival.person_id, view=reply.view or {})
            case Form.push if view and view["type"] == "home":
                trigger = str(arrival.body["trigger_id"])
                await self._client.views_open(trigger_id=trigger, view=reply.view or {})
            case Form.note if arrival.response_url:
                await self._respond(reply, arrival)
            case Form.view if view:
                await self._redraw(view, reply)
            case Form.push:
                trigger = str(arrival.body["trigger_id"])
                await self._client.views_push(trigger_id=trigger, view=reply.view or {})

    async def _redraw(self, view: dict[str, Any], reply: Reply) -> None:
        """Show the modal that was pressed in anew; what it shows by now is newer, and stays."""
        try:
            await self._client.views_update(
                view_id=view["id"], hash=view["hash"], view=reply.view or {}
            )
        except SlackApiError as error:
            if error.response["error"] != "hash_conflict":
                raise

    async def _respond(self, reply: Reply, arrival: Arrival) -> None:
        body = _ephemeral(reply) | {"replace_original": reply.replaces}
        body |= {"thread_ts": arrival.thread} if arrival.thread else {}
        client = AsyncWebhookClient(
            arrival.response_url or "", session=self._client.session, retry_handlers=[]
        )
        answer = await client.send_dict(body)
        if answer.status_code != 200:  # noqa: PLR2004 - HTTP's word for yes
            log.warning("an answer was not taken", status=answer.status_code, said=answer.body)


def _ephemeral(reply: Reply) -> dict[str, Any]:
    return {
        "response_type": "ephemeral",
        "text": reply.fallback,
        "blocks": list(reply.blocks),
    }


def _submitted(reply: Reply) -> BoltResponse:
    match reply.form:
        case Form.errors:
            return _json({"response_action": "errors", "errors": dict(reply.errors)})
        case Form.view:
            return _json({"response_action": "update", "view": reply.view})
        case Form.push:
            return _json({"response_action": "push", "view": reply.view})
        case Form.note:
            return _json({"response_action": "update", "view": _said(reply.fallback)})
        case Form.closing:
            return _json({"response_action": "clear"})
    return BoltResponse(status=200)


def _said(words: str) -> dict[str, Any]:
    """A modal that only says something."""
    return modal("said", "Wavepost", [section(words)])


def _first_field(view: dict[str, Any]) -> str | None:
    return next((block["block_id"] for block in view["blocks"] if block["type"] == "input"), None)


def _json(body: dict[str, Any]) -> BoltResponse:
    headers: dict[str, str | Sequence[str]] = {"content-type": "application/json; charset=utf-8"}
    return BoltResponse(status=200, body=json.dumps(body), headers=headers)
