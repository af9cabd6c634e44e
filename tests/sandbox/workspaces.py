"""The small workspace and the plain app that the stand-in's tests use."""

from bot.sandbox.json_types import Json
from bot.sandbox.seed import ChannelSeed, Kind, TeamSeed, UsergroupSeed, UserSeed, Workspace

SCOPES = [
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "commands",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "mpim:read",
    "mpim:write",
    "usergroups:read",
    "users:read",
    "users:read.email",
]

EVENTS = [
    "app_home_opened",
    "app_mention",
    "channel_archive",
    "channel_created",
    "channel_rename",
    "channel_shared",
    "channel_unarchive",
    "channel_unshared",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "subteam_created",
    "subteam_members_changed",
    "subteam_updated",
    "team_join",
    "user_change",
]


def manifest(*, without: tuple[str, ...] = (), extra: tuple[str, ...] = ()) -> Json:
    """The manifest of an app that uses everything, less some scopes and the events with them."""
    events = [] if without else EVENTS
    return {
        "display_information": {"name": "Postbox", "description": "Letters, sorted"},
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "bot_user": {"display_name": "postbox", "always_online": True},
            "slash_commands": [
                {"command": "/hello", "description": "Say hello", "usage_hint": "[name]"},
                {"command": "/form", "description": "Open a form"},
            ],
            "shortcuts": [
                {"name": "Start", "type": "global", "callback_id": "start", "description": "Go"},
                {"name": "Keep", "type": "message", "callback_id": "keep", "description": "Keep"},
            ],
        },
        "oauth_config": {"scopes": {"bot": [s for s in (*SCOPES, *extra) if s not in without]}},
        "settings": {
            "event_subscriptions": {"bot_events": events},
            "interactivity": {"is_enabled": True},
        },
    }


def workspace() -> Workspace:
    """Four kinds of people, five kinds of channels, one group."""
    return Workspace(
        team=TeamSeed("Bakery", "bakery"),
        users=[
            UserSeed("ana", real_name="Ana Ito", email="ana@bakery.test", title="CSA"),
            UserSeed("bo", real_name="Bo Li", email="bo@bakery.test", is_admin=True),
            UserSeed("gus", real_name="Gus Guest", email="gus@cafe.test", kind=Kind.guest),
            UserSeed("sam", real_name="Sam Away", email="sam@other.test", kind=Kind.stranger),
            UserSeed("old", real_name="Old Hand", email="old@bakery.test", kind=Kind.deactivated),
        ],
        channels=[
            ChannelSeed("general", members=["ana", "bo"], app_is_member=True, topic="Everything"),
            ChannelSeed("triage", members=["bo"], app_is_member=True),
            ChannelSeed("quiet", members=["ana"]),
            ChannelSeed("leads", private=True, members=["bo"], app_is_member=True),
            ChannelSeed("secret", private=True, members=["bo"]),
            ChannelSeed("past", members=["ana"], archived=True, app_is_member=True),
        ],
        usergroups=[UsergroupSeed("leads", "Leads", ["bo"])],
    )
