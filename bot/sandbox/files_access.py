"""Who may see a file.

Source for apps: https://docs.slack.dev/reference/methods/files.info, "files appearing in the
channels they belong to"; for `slack_file` https://github.com/slackapi/java-slack-sdk/issues/1349.
"""

from collections.abc import Iterator

from bot.sandbox.client_view import is_visible
from bot.sandbox.files import File, Share
from bot.sandbox.json_types import Json
from bot.sandbox.workspace import User
from bot.sandbox.world import World


def shares_of(world: World, file: File) -> list[Share]:
    """The messages that show a file and are still there."""
    places = world.directory.conversations
    return [share for share in file.shares if places[share.channel].log.get(share.ts)]


def app_sees(world: World, file: File) -> bool:
    """Whether the app may see a file: its own, sent to it in a form, or shared where it is."""
    bot = world.directory.app.bot_user_id
    conversations = (
        world.directory.conversations[share.channel] for share in shares_of(world, file)
    )
    is_shared = any(bot in conversation.members for conversation in conversations)
    return file.user == bot or file.is_given_to_app or is_shared


def person_sees(world: World, file: File, me: User) -> bool:
    """Whether a person may see a file: theirs, shared where they look, or shown to them."""
    conversations = (
        world.directory.conversations[share.channel] for share in shares_of(world, file)
    )
    is_shared = any(is_visible(conversation, me) for conversation in conversations)
    return file.user == me.id or is_shared or _is_shown(world, file, me)


def _is_shown(world: World, file: File, me: User) -> bool:
    """Whether a picture block that `me` has before them shows the file."""
    return any(file is pictured(world, held) for held in _pictures(list(_before(world, me))))


def pictured(world: World, slack_file: Json) -> File | None:
    """The file that a `slack_file` names by its `id` or its `url`."""
    if slack_file.get("id"):
        return world.files.get(str(slack_file["id"]))
    return world.files.at(str(slack_file.get("url") or ""))


def _before(world: World, me: User) -> Iterator[object]:
    for conversation in world.directory.conversations.values():
        if is_visible(conversation, me):
            said = (*conversation.log.messages, *conversation.log.notes)
            for message in said:
                if message.only_for in {None, me.id}:
                    yield [message.blocks, message.attachments]
    views = [*world.views.stack(me.id), world.views.homes.get(me.id)]
    yield [view.blocks for view in views if view]


def _pictures(value: object) -> Iterator[Json]:
    if isinstance(value, dict):
        if isinstance(value.get("slack_file"), dict):
            yield value["slack_file"]
        value = list(value.values())
    for each in value if isinstance(value, list) else ():
        yield from _pictures(each)
