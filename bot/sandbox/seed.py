"""What a workspace holds when it is first made: people, channels, user groups."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import yaml
from pydantic import TypeAdapter


class Kind(StrEnum):
    """What a person is in the workspace."""

    member = "member"
    guest = "guest"
    stranger = "stranger"
    deactivated = "deactivated"


@dataclass
class TeamSeed:
    """The workspace's own name and domain."""

    name: str = "Example"
    domain: str = "example"


@dataclass
class UserSeed:
    """A person; `key` is how tests and other seeds name them."""

    key: str
    name: str = ""
    real_name: str = ""
    email: str = ""
    tz: str = "America/New_York"
    title: str = ""
    is_admin: bool = False
    kind: Kind = Kind.member


@dataclass
class ChannelSeed:
    """A channel; `members` are the keys of users."""

    key: str
    name: str = ""
    private: bool = False
    topic: str = ""
    members: list[str] = field(default_factory=list)
    archived: bool = False
    shared: bool = False
    app_is_member: bool = False


@dataclass
class UsergroupSeed:
    """A user group; `members` are the keys of users."""

    handle: str
    name: str = ""
    members: list[str] = field(default_factory=list)


@dataclass
class Workspace:
    """Everything a new workspace starts with."""

    team: TeamSeed = field(default_factory=TeamSeed)
    users: list[UserSeed] = field(default_factory=list)
    channels: list[ChannelSeed] = field(default_factory=list)
    usergroups: list[UsergroupSeed] = field(default_factory=list)


def read_seed(path: Path) -> Workspace:
    """The workspace described by a JSON or YAML file.

    Raises pydantic.ValidationError naming each field that is missing or wrong, yaml.YAMLError for
    a file that is neither.
    """
    return TypeAdapter(Workspace).validate_python(yaml.safe_load(path.read_bytes()))
