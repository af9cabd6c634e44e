"""The door of pages: who is signed in, whether they may, whether a form is ours, and what comes of it."""

import hmac
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bot.cookies import SESSION, Cookies
from bot.page_answers import NOTHING_HERE, given, in_words, read_form
from bot.web import Access
from handlers.blocks import keepable
from handlers.errors import NotAllowed, NotThere
from handlers.page_doors import Method, Route
from handlers.permission import not_allowed
from handlers.visit import Visit
from rules.roles import Role
from store.audit import Change
from store.clock import business_now
from store.files import Files
from store.people import Asking, Person
from store.session import Store

SIGN_IN = "/sign-in"
NOT_FROM_HERE = (
    "This was not sent from a page of ours, so nothing was changed. Please open the page anew."
)
OLD_FORM = "This page is from an earlier sign-in, so nothing was changed. Please open it anew."

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whose request it is, as the directory has them now, and the token of their session."""

    person: Person
    asking: Asking
    token: str


@dataclass(frozen=True, slots=True)
class Guard:
    """Knows our own pages, and who is signed in. `address` is where browsers find us, if it is set."""

    store: Store
    cookies: Cookies
    address: str | None

    def check_origin(self, request: Request) -> None:
        """Browsers say which site sent a form.

        Raises:
            NotAllowed: another one did, or it was no browser.
        """
        own = self.address or f"{request.url.scheme}://{request.headers.get('host', '')}"
        origin = request.headers.get("origin")
        site = request.headers.get("sec-fetch-site")
        is_ours = origin == own if origin else site == "same-origin"
        if not is_ours or site not in (None, "same-origin"):
            raise NotAllowed(NOT_FROM_HERE)

    async def signed_in(self, request: Request) -> SignedIn | None:
        """Who is signed in in this browser; None where nobody is, or not any more."""
        token = self.cookies.read(request, SESSION)
        if not token:
            return None
        async with self.store.reading() as reading:
            person_id = await reading.web_sessions.whose(token)
            if person_id is None:
                return None
            asking = await reading.people.asking(person_id)
        return SignedIn(asking.person, asking, token) if asking.person else None

    async def check_role(self, person: Person, role: Role, name: str) -> None:
        """Whether the person has a role; who asks without it is written down.

        Who is no member any more is signed out everywhere.

        Raises:
            NotAllowed: they do not have it.
        """
        if person.may(role):
            return
        async with self.store.transaction(actor=person.id) as tx:
            tx.audit(Change("refused", name, reason=f"needs {role}"))
            if not person.may(Role.viewer):
                await tx.web_sessions.end_all(person.id)
            refusal = await not_allowed(tx, person, role)
        raise refusal


class PageDoor:
    """Answers every page and form that handlers have."""

    def __init__(
        self, guard: Guard, routes: Iterable[Route], seconds: float, files: Files | None = None
    ) -> None:
        """`seconds` are those that an answer may take."""
        self._guard = guard
        self._routes = routes
        self._seconds = seconds
        self._files = files

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter()
        for route in self._routes:
            access = Access.person if route.method is Method.get else Access.form
            router.add_api_route(
                route.path, self._answering(route), methods=[route.method], tags=[access]
            )
        return router

    def _answering(self, route: Route) -> Endpoint:
        async def answer(request: Request) -> Response:
            return await in_words(request, self._seconds, lambda: self._answer(route, request))

        return answer

    async def _answer(self, route: Route, request: Request) -> Response:
        if "\0" in request.url.path:
            # No text of the database has this character, so it cannot even look.
            raise NotThere(NOTHING_HERE)
        is_form = route.method is Method.post
        if is_form:
            self._guard.check_origin(request)
        who = await self._guard.signed_in(request)
        if who is None:
            return to_sign_in("/" if is_form else _address(request))
        csrf = csrf_of(who.token)
        form = keepable_fields(await read_form(request)) if is_form else {}
        if is_form and not hmac.compare_digest(form.pop("csrf", "").encode(), csrf.encode()):
            raise NotAllowed(OLD_FORM)
        await self._guard.check_role(who.person, route.role, route.name)
        visit = Visit(
            person=who.person,
            now=business_now(who.asking.offset),
            path=request.url.path,
            named={name: str(value) for name, value in request.path_params.items()},
            query=keepable_fields(request.query_params),
            form=form,
            csrf=csrf,
            token=who.token,
            web=self._guard.address or "",
            files=self._files,
        )
        return given(await route.answer(visit, self._guard.store))


def csrf_of(token: str) -> str:
    """What every form of a session carries; who knows it does not know the session's token."""
    return hmac.new(token.encode(), b"csrf", sha256).hexdigest()


def to_sign_in(back: str) -> Response:
    """The page of signing in, and from there back."""
    query = f"?{urlencode({'next': back})}" if back != "/" else ""
    return RedirectResponse(SIGN_IN + query, HTTPStatus.SEE_OTHER)


def keepable_fields(fields: Mapping[str, str]) -> dict[str, str]:
    """What was sent, as the database takes it."""
    return {keepable(name): keepable(value) for name, value in fields.items()}


def _address(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
