"""The app's manifest: what it may do, and what the workspace offers because of it.

Source: https://docs.slack.dev/reference/app-manifest
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, TypeVar

import yaml
from pydantic import BeforeValidator, TypeAdapter, ValidationError

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
    "channel_shared": ("channels:read", "groups:read"),
    "channel_unarchive": ("channels:read",),
    "channel_unshared": ("channels:read", "groups:read"),
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
    url: str | None = None


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
    description: str = ""

    def command(self, name: str) -> Command | None:
        """The slash command called `name`, if the app has it."""
        return next((c for c in self.commands if c.command == name), None)

    def shortcut(self, callback_id: str) -> Shortcut | None:
        """The shortcut with this callback_id, if the app has it."""
        return next((s for s in self.shortcuts if s.callback_id == callback_id), None)


Given = TypeVar("Given")
# A section with nothing under it is null in YAML, and means what leaving it out means.
Part = Annotated[Given, BeforeValidator(lambda given: {} if given is None else given)]
Listed = Annotated[list[Given], BeforeValidator(lambda given: [] if given is None else given)]


@dataclass
class _About:
    name: str = "App"
    description: str = ""


@dataclass
class _Bot:
    display_name: str = ""


@dataclass
class _Home:
    home_tab_enabled: bool = False
    messages_tab_enabled: bool = True


@dataclass
class _Features:
    slash_commands: Listed[Command] = field(default_factory=list)
    shortcuts: Listed[Shortcut] = field(default_factory=list)
    app_home: Part[_Home] = field(default_factory=_Home)
    bot_user: Part[_Bot] = field(default_factory=_Bot)


@dataclass
class _Scopes:
    bot: Listed[str] = field(default_factory=list)


@dataclass
class _Oauth:
    scopes: Part[_Scopes] = field(default_factory=_Scopes)
    redirect_urls: Listed[str] = field(default_factory=list)


@dataclass
class _Subscriptions:
    request_url: str | None = None
    bot_events: Listed[str] = field(default_factory=list)


@dataclass
class _Interactivity:
    is_enabled: bool = False
    request_url: str | None = None


@dataclass
class _Settings:
    event_subscriptions: Part[_Subscriptions] = field(default_factory=_Subscriptions)
    interactivity: Part[_Interactivity] = field(default_factory=_Interactivity)
    socket_mode_enabled: bool = False


@dataclass
class _Written:
    """A manifest as people write it, as far as the stand-in looks at it."""

    display_information: Part[_About] = field(default_factory=_About)
    features: Part[_Features] = field(default_factory=_Features)
    oauth_config: Part[_Oauth] = field(default_factory=_Oauth)
    settings: Part[_Settings] = field(default_factory=_Settings)


_WRITTEN = TypeAdapter(_Written)


def read_manifest(source: Path | Json) -> Manifest:
    """The manifest in a YAML or JSON file, or given as a dictionary.

    Raises ManifestError that names each field that is missing or wrong, an event without its
    scope, or a command without `commands`.
    """
    written = _written(source if isinstance(source, dict) else load_manifest(source))
    features, settings = written.features, written.settings
    subscriptions, interactivity = settings.event_subscriptions, settings.interactivity
    own_urls = [command.url for command in features.slash_commands]
    urls = [subscriptions.request_url, interactivity.request_url, *own_urls]
    manifest = Manifest(
        name=written.display_information.name,
        bot_name=features.bot_user.display_name or written.display_information.name,
        scopes=frozenset(written.oauth_config.scopes.bot),
        commands=tuple(features.slash_commands),
        shortcuts=tuple(features.shortcuts),
        events=frozenset(subscriptions.bot_events),
        interactive=interactivity.is_enabled,
        home=features.app_home.home_tab_enabled,
        messages_tab=features.app_home.messages_tab_enabled,
        request_url=next((url for url in urls if url), None),
        redirect_urls=tuple(written.oauth_config.redirect_urls),
        socket_mode=settings.socket_mode_enabled,
        description=written.display_information.description,
    )
    _check(manifest)
    return manifest


def load_manifest(path: Path) -> Json:
    """What a YAML or JSON file says, not yet looked at.

    Raises ManifestError when it cannot be read as either.
    """
    try:
        raw = yaml.safe_load(path.read_text("utf-8"))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f", line {mark.line + 1}" if mark else ""
        raise ManifestError(f"It is neither YAML nor JSON{place}: {error.problem}.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ManifestError(f"It is neither YAML nor JSON: {error}.") from None
    if not isinstance(raw, dict):
        raise ManifestError("It has no fields; a manifest begins with `display_information:`.")
    return raw


def _written(raw: Json) -> _Written:
    try:
        return _WRITTEN.validate_python(raw)
    except ValidationError as error:
        problems = [_said(problem["loc"], problem["msg"]) for problem in error.errors()]
        raise ManifestError("\n".join(problems)) from None


def _said(place: tuple[int | str, ...], what: str) -> str:
    return f"`{'.'.join(str(step) for step in place)}` is not right: {what}."


def _check(manifest: Manifest) -> None:
    for number, command in enumerate(manifest.commands):
        if not command.command.startswith("/"):
            place = ("features", "slash_commands", number, "command")
            raise ManifestError(_said(place, "a command begins with a slash"))
    if manifest.commands and "commands" not in manifest.scopes:
        raise ManifestError("The manifest has slash commands, so it needs the scope `commands`.")
    for event in sorted(manifest.events):
        if event not in EVENT_SCOPES:
            raise ManifestError(f"The stand-in does not know the event `{event}`.")
        wanted = EVENT_SCOPES[event]
        if wanted and not manifest.scopes.intersection(wanted):
            raise ManifestError(f"The event `{event}` needs the scope {' or '.join(wanted)}.")
