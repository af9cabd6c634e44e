"""What a browser gets: a page, another address, or a failure in words within the same frame."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from bot.web import at_most
from handlers.errors import Expected, NotAllowed, NotThere, Refused, tell
from handlers.pages import Answer, GoTo, Html, Json, Sheet, shown
from rules.file_names import disposition
from store.session import OutcomeUnknown, StoreUnavailable, deadline

MOST_BYTES = 100_000
"""Of a form. Files come another way."""

HEADINGS = {
    HTTPStatus.BAD_REQUEST: "That did not work",
    HTTPStatus.FORBIDDEN: "This is not open to you",
    HTTPStatus.NOT_FOUND: "There is nothing here",
    HTTPStatus.METHOD_NOT_ALLOWED: "There is nothing here",
    HTTPStatus.SERVICE_UNAVAILABLE: "Please try again in a minute",
}
UNREADABLE_FORM = (
    "What was sent is no form of ours, or too long for one, so nothing was changed. "
    "Please open the page anew."
)
NOTHING_HERE = "No page has this address. It may be cut off, or from an older message."


async def in_words(
    request: Request,
    seconds: float,
    answer: Callable[[], Awaitable[Response]],
    failure: Callable[[HTTPStatus, str], Response] | None = None,
) -> Response:
    """The answer within so many seconds, or a page that says why there is none: `failure`, or ours."""
    try:
        async with deadline(seconds):
            return await answer()
    except Exception as error:  # noqa: BLE001 - the one place where every failure becomes a page
        told = tell(error, door="page", name=request.scope["route"].path)
        return (failure or failure_page)(_status(error), told.plain)


def given(answer: Answer) -> Response:
    """A handler's answer as HTTP has it."""
    match answer:
        case GoTo():
            return RedirectResponse(answer.path, HTTPStatus.SEE_OTHER)
        case Json():
            return JSONResponse(dict(answer.values), answer.status)
        case Sheet():
            saved = {"Content-Disposition": disposition(answer.name)}
            return Response(answer.data, media_type=answer.media_type, headers=saved)
        case Html():
            own = {"Content-Security-Policy": answer.policy} if answer.policy else None
            return HTMLResponse(answer.words, answer.status, own)


def failure_page(status: HTTPStatus, words: str) -> Response:
    """A page that says what happened, what was kept, and what to do."""
    heading = HEADINGS.get(status, "Something went wrong")
    return given(shown("failure", None, status=status, heading=heading, words=words))


async def unanswered(request: Request, error: Exception) -> Response:
    """What FastAPI itself refuses: a page for browsers, a word for programs."""
    status, words = HTTPStatus(getattr(error, "status_code", 500)), NOTHING_HERE
    # Of a method that an address does not take they say which ones it does.
    headers = getattr(error, "headers", None)
    if "text/html" in request.headers.get("accept", "") and status in HEADINGS:
        answer = failure_page(status, words)
        answer.headers.update(headers or {})
        return answer
    return Response(status.phrase, status, headers, media_type="text/plain")


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form that was sent, files left out.

    Raises:
        Refused: it is longer than a form of ours can be, or is none.
    """
    limited = Request(request.scope, at_most(MOST_BYTES, request.receive))
    try:
        async with limited.form() as form:
            return {name: value for name, value in form.items() if isinstance(value, str)}
    except (HTTPException, ClientDisconnect) as error:
        raise Refused(UNREADABLE_FORM) from error


def _status(error: Exception) -> HTTPStatus:
    match error:
        case NotAllowed():
            return HTTPStatus.FORBIDDEN
        case NotThere():
            return HTTPStatus.NOT_FOUND
        case Expected():
            return HTTPStatus.BAD_REQUEST
        case StoreUnavailable() | OutcomeUnknown() | TimeoutError():
            return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.INTERNAL_SERVER_ERROR
