"""Opening, changing and closing what people have before them, and telling their clients."""

from bot.sandbox import client_view
from bot.sandbox.blocks import completed
from bot.sandbox.errors import SlackError
from bot.sandbox.files_blocks import check_view_files
from bot.sandbox.json_types import Json
from bot.sandbox.limits.views import check_view
from bot.sandbox.triggers import Trigger
from bot.sandbox.views import View
from bot.sandbox.world import World

_EMPTY: Json = {
    "callback_id": "",
    "private_metadata": "",
    "external_id": "",
    "title": None,
    "close": None,
    "submit": None,
    "clear_on_close": False,
    "notify_on_close": False,
}


def content_of(world: World, asked: object, *, kind: str, replacing: View | None = None) -> Json:
    """What the app asked to show, checked and completed.

    Raises SlackError: invalid_arguments, view_too_large, missing_scope or
    duplicate_external_id.
    """
    view = check_view(asked, kind=kind)
    check_view_files(world, view)
    external_id = view.get("external_id")
    if external_id:
        known = world.views.by_external_id(external_id)
        if known is not None and known is not replacing:
            raise SlackError("duplicate_external_id")
    return _EMPTY | view | {"blocks": completed(view["blocks"])}


def open_modal(world: World, trigger: Trigger, content: Json) -> View:
    """Show a modal: on top when asked for from inside one, else in place of what was open."""
    stack = world.views.stack(trigger.user_id)
    is_inside = any(view.id == trigger.view_id for view in stack)
    show = world.views.push if is_inside else world.views.open
    view = show(trigger.user_id, content)
    _tell(world, trigger.user_id)
    return view


def push_modal(world: World, user_id: str, content: Json) -> View:
    """Show a modal on top of the open ones.

    Raises SlackError: push_limit_reached.
    """
    view = world.views.push(user_id, content)
    _tell(world, user_id)
    return view


def update_view(world: World, view: View, content: Json) -> None:
    """Show something else in an open modal or Home."""
    world.views.update(view, content)
    if view.is_modal:
        _tell(world, view.user_id)
    else:
        _tell_home(world, view)


def publish_home(world: World, user_id: str, content: Json) -> View:
    """Show a person's Home."""
    home = world.views.publish(user_id, content)
    world.is_dirty = True
    _tell_home(world, home)
    return home


def close_modal(world: World, view: View, *, everything: bool = False) -> list[View]:
    """Close a modal and what is above it, or the whole stack; returns them, top first."""
    lowest = world.views.stack(view.user_id)[0] if everything else view
    closed = world.views.close(lowest)
    _tell(world, view.user_id)
    return closed


def _tell(world: World, user_id: str) -> None:
    event = {"type": "views", "stack": client_view.stack(world, user_id)}
    world.live.tell(event, to=[user_id])


def _tell_home(world: World, home: View) -> None:
    app_id = world.directory.app.app_id
    event = {"type": "home", "app": app_id, "view": client_view.view(world, home)}
    world.live.tell(event, to=[home.user_id])
