"""The door of the browser client and of the `Person` driver: `/client/api/...`."""

import json
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.sandbox import client_view, commands, posting
from bot.sandbox.client_errors import ClientError
from bot.sandbox.json_types import Json
from bot.sandbox.live import Listener
from bot.sandbox.messages import Message
from bot.sandbox.workspace import Conversation, User
from bot.sandbox.world import World


class ClientApi:
    """Every route of the client API, over one world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> list[Route]:
        """The routes, to be mounted under `/client/api`."""
        return [
            Route("/workspace", self.workspace),
            Route("/conversations/{id}/messages", self.messages, methods=["GET"]),
            Route("/conversations/{id}/messages", self.write, methods=["POST"]),
            Route("/conversations/{id}/read", self.read, methods=["POST"]),
            Route("/commands", self.command, methods=["POST"]),
            Route("/views", self.views),
            Route("/requests", self.requests),
            Route("/live", self.live),
        ]

    async def workspace(self, request: Request) -> Response:
        """Everything `as` sees beside messages."""
        return JSONResponse(client_view.workspace(self.world, self._reader(request)))

    async def messages(self, request: Request) -> Response:
        """The messages of a conversation or thread."""
        me = self._reader(request)
        conversation = self._conversation(request.path_params["id"], me)
        query = request.query_params
        return JSONResponse(
            client_view.messages(conversation, me, query.get("before"), query.get("thread_ts"))
        )

    async def write(self, request: Request) -> Response:
        """A person writes."""
        body = await _body(request)
        me = self._actor(body)
        conversation = self._conversation(request.path_params["id"], me)
        if conversation.is_archived:
            raise ClientError(
                409, "is_archived", "This channel is archived. Nobody can write here."
            )
        text = str(body.get("text") or "")
        if not text.strip():
            raise ClientError(
                400, "no_text", "There is nothing to send yet. Write something first."
            )
        message = Message(
            ts=self.world.stamp(),
            channel=conversation.id,
            user=me.id,
            text=text,
            thread_ts=body.get("thread_ts") or None,
            client_msg_id=str(body.get("client_msg_id") or "") or None,
        )
        posting.say(self.world, conversation, message)
        conversation.read[me.id] = message.ts
        return JSONResponse({"message": conversation.log.describe(message)})

    async def read(self, request: Request) -> Response:
        """A person has read up to a message."""
        body = await _body(request)
        me = self._actor(body)
        conversation = self._conversation(request.path_params["id"], me)
        conversation.read[me.id] = str(body.get("ts") or "0")
        self.world.is_dirty = True
        return JSONResponse({"ok": True})

    async def command(self, request: Request) -> Response:
        """A person types a slash command."""
        body = await _body(request)
        me = self._actor(body)
        conversation = self._conversation(str(body.get("channel")), me)
        line = str(body.get("text") or "")
        return JSONResponse(await commands.run(self.world, me, conversation, line))

    async def views(self, request: Request) -> Response:
        """A person's open modals."""
        me = self._reader(request)
        return JSONResponse({"stack": client_view.stack(self.world, me.id)})

    async def requests(self, request: Request) -> Response:
        """What the inspector kept."""
        after = int(request.query_params.get("after") or 0)
        return JSONResponse({"requests": self.world.inspector.after(after)})

    async def live(self, request: Request) -> Response:
        """The stream of what happens, as server-sent events."""
        me = self._reader(request)
        inspects = request.query_params.get("inspector") == "1"
        listener = self.world.live.open(me.id, inspects=inspects)
        return StreamingResponse(
            _stream(self.world, listener),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store"},
        )

    def _reader(self, request: Request) -> User:
        return self._user(request.query_params.get("as"))

    def _actor(self, body: Json) -> User:
        user = self._user(body.get("as"))
        if user.deleted:
            raise ClientError(
                403, "account_inactive", f"{user.real_name}'s account is deactivated."
            )
        return user

    def _user(self, user_id: object) -> User:
        user = self.world.directory.users.get(str(user_id))
        if user is None or user.is_bot:
            raise ClientError(404, "user_not_found", f"Nobody here has the id {user_id}.")
        return user

    def _conversation(self, id_: str, me: User) -> Conversation:
        conversation = self.world.directory.conversations.get(id_)
        if conversation is None or not client_view.is_visible(conversation, me):
            raise ClientError(404, "channel_not_found", f"{me.real_name} sees no channel {id_}.")
        return conversation


async def _stream(world: World, listener: Listener) -> AsyncIterator[str]:
    # A first comment tells the client at once that it is connected.
    yield ": connected\n\n"
    async for event in world.live.follow(listener):
        yield f"data: {json.dumps(event)}\n\n"


async def _body(request: Request) -> Json:
    try:
        body = json.loads(await request.body())
    except ValueError:
        raise ClientError(400, "invalid_json", "The request is not JSON.") from None
    if not isinstance(body, dict):
        raise ClientError(400, "invalid_json", "The request is not a JSON object.")
    return body


async def refused(_request: Request, error: Exception) -> Response:
    """A refusal of the client API, as JSON."""
    if not isinstance(error, ClientError):
        raise error
    return JSONResponse({"error": error.code, "message": error.message}, error.status)
