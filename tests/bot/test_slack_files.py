"""Files to and from Slack, by the door that jobs have."""

import json
from asyncio import StreamReader, StreamWriter, start_server
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from starlette.responses import JSONResponse, Response

from bot.assembly import assembled
from bot.sandbox.faults.fault import CarryOut
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from bot.slack_files import SlackFileDoor
from handlers.errors import Refused
from tests.slack_calls import after

TEN_MEGABYTES = 10 * 1024 * 1024


@pytest.fixture
async def door(settings: Settings) -> AsyncIterator[SlackFileDoor]:
    async with assembled(settings) as wavepost:
        session = wavepost.client.session
        assert session
        yield SlackFileDoor(wavepost.client, session, between_looks=0.05)


@pytest.fixture
async def vic(sandbox: Sandbox) -> Person:
    return await sandbox.person("vic")


async def shared(person: Person, content: bytes, in_: str = "#general") -> str:
    said = await person.says("here", in_, files=[("a.csv", content)])
    return str(said["files"][0]["id"])


async def test_a_file_that_somebody_gave_comes_whole(door: SlackFileDoor, vic: Person) -> None:
    content = b"x,y\n" * 200_000
    assert await door.download(await shared(vic, content)) == content


async def test_a_file_of_a_channel_we_are_not_in_is_refused_in_words(
    door: SlackFileDoor, vic: Person
) -> None:
    with pytest.raises(Refused, match="was not shared with Wavepost"):
        await door.download(await shared(vic, b"x,y", "#random"))


async def test_a_file_that_is_too_large_is_not_even_fetched(
    door: SlackFileDoor, vic: Person
) -> None:
    with pytest.raises(Refused, match="larger than 10 MB"):
        await door.download(await shared(vic, b"x" * (TEN_MEGABYTES + 1)))


async def test_a_page_to_sign_in_is_not_taken_for_the_file(
    door: SlackFileDoor, sandbox: Sandbox, vic: Person
) -> None:
    """Slack shows it, with the status of success, to who may not read the file."""

    async def revoke() -> None:
        sandbox.faults.revoke_token()

    file_id = await shared(vic, b"x,y")
    sandbox.faults.on_call(after(revoke), "Revoke", method="files.info")
    with pytest.raises(Refused, match="its page to sign in"):
        await door.download(file_id)


async def test_a_file_cut_short_is_refused(
    door: SlackFileDoor, sandbox: Sandbox, vic: Person
) -> None:
    async def tells_of_more(carry_out: CarryOut) -> Response:
        told = json.loads(bytes((await carry_out()).body))
        told["file"]["size"] = 4
        return JSONResponse(told)

    file_id = await shared(vic, b"x,y")
    sandbox.faults.on_call(tells_of_more, "Tell of more", method="files.info")
    with pytest.raises(Refused, match="gave 3 of 4 bytes"):
        await door.download(file_id)


@pytest.mark.parametrize("host", ["127.0.0.1", "slack.com.evil.example", "evil.example"])
async def test_our_token_is_not_sent_to_where_somebody_says_a_file_is(
    door: SlackFileDoor, sandbox: Sandbox, vic: Person, host: str
) -> None:
    """Of a file that is not in Slack itself, `url_private` is whatever address was given with it."""
    asked: list[str] = []

    async def hear(reader: StreamReader, writer: StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.close()

    async def leads_elsewhere(carry_out: CarryOut) -> Response:
        told = json.loads(bytes((await carry_out()).body))
        port = server.sockets[0].getsockname()[1]
        told["file"] |= {
            "is_external": True,
            "url_private": f"http://{host}:{port}/a.csv",
            "url_private_download": None,
        }
        return JSONResponse(told)

    file_id = await shared(vic, b"x,y")
    async with await start_server(hear, "127.0.0.1") as server:
        sandbox.faults.on_call(leads_elsewhere, "Lead elsewhere", method="files.info")
        with pytest.raises(Refused, match="not in Slack itself"):
            await door.download(file_id)
    assert asked == []


@pytest.mark.parametrize(
    ("api", "address"),
    [
        ("https://slack.com/api/", "https://files.slack.com/files-pri/T1-F1/download/a.csv"),
        ("https://slack-gov.com/api/", "https://files.slack-gov.com/files-pri/T1-F1/a.csv"),
    ],
)
async def test_slack_keeps_files_beside_its_api(
    door: SlackFileDoor, api: str, address: str
) -> None:
    slack = replace(door, client=AsyncWebClient(base_url=api))
    assert slack.is_slacks(address)
    assert not slack.is_slacks(address.replace("https", "http"))


async def test_what_we_bring_can_be_shown_at_once(door: SlackFileDoor, sandbox: Sandbox) -> None:
    file_id = await door.upload(b"x,y\n1,2\n", name="a.csv", title="Numbers", alt="Two numbers")
    file = sandbox.world.files.get(file_id)
    assert file
    assert sandbox.world.files.processing.is_done(file_id)
    assert (file.name, file.title, file.alt_txt) == ("a.csv", "Numbers", "Two numbers")
    assert (await door.permalink(file_id)).endswith("/a.csv")


async def test_a_slack_that_asks_to_wait_is_waited_for(
    door: SlackFileDoor, sandbox: Sandbox
) -> None:
    sandbox.faults.rate_limit(retry_after=1, method="files.getUploadURLExternal")
    assert await door.upload(b"x", name="a.txt", title="A")


async def test_a_file_of_any_size_comes_as_it_streams(door: SlackFileDoor, vic: Person) -> None:
    content = bytes(range(256)) * 50_000
    assert len(content) > TEN_MEGABYTES
    async with door.incoming(await shared(vic, content)) as incoming:
        assert incoming.size == len(content)
        assert b"".join([chunk async for chunk in incoming.chunks]) == content


async def test_a_page_to_sign_in_is_told_from_a_page_that_somebody_gave(
    door: SlackFileDoor, sandbox: Sandbox, vic: Person
) -> None:
    async def revoke() -> None:
        sandbox.faults.revoke_token()

    page = b"<!DOCTYPE html><p>Our menu</p>"
    said = await vic.says("here", "#general", files=[("menu.html", page)])
    file_id = str(said["files"][0]["id"])
    assert await door.download(file_id) == page
    sandbox.faults.on_call(after(revoke), "Revoke", method="files.info")
    with pytest.raises(Refused, match="its page to sign in"):
        async with door.incoming(file_id):
            pass
