"""The addresses of files: where the app sends bytes to, and where it gets them from.

Source: https://docs.slack.dev/reference/methods/files.getUploadURLExternal and "Authentication" of
https://docs.slack.dev/reference/objects/file-object
"""

import secrets
import time
from collections.abc import AsyncIterator
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route

from bot.sandbox.faults.fault import DeadToken
from bot.sandbox.files import File
from bot.sandbox.files_access import app_sees
from bot.sandbox.files_bytes import WrongSizeError
from bot.sandbox.files_uploads import Upload
from bot.sandbox.world import World

# Bytes from people are shown on the stand-in's own address: they must not act there.
SAFE = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}
_CHUNK = 65_536

LOGIN_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Sign in | Slack</title></head>
<body>
<h1>Sign in to your workspace</h1>
<p>A program that reads this asked for a file without a token, with a wrong one, or without the
scope files:read.</p>
</body>
</html>
"""


class FileDoor:
    """Takes the bytes the app uploads, and hands out those it may read."""

    def __init__(self, world: World) -> None:
        self._world = world
        # A PDF's way on, as in Slack; see `_download`.
        self._onward: dict[str, File] = {}

    def routes(self) -> list[Route]:
        """The routes, to be mounted at the root."""
        return [
            Route("/upload/v1/{ticket}", self.upload, methods=["POST"]),
            Route("/files-pri/{team_and_id}/{name}", self.show),
            Route("/files-pri/{team_and_id}/download/{name}", self.download),
            Route("/files-tmb/{team_and_id}/{name}", self.show),
            Route("/slack-files/{ticket}/{name}", self.onward),
        ]

    async def upload(self, request: Request) -> Response:
        """The app sends the bytes it announced, as they are or in a form."""
        started = time.perf_counter()
        upload = self._world.files.uploads.of_ticket(request.path_params["ticket"])
        status, words = await self._taken(request, upload)
        self._note("upload", upload.name if upload else "unknown", status, started, words)
        return PlainTextResponse(words, status)

    async def _taken(self, request: Request, upload: Upload | None) -> tuple[int, str]:
        # "OK - 1139" is captured: https://github.com/slackapi/python-slack-sdk/issues/1277.
        # The other statuses and words are unsourced.
        if upload is None:
            return 404, "This upload URL is unknown, or expired. Ask for a new one."
        if upload.is_uploaded:
            return 409, "This upload URL was used already. Ask for a new one."
        store = self._world.files.bytes
        try:
            await store.keep(
                upload.file_id, _sent(request), least=upload.length, most=upload.length
            )
        except WrongSizeError as error:
            words = f"{upload.length} bytes were announced, {error.size} or more came."
            return 400, f"{words} Nothing was kept: send them again."
        except ClientDisconnect:
            return 400, "The upload was cut off. Nothing was kept: send it again."
        upload.is_uploaded = True
        return 200, f"OK - {upload.length}"

    async def show(self, request: Request) -> Response:
        """`url_private`, or a small picture of it."""
        file = self._asked(request)
        is_pdf = file is not None and file.kind.filetype == "pdf"
        if file is None or not is_pdf:
            return self._answered(request, file, "inline")
        # Captured: https://github.com/curie-eng/curie/pull/2718
        ticket = secrets.token_urlsafe(16)
        self._onward[ticket] = file
        name = request.path_params["name"]
        return RedirectResponse(f"{self._world.address}/slack-files/{ticket}/{name}", 302)

    async def download(self, request: Request) -> Response:
        """`url_private_download`."""
        return self._answered(request, self._asked(request), "attachment")

    async def onward(self, request: Request) -> Response:
        """Where `url_private` of a PDF leads; works without a token, once."""
        file = self._onward.pop(request.path_params["ticket"], None)
        if file is None or file.is_deleted:
            return PlainTextResponse("Not found", 404)
        return self._answered(request, file, "inline")

    def _asked(self, request: Request) -> File | None:
        """The file an address is for, if whoever asks may read it."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        is_app = scheme.lower() == "bearer" and secrets.compare_digest(
            token.strip().encode(), self._world.credentials.bot_token.encode()
        )
        file = self._world.files.at(request.path_params["team_and_id"])
        is_alive = self._world.faults.find(DeadToken) is None
        may_read = is_app and is_alive and "files:read" in self._world.manifest.scopes
        return file if may_read and file and app_sees(self._world, file) else None

    def _answered(self, request: Request, file: File | None, disposition: str) -> Response:
        started = time.perf_counter()
        if file is None:
            # Captured: https://github.com/slackapi/deno-slack-sdk/issues/285
            address = f"{self._world.address}/?redir={quote(request.url.path, safe='')}"
            answer: Response = RedirectResponse(address, 302)
        elif file.is_deleted:
            answer = HTMLResponse("<!DOCTYPE html><title>File not found</title>", 404)
        else:
            answer = served(self._world, file, disposition)
        name = file.name if file else request.path_params["name"]
        self._note("download", name, answer.status_code, started, disposition)
        return answer

    def _note(self, kind: str, name: str, status: int, started: float, words: str) -> None:
        self._world.inspector.note(
            at=self._world.clock.machine(),
            direction="in",
            kind=kind,
            name=name,
            status=status,
            ms=(time.perf_counter() - started) * 1000,
            request={"file": name},
            response=words,
        )


def served(world: World, file: File, disposition: str) -> Response:
    """The bytes of a file, so that a browser does nothing with them by itself."""
    return FileResponse(
        world.files.path(file),
        media_type=file.kind.mimetype,
        filename=file.name,
        content_disposition_type=disposition,
        headers=SAFE,
    )


async def _sent(request: Request) -> AsyncIterator[bytes]:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        async for chunk in request.stream():
            yield chunk
        return
    async with request.form() as form:
        for part in form.values():
            if isinstance(part, UploadFile):
                while chunk := await part.read(_CHUNK):
                    yield chunk
                return
