"""Coming in: the page of signing in, the way by Slack, and one-time links."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.acquaintance import acquainted
from bot.cookies import SESSION, SESSION_SECONDS, SIGN_IN, SIGN_IN_SECONDS
from bot.page_answers import given, in_words
from bot.page_door import SIGN_IN as SIGN_IN_PAGE
from bot.page_door import Endpoint, Guard
from bot.slack_sign_in import CALLBACK, Begun, SlackSignIn
from bot.web import Access
from handlers.errors import NotThere
from handlers.pages import Html, shown
from rules.addresses import own_path
from rules.roles import Role
from store.people import Person

log = structlog.get_logger(__name__)

WITH_SLACK = "/sign-in/slack"
LINK = "/link/{token}"
SIGNED_OUT = "/signed-out"
USED_UP = "A link from Slack works once, within ten minutes. This one was used before or is older."
NO_SLACK = "Signing in with Slack is not set up here."

Answering = Callable[[Request], Awaitable[Response]]


class SignInDoor:
    """Lets people in. `ask_in_slack` is what they type there to get a link."""

    def __init__(
        self,
        guard: Guard,
        client: AsyncWebClient,
        sign_in: SlackSignIn | None,
        *,
        ask_in_slack: str,
        seconds: float,
    ) -> None:
        self._guard = guard
        self._client = client
        self._sign_in = sign_in
        self._ask_in_slack = ask_in_slack
        self._seconds = seconds

    def router(self) -> APIRouter:
        """The routes, for whoever comes."""
        router = APIRouter()
        for path, answer in (
            (SIGN_IN_PAGE, self._page),
            (WITH_SLACK, self._to_slack),
            (CALLBACK, self._from_slack),
            (LINK, self._show_link),
            (SIGNED_OUT, self._signed_out),
        ):
            router.add_api_route(path, self._worded(answer), methods=["GET"], tags=[Access.visitor])
        router.add_api_route(
            LINK, self._worded(self._use_link), methods=["POST"], tags=[Access.visitor]
        )
        return router

    def _worded(self, answer: Answering) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            return await in_words(request, self._seconds, lambda: answer(request))

        return endpoint

    async def _page(self, request: Request) -> Response:
        """How one signs in here; who is signed in goes on."""
        onward = own_path(request.query_params.get("next", "/"))
        if await self._guard.signed_in(request):
            return RedirectResponse(onward, HTTPStatus.SEE_OTHER)
        return given(self._ways(onward))

    def _ways(
        self,
        onward: str = "/",
        *,
        heading: str = "Sign in",
        words: str = "",
        status: HTTPStatus = HTTPStatus.OK,
    ) -> Html:
        """The ways in, below what there is to say before them."""
        by_slack = f"{WITH_SLACK}?{urlencode({'next': onward})}" if self._sign_in else None
        return shown(
            "sign_in",
            None,
            status=status,
            heading=heading,
            words=words,
            by_slack=by_slack,
            ask_in_slack=self._ask_in_slack,
        )

    async def _signed_out(self, _request: Request) -> Response:
        words = "To be sure on a computer that others use, close its windows too."
        return given(self._ways(heading="You are signed out", words=words))

    async def _to_slack(self, request: Request) -> Response:
        """Send the browser to Slack."""
        if self._sign_in is None:
            raise NotThere(NO_SLACK)
        onward = own_path(request.query_params.get("next", "/"))
        address, begun = await self._sign_in.begin(onward)
        response = RedirectResponse(address, HTTPStatus.SEE_OTHER)
        self._guard.cookies.keep(response, SIGN_IN, begun.kept(), SIGN_IN_SECONDS)
        return response

    async def _from_slack(self, request: Request) -> Response:
        """Who Slack sends back is let in, where they may come in at all."""
        if self._sign_in is None:
            raise NotThere(NO_SLACK)
        begun = Begun.read(self._guard.cookies.read(request, SIGN_IN))
        person_id = await self._sign_in.finish(request.query_params, begun)
        asking = await acquainted(
            self._guard.store, self._client, person_id, await self._sign_in.team()
        )
        onward = own_path(begun.next) if begun else "/"
        response = await self._let_in(request, asking.person, onward)
        self._guard.cookies.forget(response, SIGN_IN)
        return response

    async def _show_link(self, request: Request) -> Response:
        """Ask whether to go on. A link preview comes this far, and the link stays good."""
        async with self._guard.store.reading() as reading:
            link = await reading.web_links.look(request.path_params["token"])
            asking = await reading.people.asking(link.person_id) if link else None
        if asking is None or asking.person is None:
            return given(self._used_up())
        return given(shown("link", None, name=asking.person.name))

    async def _use_link(self, request: Request) -> Response:
        """Use the link up, and let its person in."""
        self._guard.check_origin(request)
        async with self._guard.store.transaction(actor="web") as tx:
            link = await tx.web_links.use(request.path_params["token"])
            asking = await tx.people.asking(link.person_id) if link else None
        if link is None or asking is None:
            return given(self._used_up())
        return await self._let_in(request, asking.person, own_path(link.path))

    def _used_up(self) -> Html:
        return self._ways(heading="This link is used up", words=USED_UP, status=HTTPStatus.GONE)

    async def _let_in(self, request: Request, person: Person | None, onward: str) -> Response:
        """Begin a session, always a new one, and end the one that this browser had.

        Raises:
            NotAllowed: the person may see nothing here.
        """
        if person is None:
            return given(self._ways(onward))
        await self._guard.check_role(person, Role.viewer, "page sign-in")
        earlier = self._guard.cookies.read(request, SESSION)
        async with self._guard.store.transaction(actor=person.id) as tx:
            await tx.web_sessions.end(earlier)
            token = await tx.web_sessions.begin(person.id)
        log.info("signed in on the web", person=person.id)
        response = RedirectResponse(onward, HTTPStatus.SEE_OTHER)
        self._guard.cookies.keep(response, SESSION, token, SESSION_SECONDS)
        return response
