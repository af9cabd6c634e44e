"""The manifest lists exactly what exists, and asks for exactly the scopes that this takes."""

import ast
import inspect
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import (  # type: ignore[import-untyped]  # its types are a package of their own
    Draft7Validator,
    ValidationError,
)
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.manifest import EVENT_SCOPES
from handlers import register
from handlers.doors import Door
from tests.conftest import MANIFEST

SCHEMA = json.loads((Path(__file__).parent / "manifest_schema.json").read_text())
ROOMS = [Path(__file__).parents[2] / room for room in ("bot", "handlers", "store")]

METHOD_SCOPES = {
    "auth_test": set[str](),
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_list": {"channels:read", "groups:read"},
    "conversations_members": {"channels:read", "groups:read"},
    "conversations_open": {"im:write"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "files_completeUploadExternal": {"files:write"},
    "files_getUploadURLExternal": {"files:write"},
    "files_info": {"files:read"},
    "usergroups_list": {"usergroups:read"},
    "users_info": {"users:read", "users:read.email"},
    "users_list": {"users:read", "users:read.email"},
    "views_open": set[str](),
    "views_publish": set[str](),
    "views_push": set[str](),
    "views_update": set[str](),
}
"""What each Web API method takes, for the kinds of conversation that Wavepost is in.

Source: "Scopes" of https://docs.slack.dev/reference/methods/METHOD. E-mail addresses of people are
a scope of their own: https://docs.slack.dev/reference/scopes/users.read.email. Group DMs are not used.
"""


@pytest.fixture
def manifest() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(MANIFEST.read_text())
    return read


def methods_called() -> set[str]:
    """The methods of Slack's client that Wavepost's own code names, called or handed on."""
    named = set()
    for room in ROOMS:
        for path in room.rglob("*.py"):
            if "sandbox" not in path.parts:
                named |= {
                    node.attr
                    for node in ast.walk(ast.parse(path.read_text()))
                    if isinstance(node, ast.Attribute) and is_client(node.value)
                }
    return {name for name in named if inspect.iscoroutinefunction(vars(AsyncWebClient).get(name))}


def is_client(node: ast.expr) -> bool:
    """Whether it is called what Wavepost calls its Slack clients."""
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name in {"client", "_client", "patient", "slack"}


def test_its_commands_and_events_are_those_that_are_answered(manifest: dict[str, Any]) -> None:
    listeners = register()
    commands = [command["command"] for command in manifest["features"]["slash_commands"]]
    events = manifest["settings"]["event_subscriptions"]["bot_events"]

    assert sorted(commands) == sorted(listeners.names(Door.command))
    heard = [
        name for door in (Door.event, Door.message, Door.home) for name in listeners.names(door)
    ]
    assert sorted(events) == sorted(heard)
    shortcuts = manifest["features"].get("shortcuts", [])
    callbacks = [shortcut["callback_id"] for shortcut in shortcuts]
    assert sorted(callbacks) == sorted(listeners.names(Door.shortcut))


def test_people_can_write_to_it_where_it_listens_to_them(manifest: dict[str, Any]) -> None:
    home = manifest["features"]["app_home"]

    assert list(register().names(Door.message)) == ["message.im"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]
    assert "im:history" in EVENT_SCOPES["message.im"]


def test_its_scopes_are_exactly_those_that_are_needed(manifest: dict[str, Any]) -> None:
    called = methods_called()
    assert called <= set(METHOD_SCOPES), "a method without a line in the table"
    events = manifest["settings"]["event_subscriptions"]["bot_events"]

    needed = {"commands"}
    needed |= {scope for method in called for scope in METHOD_SCOPES[method]}
    needed |= {scope for event in events for scope in EVENT_SCOPES[event]}

    assert set(manifest["oauth_config"]["scopes"]["bot"]) == needed
    assert {"chat_postMessage", "users_info", "views_open"} <= called


def test_it_has_the_form_that_slack_takes(manifest: dict[str, Any]) -> None:
    Draft7Validator.check_schema(SCHEMA)
    Draft7Validator(SCHEMA).validate(manifest)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("display_information.name", "W" * 36),
        ("display_information.description", "W" * 141),
        ("display_information.background_color", "green"),
        ("features.slash_commands.0.command", "schedule"),
        ("features.slash_commands.0.description", ""),
        ("features.bot_user.display_name", "W" * 81),
        ("settings.event_subscriptions.bot_events", ["team_join", "team_join"]),
        ("settings.interactivity.request_url", "wavepost.example.com"),
        ("settings.unheard_of", True),
    ],
)
def test_the_form_refuses_what_slack_refuses(
    path: str, value: object, manifest: dict[str, Any]
) -> None:
    broken: Any = deepcopy(manifest)
    *above, last = path.split(".")
    place = broken
    for step in above:
        place = place[int(step)] if step.isdigit() else place[step]
    place[last] = value

    with pytest.raises(ValidationError):
        Draft7Validator(SCHEMA).validate(broken)


def test_everything_comes_to_the_one_door(manifest: dict[str, Any]) -> None:
    settings = manifest["settings"]
    addresses = {
        *(command["url"] for command in manifest["features"]["slash_commands"]),
        settings["event_subscriptions"]["request_url"],
        settings["interactivity"]["request_url"],
        settings["interactivity"]["message_menu_options_url"],
    }

    assert len(addresses) == 1
    assert addresses.pop().endswith("/slack/events")
