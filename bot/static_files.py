"""What pages are made of besides their words: our style and our scripts, the same for everybody."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Response

from bot.web import Access
from handlers.pages import STATIC

KEPT_FOR_GOOD = "public, max-age=31536000, immutable"
"""After each change they have another address."""
NOTHING_FOR_ROBOTS = "User-agent: *\nDisallow: /\n"
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript"}


def static_files() -> APIRouter:
    """A route for each file of ours, there is none for any other name; and the word to search engines."""
    router = APIRouter()
    for file in sorted(STATIC.iterdir()):
        if media_type := MEDIA_TYPES.get(file.suffix):
            answer = _giving(file.read_bytes(), media_type)
            path = f"/static/{file.name}"
            router.add_api_route(path, answer, methods=["GET"], tags=[Access.anyone])
    router.add_api_route("/robots.txt", _robots, methods=["GET"], tags=[Access.anyone])
    return router


def _giving(data: bytes, media_type: str) -> Callable[[], Awaitable[Response]]:
    async def give() -> Response:
        return Response(data, media_type=media_type, headers={"Cache-Control": KEPT_FOR_GOOD})

    return give


async def _robots() -> Response:
    return Response(NOTHING_FOR_ROBOTS, media_type="text/plain")
