"""Slack's user object. Source: https://docs.slack.dev/reference/objects/user-object."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.sandbox.ids import stable_id
from bot.sandbox.json_types import Json
from bot.sandbox.workspace import User


def describe_user(user: User, team_id: str, *, with_email: bool) -> Json:
    """A person as a token sees them; the address only with `users:read.email`."""
    profile: Json = {
        "title": user.title,
        "phone": "",
        "skype": "",
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        # Nobody here has chosen one, as most people have not in a workspace that is new.
        "display_name": "",
        "display_name_normalized": "",
        "status_text": "",
        "status_emoji": "",
        "avatar_hash": "",
        "team": team_id,
    }
    if with_email and not user.is_bot and not user.is_stranger:
        profile["email"] = user.email
    if user.is_bot:
        profile["bot_id"] = user.bot_id
    described: Json = {
        "id": user.id,
        "team_id": home_team(user, team_id),
        "name": user.name,
        "deleted": user.deleted,
        "profile": profile,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": user.updated,
    }
    if user.is_stranger:
        described["is_stranger"] = True
    if user.deleted:
        return described
    return described | {
        "color": user.color,
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": utc_offset(user.tz),
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.is_guest,
        "is_ultra_restricted": False,
        "is_email_confirmed": not user.is_bot,
        "who_can_share_contact_card": "EVERYONE",
    }


def home_team(user: User, team_id: str) -> str:
    """The workspace a person belongs to: `team_id`, or another one for strangers."""
    return stable_id("T", "elsewhere") if user.is_stranger else team_id


def utc_offset(tz: str) -> int:
    """Seconds the zone is ahead of UTC now."""
    offset = datetime.now(tz=UTC).astimezone(ZoneInfo(tz)).utcoffset()
    return int(offset.total_seconds()) if offset else 0
