"""The client API where people use the app: commands, presses, modals, Home, shortcuts."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox import actions, client_view, commands, shortcuts, submissions
from bot.sandbox.actions import Held
from bot.sandbox.client_desk import Desk, body_of
from bot.sandbox.client_errors import ClientError
from bot.sandbox.files_client import give_to_app, state_with_files, with_files
from bot.sandbox.form_state import NoSuchOptionError, Values
from bot.sandbox.interactions import find_message, find_view
from bot.sandbox.json_types import Json
from bot.sandbox.workspace import User
from bot.sandbox.world import World


class ClientDeeds:
    """The routes that reach the app, over one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._desk = Desk(world)

    def routes(self) -> list[Route]:
        """The routes, to be mounted under `/client/api`."""
        return [
            Route("/commands", self.command, methods=["POST"]),
            Route("/actions", self.action, methods=["POST"]),
            Route("/options", self.options, methods=["POST"]),
            Route("/views", self.views),
            Route("/views/{id}/submit", self.submit, methods=["POST"]),
            Route("/views/{id}/close", self.close, methods=["POST"]),
            Route("/home", self.home),
            Route("/shortcuts", self.shortcut, methods=["POST"]),
        ]

    async def command(self, request: Request) -> Response:
        """A person types a slash command."""
        body = await body_of(request)
        me = self._desk.actor(body)
        conversation = self._desk.conversation(str(body.get("channel")), me)
        line = str(body.get("text") or "")
        return JSONResponse(await commands.run(self.world, me, conversation, line))

    async def action(self, request: Request) -> Response:
        """A person presses a button or makes a choice."""
        body = await body_of(request)
        me = self._desk.actor(body)
        held = self._container(me, body)
        value, state = with_files(self.world, me, _object(body, "value")), self._state(me, body)
        give_to_app(self.world, {"": {"": value}, **state})
        try:
            done = await actions.press(self.world, me, held, _ids(body), value, state)
        except NoSuchOptionError as error:
            raise ClientError(400, "no_such_option", str(error)) from None
        return JSONResponse(done)

    async def options(self, request: Request) -> Response:
        """A person types into a typeahead."""
        body = await body_of(request)
        me = self._desk.actor(body)
        held = self._container(me, body)
        typed = str(body.get("value") or "")
        return JSONResponse(await actions.suggest(self.world, me, held, _ids(body), typed))

    async def views(self, request: Request) -> Response:
        """A person's open modals."""
        me = self._desk.reader(request)
        return JSONResponse({"stack": client_view.stack(self.world, me.id)})

    async def submit(self, request: Request) -> Response:
        """A person sends a modal."""
        body = await body_of(request)
        me = self._desk.actor(body)
        view = find_view(self.world, me, request.path_params["id"])
        state = self._state(me, body)
        return JSONResponse(await submissions.submit(self.world, me, view, state))

    async def close(self, request: Request) -> Response:
        """A person closes a modal, or all of them."""
        body = await body_of(request)
        me = self._desk.actor(body)
        view = find_view(self.world, me, request.path_params["id"])
        if not view.is_modal:
            raise ClientError(409, "not_a_modal", "A Home cannot be closed.")
        await submissions.close(self.world, me, view, clear=body.get("clear") is True)
        return JSONResponse({"ok": True})

    async def home(self, request: Request) -> Response:
        """A person opens the app's Home; with `peek=1` it is read without telling the app."""
        me = self._desk.reader(request)
        home = self.world.views.homes.get(me.id)
        described = client_view.view(self.world, home) if home else None
        if request.query_params.get("peek") != "1":
            self._tell_home_opened(me, described)
        return JSONResponse({"view": described})

    def _tell_home_opened(self, me: User, view: Json | None) -> None:
        app = self.world.directory.app
        event = {
            "type": "app_home_opened",
            "user": me.id,
            "channel": self.world.directory.direct(me.id, app.bot_user_id).id,
            "tab": "home",
            "event_ts": self.world.stamp(),
        }
        self.world.events.tell("app_home_opened", event | ({"view": view} if view else {}))

    async def shortcut(self, request: Request) -> Response:
        """A person chooses a shortcut."""
        body = await body_of(request)
        me = self._desk.actor(body)
        channel, ts = body.get("channel"), body.get("ts")
        conversation = self._desk.conversation(str(channel), me) if channel else None
        message = find_message(conversation, me, str(ts)) if conversation and ts else None
        callback_id = str(body.get("callback_id"))
        return JSONResponse(
            await shortcuts.choose(self.world, me, callback_id, conversation, message)
        )

    def _state(self, me: User, body: Json) -> Values:
        state = _object(body, "state")
        fields = [held for block in state.values() for held in _values(block)]
        if not all(isinstance(held, dict) for held in fields):
            raise ClientError(400, "invalid_arguments", "`state` must hold an object a field.")
        return state_with_files(self.world, me, state)

    def _container(self, me: User, body: Json) -> Held:
        container = _object(body, "container")
        if "view_id" in container:
            return Held(view=find_view(self.world, me, str(container["view_id"])))
        conversation = self._desk.conversation(str(container.get("channel")), me)
        message = find_message(conversation, me, str(container.get("ts")))
        return Held(conversation, message)


def _values(block: object) -> list[object]:
    """What the fields of a block hold; of what is no block, the thing itself."""
    return list(block.values()) if isinstance(block, dict) else [block]


def _ids(body: Json) -> tuple[str, str]:
    return str(body.get("block_id")), str(body.get("action_id"))


def _object(body: Json, name: str) -> Json:
    value = body.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ClientError(400, "invalid_arguments", f"`{name}` must be an object.")
    return value
