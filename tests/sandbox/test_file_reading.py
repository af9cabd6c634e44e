"""Files as an app reads, lists and deletes them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.clock import Clock
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.sandbox.wire import RefusedError

from .apps import Receiver
from .filing import PDF, announced, brought, fetched, filing_manifest, place, png, refused, sent
from .workspaces import workspace


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    stand_in = Sandbox(manifest=filing_manifest(), workspace=workspace(), clock=Clock())
    async with stand_in.running():
        yield stand_in


async def test_the_apps_token_opens_a_file(sandbox: Sandbox, client: AsyncWebClient) -> None:
    file = await brought(sandbox, client, 'Ana\'s "list".html', b"<b>hello</b>")
    for name, shown in (("url_private", "inline"), ("url_private_download", "attachment")):
        answer, content = await fetched(file[name], sandbox.bot_token)
        assert (answer.status, content) == (200, b"<b>hello</b>")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith(shown)


async def test_a_small_picture_is_a_picture(sandbox: Sandbox, client: AsyncWebClient) -> None:
    file = await brought(sandbox, client, "a.png", png())
    answer, content = await fetched(file["thumb_360"], sandbox.bot_token)
    assert answer.content_type == "image/png"
    assert content.startswith(b"\x89PNG")


@pytest.mark.parametrize("token", [None, "", "xoxb-wrong"])
async def test_without_the_token_a_login_page_comes_with_status_200(
    sandbox: Sandbox, client: AsyncWebClient, token: str | None
) -> None:
    file = await brought(sandbox, client, "a.csv", b"a,b")
    for name in ("url_private", "url_private_download"):
        redirect, _ = await fetched(file[name], token, follow=False)
        assert redirect.status == 302
        assert redirect.headers["Location"].startswith(f"{sandbox.address}/?redir=%2Ffiles-pri%2F")
        answer, content = await fetched(file[name], token)
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert content.startswith(b"<!DOCTYPE html>")
        assert b"a,b" not in content


async def test_without_the_scope_a_login_page_comes() -> None:
    raw = filing_manifest(without=("files:read",))
    async with Sandbox(manifest=raw, workspace=workspace()).running() as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_address)
        file = (await client.files_upload_v2(filename="a.csv", file=b"a,b"))["file"]
        answer, _ = await fetched(file["url_private"], sandbox.bot_token)
        assert answer.content_type == "text/html"


async def test_a_revoked_token_opens_nothing(sandbox: Sandbox, client: AsyncWebClient) -> None:
    file = await brought(sandbox, client, "a.csv", b"a,b")
    sandbox.faults.revoke_token()
    answer, _ = await fetched(file["url_private"], sandbox.bot_token)
    assert answer.content_type == "text/html"


async def test_a_pdf_sends_its_reader_on(sandbox: Sandbox, client: AsyncWebClient) -> None:
    file = await brought(sandbox, client, "a.pdf", PDF)
    redirect, _ = await fetched(file["url_private"], sandbox.bot_token, follow=False)
    assert redirect.status == 302
    assert (await fetched(redirect.headers["Location"]))[1] == PDF
    assert (await fetched(redirect.headers["Location"]))[0].status == 404
    assert (await fetched(file["url_private"], sandbox.bot_token))[1] == PDF
    direct, content = await fetched(file["url_private_download"], sandbox.bot_token, follow=False)
    assert (direct.status, content) == (200, PDF)


@pytest.mark.proves("files.delete", "file_not_found")
@pytest.mark.proves("files.info")
@pytest.mark.proves("files.info", "file_not_found")
async def test_a_file_the_app_may_not_see_is_not_there_for_it(
    sandbox: Sandbox, client: AsyncWebClient, ana: Person
) -> None:
    file = (await ana.says("", in_="#quiet", files=[("a.csv", b"a,b")]))["files"][0]
    assert (await refused(client.files_info(file=file["id"])))["error"] == "file_not_found"
    assert (await refused(client.files_delete(file=file["id"])))["error"] == "file_not_found"
    answer, _ = await fetched(file["url_private"], sandbox.bot_token)
    assert answer.content_type == "text/html"
    sandbox.people.invite_app("quiet", by="ana")
    assert (await client.files_info(file=file["id"]))["file"]["name"] == "a.csv"


@pytest.mark.proves("files.delete")
@pytest.mark.proves("files.delete", "file_deleted")
@pytest.mark.proves("files.info")
@pytest.mark.proves("files.info", "file_deleted")
@pytest.mark.proves("file_deleted")
async def test_a_deleted_file_is_gone_for_everyone(
    sandbox: Sandbox, client: AsyncWebClient, ana: Person, receiver: Receiver
) -> None:
    general = place(sandbox, "general")
    file = await brought(sandbox, client, "a.csv", b"a,b", channel=general)
    assert await ana.sees("a.csv", in_="#general")
    await client.files_delete(file=file["id"])
    assert await ana.sees("This file was deleted.", in_="#general")
    (message,) = await ana.messages("#general")
    assert message["files"] == [{"id": file["id"], "mode": "tombstone"}]
    for call in (client.files_info, client.files_delete):
        assert (await refused(call(file=file["id"])))["error"] == "file_deleted"
    answer, _ = await fetched(file["url_private"], sandbox.bot_token)
    assert answer.status == 404
    with pytest.raises(RefusedError, match="This file was deleted"):
        await ana.downloads(file)
    events = [(await receiver.next_event()).json["event"]["type"] for _ in range(4)]
    assert sorted(events) == ["file_created", "file_deleted", "file_shared", "message"]


@pytest.mark.proves("files.delete", "cant_delete_file")
async def test_an_app_deletes_only_its_own_files(client: AsyncWebClient, ana: Person) -> None:
    file = (await ana.says("", in_="#general", files=[("a.csv", b"a,b")]))["files"][0]
    assert (await refused(client.files_delete(file=file["id"])))["error"] == "cant_delete_file"


@pytest.mark.proves("files.info")
async def test_a_file_leaves_with_its_message(
    sandbox: Sandbox, client: AsyncWebClient, ana: Person
) -> None:
    general = place(sandbox, "general")
    file = await brought(sandbox, client, "a.csv", b"a,b", channel=general)
    assert await ana.sees("a.csv", in_="#general")
    (message,) = await ana.messages("#general")
    await client.chat_delete(channel=general, ts=message["ts"])
    assert (await client.files_info(file=file["id"]))["file"]["channels"] == []
    with pytest.raises(RefusedError):
        await ana.downloads(file)


@pytest.mark.proves("files.list")
@pytest.mark.proves("files.list", "unknown_type")
async def test_files_are_listed_newest_first_and_filtered(
    sandbox: Sandbox, client: AsyncWebClient, ana: Person
) -> None:
    general = place(sandbox, "general")
    await brought(sandbox, client, "a.png", png(), channel=general)
    await brought(sandbox, client, "b.pdf", PDF)
    await brought(sandbox, client, "c", b"x", snippet_type="text")
    assert await ana.sees("a.png", in_="#general")
    await ana.says("", in_="#general", files=[("d.zip", b"PK")])
    await ana.says("", in_="#quiet", files=[("e.csv", b"x")])

    async def names(**asked: object) -> list[str]:
        found = await client.api_call("files.list", params=asked)
        return [file["name"] for file in found["files"]]

    assert await names() == ["d.zip", "c", "b.pdf", "a.png"]
    assert await names(types="images,pdfs") == ["b.pdf", "a.png"]
    assert await names(types="snippets") == ["c"]
    assert await names(types="zips") == ["d.zip"]
    assert await names(channel=general) == ["d.zip", "a.png"]
    assert await names(user=ana.id) == ["d.zip"]
    assert await names(ts_to="1") == []
    assert await names(count=3, page=2) == ["a.png"]
    assert (await client.files_list(count=3))["paging"]["pages"] == 2
    assert (await refused(client.files_list(types="songs")))["error"] == "unknown_type"


async def test_files_survive_a_restart(tmp_path: Path) -> None:
    def stand_in() -> Sandbox:
        return Sandbox(manifest=filing_manifest(), workspace=workspace(), state=tmp_path)

    async with stand_in().running() as first:
        client = AsyncWebClient(token=first.bot_token, base_url=first.api_address)
        ana = await first.person("ana")
        await ana.says("", in_="#general", files=[("a.png", png())])
        # On its way when the stand-in stops.
        general = place(first, "general")
        await client.files_upload_v2(filename="b.csv", file=b"b", channel=general)
        url, _ = await announced(client)
        await sent(url, b"hello")

    async with stand_in().running() as second:
        client = AsyncWebClient(token=second.bot_token, base_url=second.api_address)
        ana = await second.person("ana")
        files = [message["files"][0] for message in await ana.messages("#general")]
        assert [file["name"] for file in files] == ["a.png", "b.csv"]
        for file, content in zip(files, (png(), b"b"), strict=True):
            assert file["url_private"].startswith(second.address)
            assert file["mimetype"]
            assert (await fetched(file["url_private"], second.bot_token))[1] == content
        assert len(list((tmp_path / "files").iterdir())) == 2


async def test_without_a_state_folder_no_bytes_are_left(ana: Person, sandbox: Sandbox) -> None:
    file = (await ana.says("", in_="#general", files=[b"x"]))["files"][0]
    path = sandbox.world.files.bytes.path(file["id"])
    assert path.exists()
    await sandbox.world.files.close()
    assert not path.exists()
