"""apps.connections.open: where the app may open a WebSocket."""

from bot.sandbox.errors import SlackError
from bot.sandbox.json_types import Json
from bot.sandbox.methods.call import Call, Method, Tier
from bot.sandbox.world import World


async def open_connection(world: World, call: Call) -> Json:
    """apps.connections.open: a ws:// address that is good for one connection.

    The app token counts in the `Authorization` header only.
    """
    if not call.token or call.args.get("token"):
        raise SlackError("not_authed")
    if call.token == world.credentials.bot_token:
        raise SlackError("not_allowed_token_type")
    if call.token != world.credentials.app_token:
        raise SlackError("invalid_auth")
    address = world.address.replace("http://", "ws://", 1)
    return {"url": address + world.sockets.ticket()}


METHODS = (Method("apps.connections.open", open_connection, Tier.three, needs_token=False),)
