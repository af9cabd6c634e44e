"""views.*: the app shows modals and Homes."""

from bot.sandbox import client_view, modals
from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.json_types import Json
from bot.sandbox.methods.call import Call, Method, Tier
from bot.sandbox.triggers import Trigger
from bot.sandbox.views import View
from bot.sandbox.world import World


async def open_(world: World, call: Call) -> Json:
    """views.open: show a modal to whoever gave the trigger."""
    content = modals.content_of(world, _asked(call), kind="modal")
    trigger = _trigger(world, call)
    view = modals.open_modal(world, trigger, content)
    trigger.exchanged = True
    return {"view": client_view.view(world, view)}


async def push(world: World, call: Call) -> Json:
    """views.push: show a modal on top of the one that gave the trigger."""
    content = modals.content_of(world, _asked(call), kind="modal")
    trigger = _trigger(world, call)
    if not any(view.id == trigger.view_id for view in world.views.stack(trigger.user_id)):
        # Unsourced: Slack documents only that push needs a trigger from a modal.
        raise SlackError("invalid_trigger_id")
    view = modals.push_modal(world, trigger.user_id, content)
    trigger.exchanged = True
    return {"view": client_view.view(world, view)}


async def update(world: World, call: Call) -> Json:
    """views.update: show something else in an open view, if it is still as `hash` says."""
    view = _named(world, call)
    kind = "modal" if view.is_modal else "home"
    content = modals.content_of(world, _asked(call), kind=kind, replacing=view)
    _check_hash(call, view)
    modals.update_view(world, view, content)
    return {"view": client_view.view(world, view)}


async def publish(world: World, call: Call) -> Json:
    """views.publish: set a person's Home."""
    user = world.directory.users.get(call.required("user_id"))
    if user is None or user.is_bot or user.deleted:
        raise invalid_arguments("user_not_found [json-pointer:/user_id]")
    if not world.manifest.home:
        raise SlackError("not_enabled")
    home = world.views.homes.get(user.id)
    content = modals.content_of(world, _asked(call), kind="home", replacing=home)
    if home:
        _check_hash(call, home)
    home = modals.publish_home(world, user.id, content)
    return {"view": client_view.view(world, home)}


def _asked(call: Call) -> object:
    return call.decoded("view", "invalid_arguments")


def _trigger(world: World, call: Call) -> Trigger:
    trigger_id = call.text("trigger_id") or call.text("interactivity_pointer")
    if not trigger_id:
        raise invalid_arguments("missing required field: trigger_id")
    return world.triggers.look(trigger_id)


def _named(world: World, call: Call) -> View:
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if not view_id and not external_id:
        raise invalid_arguments("missing required field: view_id")
    view = world.views.find(view_id) if view_id else world.views.by_external_id(external_id)
    if view is None:
        raise SlackError("not_found")
    return view


def _check_hash(call: Call, view: View) -> None:
    if call.text("hash") and call.text("hash") != view.hash:
        raise SlackError("hash_conflict")


METHODS = (
    Method("views.open", open_, Tier.four),
    Method("views.push", push, Tier.four),
    Method("views.update", update, Tier.four),
    Method("views.publish", publish, Tier.four),
)
