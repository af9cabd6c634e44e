"""The client API where people bring and read files, and what their forms hold of them."""

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.client_desk import Desk
from bot.sandbox.client_errors import ClientError
from bot.sandbox.files import File
from bot.sandbox.files_access import person_sees
from bot.sandbox.files_bytes import WrongSizeError
from bot.sandbox.files_kinds import kind_of, picture_of
from bot.sandbox.files_object import describe_file
from bot.sandbox.files_web import served
from bot.sandbox.form_state import Values
from bot.sandbox.json_types import Json
from bot.sandbox.workspace import User
from bot.sandbox.world import World


class ClientFiles:
    """The routes of files, over one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._desk = Desk(world)

    def routes(self) -> list[Route]:
        """The routes, to be mounted under `/client/api`."""
        return [
            Route("/files", self.upload, methods=["POST"]),
            Route("/files/{id}", self.read),
        ]

    async def upload(self, request: Request) -> Response:
        """A person brings a file: its bytes as the body, `name` in the query.

        Nobody else sees it until it stands in a message or in a form that is sent.
        """
        query = request.query_params
        me = self._desk.actor({"as": query.get("as")})
        name = query.get("name") or "file"
        file_id, store = self.world.files.new_id(), self.world.files.bytes
        try:
            size = await store.keep(
                file_id, request.stream(), least=1, most=self.world.files.largest
            )
        except WrongSizeError as error:
            raise _refusal(name, error.size) from None
        except ClientDisconnect:
            raise ClientError(400, "cut_off", f"{name} did not come whole. Add it again.") from None
        head = store.head(file_id)
        kind = kind_of(name, head)
        file = File(
            id=file_id,
            name=name,
            title=name,
            user=me.id,
            size=size,
            created=int(self.world.clock.machine()),
            kind=kind,
            picture=picture_of(kind, head),
        )
        self.world.files.add(file)
        self.world.is_dirty = True
        return JSONResponse({"file": describe_file(self.world, file)})

    async def read(self, request: Request) -> Response:
        """The bytes of a file that `as` may see."""
        me = self._desk.reader(request)
        file = self.world.files.get(request.path_params["id"])
        if file is None or not person_sees(self.world, file, me):
            raise ClientError(404, "file_not_found", f"{me.real_name} sees no such file.")
        if file.is_deleted:
            raise ClientError(404, "file_deleted", "This file was deleted.")
        return served(self.world, file, "attachment")


def _refusal(name: str, size: int) -> ClientError:
    if size == 0:
        return ClientError(400, "file_empty", f"{name} is empty. There is nothing to send.")
    return ClientError(413, "file_too_large", f"{name} is larger than Slack takes (1 GB).")


def own_files(world: World, me: User, ids: object) -> list[File]:
    """The files with these ids, which `me` brought.

    Raises ClientError for one that is gone or somebody else's.
    """
    wanted = dict.fromkeys(ids if isinstance(ids, list) else [])
    found = [world.files.get(str(each)) for each in wanted]
    mine = [file for file in found if file and file.user == me.id and not file.is_deleted]
    if len(mine) != len(found):
        raise ClientError(404, "file_not_found", "A file is no longer there. Add it again.")
    return mine


def with_files(world: World, me: User, held: Json) -> Json:
    """What a field holds, with Slack's file objects for the ids that the client sent.

    Raises ClientError for a file that is gone or somebody else's.
    """
    if held.get("type") != "file_input":
        return held
    ids = [each.get("id") for each in held.get("files") or []]
    files = [describe_file(world, file) for file in own_files(world, me, ids)]
    return {"type": "file_input", "files": files}


def state_with_files(world: World, me: User, state: Values) -> Values:
    """The same for everything that was filled in."""
    return {
        block_id: {action_id: with_files(world, me, held) for action_id, held in fields.items()}
        for block_id, fields in state.items()
    }


def give_to_app(world: World, state: Values) -> None:
    """Let the app read the files of a form that is sent to it."""
    for fields in state.values():
        for held in fields.values():
            for each in held.get("files") or []:
                file = world.files.get(str(each["id"]))
                if file:
                    file.is_given_to_app = True
                    world.is_dirty = True
