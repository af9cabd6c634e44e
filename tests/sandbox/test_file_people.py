"""Files as people bring and see them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.clock import Clock
from bot.sandbox.person import Person
from bot.sandbox.seed import ChannelSeed
from bot.sandbox.server import Sandbox
from bot.sandbox.wire import RefusedError

from .apps import Receiver
from .filing import fetched, filing_manifest, place, png
from .workspaces import workspace


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    stand_in = Sandbox(manifest=filing_manifest(), workspace=workspace(), clock=Clock())
    async with stand_in.running():
        yield stand_in


@pytest.mark.proves("file_shared")
@pytest.mark.proves("file_created")
async def test_a_persons_file_is_told_to_an_app_that_is_there(
    sandbox: Sandbox, client: AsyncWebClient, receiver: Receiver, ana: Person, tmp_path: Path
) -> None:
    path = tmp_path / "plan.csv"
    path.write_bytes(b"a,b")
    said = await ana.says("The plan", in_="#general", files=[path, ("b.png", png())])
    told = [(await receiver.next_event()).json["event"] for _ in range(5)]
    message = next(event for event in told if event["type"] == "message")
    assert (message["subtype"], message["text"]) == ("file_share", "The plan")
    assert [file["name"] for file in message["files"]] == ["plan.csv", "b.png"]
    assert message["files"][1]["mimetype"] == "image/png"
    ids = [file["id"] for file in said["files"]]
    shared = [event for event in told if event["type"] == "file_shared"]
    assert sorted(event["file_id"] for event in shared) == sorted(ids)
    assert shared[0]["channel_id"] == place(sandbox, "general")
    assert (shared[0]["user_id"], shared[0]["file"]["id"]) == (ana.id, shared[0]["file_id"])
    created = [event["file_id"] for event in told if event["type"] == "file_created"]
    assert sorted(created) == sorted(ids)
    answer, content = await fetched(message["files"][0]["url_private_download"], sandbox.bot_token)
    assert (answer.status, content) == (200, b"a,b")


@pytest.mark.parametrize("where", ["#quiet", "@bo"])
async def test_a_file_where_the_app_is_not_is_not_told(
    receiver: Receiver, ana: Person, where: str
) -> None:
    await ana.says("", in_=where, files=[("a.csv", b"x")])
    await ana.says("told", in_="#general")
    assert (await receiver.next_event()).json["event"]["text"] == "told"


async def test_files_in_a_channel_with_another_company_are_told_by_their_ids() -> None:
    seed = workspace()
    seed.channels.append(
        ChannelSeed("partners", members=["ana", "sam"], shared=True, app_is_member=True)
    )
    async with (
        Sandbox(manifest=filing_manifest(), workspace=seed).running() as sandbox,
        Receiver(sandbox).running() as receiver,
    ):
        sam, bot = await sandbox.person("sam"), sandbox.world.directory.app.bot_user_id
        said = await sam.says(f"<@{bot}> look", in_="#partners", files=[("a.csv", b"x")])
        file_id = said["files"][0]["id"]
        told = [(await receiver.next_event()).json["event"] for _ in range(4)]
        for event in (each for each in told if "files" in each):
            (file,) = event["files"]
            assert (file["id"], file["file_access"]) == (file_id, "check_file_info")
            assert "url_private" not in file
        assert sum("files" in event for event in told) == 2
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_address)
        assert (await client.files_info(file=file_id))["file"]["name"] == "a.csv"


async def test_a_file_is_for_those_who_see_its_message(
    sandbox: Sandbox, ana: Person, bo: Person
) -> None:
    file = (await bo.says("", in_="#leads", files=[b"secret"]))["files"][0]
    assert await bo.downloads(file) == b"secret"
    with pytest.raises(RefusedError, match="Ana Ito sees no such file"):
        await ana.downloads(file)
    with pytest.raises(RefusedError, match="Ana Ito sees no such file"):
        await ana.downloads({"id": "F0123456789"})
    guest = await sandbox.person("gus")
    public = (await ana.says("", in_="#general", files=[b"open"]))["files"][0]
    with pytest.raises(RefusedError):
        await guest.downloads(public)


async def test_an_empty_or_enormous_file_is_not_taken(sandbox: Sandbox, ana: Person) -> None:
    with pytest.raises(RefusedError, match=r"a\.csv is empty"):
        await ana.says("", in_="#general", files=[("a.csv", b"")])
    sandbox.world.files.largest = 3
    with pytest.raises(RefusedError, match="larger than Slack takes"):
        await ana.says("", in_="#general", files=[("a.csv", b"four")])
    assert await ana.messages("#general") == []


async def test_a_message_takes_ten_files(ana: Person) -> None:
    files = [(f"{n}.csv", b"x") for n in range(11)]
    assert len((await ana.says("", in_="#general", files=files[:10]))["files"]) == 10
    with pytest.raises(RefusedError, match="at most 10 files in a message"):
        await ana.says("", in_="#general", files=files)


async def test_nobody_sends_somebody_elses_file(ana: Person, bo: Person) -> None:
    file = (await bo.says("", in_="#leads", files=[b"secret"]))["files"][0]
    general = await ana.conversation_id("#general")
    with pytest.raises(RefusedError, match="A file is no longer there"):
        await ana.wire.post(f"conversations/{general}/messages", text="", files=[file["id"]])


async def test_a_name_is_kept_and_never_becomes_a_path(
    sandbox: Sandbox, client: AsyncWebClient, ana: Person
) -> None:
    name = '../../\u202egnp.\n"x" \0 😀' + "n" * 300
    said = await ana.says("", in_="#general", files=[(name, b"x")])
    file = said["files"][0]
    assert file["name"] == name
    assert "/../" not in file["url_private"]
    answer, content = await fetched(file["url_private_download"], sandbox.bot_token)
    assert (answer.status, content) == (200, b"x")
    assert await ana.downloads(file) == b"x"
