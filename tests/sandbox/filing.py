"""What the tests of files share: an app that handles files, pictures, requests."""

import struct
import zlib
from collections.abc import Awaitable

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.json_types import Json
from bot.sandbox.server import Sandbox

from .workspaces import manifest

SCOPES = ("files:read", "files:write")
PDF = b"%PDF-1.7\n" + b"x" * 500


def png(width: int = 3, height: int = 2) -> bytes:
    """A red PNG of this size in pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        checked = kind + body
        return struct.pack(">I", len(body)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\xb3\x26\x1e" * width) * height
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def filing_manifest(*, without: tuple[str, ...] = ()) -> Json:
    """The manifest of an app that also reads and brings files, less some scopes."""
    extra = tuple(scope for scope in SCOPES if scope not in without)
    raw = manifest(extra=extra)
    if "files:read" in extra:
        events = raw["settings"]["event_subscriptions"]
        more = ["file_created", "file_deleted", "file_shared"]
        events["bot_events"] = [*events["bot_events"], *more]
    return raw


def place(sandbox: Sandbox, name: str) -> str:
    """The id of a channel."""
    return sandbox.people.channel(name).id


async def brought(
    sandbox: Sandbox,
    client: AsyncWebClient,
    name: str,
    content: bytes,
    *,
    channel: str | None = None,
    snippet_type: str | None = None,
) -> Json:
    """A file of the app's that Slack is done with."""
    uploaded = await client.files_upload_v2(
        filename=name, file=content, channel=channel, snippet_type=snippet_type
    )
    sandbox.clock.advance(1)
    file: Json = (await client.files_info(file=uploaded["file"]["id"]))["file"]
    return file


async def announced(client: AsyncWebClient, asked: Json | None = None) -> tuple[str, str]:
    """An upload URL for five bytes, or what is asked for, and the id of its file."""
    params = {"filename": "notes.txt", "length": 5} | (asked or {})
    answer = await client.api_call("files.getUploadURLExternal", params=params)
    return answer["upload_url"], answer["file_id"]


async def uploaded(client: AsyncWebClient) -> str:
    """The id of a file whose bytes are there, to be completed."""
    url, file_id = await announced(client)
    await sent(url, b"hello")
    return file_id


async def sent(url: str, content: bytes | aiohttp.FormData) -> tuple[int, str]:
    """The status and words that an upload is answered with."""
    async with aiohttp.ClientSession() as session, session.post(url, data=content) as answer:
        return answer.status, await answer.text()


async def fetched(
    address: str, token: str | None = None, *, follow: bool = True
) -> tuple[aiohttp.ClientResponse, bytes]:
    """What comes from an address, asked with or without a token."""
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.get(address, allow_redirects=follow) as answer,
    ):
        return answer, await answer.read()


async def refused(call: Awaitable[object]) -> Json:
    """Slack's refusal of a call."""
    with pytest.raises(SlackApiError) as caught:
        await call
    body: Json = caught.value.response.data
    return body


def picture(slack_file: Json) -> Json:
    """An image block."""
    return {"type": "image", "alt_text": "Burn-up", "slack_file": slack_file}
