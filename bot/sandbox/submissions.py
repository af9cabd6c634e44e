"""Sending and closing modals: view_submission, view_closed.

Source: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
and https://docs.slack.dev/surfaces/modals#updating_response
"""

from bot.sandbox import client_view, modals
from bot.sandbox.delivery import Receipt
from bot.sandbox.errors import SlackError
from bot.sandbox.files_client import give_to_app
from bot.sandbox.form_state import NoSuchOptionError, Values, mistakes, values_of
from bot.sandbox.interactions import TROUBLE, deliver, outcome, preamble
from bot.sandbox.json_types import Json
from bot.sandbox.views import View
from bot.sandbox.workspace import User
from bot.sandbox.world import World


async def submit(world: World, user: User, view: View, filled: Values) -> Json:
    """Send a modal, and do what the app answers.

    Returns {"ok": True}; errors by block_id (from the app, or Slack's own before sending);
    or the error and the words shown when the app did not answer properly.
    """
    try:
        values = values_of(view.blocks, filled)
    except NoSuchOptionError as error:
        return {"ok": False, "error": "no_such_option", "message": str(error)}
    wrong = mistakes(view.blocks, values)
    if wrong:
        return {"ok": False, "errors": wrong}
    view.state = values
    give_to_app(world, values)
    payload = preamble(world, "view_submission", user) | {
        "trigger_id": world.triggers.give(user.id, view.id),
        "view": client_view.view(world, view),
        "response_urls": [],
    }
    name = f"view_submission {view.content['callback_id']}".strip()
    receipt = await deliver(world, payload, name)
    result = outcome(receipt, TROUBLE)
    return _obey(world, view, receipt) if result["ok"] else result


def _obey(world: World, view: View, receipt: Receipt) -> Json:
    answer = receipt.json()
    if receipt.text.strip() and not answer and receipt.text.strip() != "{}":
        return _trouble("The answer is not a JSON object.")
    action = answer.get("response_action")
    try:
        if action == "errors":
            return _errors(view, answer.get("errors"))
        _act(world, view, action, answer.get("view"))
    except SlackError as error:
        return _trouble(_reasons(error))
    return {"ok": True}


def _act(world: World, view: View, action: object, asked: object) -> None:
    if view not in world.views.stack(view.user_id):
        return
    if action is None:
        modals.close_modal(world, view)
    elif action == "clear":
        modals.close_modal(world, view, everything=True)
    elif action == "update":
        content = modals.content_of(world, asked, kind="modal", replacing=view)
        modals.update_view(world, view, content)
    elif action == "push":
        content = modals.content_of(world, asked, kind="modal")
        modals.push_modal(world, view.user_id, content)
    else:
        raise SlackError("unknown_response_action")


def _errors(view: View, errors: object) -> Json:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        return _trouble("`errors` must name at least one block_id.")
    strangers = sorted(set(errors) - inputs)
    if strangers:
        return _trouble(f"`errors` names no input block of this view: {', '.join(strangers)}.")
    return {"ok": False, "errors": errors}


def _trouble(why: str) -> Json:
    # People read the first words; `why` is for the app's developer, in the inspector.
    return {"ok": False, "error": "invalid_answer", "message": TROUBLE, "why": why}


def _reasons(error: SlackError) -> str:
    details = error.more.get("response_metadata")
    reasons = details.get("messages", []) if isinstance(details, dict) else []
    return "; ".join([error.code, *reasons])


async def close(world: World, user: User, view: View, *, clear: bool) -> None:
    """Close a modal as a person does, and tell the app where it asked to be told."""
    whole = clear or bool(view.content["clear_on_close"])
    closed = modals.close_modal(world, view, everything=whole)
    for each in closed:
        if each.content["notify_on_close"]:
            payload = preamble(world, "view_closed", user)
            payload |= {"view": client_view.view(world, each), "is_cleared": whole}
            await deliver(world, payload, f"view_closed {each.content['callback_id']}".strip())
