"""Files to and from Slack, by the door that jobs have."""

import json
from collections.abc import AsyncIterator

import pytest
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
