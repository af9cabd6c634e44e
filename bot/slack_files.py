"""Slack's door for files: those that people give, and those that Wavepost brings."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientPayloadError, ClientResponse, ClientSession, ClientTimeout
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.refusals import NO_FILE, refusal
from handlers.errors import Refused
from handlers.jobs import Incoming
from store.file_streams import CutShort

MOST_BYTES = 10 * 1024 * 1024
"""As much as one file of a form may have."""

MOST_RETRIES = 5
BETWEEN_LOOKS = 0.5
MOST_LOOKS = 60
PATIENCE = ClientTimeout(total=120)
"""Seconds for the bytes of one file of a form."""
STREAMED = ClientTimeout(total=None, sock_connect=10, sock_read=60)
"""Seconds for a file of any size: as long as it takes, but never a minute without a byte."""

CHUNK = 65_536
LARGE_CHUNK = 262_144
STATUS_GONE = (404, 410)
LOGIN = "text/html"
SENT_AWAY = "redir"

GONE = "The file is not in Slack any more, or was not shared with Wavepost. Send it again."
TOO_LARGE = (
    "The file is larger than 10 MB. Split it, or have it imported on Wavepost's own machine with "
    "wavepost import, which takes up to 2 GB."
)
ELSEWHERE = (
    "The file is not in Slack itself: the message only leads to it (in Google Drive, say). Download it, "
    "and send the file."
)
SIGN_IN_PAGE = (
    "In place of the file Slack gave its page to sign in. An admin has to install Wavepost anew, so "
    "that it may read files (the scope files:read)."
)
CUT_SHORT = "Slack gave {got:,} of {size:,} bytes of the file. Please try again."


@dataclass(frozen=True, slots=True)
class SlackFileDoor:
    """Files to and from Slack; each call may be repeated without harm."""

    client: AsyncWebClient
    session: ClientSession
    between_looks: float = BETWEEN_LOOKS

    async def upload(self, data: bytes, *, name: str, title: str, alt: str = "") -> str:
        """Bring a file to Slack, shared nowhere yet; its id, once Slack knows what it is.

        Raises:
            SLACK_ERRORS: Slack did not take it.
        """
        client = self._patient()
        place = await client.files_getUploadURLExternal(
            filename=name, length=len(data), alt_txt=alt or None
        )
        async with self.session.post(place["upload_url"], data=data, timeout=PATIENCE) as answer:
            answer.raise_for_status()
        file_id = str(place["file_id"])
        await client.files_completeUploadExternal(files=[{"id": file_id, "title": title}])
        for _ in range(MOST_LOOKS):
            if (await self._info(file_id))["filetype"]:
                return file_id
            await asyncio.sleep(self.between_looks)
        raise TimeoutError("Slack is not done with the file")

    async def permalink(self, file_id: str) -> str:
        """The address by which a message shares a file with those who read it."""
        return str((await self._info(file_id))["permalink"])

    async def download(self, file_id: str) -> bytes:
        """The bytes of a file that a person gave.

        Raises:
            Refused: it is gone, too large, or not what Slack says it is.
            SLACK_ERRORS: Slack did not answer.
        """
        about = await self._about(file_id)
        if about["size"] > MOST_BYTES:
            raise Refused(TOO_LARGE)
        async with self._answered(about, PATIENCE) as answer:
            data = await _read(answer)
        if len(data) != about["size"]:
            raise Refused(CUT_SHORT.format(got=len(data), size=about["size"]))
        return data

    @asynccontextmanager
    async def incoming(self, file_id: str) -> AsyncIterator[Incoming]:
        """The bytes of a file of any size, as they come.

        Raises:
            Refused: it is gone, or not what Slack says it is.
            SLACK_ERRORS: Slack did not answer, or says nothing any more.
            CutShort: while it is read: more or less came than Slack says that it has.
        """
        about = await self._about(file_id)
        async with self._answered(about, STREAMED) as answer:
            yield Incoming(about["size"], _whole(answer, about["size"]))

    def is_slacks(self, address: str) -> bool:
        """Whether our token may be sent there; of a file that lies elsewhere anybody says where it is."""
        asked, api = urlsplit(address), urlsplit(self.client.base_url)
        host = f".{asked.hostname}"
        same_door = (asked.scheme, asked.port) == (api.scheme, api.port)
        return same_door and host.endswith(f".{api.hostname}")

    async def _about(self, file_id: str) -> dict[str, Any]:
        """What Slack says of a file whose bytes it has; `size` is there, and a number."""
        try:
            about = await self._info(file_id)
        except SlackApiError as error:
            if refusal(error).reason in NO_FILE:
                raise Refused(GONE) from error
            raise
        address = about.get("url_private_download") or about.get("url_private")
        if not address:
            raise Refused(GONE)
        if not self.is_slacks(address):
            raise Refused(ELSEWHERE)
        return about | {"address": address, "size": int(about.get("size") or 0)}

    @asynccontextmanager
    async def _answered(
        self, about: dict[str, Any], patience: ClientTimeout
    ) -> AsyncIterator[ClientResponse]:
        """Slack's answer where the bytes are; nothing else passes for it."""
        allowed = {"Authorization": f"Bearer {self.client.token}"}
        async with self.session.get(
            about["address"], headers=allowed, timeout=patience, read_bufsize=LARGE_CHUNK
        ) as answer:
            if answer.status in STATUS_GONE:
                raise Refused(GONE)
            answer.raise_for_status()
            if _asks_to_sign_in(answer, about):
                raise Refused(SIGN_IN_PAGE)
            yield answer

    async def _info(self, file_id: str) -> dict[str, Any]:
        client = self._patient()
        file: dict[str, Any] = (await client.files_info(file=file_id))["file"]
        return file

    def _patient(self) -> AsyncWebClient:
        """A client that waits when Slack asks it to."""
        return AsyncWebClient(
            token=self.client.token,
            base_url=self.client.base_url,
            session=self.session,
            retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=MOST_RETRIES)],
        )


def _asks_to_sign_in(answer: ClientResponse, about: dict[str, Any]) -> bool:
    """Whoever may not read a file is sent to a page to sign in, with the status of success.

    Of a page that somebody gave as a file, only the address tells.
    """
    is_page = answer.content_type == LOGIN
    return is_page and (about.get("mimetype") != LOGIN or SENT_AWAY in answer.url.query)


async def _whole(answer: ClientResponse, size: int) -> AsyncIterator[bytes]:
    """All bytes as they come; raises CutShort once it is sure that they are not as many as was said."""
    got = 0
    try:
        async for chunk in answer.content.iter_chunked(LARGE_CHUNK):
            got += len(chunk)
            if got > size:
                break
            yield chunk
    except ClientPayloadError as broke_off:
        raise CutShort(got, size) from broke_off
    if got != size:
        raise CutShort(got, size)


async def _read(answer: ClientResponse) -> bytes:
    """All bytes, of which Slack has told the number before; no more than may be."""
    data = bytearray()
    async for chunk in answer.content.iter_chunked(CHUNK):
        data += chunk
        if len(data) > MOST_BYTES:
            raise Refused(TOO_LARGE)
    return bytes(data)
