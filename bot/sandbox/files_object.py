"""Slack's file object. Source: https://docs.slack.dev/reference/objects/file-object."""

import re
from pathlib import PurePosixPath

from bot.sandbox.files import File, Share
from bot.sandbox.files_access import shares_of
from bot.sandbox.json_types import Json
from bot.sandbox.workspace import ConversationKind
from bot.sandbox.world import World

# Larger ones are made only of pictures that are larger themselves.
_SQUARES = (64, 80, 160)
_SIZES = (360, 480, 720, 800, 960, 1024)


def describe_file(world: World, file: File) -> Json:
    """A file as files.info and forms give it; empty where Slack is not done with it yet."""
    if file.is_deleted:
        return tombstone(file)
    return described_in_message(world, file) | _places(world, file)


def tombstone(file: File) -> Json:
    """What is left of a deleted file in the messages that showed it."""
    return {"id": file.id, "mode": "tombstone"}


def unexplained(described: Json) -> Json:
    """What events say of a file in a channel shared with another company; files.info says more.

    Source: "Slack Connect files" of the file object's page.
    """
    return {
        "id": described["id"],
        "mode": "file_access",
        "file_access": "check_file_info",
        "created": 0,
        "timestamp": 0,
        "user": "",
    }


def described_in_message(world: World, file: File) -> Json:
    """A file as messages show it: without the places where it is shared."""
    if file.is_deleted:
        return tombstone(file)
    team = world.directory.team
    base = f"{world.address}/files-pri/{team.id}-{file.id}"
    page = f"https://{team.domain}.slack.com/files/{file.user}/{file.id}/{safe_name(file.name)}"
    is_done = world.files.processing.is_done(file.id)
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": file.kind.mimetype if is_done else "",
        "filetype": file.kind.filetype if is_done else "",
        "pretty_type": file.kind.pretty_type if is_done else "",
        "user": file.user,
        "user_team": team.id,
        "editable": file.is_snippet,
        "size": file.size,
        "mode": "snippet" if file.is_snippet else "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": any(_is_public(world, share) for share in file.shares),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{base}/{safe_name(file.name)}",
        "url_private_download": f"{base}/download/{safe_name(file.name)}",
        "permalink": page,
        "has_rich_preview": False,
        "file_access": "visible",
        **({"alt_txt": file.alt_txt} if file.alt_txt else {}),
        **(_thumbs(world, file) if is_done else {}),
    }


def safe_name(name: str) -> str:
    """A name as it stands in addresses."""
    return re.sub(r"[^a-z0-9._-]+", "_", name.lower()).strip(".") or "file"


def named_files(world: World, text: str) -> list[File]:
    """The app's own files whose permalinks a message of its names: it shares them.

    Captured: https://github.com/slackapi/python-slack-sdk/issues/1500
    """
    bot = world.directory.app.bot_user_id
    own = [file for file in world.files if file.user == bot and not file.is_deleted]
    return [file for file in own if described_in_message(world, file)["permalink"] in text]


def _thumbs(world: World, file: File) -> Json:
    picture = file.picture
    if picture is None:
        return {}
    name = PurePosixPath(safe_name(file.name))
    base = (
        f"{world.address}/files-tmb/{world.directory.team.id}-{file.id}-{file.secret}/{name.stem}"
    )
    found: Json = {f"thumb_{side}": f"{base}_{side}{name.suffix}" for side in _SQUARES}
    largest = max(picture.width, picture.height)
    for side in (_SIZES[0], *(size for size in _SIZES[1:] if size <= largest)):
        small = picture.within(side)
        found |= {
            f"thumb_{side}": f"{base}_{side}{name.suffix}",
            f"thumb_{side}_w": small.width,
            f"thumb_{side}_h": small.height,
        }
    return found | {"original_w": picture.width, "original_h": picture.height}


def _places(world: World, file: File) -> Json:
    shares: dict[str, dict[str, list[Json]]] = {}
    ids: dict[str, list[str]] = {"channels": [], "groups": [], "ims": []}
    for share in shares_of(world, file):
        conversation = world.directory.conversations[share.channel]
        group = "public" if _is_public(world, share) else "private"
        shares.setdefault(group, {}).setdefault(share.channel, []).append(
            _share(world, file, share)
        )
        # Group conversations count as private channels here, as in Slack.
        family = conversation.family if conversation.family != "mpim" else "groups"
        listed = ids["ims" if family == "im" else family]
        if share.channel not in listed:
            listed.append(share.channel)
    return {**ids, "shares": shares, "has_more_shares": False, "comments_count": 0}


def _share(world: World, file: File, share: Share) -> Json:
    conversation = world.directory.conversations[share.channel]
    replies = conversation.log.replies(share.ts)
    users = list(dict.fromkeys(reply.user for reply in replies))
    described: Json = {
        "reply_users": users,
        "reply_users_count": len(users),
        "reply_count": len(replies),
        "ts": share.ts,
        "channel_name": conversation.name,
        "team_id": world.directory.team.id,
        "share_user_id": file.user,
    }
    return described | ({"thread_ts": share.thread_ts} if share.thread_ts else {})


def _is_public(world: World, share: Share) -> bool:
    kind = world.directory.conversations[share.channel].kind
    return kind is ConversationKind.channel
