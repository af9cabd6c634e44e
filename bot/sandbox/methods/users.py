"""users.* and usergroups.*: who is here."""

from bot.sandbox.errors import SlackError
from bot.sandbox.json_types import Json
from bot.sandbox.methods.call import Call, Method, Tier
from bot.sandbox.methods.paging import next_cursor, page
from bot.sandbox.user_object import describe_user
from bot.sandbox.workspace import User, Usergroup
from bot.sandbox.world import World


async def info(world: World, call: Call) -> Json:
    """users.info: one person."""
    user = world.directory.users.get(call.text("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": _described(world, user)}


async def list_(world: World, call: Call) -> Json:
    """users.list: everyone, deactivated people too, a page at a time.

    Without a limit everyone is answered at once, as Slack tries to.
    """
    users = list(world.directory.users.values())
    everyone = max(1, len(users))
    return {
        "members": [_described(world, user) for user in page(call, users, default=everyone)],
        "cache_ts": int(world.clock.machine()),
        "response_metadata": next_cursor(call, len(users), default=everyone),
    }


async def lookup_by_email(world: World, call: Call) -> Json:
    """users.lookupByEmail: the active person with an address."""
    wanted = call.required("email").casefold()
    for user in world.directory.users.values():
        if user.email.casefold() == wanted and not user.deleted and not user.is_stranger:
            return {"user": _described(world, user)}
    raise SlackError("users_not_found")


async def groups(world: World, call: Call) -> Json:
    """usergroups.list: the user groups."""
    described = [
        describe_usergroup(world, group, with_users=call.flag("include_users"))
        for group in world.directory.usergroups.values()
    ]
    return {"usergroups": described}


async def group_users(world: World, call: Call) -> Json:
    """usergroups.users.list: who is in a user group."""
    group = world.directory.usergroups.get(call.required("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.members)}


def _described(world: World, user: User) -> Json:
    with_email = "users:read.email" in world.manifest.scopes
    return describe_user(user, world.directory.team.id, with_email=with_email)


def describe_usergroup(world: World, group: Usergroup, *, with_users: bool) -> Json:
    """Slack's user group object. Source: https://docs.slack.dev/reference/objects/usergroup-object."""
    described: Json = {
        "id": group.id,
        "team_id": world.directory.team.id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": group.updated,
        "date_update": group.updated,
        "date_delete": 0,
        "user_count": len(group.members),
        "prefs": {"channels": [], "groups": []},
    }
    return described | {"users": list(group.members)} if with_users else described


METHODS = (
    Method("users.info", info, Tier.four, ("users:read",)),
    Method("users.list", list_, Tier.two, ("users:read",)),
    Method("users.lookupByEmail", lookup_by_email, Tier.three, ("users:read.email",)),
    Method("usergroups.list", groups, Tier.two, ("usergroups:read",)),
    Method("usergroups.users.list", group_users, Tier.two, ("usergroups:read",)),
)
