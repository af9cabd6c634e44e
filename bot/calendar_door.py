"""The door of calendars: they bring no session, only the secret in their address."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from bot.web import Access
from handlers.calendar_feed import PATH, NoCalendar, Renewed, calendar_at
from handlers.errors import tell
from store.session import Store, deadline

SECONDS = 20
"""Calendars are patient, and some of them have thousands of dates."""
PRIVATE = {"cache-control": "private, no-cache", "x-robots-tag": "noindex"}


def calendar_routes(store: Store) -> APIRouter:
    """The one route."""
    router = APIRouter()

    @router.get(PATH, tags=[Access.calendar])
    async def calendar(secret: str, request: Request) -> Response:
        """The dates of whoever has this address."""
        known = request.headers.get("if-none-match", "")
        try:
            async with deadline(SECONDS):
                found = await calendar_at(store, secret, has=known)
        except NoCalendar as trouble:
            gone = isinstance(trouble, Renewed)
            return _words(trouble.words, HTTPStatus.GONE if gone else HTTPStatus.NOT_FOUND)
        except Exception as failure:  # noqa: BLE001 - the one place where a calendar's failures become words
            told = tell(failure, door="calendar", name=PATH, person="")
            return _words(told.words, HTTPStatus.SERVICE_UNAVAILABLE)
        headers = {**PRIVATE, "etag": found.tag}
        if found.content is None:
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(found.content, media_type="text/calendar", headers=headers)

    return router


def _words(words: str, status: HTTPStatus) -> Response:
    return PlainTextResponse(words, status, headers=PRIVATE)
