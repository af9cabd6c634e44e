"""openid.connect.*: Sign in with Slack, the app's side."""

import secrets

from bot.sandbox.errors import SlackError
from bot.sandbox.json_types import Json
from bot.sandbox.methods.call import Call, Method, Tier
from bot.sandbox.sign_in import claims_of
from bot.sandbox.world import World


async def token(world: World, call: Call) -> Json:
    """openid.connect.token: a person's access token and identity, for a code used once."""
    known = world.credentials
    if call.text("client_id") != known.client_id:
        raise SlackError("invalid_client_id")
    if not secrets.compare_digest(
        call.text("client_secret").encode(), known.client_secret.encode()
    ):
        raise SlackError("bad_client_secret")
    if call.text("grant_type", "authorization_code") != "authorization_code":
        raise SlackError("invalid_grant_type")
    access, signed = world.sign_ins.redeem(call.text("code"), call.text("redirect_uri"))
    user = world.directory.users[signed.user_id]
    claims = claims_of(user, world.directory.team, signed.wish.scopes)
    return {
        "access_token": access,
        "token_type": "Bearer",
        "id_token": world.sign_ins.identity(signed, access, known.client_id, claims),
    }


async def user_info(world: World, call: Call) -> Json:
    """openid.connect.userInfo: what the person's access token may know of them."""
    if not call.token:
        raise SlackError("not_authed")
    signed = world.sign_ins.of(call.token)
    if signed is None:
        known = world.credentials
        is_other = call.token in {known.bot_token, known.app_token}
        raise SlackError("not_allowed_token_type" if is_other else "invalid_auth")
    user = world.directory.users[signed.user_id]
    if user.deleted:
        raise SlackError("account_inactive")
    return claims_of(user, world.directory.team, signed.wish.scopes)


METHODS = (
    Method("openid.connect.token", token, Tier.four, needs_token=False),
    Method("openid.connect.userInfo", user_info, Tier.three, needs_token=False),
)
