"""The workspace of the browser tests: people with every kind of name, an app with every offer."""

from bot.sandbox.json_types import Json
from bot.sandbox.seed import ChannelSeed, Kind, TeamSeed, UserSeed, Workspace
from bot.sandbox.world import Link

NAUGHTY = "<img src=x onerror=document.title='taken'>"
LONG = "Maximiliana Featherstonehaugh-Cholmondeley van der Westhuizen"
RIGHT_TO_LEFT = "نور الهاشمي"

SCOPES = [
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "users:read",
    "users:read.email",
]

SIGNED_IN = "https://app.example.com/signed-in"

COMMANDS = [
    {
        "command": "/schedule",
        "description": "When does a customer move",
        "usage_hint": "[customer or location]",
    },
    {
        "command": "/escalate",
        "description": "Ask for a customer to move sooner",
        "usage_hint": "[customer]",
    },
    {"command": "/gallery", "description": "Every block and element at once"},
    {"command": "/asleep", "description": "Never answers in time"},
]

SHORTCUTS = [
    {
        "name": "Ask to move sooner",
        "type": "global",
        "callback_id": "ask",
        "description": "Opens the form",
    },
    {
        "name": "Escalate this",
        "type": "message",
        "callback_id": "escalate_this",
        "description": "Starts from a message",
    },
]

MANIFEST: Json = {
    "display_information": {"name": "Wavepost"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "Wavepost", "always_online": True},
        "slash_commands": COMMANDS,
        "shortcuts": SHORTCUTS,
    },
    "oauth_config": {"scopes": {"bot": SCOPES}, "redirect_urls": [SIGNED_IN]},
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened"]},
        "interactivity": {"is_enabled": True},
    },
}

CLOCK = Link("Set the clock", "https://example.com/clock")

EVERYONE = ["ana", "bo", "nour", "max", "img"]


def workspace() -> Workspace:
    """Seven people and five channels; Ana is the first member."""
    return Workspace(
        team=TeamSeed("Bakery Migration", "bakery"),
        users=[
            UserSeed("ana", real_name="Ana Ito", title="Customer success"),
            UserSeed("bo", real_name="Bo Lindqvist", title="Migration lead", tz="Europe/Stockholm"),
            UserSeed("nour", real_name=RIGHT_TO_LEFT, title="شريكة"),
            UserSeed("max", real_name=LONG, title="Director of international partner relations"),
            UserSeed("img", real_name=NAUGHTY, title="Tester"),
            UserSeed("gus", real_name="Gus Guest", title="Consultant", kind=Kind.guest),
            UserSeed("old", real_name="Olga Past", kind=Kind.deactivated),
        ],
        channels=[
            ChannelSeed(
                "migration",
                members=EVERYONE,
                app_is_member=True,
                topic="Waves, dates and questions. Ask with `/schedule`",
            ),
            ChannelSeed("triage", members=["ana", "bo"], app_is_member=True),
            ChannelSeed("leads", private=True, members=["bo"]),
            ChannelSeed("random", members=["bo"]),
            ChannelSeed("pilot-2021", members=EVERYONE, archived=True),
        ],
    )
