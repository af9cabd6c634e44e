"""The door of the Web API: `/api/METHOD`, answered as Slack does.

Source: https://docs.slack.dev/apis/web-api
"""

import base64
import json
import time
from dataclasses import dataclass
from urllib.parse import unquote_plus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.sandbox.errors import SlackError
from bot.sandbox.faults.connection import Unanswered
from bot.sandbox.faults.fault import DeadToken
from bot.sandbox.json_types import Json
from bot.sandbox.methods.call import Call, Method, require
from bot.sandbox.methods.table import METHODS
from bot.sandbox.rates import RateLimitedError
from bot.sandbox.world import World


async def answer(world: World, request: Request) -> Response:
    """Answer one call: status 200, `ok` says how it went; or 429 for a call too many.

    A fault at work may have it end otherwise.
    """
    started = time.perf_counter()
    name = request.path_params["method"]
    arrival = await _read(request)
    await world.faults.slow_down("calls")
    fault = world.faults.take_call(name)

    async def carry_out() -> _Answer:
        return await _carried_out(world, name, arrival)

    response = await (fault.play(carry_out) if fault else carry_out())
    heard = response.said if isinstance(response, _Answer) else None
    world.inspector.note(
        at=world.clock.machine(),
        direction="in",
        kind="web_api",
        name=name,
        status=None if isinstance(response, Unanswered) else response.status_code,
        ms=(time.perf_counter() - started) * 1000,
        request=arrival.args,
        response={"fault": fault.words} if fault else heard,
    )
    return response


class _Answer(JSONResponse):
    """An answer that still knows what it says."""

    def __init__(
        self, said: Json, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(said, status, headers)
        self.said = said


@dataclass(frozen=True)
class _Arrival:
    """What came: arguments and a token, or why these cannot be read."""

    args: Json
    token: str = ""
    error: SlackError | None = None


async def _read(request: Request) -> _Arrival:
    try:
        args = await _arguments(request)
    except SlackError as error:
        return _Arrival({}, error=error)
    return _Arrival(args, _token(request, args))


async def _carried_out(world: World, name: str, arrival: _Arrival) -> _Answer:
    headers = _scope_headers(world, METHODS.get(name))
    try:
        if arrival.error:
            raise arrival.error
        body = {"ok": True} | await _call(world, name, arrival.args, arrival.token)
    except RateLimitedError as error:
        return _Answer(error.as_slack(), 429, headers | {"Retry-After": str(error.retry_after)})
    except SlackError as error:
        body = error.as_slack()
    return _Answer(body, headers=headers)


async def _call(world: World, name: str, args: Json, token: str) -> Json:
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    call = Call(args, token)
    if method.needs_token:
        _check_token(world, token)
    world.rates.admit(name, method.tier, token, call.text("channel"))
    if method.needs_token:
        require(world, *method.scopes)
    return await method.answer(world, call)


def _check_token(world: World, token: str) -> None:
    if not token:
        raise SlackError("not_authed")
    if token == world.credentials.app_token:
        raise SlackError("not_allowed_token_type")
    if token != world.credentials.bot_token:
        raise SlackError("invalid_auth")
    dead = world.faults.find(DeadToken)
    if dead:
        raise SlackError(dead.error)


def _token(request: Request, args: Json) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else str(args.get("token") or "")


async def _arguments(request: Request) -> Json:
    args: Json = _client(request) | dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind == "application/json":
        return args | _json_object(await request.body())
    if kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        async with request.form() as form:
            return args | {name: value for name, value in form.items() if isinstance(value, str)}
    if kind and await request.body():
        raise SlackError("invalid_post_type")
    return args


def _client(request: Request) -> Json:
    """An app's client_id and client_secret, where they come as HTTP Basic authentication.

    Source: https://slack.com/.well-known/openid-configuration, `client_secret_basic`
    """
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        name, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
    except ValueError:
        raise SlackError("invalid_auth") from None
    return {"client_id": unquote_plus(name), "client_secret": unquote_plus(secret)}


def _json_object(body: bytes) -> Json:
    try:
        decoded = json.loads(body) if body.strip() else {}
    except (ValueError, RecursionError):
        raise SlackError("invalid_json") from None
    if not isinstance(decoded, dict):
        raise SlackError("json_not_object")
    return decoded


def _scope_headers(world: World, method: Method | None) -> dict[str, str]:
    headers = {"X-OAuth-Scopes": ",".join(sorted(world.manifest.scopes))}
    if method and method.scopes:
        headers["X-Accepted-OAuth-Scopes"] = ",".join(method.scopes)
    return headers
