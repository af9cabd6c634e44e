"""The web door: what is served over HTTP, and who may ask for it."""

import hmac
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

import structlog
from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from bot.metrics import Metrics
from bot.slack import SlackDoor
from store.session import Store, StoreUnavailable

log = structlog.get_logger(__name__)

Check = Callable[[], Awaitable[str | None]]
UNIX_TIME = re.compile("[0-9]{1,12}")
SIGNATURE = re.compile("v0=[0-9a-f]{64}")
OWN_NAME = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?")
MOST_BYTES = 4 * 1024 * 1024
"""Slack's largest payloads are views of 250 KB, which grow to three times that in a form."""
LOOPBACK = frozenset({"127.0.0.1", "::1"})


class Access(StrEnum):
    """Who may ask for a route."""

    anyone = "anyone"
    slack = "whoever signs with Slack's secret"
    operator = "the operator: this machine, or the metrics token"
    visitor = "whoever comes to sign in"
    person = "a person who is signed in and has the route's role"
    form = "the same person, from one of our pages"
    recipient = "a recipient of files who proved who they are"
    recipient_form = "the same recipient, from one of our pages"
    calendar = "whoever has the secret of the address"
    program = "a program whose token has the route's role"
    trial = "whoever is at this machine, in a trial"
    trial_page = "a page of the trial, at this machine"


@dataclass(frozen=True, slots=True)
class Readiness:
    """What must be well before requests are sent here: a name and a check that says what is wrong."""

    checks: dict[str, Check]

    async def problems(self) -> dict[str, str]:
        """What is not well, by name."""
        found = {name: await check() for name, check in self.checks.items()}
        return {name: problem for name, problem in found.items() if problem}


def web(
    slack: SlackDoor,
    store: Store,
    metrics: Metrics,
    readiness: Readiness,
    metrics_token: str | None,
) -> FastAPI:
    """The application that uvicorn serves."""
    app = FastAPI(title="Wavepost", docs_url=None, redoc_url=None, openapi_url=None)
    routes = APIRouter()
    bolt = AsyncSlackRequestHandler(slack.bolt)

    @routes.get("/healthz", tags=[Access.anyone])
    async def healthz() -> dict[str, str]:
        """The process is alive."""
        return {"status": "ok"}

    @routes.get("/readyz", tags=[Access.anyone])
    async def readyz(response: Response) -> dict[str, object]:
        """Requests can be answered: database and Slack are there."""
        problems = await readiness.problems()
        response.status_code = 503 if problems else 200
        return {"status": "not ready" if problems else "ok", "problems": problems}

    @routes.get("/metrics", tags=[Access.operator])
    async def figures(request: Request) -> Response:
        """Figures for Prometheus."""
        if not _is_operator(request, metrics_token):
            raise HTTPException(404)
        await _count_unfinished(store, metrics)
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    @routes.post("/slack/events", tags=[Access.slack])
    async def slack_events(request: Request) -> Response:
        """Commands, interactions and events, signed by Slack."""
        if not _may_be_signed(request):
            return Response(status_code=401)
        limited = Request(request.scope, at_most(MOST_BYTES, request.receive))
        try:
            (await limited.body()).decode()
            return await bolt.handle(limited)
        except ClientDisconnect:
            return Response(status_code=400)
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            # Ours end in words, so this is Bolt's reading: before it knows whether Slack sent it.
            log.warning("what came could not be read", reason=type(error).__name__)
            return Response(status_code=400)

    app.include_router(routes)
    return app


def _may_be_signed(request: Request) -> bool:
    """Whether the headers have the form of Slack's: nothing of the body is read before that."""
    at = request.headers.get("x-slack-request-timestamp", "")
    signature = request.headers.get("x-slack-signature", "")
    return bool(UNIX_TIME.fullmatch(at) and SIGNATURE.fullmatch(signature))


def at_most(most: int, receive: Receive) -> Receive:
    """Receive a body of so many bytes, and no more of a longer one."""
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise HTTPException(413)
        return message

    return limited


def _is_operator(request: Request, token: str | None) -> bool:
    """Whoever has the token; without one, this machine, under a name of its own and no other's."""
    if token:
        offered = request.headers.get("authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(offered.encode(), token.encode())
    here = request.client is not None and request.client.host in LOOPBACK
    return here and bool(OWN_NAME.fullmatch(request.headers.get("host", "")))


async def _count_unfinished(store: Store, metrics: Metrics) -> None:
    messages = waiting = running = float("nan")
    with suppress(StoreUnavailable):
        async with store.reading() as reading:
            messages = await reading.waiting_messages()
            waiting, running = await reading.jobs.waiting_and_running()
    metrics.waiting.set(messages)
    metrics.jobs.labels("waiting").set(waiting)
    metrics.jobs.labels("running").set(running)
