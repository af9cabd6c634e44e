"""The workspace as it stands: people, conversations, user groups."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.sandbox import seed
from bot.sandbox.ids import stable_id
from bot.sandbox.messages import MessageLog

_COLORS = ("9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "e0a729", "684b6c")


class ConversationKind(StrEnum):
    """What a conversation is; `app` is the direct conversation of a person and the app."""

    channel = "channel"
    private = "private"
    dm = "dm"
    group_dm = "group_dm"
    app = "app"


# The family of scopes and events a conversation belongs to.
FAMILY = {
    ConversationKind.channel: "channels",
    ConversationKind.private: "groups",
    ConversationKind.dm: "im",
    ConversationKind.app: "im",
    ConversationKind.group_dm: "mpim",
}


@dataclass
class Team:
    """The workspace itself."""

    id: str
    name: str
    domain: str


@dataclass
class User:
    """A person or a bot."""

    id: str
    key: str
    name: str
    real_name: str
    email: str = ""
    tz: str = "America/New_York"
    title: str = ""
    is_admin: bool = False
    is_guest: bool = False
    is_stranger: bool = False
    is_bot: bool = False
    deleted: bool = False
    updated: int = 0
    bot_id: str | None = None

    @property
    def color(self) -> str:
        """A colour that stays with the person."""
        return _COLORS[sum(self.id.encode()) % len(_COLORS)]


@dataclass
class Conversation:
    """A channel or a direct conversation, with what was said in it."""

    id: str
    key: str
    name: str
    kind: ConversationKind
    members: list[str] = field(default_factory=list)
    topic: str = ""
    is_archived: bool = False
    is_shared: bool = False
    created: int = 0
    creator: str = ""
    log: MessageLog = field(default_factory=MessageLog)
    read: dict[str, str] = field(default_factory=dict)

    @property
    def is_direct(self) -> bool:
        """Whether it is between people rather than a channel."""
        return self.kind in {
            ConversationKind.dm,
            ConversationKind.app,
            ConversationKind.group_dm,
        }

    @property
    def family(self) -> str:
        """`channels`, `groups`, `im` or `mpim`: how scopes and events call its kind."""
        return FAMILY[self.kind]

    def unread_for(self, user_id: str) -> int:
        """How many messages of others came after the person last read."""
        return self.log.count_after(self.read.get(user_id, "0"), not_by=user_id)


@dataclass
class Usergroup:
    """A user group, such as @leads."""

    id: str
    handle: str
    name: str
    members: list[str] = field(default_factory=list)
    updated: int = 0


@dataclass
class AppIdentity:
    """The app's ids in this workspace."""

    app_id: str
    bot_id: str
    bot_user_id: str
    name: str


@dataclass
class Directory:
    """All people, conversations and groups of the workspace."""

    team: Team
    app: AppIdentity
    users: dict[str, User] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    usergroups: dict[str, Usergroup] = field(default_factory=dict)

    def user(self, name: str) -> User | None:
        """The person with this id, key, or @name."""
        wanted = name.removeprefix("@")
        if wanted in self.users:
            return self.users[wanted]
        return next((u for u in self.users.values() if wanted in {u.key, u.name}), None)

    def channel(self, name: str) -> Conversation | None:
        """The conversation with this id, or the channel with this key or #name."""
        wanted = name.removeprefix("#")
        if wanted in self.conversations:
            return self.conversations[wanted]
        channels = (c for c in self.conversations.values() if not c.is_direct)
        return next((c for c in channels if wanted in {c.key, c.name}), None)

    def direct(self, *people: str) -> Conversation:
        """The direct conversation of exactly these people, made when it is first asked for."""
        members = sorted(set(people))
        id_ = stable_id("D" if len(members) <= _PAIR else "G", *members)
        if id_ not in self.conversations:
            kind = self._direct_kind(members)
            name = "" if kind is not ConversationKind.group_dm else self._group_name(members)
            self.conversations[id_] = Conversation(id_, id_, name, kind, members=members)
        return self.conversations[id_]

    def _direct_kind(self, members: list[str]) -> ConversationKind:
        if len(members) > _PAIR:
            return ConversationKind.group_dm
        if self.app.bot_user_id in members:
            return ConversationKind.app
        return ConversationKind.dm

    def _group_name(self, members: list[str]) -> str:
        return "mpdm-" + "--".join(self.users[m].name for m in members) + "-1"


_PAIR = 2


def plant(workspace: seed.Workspace, app_name: str, bot_name: str, now: int) -> Directory:
    """The directory a seed describes, with the app's own user in it."""
    domain = workspace.team.domain
    team = Team(stable_id("T", domain), workspace.team.name, domain)
    app = AppIdentity(
        stable_id("A", domain), stable_id("B", domain), stable_id("U", domain, "app"), app_name
    )
    directory = Directory(team, app)
    bot_user = _username(bot_name)
    directory.users[app.bot_user_id] = User(
        app.bot_user_id, bot_user, bot_user, bot_name, is_bot=True, bot_id=app.bot_id, updated=now
    )
    for person in workspace.users:
        user = user_of(person, now)
        directory.users[user.id] = user
    for channel in workspace.channels:
        conversation = _conversation_of(channel, directory, now)
        directory.conversations[conversation.id] = conversation
    for group in workspace.usergroups:
        members = [_member(directory, key).id for key in group.members]
        id_ = stable_id("S", group.handle)
        directory.usergroups[id_] = Usergroup(
            id_, group.handle, group.name or group.handle, members, updated=now
        )
    return directory


def user_of(person: seed.UserSeed, now: int) -> User:
    """The person a seed describes."""
    name = person.name or _username(person.key)
    return User(
        id=stable_id("U", person.key),
        key=person.key,
        name=name,
        real_name=person.real_name or name.capitalize(),
        email=person.email,
        tz=person.tz,
        title=person.title,
        is_admin=person.is_admin,
        is_guest=person.kind is seed.Kind.guest,
        is_stranger=person.kind is seed.Kind.stranger,
        deleted=person.kind is seed.Kind.deactivated,
        updated=now,
    )


def _conversation_of(channel: seed.ChannelSeed, directory: Directory, now: int) -> Conversation:
    members = [_member(directory, key).id for key in channel.members]
    if channel.app_is_member:
        members.append(directory.app.bot_user_id)
    kind = ConversationKind.private if channel.private else ConversationKind.channel
    return Conversation(
        id=stable_id("C", channel.key),
        key=channel.key,
        name=channel.name or channel.key,
        kind=kind,
        members=members,
        topic=channel.topic,
        is_archived=channel.archived,
        is_shared=channel.shared,
        created=now,
        creator=members[0] if members else directory.app.bot_user_id,
    )


def _member(directory: Directory, key: str) -> User:
    user = directory.user(key)
    if user is None:
        raise ValueError(f"The seed names a member `{key}`, but has no user with that key.")
    return user


def _username(words: str) -> str:
    return "".join(c if c.isalnum() or c in "-_." else "" for c in words.lower()) or "app"
