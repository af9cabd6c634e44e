"""An app and a workspace to begin with, for whoever brings neither."""

from bot.sandbox.json_types import Json
from bot.sandbox.seed import ChannelSeed, Kind, TeamSeed, UserSeed, Workspace

MANIFEST: Json = {
    "display_information": {"name": "My app"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "my-app", "always_online": True},
        "slash_commands": [{"command": "/hello", "description": "Say hello"}],
        "shortcuts": [
            {
                "name": "Say hello",
                "type": "global",
                "callback_id": "hello",
                "description": "Say hello",
            }
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "app_mentions:read",
                "channels:history",
                "channels:join",
                "channels:read",
                "chat:write",
                "commands",
                "groups:history",
                "groups:read",
                "im:history",
                "im:read",
                "im:write",
                "users:read",
                "users:read.email",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": ["app_home_opened", "app_mention", "message.channels", "message.im"]
        },
        "interactivity": {"is_enabled": True},
    },
}


def workspace() -> Workspace:
    """Three people of each kind that matters, and two channels with the app in one."""
    return Workspace(
        team=TeamSeed("Sandbox", "sandbox"),
        users=[
            UserSeed("ana", real_name="Ana Reyes", email="ana@example.com"),
            UserSeed("bo", real_name="Bo Lindqvist", email="bo@example.com", is_admin=True),
            UserSeed("gus", real_name="Gus Moreau", email="gus@example.org", kind=Kind.guest),
        ],
        channels=[
            ChannelSeed("general", members=["ana", "bo", "gus"], app_is_member=True),
            ChannelSeed("random", members=["ana", "bo"]),
        ],
    )
