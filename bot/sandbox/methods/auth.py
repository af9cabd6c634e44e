"""auth.test, api.test, bots.info."""

from bot.sandbox.errors import SlackError
from bot.sandbox.json_types import Json
from bot.sandbox.methods.call import Call, Method, Tier
from bot.sandbox.world import World


async def test(world: World, _call: Call) -> Json:
    """auth.test: whose token this is."""
    directory = world.directory
    bot = directory.users[directory.app.bot_user_id]
    return {
        "url": f"https://{directory.team.domain}.slack.com/",
        "team": directory.team.name,
        "user": bot.name,
        "team_id": directory.team.id,
        "user_id": bot.id,
        "bot_id": directory.app.bot_id,
        "is_enterprise_install": False,
    }


async def api_test(_world: World, call: Call) -> Json:
    """api.test: the arguments back, or the error asked for."""
    said = {name: value for name, value in call.args.items() if name != "token"}
    if "error" in said:
        raise SlackError(str(said["error"]), args=said)
    return {"args": said} if said else {}


async def bot_info(world: World, call: Call) -> Json:
    """bots.info: the app's bot."""
    app = world.directory.app
    if call.text("bot", app.bot_id) != app.bot_id:
        raise SlackError("bot_not_found")
    bot = {
        "id": app.bot_id,
        "deleted": False,
        "name": app.name,
        "updated": world.directory.users[app.bot_user_id].updated,
        "app_id": app.app_id,
        "user_id": app.bot_user_id,
        "icons": {},
    }
    return {"bot": bot}


METHODS = (
    Method("api.test", api_test, Tier.four, needs_token=False),
    Method("auth.test", test, Tier.special),
    Method("bots.info", bot_info, Tier.three, ("users:read",)),
)
