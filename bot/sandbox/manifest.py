"""The app's manifest: what it may do, and what the workspace offers because of it.

Source: https://docs.slack.dev/reference/app-manifest
"""

from dataclasses import dataclass, field
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from bot.sandbox.json_types import Json

# Source: "Required scopes" of https://docs.slack.dev/reference/events/EVENT. Any one is enough.
EVENT_SCOPES: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "channel_archive": ("channels:read",),
    "channel_created": ("channels:read",),
    "channel_left": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "file_created": ("files:read",),
    "file_deleted": ("files:read",),
    "file_shared": ("files:read",),
    "group_archive": ("groups:read",),
    "group_left": ("groups:read",),
    "group_rename": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "subteam_created": ("usergroups:read",),
    "subteam_members_changed": ("usergroups:read",),
    "subteam_updated": ("usergroups:read",),
    "team_join": ("users:read",),
    "tokens_revoked": (),
    "user_change": ("users:read",),
}


class ManifestError(ValueError):
    """The manifest asks for something Slack would not accept; the words say what to change."""


@dataclass(frozen=True)
class Command:
    """A slash command the app offers."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True)
class Shortcut:
    """An entry of the shortcuts menu, or of a message's menu."""

    name: str
    callback_id: str
    description: str = ""
    type: str = "global"


@dataclass(frozen=True)
class Manifest:
    """What the stand-in needs to know of an app."""

    name: str
    bot_name: str
    scopes: frozenset[str]
    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    events: frozenset[str] = frozenset()
    interactive: bool = False
    home: bool = False
    messages_tab: bool = True
    request_url: str | None = None
    redirect_urls: tuple[str, ...] = ()
    socket_mode: bool = False

    def command(self, name: str) -> Command | None:
        """The slash command called `name`, if the app has it."""
        return next((c for c in self.commands if c.command == name), None)

    def shortcut(self, callback_id: str) -> Shortcut | None:
        """The shortcut with this callback_id, if the app has it."""
        return next((s for s in self.shortcuts if s.callback_id == callback_id), None)


@dataclass
class _Features:
    slash_commands: list[Command] = field(default_factory=list)
    shortcuts: list[Shortcut] = field(default_factory=list)
    app_home: dict[str, bool] = field(default_factory=dict)
    bot_user: Json = field(default_factory=dict)


def read_manifest(source: Path | Json) -> Manifest:
    """The manifest in a YAML or JSON file, or given as a dictionary.

    Raises ManifestError for an event without its scope, or a command without `commands`.
    """
    raw = source if isinstance(source, dict) else yaml.safe_load(source.read_text("utf-8"))
    features = TypeAdapter(_Features).validate_python(raw.get("features") or {})
    settings = raw.get("settings") or {}
    interactivity = settings.get("interactivity") or {}
    subscriptions = settings.get("event_subscriptions") or {}
    scopes = ((raw.get("oauth_config") or {}).get("scopes") or {}).get("bot") or []
    name = (raw.get("display_information") or {}).get("name") or "App"
    manifest = Manifest(
        name=name,
        bot_name=features.bot_user.get("display_name") or name,
        scopes=frozenset(scopes),
        commands=tuple(features.slash_commands),
        shortcuts=tuple(features.shortcuts),
        events=frozenset(subscriptions.get("bot_events") or []),
        interactive=bool(interactivity.get("is_enabled")),
        home=bool(features.app_home.get("home_tab_enabled")),
        messages_tab=features.app_home.get("messages_tab_enabled", True),
        request_url=subscriptions.get("request_url"),
        redirect_urls=tuple((raw.get("oauth_config") or {}).get("redirect_urls") or ()),
        socket_mode=bool(settings.get("socket_mode_enabled")),
    )
    _check(manifest)
    return manifest


def _check(manifest: Manifest) -> None:
    if manifest.commands and "commands" not in manifest.scopes:
        raise ManifestError("The manifest has slash commands, so it needs the scope `commands`.")
    for event in sorted(manifest.events):
        if event not in EVENT_SCOPES:
            raise ManifestError(f"The stand-in does not know the event `{event}`.")
        wanted = EVENT_SCOPES[event]
        if wanted and not manifest.scopes.intersection(wanted):
            raise ManifestError(f"The event `{event}` needs the scope {' or '.join(wanted)}.")
