"""The door of the API: which program asks, whether it may, what it sent, and what comes of it, as JSON."""

import re
from collections.abc import Awaitable, Callable, Iterable
from functools import cached_property
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from bot.api_description import described
from bot.web import Access, at_most
from handlers.api_doors import ApiAnswer, ApiRoute, Call, NothingTaken, TooLarge, Unreadable
from handlers.errors import Expected, NotAllowed, NotThere, tell
from rules.roles import IMPLIED
from store.api_tokens import ApiToken
from store.audit import Change
from store.interactions import AlreadyDone, InteractionKey
from store.session import OutcomeUnknown, Store, StoreUnavailable, deadline

MOST_BYTES = 5 * 1024 * 1024
MOST_PROBLEMS = 100
SECONDS = 60
"""Thousands of marks are one answer."""
KEY = re.compile(r"[!-~]{1,255}")
TRUTHS = {"true": True, "1": True, "false": False, "0": False}

UNSHOWN = (
    "This needs a token: send the header “Authorization: Bearer” with it. Whoever runs Wavepost "
    "makes one with: wavepost token make NAME"
)
UNKNOWN = "This token is not known, or was withdrawn. Ask whoever runs Wavepost for another one."
NOT_ALLOWED = "This needs a token with the role {needs}; yours has the role {has}."
TOO_LARGE = "This is more than 5 MB, so nothing was changed. Send it in several parts."
NO_JSON = "What was sent cannot be read, so nothing was changed."
BAD_KEY = "An Idempotency-Key has 1 to 255 signs of ASCII, and no spaces. Nothing was changed."
BAD_QUERY = (
    "Behind the question mark only dry_run=true or dry_run=false is known. Nothing was changed."
)
OTHER_BODY = (
    "This Idempotency-Key came before with something else, and that was done. Nothing more was "
    "changed: send what is new under a key of its own."
)

Endpoint = Callable[[Request], Awaitable[Response]]


class _NoToken(Expected):
    """Who asks shows no good token."""


class ApiDoor:
    """Answers every call of programs that handlers have."""

    def __init__(self, store: Store, routes: Iterable[ApiRoute]) -> None:
        self._store = store
        self._routes = list(routes)

    def router(self) -> APIRouter:
        """The routes, and what tells of them."""
        router = APIRouter()

        @router.get("/api/openapi.json", tags=[Access.anyone])
        async def openapi() -> dict[str, Any]:
            """What programs may ask, as OpenAPI has it."""
            return self._description

        for route in self._routes:
            router.add_api_route(
                route.path, self._answering(route), methods=["POST"], tags=[Access.program]
            )
        return router

    @cached_property
    def _description(self) -> dict[str, Any]:
        return described(self._routes)

    def _answering(self, route: ApiRoute) -> Endpoint:
        async def answer(request: Request) -> Response:
            try:
                async with deadline(SECONDS):
                    return _json(await self._answer(route, request))
            except Exception as failure:  # noqa: BLE001 - the one place where every failure becomes JSON
                return _failure(failure, route)

        return answer

    async def _answer(self, route: ApiRoute, request: Request) -> ApiAnswer:
        token = await self._token(request)
        if route.role not in IMPLIED[token.role]:
            await self._refuse(route, token)
        raw = await _body(request)
        call = Call(
            token=token,
            named={name: str(value) for name, value in request.path_params.items()},
            body=_read(route.takes, raw),
            key=_key(request, token, raw),
            is_dry_run=_is_dry_run(request),
        )
        try:
            return await route.answer(call, self._store)
        except AlreadyDone as done:
            if not done.same_payload or done.reply is None:
                raise Unreadable(OTHER_BODY, []) from done
            # The database keeps no order of fields.
            kept = route.gives.model_validate(done.reply)
            return ApiAnswer(kept.model_dump(mode="json", exclude_none=True))

    async def _token(self, request: Request) -> ApiToken:
        scheme, _, shown = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not shown.strip():
            raise _NoToken(UNSHOWN)
        async with self._store.reading() as reading:
            token = await reading.api_tokens.whose(shown.strip())
        if token is None:
            raise _NoToken(UNKNOWN)
        return token

    async def _refuse(self, route: ApiRoute, token: ApiToken) -> None:
        async with self._store.transaction(actor=token.actor) as tx:
            tx.audit(Change("refused", route.name, reason=f"needs {route.role}"))
        raise NotAllowed(NOT_ALLOWED.format(needs=route.role, has=token.role))


