"""What every route of the client API asks first: who acts, and on what."""

import json

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.sandbox.client_errors import ClientError
from bot.sandbox.client_view import is_visible
from bot.sandbox.json_types import Json
from bot.sandbox.workspace import Conversation, User
from bot.sandbox.world import World


class Desk:
    """Finds people and conversations for the client API. Its methods raise ClientError."""

    def __init__(self, world: World) -> None:
        self._directory = world.directory

    def reader(self, request: Request) -> User:
        """The person whose eyes a GET looks through; who does not say is the first member."""
        named = request.query_params.get("as")
        if named:
            return self._user(named)
        return next(user for user in self._directory.users.values() if not user.is_bot)

    def actor(self, body: Json) -> User:
        """The person who does what a POST says; not one whose account is deactivated."""
        user = self._user(body.get("as"))
        if user.deleted:
            words = f"{user.real_name}'s account is deactivated."
            raise ClientError(403, "account_inactive", words)
        return user

    def conversation(self, id_: str, me: User) -> Conversation:
        """A conversation that `me` sees."""
        conversation = self._directory.conversations.get(id_)
        if conversation is None or not is_visible(conversation, me):
            raise ClientError(404, "channel_not_found", f"{me.real_name} sees no channel {id_}.")
        return conversation

    def _user(self, user_id: object) -> User:
        user = self._directory.users.get(str(user_id))
        if user is None or user.is_bot:
            raise ClientError(404, "user_not_found", f"Nobody here has the id {user_id}.")
        return user


async def body_of(request: Request) -> Json:
    """The JSON object that was posted.

    Raises ClientError when it is something else.
    """
    try:
        body = json.loads(await request.body())
        json.dumps(body, ensure_ascii=False).encode()  # half a character could not be shown
    except (ValueError, RecursionError):
        raise ClientError(400, "invalid_json", "The request is not JSON.") from None
    if not isinstance(body, dict):
        raise ClientError(400, "invalid_json", "The request is not a JSON object.")
    return body


async def refused(_request: Request, error: Exception) -> Response:
    """A refusal of the client API, as JSON."""
    if not isinstance(error, ClientError):
        raise error
    return JSONResponse({"error": error.code, "message": error.message}, error.status)
