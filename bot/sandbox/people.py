"""What administrators and people do to the workspace; each tells the app as Slack would."""

from bot.sandbox import membership
from bot.sandbox.conversation_object import describe_conversation
from bot.sandbox.ids import stable_id
from bot.sandbox.json_types import Json
from bot.sandbox.methods.users import describe_usergroup
from bot.sandbox.seed import UserSeed
from bot.sandbox.user_object import describe_user
from bot.sandbox.workspace import (
    Conversation,
    ConversationKind,
    User,
    Usergroup,
    user_of,
)
from bot.sandbox.world import World


class People:
    """Hires, leavers, channels and groups. People and channels are named by key, name or id.

    Every method raises LookupError for somebody or something that is not there.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def user(self, name: str) -> User:
        """The person of that name."""
        user = self._world.directory.user(name)
        if user is None:
            known = ", ".join(u.key for u in self._world.directory.users.values())
            raise LookupError(f"Nobody is called {name!r}. There are: {known}.")
        return user

    def channel(self, name: str) -> Conversation:
        """The channel of that name."""
        conversation = self._world.directory.channel(name)
        if conversation is None:
            raise LookupError(f"No channel is called {name!r}.")
        return conversation

    def hire(self, person: UserSeed) -> User:
        """Add a person. Event: team_join."""
        user = user_of(person, self._now())
        self._world.directory.users[user.id] = user
        self._changed()
        self._tell({"type": "team_join", "user": self._described(user)})
        return user

    def deactivate(self, name: str) -> User:
        """Deactivate a person and take them out of channels. Event: user_change."""
        user = self.user(name)
        user.deleted = True
        for conversation in self._world.directory.conversations.values():
            if not conversation.is_direct and user.id in conversation.members:
                conversation.members.remove(user.id)
        return self._user_changed(user)

    def reactivate(self, name: str) -> User:
        """Let a deactivated person in again. Event: user_change."""
        user = self.user(name)
        user.deleted = False
        return self._user_changed(user)

    def edit(self, name: str, **fields: str | bool) -> User:
        """Change a person's real_name, email, title, tz, is_admin or is_guest.

        Event: user_change. Raises AttributeError for another field.
        """
        user = self.user(name)
        for field, value in fields.items():
            if field not in _EDITABLE:
                raise AttributeError(f"A person's {field} cannot be edited.")
            setattr(user, field, value)
        return self._user_changed(user)

    def create_channel(self, name: str, *, by: str, private: bool = False) -> Conversation:
        """Make a channel with one member. Event: channel_created, when public."""
        creator = self.user(by)
        kind = ConversationKind.private if private else ConversationKind.channel
        conversation = Conversation(
            stable_id("C", name),
            name,
            name,
            kind,
            members=[creator.id],
            created=self._now(),
            creator=creator.id,
        )
        self._world.directory.conversations[conversation.id] = conversation
        self._changed()
        if not private:
            self._tell({"type": "channel_created", "channel": self._brief(conversation)})
        return conversation

    def rename_channel(self, channel: str, name: str) -> None:
        """Rename a channel. Event: channel_rename or group_rename."""
        conversation = self.channel(channel)
        conversation.name = name
        self._changed()
        self._tell_of(conversation, "rename", self._brief(conversation))

    def archive(self, channel: str, *, by: str) -> None:
        """Archive a channel. Event: channel_archive or group_archive."""
        self._set_archived(channel, by, archived=True)

    def unarchive(self, channel: str, *, by: str) -> None:
        """Bring an archived channel back. Event: channel_unarchive or group_unarchive."""
        self._set_archived(channel, by, archived=False)

    def share(self, channel: str, *, team: str = "T0ELSEWHERE") -> None:
        """Let the people of another workspace read a channel. Event: channel_shared."""
        conversation = self.channel(channel)
        conversation.is_shared = True
        self._tell_of_sharing(conversation, {"type": "channel_shared", "connected_team_id": team})

    def unshare(self, channel: str, *, team: str = "T0ELSEWHERE") -> None:
        """Let no other workspace read a channel any more. Event: channel_unshared."""
        conversation = self.channel(channel)
        conversation.is_shared = False
        told = {"type": "channel_unshared", "previously_connected_team_id": team}
        self._tell_of_sharing(conversation, told | {"is_ext_shared": False})

    def _tell_of_sharing(self, conversation: Conversation, event: Json) -> None:
        self._changed()
        is_public = conversation.kind is ConversationKind.channel
        if is_public or self._world.directory.app.bot_user_id in conversation.members:
            self._tell(event | {"channel": conversation.id})

    def _set_archived(self, channel: str, by: str, *, archived: bool) -> None:
        conversation = self.channel(channel)
        conversation.is_archived = archived
        self._changed()
        what = "archive" if archived else "unarchive"
        self._tell_of(conversation, what, conversation.id, user=self.user(by).id)

    def invite(self, name: str, channel: str, *, by: str | None = None) -> None:
        """Bring someone into a channel. Event: member_joined_channel."""
        inviter = self.user(by) if by else None
        membership.join(self._world, self.channel(channel), self.user(name), inviter)

    def invite_app(self, channel: str, *, by: str | None = None) -> None:
        """Bring the app into a channel. Event: member_joined_channel."""
        self.invite(self._world.directory.app.bot_user_id, channel, by=by)

    def remove(self, name: str, channel: str) -> None:
        """Take someone out of a channel. Event: member_left_channel."""
        membership.leave(self._world, self.channel(channel), self.user(name))

    def remove_app(self, channel: str) -> None:
        """Take the app out of a channel. Event: channel_left or group_left."""
        self.remove(self._world.directory.app.bot_user_id, channel)

    def create_group(self, handle: str, name: str, members: list[str]) -> Usergroup:
        """Make a user group. Event: subteam_created."""
        people = [self.user(member).id for member in members]
        group = Usergroup(stable_id("S", handle), handle, name, people, self._now())
        self._world.directory.usergroups[group.id] = group
        self._tell_group("subteam_created", group)
        return group

    def set_group(self, handle: str, members: list[str]) -> Usergroup:
        """Set who is in a user group. Events: subteam_members_changed, subteam_updated."""
        group = self._group(handle)
        before = group.members
        group.members = [self.user(member).id for member in members]
        group.updated = self._now()
        added = [m for m in group.members if m not in before]
        removed = [m for m in before if m not in group.members]
        self._tell(
            {
                "type": "subteam_members_changed",
                "subteam_id": group.id,
                "team_id": self._world.directory.team.id,
                "date_update": group.updated,
                "added_users": added,
                "added_users_count": len(added),
                "removed_users": removed,
                "removed_users_count": len(removed),
            }
        )
        self._tell_group("subteam_updated", group)
        return group

    def _group(self, handle: str) -> Usergroup:
        groups = self._world.directory.usergroups.values()
        group = next((g for g in groups if handle.lstrip("@") in {g.handle, g.id}), None)
        if group is None:
            raise LookupError(f"No user group is called {handle!r}.")
        return group

    def _tell_group(self, kind: str, group: Usergroup) -> None:
        self._changed()
        subteam = describe_usergroup(self._world, group, with_users=True)
        self._tell({"type": kind, "subteam": subteam})

    def _user_changed(self, user: User) -> User:
        user.updated = self._now()
        self._changed()
        event = {"type": "user_change", "user": self._described(user), "cache_ts": user.updated}
        self._tell(event)
        return user

    def _described(self, user: User) -> Json:
        with_email = "users:read.email" in self._world.manifest.scopes
        return describe_user(user, self._world.directory.team.id, with_email=with_email)

    def _brief(self, conversation: Conversation) -> Json:
        whole = describe_conversation(self._world.directory, conversation)
        names = ("id", "name", "name_normalized", "is_channel", "is_private", "created", "creator")
        return {name: whole[name] for name in names}

    def _tell_of(
        self, conversation: Conversation, what: str, channel: object, **more: object
    ) -> None:
        is_public = conversation.kind is ConversationKind.channel
        if is_public or self._world.directory.app.bot_user_id in conversation.members:
            kind = f"{'channel' if is_public else 'group'}_{what}"
            self._tell({"type": kind, "channel": channel, **more})

    def _tell(self, event: Json) -> None:
        self._world.events.tell(event["type"], event | {"event_ts": self._world.stamp()})

    def _changed(self) -> None:
        self._world.is_dirty = True
        self._world.live.tell({"type": "workspace"})

    def _now(self) -> int:
        return int(self._world.clock.machine())


_EDITABLE = frozenset({"real_name", "email", "title", "tz", "is_admin", "is_guest"})