async def _body(request: Request) -> bytes:
    try:
        return await Request(request.scope, at_most(MOST_BYTES, request.receive)).body()
    except HTTPException as error:
        raise TooLarge(TOO_LARGE) from error
    except ClientDisconnect as error:
        raise Unreadable(NO_JSON, []) from error


def _read(takes: type[BaseModel], raw: bytes) -> BaseModel:
    """What was sent, as the route takes it.

    Raises:
        Unreadable: it is not that; every problem is told, up to a hundred.
        TooLarge: a list has more than is taken at once.
    """
    try:
        return takes.model_validate_json(raw)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
        if any(each["type"] == "too_long" for each in problems):
            raise TooLarge(f"{NO_JSON} {_said(problems[0])}") from error
        told = [_said(each) for each in problems[:MOST_PROBLEMS]]
        raise Unreadable(NO_JSON, told) from error


def _said(problem: ErrorDetails) -> str:
    """Where something is wrong, and what: "marks.3.outcome: Input should be 'migrated' or 'failed'"."""
    place = ".".join(map(str, problem["loc"]))
    return f"{place}: {problem['msg']}" if place else str(problem["msg"])


def _is_dry_run(request: Request) -> bool:
    """Whether only a look is wanted; what is misspelt must not be taken for the thing itself.

    Raises:
        Unreadable: it does not say so clearly.
    """
    asked = dict(request.query_params)
    told = asked.pop("dry_run", "false").lower()
    if asked or told not in TRUTHS:
        raise Unreadable(BAD_QUERY, [])
    return TRUTHS[told]


def _key(request: Request, token: ApiToken, raw: bytes) -> InteractionKey | None:
    given = request.headers.get("idempotency-key")
    if given is None:
        return None
    if not KEY.fullmatch(given):
        raise Unreadable(BAD_KEY, [])
    what = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return InteractionKey.of("api", f"{token.id} {given}", what + raw)


def _json(answer: ApiAnswer, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return JSONResponse(answer.content, status)


def _failure(failure: Exception, route: ApiRoute) -> Response:
    """A failure in words, with the status that says who has to do something about it."""
    status = _status(failure)
    headers = {"WWW-Authenticate": "Bearer"} if status is HTTPStatus.UNAUTHORIZED else None
    if isinstance(failure, NothingTaken):
        content = failure.answer.model_dump(mode="json", exclude_none=True)
        return JSONResponse(content, status)
    told = tell(failure, door="api", name=route.name)
    problems = failure.problems if isinstance(failure, Unreadable) else []
    content = {"status": "error", "message": told.plain, "messages": problems or [told.plain]}
    return JSONResponse(content, status, headers)


def _status(failure: Exception) -> HTTPStatus:  # noqa: PLR0911 - one for each kind
    match failure:
        case _NoToken():
            return HTTPStatus.UNAUTHORIZED
        case NotAllowed():
            return HTTPStatus.FORBIDDEN
        case NotThere():
            return HTTPStatus.NOT_FOUND
        case TooLarge():
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        case Unreadable():
            return HTTPStatus.UNPROCESSABLE_ENTITY
        case Expected():
            return HTTPStatus.CONFLICT
        case StoreUnavailable() | OutcomeUnknown() | TimeoutError():
            return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.INTERNAL_SERVER_ERROR
