"""Presses and choices: block_actions, and the options of a typeahead.

Source: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
and https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload
"""

from dataclasses import dataclass

from bot.sandbox import client_view
from bot.sandbox.blocks import find_element
from bot.sandbox.client_errors import ClientError
from bot.sandbox.form_state import HOLDS, Values, held, values_of
from bot.sandbox.interactions import action_ts, deliver, outcome, place, preamble
from bot.sandbox.json_types import Json
from bot.sandbox.limits.composition import problems_of_suggestions
from bot.sandbox.messages import Message
from bot.sandbox.responses import Origin
from bot.sandbox.views import View
from bot.sandbox.workspace import Conversation, User
from bot.sandbox.world import World

_SHORTEST_QUERY = 3  # https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element


@dataclass(frozen=True)
class Held:
    """The message or view that holds an element."""

    conversation: Conversation | None = None
    message: Message | None = None
    view: View | None = None

    @property
    def blocks(self) -> list[Json]:
        """Its blocks, those of attachments too."""
        if self.view:
            return self.view.blocks
        if self.message is None:
            return []
        attached = [b for a in self.message.attachments for b in a.get("blocks") or []]
        return [*self.message.blocks, *attached]


async def press(
    world: World, user: User, container: Held, ids: tuple[str, str], value: Json, filled: Values
) -> Json:
    """Tell the app that a person pressed or chose something.

    `ids` are the block's and the element's; `value` is what the element now holds, `filled`
    what the other fields do. Raises ClientError for an element that is not there.
    """
    block_id, action_id = ids
    element = _element(container, block_id, action_id)
    filled = _with_choice(filled, element, block_id, value)
    if container.view:
        container.view.state = filled
    payload = _payload(world, user, container, "block_actions")
    payload["state"] = {"values": values_of(container.blocks, filled)}
    if container.view:
        payload["view"]["state"] = payload["state"]
    payload["trigger_id"] = world.triggers.give(
        user.id, container.view.id if container.view and container.view.is_modal else None
    )
    action = {"block_id": block_id, "action_id": action_id, "action_ts": action_ts(world)}
    payload["actions"] = [_acted(element, value) | action]
    _give_response_url(world, user, container, payload)
    return outcome(await deliver(world, payload, f"block_actions {action_id}"))


async def suggest(
    world: World, user: User, container: Held, ids: tuple[str, str], typed: str
) -> Json:
    """Ask the app for the options that match what a person typed.

    An app that is late, wrong or out of bounds shows nothing, with the reason in `error`.
    """
    block_id, action_id = ids
    element = _element(container, block_id, action_id)
    if len(typed) < element.get("min_query_length", _SHORTEST_QUERY):
        return {"options": []}
    payload = _payload(world, user, container, "block_suggestion")
    payload |= {"block_id": block_id, "action_id": action_id, "value": typed}
    receipt = await deliver(world, payload, f"block_suggestion {action_id}")
    found = outcome(receipt)
    if not found["ok"]:
        return {"options": [], **found}
    body = receipt.json()
    problems = problems_of_suggestions(body)
    if problems:
        said = "; ".join(str(problem) for problem in problems)
        return {"options": [], "ok": False, "error": "invalid_options", "message": said}
    wanted = "option_groups" if body.get("option_groups") else "options"
    return {wanted: body.get(wanted) or []}


def _element(container: Held, block_id: str, action_id: str) -> Json:
    element = find_element(container.blocks, block_id, action_id)
    if element is None:
        raise ClientError(404, "element_not_found", "This button or field is no longer there.")
    return element


def _with_choice(filled: Values, element: Json, block_id: str, value: Json) -> Values:
    if element["type"] not in HOLDS:
        return filled
    held_now = held(element, value)
    block = {**filled.get(block_id, {}), element["action_id"]: held_now}
    return {**filled, block_id: block}


def _acted(element: Json, value: Json) -> Json:
    kind = element["type"]
    if kind in HOLDS:
        return held(element, value)
    if kind == "overflow":
        chosen = value.get("selected_option") or {}
        offered = [o for o in element["options"] if o.get("value") == chosen.get("value")]
        if not offered:
            raise ClientError(400, "no_such_option", "This is not one of the options.")
        return {"type": kind, "selected_option": offered[0]}
    kept = ("text", "value", "style", "url")
    return {"type": kind} | {name: element[name] for name in kept if name in element}


def _payload(world: World, user: User, container: Held, kind: str) -> Json:
    payload = preamble(world, kind, user)
    if container.view:
        shown = client_view.view(world, container.view)
        return payload | {
            "container": {"type": "view", "view_id": container.view.id},
            "view": shown,
        }
    message, conversation = container.message, container.conversation
    if message is None or conversation is None:
        raise ClientError(400, "no_container", "Say which message or view this is in.")
    payload["channel"] = place(conversation)
    payload["container"] = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": conversation.id,
        "is_ephemeral": bool(message.only_for),
    }
    if message.thread_ts:
        payload["container"]["thread_ts"] = message.thread_ts
    if not message.only_for:
        payload["message"] = message.as_slack(with_metadata=True)
    return payload


def _give_response_url(world: World, user: User, container: Held, payload: Json) -> None:
    if container.message and container.conversation:
        message = container.message
        origin = Origin(user.id, container.conversation.id, message.thread_ts, message)
        path = world.responses.give("actions", world.directory.team.id, origin)
        payload["response_url"] = f"{world.address}/{path}"
