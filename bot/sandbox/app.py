"""The stand-in's web application: Web API, response_urls, client API, the client's files."""

import json
from pathlib import Path
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
)
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from bot.sandbox import web_api
from bot.sandbox.client_api import ClientApi
from bot.sandbox.client_deeds import ClientDeeds
from bot.sandbox.client_desk import refused
from bot.sandbox.client_errors import ClientError
from bot.sandbox.errors import SlackError
from bot.sandbox.faults.routes import FaultRoutes
from bot.sandbox.files_client import ClientFiles
from bot.sandbox.files_web import LOGIN_PAGE, FileDoor
from bot.sandbox.guard import Guard
from bot.sandbox.json_types import Json
from bot.sandbox.replies import use_response_url
from bot.sandbox.sign_in_page import SignInPage
from bot.sandbox.socket_mode import PATH as SOCKET_PATH
from bot.sandbox.trust import trust_page
from bot.sandbox.world import World

CLIENT = Path(__file__).parent / "client"


def web_app(world: World) -> Starlette:
    """The ASGI application over one world."""

    async def call(request: Request) -> Response:
        return await web_api.answer(world, request)

    async def respond(request: Request) -> Response:
        try:
            use_response_url(world, request.url.path.removeprefix("/"), await _body(request))
        except SlackError as error:
            return JSONResponse(error.as_slack(), 404)
        return PlainTextResponse("ok")

    routes: list[BaseRoute] = [
        Route("/api/{method}", call, methods=["GET", "POST"]),
        Route("/commands/{team}/{number}/{secret}", respond, methods=["POST"]),
        Route("/actions/{team}/{number}/{secret}", respond, methods=["POST"]),
        WebSocketRoute(SOCKET_PATH, world.sockets.serve),
        *SignInPage(world).routes(),
        Route("/trust", trust_page),
        *FileDoor(world).routes(),
        Mount("/client/api", routes=_client_api(world)),
        Route("/", _page),
        Route("/faults", _faults_page),
        Mount("/client", StaticFiles(directory=CLIENT, check_dir=False)),
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard)],
        exception_handlers={ClientError: refused},
    )


def _client_api(world: World) -> list[Route]:
    doors = (ClientApi(world), ClientDeeds(world), ClientFiles(world), FaultRoutes(world))
    return [route for door in doors for route in door.routes()]


async def _page(request: Request) -> Response:
    # Slack sends whoever may not read a file to its start page, to sign in.
    if "redir" in request.query_params:
        return HTMLResponse(LOGIN_PAGE)
    return FileResponse(CLIENT / "index.html")


async def _faults_page(_request: Request) -> Response:
    return FileResponse(CLIENT / "faults.html")


async def _body(request: Request) -> Json:
    body = await request.body()
    is_form = request.headers.get("content-type", "").startswith(
        "application/x-www-form-urlencoded"
    )
    try:
        decoded = json.loads(parse_qs(body.decode())["payload"][0] if is_form else body)
    except (ValueError, KeyError, RecursionError):
        raise SlackError("invalid_payload") from None
    return decoded if isinstance(decoded, dict) else {}
