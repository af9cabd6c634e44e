"""The client API where people read, write and come and go: `/client/api/...`."""

import json
import re
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.sandbox import client_view, files_sharing, membership, posting
from bot.sandbox.client_desk import Desk, body_of
from bot.sandbox.client_errors import ClientError
from bot.sandbox.files_client import own_files
from bot.sandbox.messages import Message
from bot.sandbox.workspace import Conversation, ConversationKind, User
from bot.sandbox.world import World

_NUMBER = re.compile("[0-9]{1,15}")
_MOST_FILES = 10  # https://slack.com/help/articles/201330736-Add-files-to-Slack


class ClientApi:
    """Every route of the client API, over one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._desk = Desk(world)

    def routes(self) -> list[Route]:
        """The routes, to be mounted under `/client/api`."""
        return [
            Route("/workspace", self.workspace),
            Route("/conversations", self.open_direct, methods=["POST"]),
            Route("/conversations/{id}/messages", self.messages, methods=["GET"]),
            Route("/conversations/{id}/messages", self.write, methods=["POST"]),
            Route("/conversations/{id}/read", self.read, methods=["POST"]),
            Route("/members", self.members, methods=["POST"]),
            Route("/requests", self.requests),
            Route("/live", self.live),
        ]

    async def workspace(self, request: Request) -> Response:
        """Everything `as` sees beside messages."""
        return JSONResponse(client_view.workspace(self.world, self._desk.reader(request)))

    async def open_direct(self, request: Request) -> Response:
        """A person opens the direct conversation with someone."""
        body = await body_of(request)
        me = self._desk.actor(body)
        other = self.world.directory.users.get(str(body.get("user")))
        if other is None:
            raise ClientError(404, "user_not_found", "There is nobody with that id.")
        conversation = self.world.directory.direct(me.id, other.id)
        self.world.is_dirty = True
        self.world.live.tell({"type": "workspace"}, to=[me.id, other.id])
        return JSONResponse({"id": conversation.id})

    async def messages(self, request: Request) -> Response:
        """The messages of a conversation or thread."""
        me = self._desk.reader(request)
        conversation = self._desk.conversation(request.path_params["id"], me)
        query = request.query_params
        return JSONResponse(
            client_view.messages(conversation, me, query.get("before"), query.get("thread_ts"))
        )

    async def write(self, request: Request) -> Response:
        """A person writes."""
        body = await body_of(request)
        me = self._desk.actor(body)
        conversation = self._desk.conversation(request.path_params["id"], me)
        if conversation.is_archived:
            raise ClientError(
                409, "is_archived", "This channel is archived. Nobody can write here."
            )
        text = str(body.get("text") or "")
        files = own_files(self.world, me, body.get("files"))
        if len(files) > _MOST_FILES:
            words = (
                f"Slack takes at most {_MOST_FILES} files in a message. Send the rest in another."
            )
            raise ClientError(400, "too_many_files", words)
        if not text.strip() and not files:
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
        if files:
            files_sharing.say_with(self.world, conversation, message, files)
        else:
            posting.say(self.world, conversation, message)
        conversation.read[me.id] = message.ts
        return JSONResponse({"message": conversation.log.describe(message)})

    async def read(self, request: Request) -> Response:
        """A person has read up to a message."""
        body = await body_of(request)
        me = self._desk.actor(body)
        conversation = self._desk.conversation(request.path_params["id"], me)
        conversation.read[me.id] = str(body.get("ts") or "0")
        self.world.is_dirty = True
        unread = conversation.unread_for(me.id)
        event = {"type": "unread", "channel": conversation.id, "unread": unread}
        self.world.live.tell(event, to=[me.id])
        return JSONResponse({"ok": True})

    async def members(self, request: Request) -> Response:
        """A person joins or leaves a channel, or brings someone in or takes them out."""
        body = await body_of(request)
        me = self._desk.actor(body)
        conversation = self._desk.conversation(str(body.get("channel")), me)
        user = self.world.directory.users.get(str(body.get("user") or me.id))
        if user is None:
            raise ClientError(404, "user_not_found", "There is nobody with that id.")
        _check_may_change(conversation, me, user)
        if body.get("action") == "leave":
            membership.leave(self.world, conversation, user)
        else:
            inviter = me if me is not user else None
            membership.join(self.world, conversation, user, inviter)
        return JSONResponse({"ok": True})

    async def requests(self, request: Request) -> Response:
        """What the inspector kept."""
        after = request.query_params.get("after") or "0"
        if not _NUMBER.fullmatch(after):
            raise ClientError(400, "invalid_after", "`after` is the number of a request.")
        return JSONResponse({"requests": self.world.inspector.after(int(after))})

    async def live(self, request: Request) -> Response:
        """The stream of what happens, as server-sent events."""
        me = self._desk.reader(request)
        inspects = request.query_params.get("inspector") == "1"
        return StreamingResponse(
            _stream(self.world, me.id, inspects=inspects),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store"},
        )


async def _stream(world: World, user_id: str, *, inspects: bool) -> AsyncIterator[str]:
    listener = world.live.open(user_id, inspects=inspects)
    # The first comment says that nothing is missed from here on.
    yield ": connected\n\n"
    async for event in world.live.follow(listener):
        yield f"data: {json.dumps(event)}\n\n"


def _check_may_change(conversation: Conversation, me: User, user: User) -> None:
    if conversation.is_direct:
        raise ClientError(409, "is_direct", "Nobody can join or leave a direct conversation.")
    if conversation.is_archived:
        raise ClientError(409, "is_archived", "This channel is archived.")
    is_own = me is user and conversation.kind is ConversationKind.channel
    if not is_own and me.id not in conversation.members:
        raise ClientError(403, "not_in_channel", "Join this channel first.")
