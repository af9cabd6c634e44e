"""The door of the portal: which recipient it is, whether a form is ours, and what comes of it."""

import hmac
from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.background import BackgroundTask

from bot.cookies import PORTAL, PORTAL_CODE, PORTAL_CODE_SECONDS, PORTAL_SECONDS
from bot.page_answers import HEADINGS, given, in_words, read_form
from bot.page_door import OLD_FORM, Endpoint, Guard, csrf_of, keepable_fields
from bot.proxied import Proxied
from bot.web import Access
from handlers.errors import NotAllowed, NotThere
from handlers.files.mailing import Mailer
from handlers.files.portal_pages import NOTHING_FOR_YOU, SIGN_IN, portal_page_of
from handlers.files.recipients import is_welcome
from handlers.page_doors import Method
from handlers.pages import GoTo, Html
from handlers.portal_doors import (
    Bytes,
    CodeAsked,
    May,
    PortalAnswer,
    PortalRoute,
    PortalVisit,
    SignedIn,
    SignedOut,
    ToStore,
)
from rules.navigating import is_navigation
from store.files import Files
from store.space_rows import RecipientRow

log = structlog.get_logger(__name__)

MOST_OF_AGENT = 200
"""Characters that are kept of what a program calls itself."""


class PortalDoor:
    """Answers every page and form of the portal."""

    def __init__(
        self,
        guard: Guard,
        routes: Iterable[PortalRoute],
        seconds: float,
        files: Files | None,
        mailer: Mailer | None,
    ) -> None:
        """`seconds` are those that an answer may take."""
        self._guard = guard
        self._routes = routes
        self._seconds = seconds
        self._files = files
        self._mailer = mailer

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter()
        for route in self._routes:
            router.add_api_route(
                route.path, self._answering(route), methods=[route.method], tags=[_access(route)]
            )
        return router

    def _answering(self, route: PortalRoute) -> Endpoint:
        async def answer(request: Request) -> Response:
            return await in_words(
                request, self._seconds, lambda: self._answer(route, request), failure_page
            )

        return answer

    async def _answer(self, route: PortalRoute, request: Request) -> Response:
        if "\0" in request.url.path:
            # No text of the database has this character, so it cannot even look.
            raise NotThere(NOTHING_FOR_YOU)
        is_form = route.method is Method.post
        if is_form:
            self._guard.check_origin(request)
        token = self._guard.cookies.read(request, PORTAL)
        recipient, now = await self._who_and_when(token)
        if recipient is None and route.may is May.recipient:
            return _to_sign_in("" if is_form else request.url.path)
        csrf = csrf_of(token) if recipient else ""
        form = keepable_fields(await read_form(request)) if is_form else {}
        if route.may is May.recipient and is_form:
            sent = form.pop("csrf", "")
            if not hmac.compare_digest(sent.encode(), csrf.encode()):
                raise NotAllowed(OLD_FORM)
        visit = PortalVisit(
            recipient=recipient,
            now=now,
            path=request.url.path,
            named={name: str(value) for name, value in request.path_params.items()},
            query=keepable_fields(request.query_params),
            form=form,
            csrf=csrf,
            token=token if recipient else "",
            asked=self._guard.cookies.read(request, PORTAL_CODE),
            agent=request.headers.get("user-agent", "")[:MOST_OF_AGENT],
            is_navigation=is_navigation(request.headers),
            web=self._guard.address or "",
            files=self._files,
            mailer=self._mailer,
        )
        return self._given(await route.answer(visit, self._guard.store))

    async def _who_and_when(self, token: str) -> tuple[RecipientRow | None, datetime]:
        """Whose session this is, and business time.

        It is nobody's where it has ended, or where its recipient may get no files any more.
        """
        async with self._guard.store.reading() as reading:
            recipient, now = await reading.portal.visiting(token)
            if recipient and not await is_welcome(reading, recipient):
                recipient = None
        return recipient, now

    def _given(self, answer: PortalAnswer) -> Response:
        """A handler's answer as HTTP has it."""
        cookies = self._guard.cookies
        match answer:
            case Html() | GoTo():
                return given(answer)
            case SignedIn():
                response = _to(answer.path)
                cookies.keep(response, PORTAL, answer.token, PORTAL_SECONDS)
                cookies.forget(response, PORTAL_CODE)
                return response
            case SignedOut():
                response = _to(answer.path)
                cookies.forget(response, PORTAL)
                return response
            case CodeAsked():
                response = _to(answer.path)
                cookies.keep(response, PORTAL_CODE, answer.kept, PORTAL_CODE_SECONDS)
                response.background = BackgroundTask(answer.send)
                # Another request on this connection would wait for what is sent, where it is.
                response.headers["Connection"] = "close"
                return response
            case ToStore():
                return _to(answer.address)
            case Bytes():
                return Proxied(answer)


def failure_page(status: HTTPStatus, words: str) -> Response:
    """What happened, what was kept, and what to do, for people who know nothing of Wavepost."""
    heading = HEADINGS.get(status, "Something went wrong")
    page: Html = portal_page_of("portal_failure", None, heading=heading, words=words)
    return HTMLResponse(page.words, status)


def _access(route: PortalRoute) -> Access:
    if route.may is May.anyone:
        return Access.visitor
    return Access.recipient if route.method is Method.get else Access.recipient_form


def _to(address: str) -> Response:
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


def _to_sign_in(back: str) -> Response:
    query = f"?{urlencode({'next': back})}" if back else ""
    return _to(SIGN_IN + query)
