"""Files as an app brings and shares them."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.clock import Clock
from bot.sandbox.files_bytes import Bytes
from bot.sandbox.json_types import Json
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox

from .filing import (
    PDF,
    announced,
    brought,
    fetched,
    filing_manifest,
    place,
    png,
    refused,
    sent,
    uploaded,
)
from .forms import note
from .workspaces import workspace


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    stand_in = Sandbox(manifest=filing_manifest(), workspace=workspace(), clock=Clock())
    async with stand_in.running():
        yield stand_in


@pytest.mark.proves("files.getUploadURLExternal")
async def test_slack_sdks_upload_shares_a_file_where_people_see_it(
    sandbox: Sandbox, client: AsyncWebClient, ana: Person
) -> None:
    general = place(sandbox, "general")
    answer = await client.files_upload_v2(
        channel=general,
        filename="Wave 7.csv",
        content="a,b\n1,2\n",
        title="Wave 7, in full",
        initial_comment="Here it is",
    )
    assert answer["file"]["title"] == "Wave 7, in full"
    sandbox.clock.advance(1)
    assert await ana.sees("Wave 7, in full", in_="#general")

    (message,) = await ana.messages("#general")
    (file,) = message["files"]
    assert (message["subtype"], message["text"]) == ("file_share", "Here it is")
    assert (file["name"], file["mimetype"], file["filetype"]) == ("Wave 7.csv", "text/csv", "csv")
    assert (file["pretty_type"], file["size"], file["mode"]) == ("CSV", 8, "hosted")
    assert await ana.downloads(file) == b"a,b\n1,2\n"


@pytest.mark.proves("files.info")
async def test_a_file_is_described_with_slacks_fields(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    general = place(sandbox, "general")
    file = await brought(sandbox, client, "Burn up.png", png(900, 450), channel=general)
    history = await client.conversations_history(channel=general)
    said = history["messages"][0]
    file = (await client.files_info(file=file["id"]))["file"]
    team, bot = sandbox.world.directory.team, sandbox.world.directory.app.bot_user_id
    assert file["url_private"] == (
        f"{sandbox.address}/files-pri/{team.id}-{file['id']}/burn_up.png"
    )
    assert file["permalink"] == f"https://bakery.slack.com/files/{bot}/{file['id']}/burn_up.png"
    assert (file["user"], file["is_external"], file["is_public"]) == (bot, False, True)
    assert (file["channels"], file["groups"], file["ims"]) == ([general], [], [])
    assert file["shares"]["public"][general][0]["ts"] == said["ts"]
    assert file["created"] == file["timestamp"]
    assert (file["original_w"], file["original_h"]) == (900, 450)
    assert (file["thumb_360_w"], file["thumb_360_h"]) == (360, 180)
    assert (file["thumb_720_w"], file["thumb_720_h"]) == (720, 360)
    assert "thumb_960" not in file
    assert said["files"][0]["thumb_64"] == file["thumb_64"]


@pytest.mark.proves("files.info")
async def test_a_new_picture_has_no_type_for_a_moment(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    uploaded = await client.files_upload_v2(filename="a.png", file=png(), alt_txt="A red line")
    at_once = (await client.files_info(file=uploaded["file"]["id"]))["file"]
    for file in (uploaded["file"], at_once):
        assert (file["mimetype"], file["filetype"], file["pretty_type"]) == ("", "", "")
        assert "thumb_64" not in file
        assert file["alt_txt"] == "A red line"
    sandbox.clock.advance(1)
    later = (await client.files_info(file=at_once["id"]))["file"]
    assert (later["mimetype"], later["filetype"]) == ("image/png", "png")
    assert later["thumb_64"]


@pytest.mark.proves("files.info")
async def test_a_message_with_a_file_comes_a_moment_later_into_every_channel(
    sandbox: Sandbox, client: AsyncWebClient, bo: Person, ana: Person
) -> None:
    places = [place(sandbox, "general"), place(sandbox, "leads"), bo.id]
    await client.files_upload_v2(filename="a.pdf", file=PDF, channels=places)
    assert await bo.messages("#general") == []
    sandbox.clock.advance(1)
    for name in ("#general", "#leads", "DM"):
        assert await bo.sees("a.pdf", in_=name)
    assert await ana.messages("DM") == []
    file = (await bo.messages("DM"))[0]["files"][0]
    places_known = (await client.files_info(file=file["id"]))["file"]
    assert len(places_known["ims"]) == len(places_known["groups"]) == 1
    assert set(places_known["shares"]) == {"public", "private"}


@pytest.mark.proves("files.completeUploadExternal")
async def test_a_file_may_answer_in_a_thread_with_blocks(
    sandbox: Sandbox, client: AsyncWebClient, ana: Person
) -> None:
    said = await ana.says("Numbers?", in_="#general")
    file_id = await uploaded(client)
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "*The numbers*"}}
    await client.files_completeUploadExternal(
        files=[{"id": file_id}],
        channel_id=place(sandbox, "general"),
        thread_ts=said["ts"],
        blocks=json.dumps([block]),
    )
    sandbox.clock.advance(1)
    assert await ana.sees("*The numbers*", in_="#general")
    reply = (await ana.messages("#general", thread_ts=said["ts"]))[1]
    assert reply["files"][0]["title"] == "notes.txt"


async def test_a_snippet_has_its_type(sandbox: Sandbox, client: AsyncWebClient) -> None:
    file = await brought(sandbox, client, "go", b"print()", snippet_type="python")
    assert (file["mode"], file["filetype"], file["pretty_type"]) == ("snippet", "python", "Python")


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"filename": ""}, "invalid_arguments"),
        ({"length": 0}, "missing_argument"),
        ({"length": "many"}, "invalid_arguments"),
        ({"alt_txt": "x" * 1001}, "alt_txt_too_large"),
        ({"snippet_type": "klingon"}, "unknown_snippet_type"),
        ({"snippet_type": "python", "length": 1_000_001}, "snippet_too_large"),
        ({"length": 1024**3 + 1}, "file_upload_size_restricted"),
    ],
)
@pytest.mark.proves("files.getUploadURLExternal", "{error}")
async def test_an_upload_url_is_refused(client: AsyncWebClient, asked: Json, error: str) -> None:
    assert (await refused(announced(client, asked)))["error"] == error


@pytest.mark.proves("files.completeUploadExternal")
@pytest.mark.proves("files.info")
async def test_bytes_come_as_they_are_or_in_a_form(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    form = aiohttp.FormData()
    form.add_field("filename", b"hello", filename="notes.txt")
    for content in (b"hello", form):
        url, file_id = await announced(client)
        assert await sent(url, content) == (200, "OK - 5")
        await client.files_completeUploadExternal(files=[{"id": file_id}])
        file = (await client.files_info(file=file_id))["file"]
        assert (await fetched(file["url_private"], sandbox.bot_token))[1] == b"hello"


@pytest.mark.parametrize("content", [b"hell", b"hello you"])
@pytest.mark.proves("files.completeUploadExternal", "file_not_found")
async def test_the_wrong_number_of_bytes_is_refused_and_may_be_corrected(
    client: AsyncWebClient, content: bytes
) -> None:
    url, file_id = await announced(client)
    status, words = await sent(url, content)
    assert status == 400
    assert "5 bytes were announced" in words
    error = await refused(client.files_completeUploadExternal(files=[{"id": file_id}]))
    assert error["error"] == "file_not_found"
    assert (await sent(url, b"hello"))[0] == 200


async def test_an_upload_url_works_once(client: AsyncWebClient) -> None:
    url, _ = await announced(client)
    await sent(url, b"hello")
    status, words = await sent(url, b"again")
    assert status == 409
    assert "used already" in words


async def test_an_upload_url_expires(sandbox: Sandbox, client: AsyncWebClient) -> None:
    url, _ = await announced(client)
    sandbox.clock.advance(15 * 60 + 1)
    assert (await sent(url, b"hello"))[0] == 404
    assert (await sent(f"{sandbox.address}/upload/v1/guessed", b"hello"))[0] == 404


@pytest.mark.proves("files.completeUploadExternal", "file_not_found")
async def test_bytes_that_never_become_a_file_are_forgotten(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    file_id = await uploaded(client)
    path = sandbox.world.files.bytes.path(file_id)
    assert path.read_bytes() == b"hello"
    sandbox.clock.advance(15 * 60 + 1)
    await announced(client)
    assert not path.exists()
    late = client.files_completeUploadExternal(files=[{"id": file_id}])
    assert (await refused(late))["error"] == "file_not_found"


async def test_an_upload_that_is_cut_off_may_be_sent_again(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    url, file_id = await announced(client)
    parts = urlsplit(url)
    _, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: 5\r\n\r\n"
    writer.write(head.encode() + b"hell")
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert await sent(url, b"hello") == (200, "OK - 5")
    path = sandbox.world.files.bytes.path(file_id)
    assert path.read_bytes() == b"hello"


async def test_bytes_that_are_cut_off_leave_nothing(tmp_path: Path) -> None:
    async def cut() -> AsyncIterator[bytes]:
        yield b"hell"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await Bytes(tmp_path).keep("F1", cut(), least=5, most=5)
    assert await asyncio.to_thread(lambda: list(tmp_path.iterdir())) == []


@pytest.mark.proves("files.completeUploadExternal")
@pytest.mark.proves("files.completeUploadExternal", "file_not_found")
async def test_an_upload_is_completed_once(client: AsyncWebClient) -> None:
    file_id = await uploaded(client)
    await client.files_completeUploadExternal(files=[{"id": file_id}])
    again = client.files_completeUploadExternal(files=[{"id": file_id}])
    assert (await refused(again))["error"] == "file_not_found"


HEAVY = json.dumps([note("x" * 2900)] * 5)


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"files": []}, "invalid_arguments"),
        ({"files": [{"id": "F123"}, {"id": "F123"}]}, "invalid_arguments"),
        ({"files": [{"id": "F123"}]}, "file_not_found"),
        ({"channel_id": "C123"}, "channel_not_found"),
        ({"channel_id": "#secret"}, "channel_not_found"),
        ({"channel_id": "#quiet"}, "not_in_channel"),
        ({"channel_id": "#past"}, "posting_to_channel_denied"),
        ({"channels": ["C123"]}, "invalid_channel"),
        ({"channels": [f"C{n}" for n in range(101)]}, "channels_limit_exceeded"),
        ({"channels": ["#general", "#triage"], "thread_ts": "1.0"}, "invalid_arguments"),
        ({"channel_id": "#general", "thread_ts": "1.0"}, "thread_not_found"),
        ({"channel_id": "#general", "blocks": '[{"type": "knot"}]'}, "invalid_blocks"),
        ({"channel_id": "#general", "blocks": '{"type": "knot"}'}, "invalid_blocks_format"),
        ({"channel_id": "#general", "blocks": HEAVY}, "msg_blocks_too_long"),
    ],
)
@pytest.mark.proves("files.completeUploadExternal", "{error}")
async def test_a_completion_is_refused_and_leaves_the_upload_as_it_was(
    sandbox: Sandbox, client: AsyncWebClient, asked: Json, error: str
) -> None:
    def named(name: str) -> str:
        return place(sandbox, name) if name.startswith("#") else name

    file_id = await uploaded(client)
    params = {"files": json.dumps(asked.get("files", [{"id": file_id}]))}
    if "channel_id" in asked:
        params["channel_id"] = named(asked["channel_id"])
    if "channels" in asked:
        params["channels"] = ",".join(named(name) for name in asked["channels"])
    for name in ("thread_ts", "blocks"):
        if name in asked:
            params[name] = asked[name]
    call = client.api_call("files.completeUploadExternal", params=params)
    assert (await refused(call))["error"] == error
    assert (await client.files_completeUploadExternal(files=[{"id": file_id}]))["ok"]


@pytest.mark.parametrize(
    ("scope", "method"),
    [
        ("files:write", "files.getUploadURLExternal"),
        ("files:write", "files.completeUploadExternal"),
        ("files:write", "files.delete"),
        ("files:read", "files.info"),
        ("files:read", "files.list"),
    ],
)
@pytest.mark.proves("{method}", "missing_scope")
async def test_files_need_their_scope(scope: str, method: str) -> None:
    raw = filing_manifest(without=(scope,))
    async with Sandbox(manifest=raw, workspace=workspace()).running() as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_address)
        error = await refused(client.api_call(method))
        assert (error["error"], error["needed"]) == ("missing_scope", scope)


async def test_a_message_that_names_a_file_of_the_apps_shares_it(
    sandbox: Sandbox, client: AsyncWebClient, ana: Person, bo: Person
) -> None:
    """Captured: https://github.com/slackapi/python-slack-sdk/issues/1500."""
    mine = await brought(sandbox, client, "rejects.csv", b"a,b")
    theirs = (await ana.says("mine", "#general", files=[("plan.csv", b"c,d")]))["files"][0]
    general = place(sandbox, "general")
    words = f"Look at <{mine['permalink']}|the rejects> and {theirs['permalink']}"
    await client.chat_postMessage(channel=general, text=words)

    (_, message) = await bo.messages("#general")
    assert [file["id"] for file in message["files"]] == [mine["id"]]
    assert await bo.downloads(message["files"][0]) == b"a,b"
