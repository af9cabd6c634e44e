"""Pictures in blocks, kept as files in Slack."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.clock import Clock
from bot.sandbox.json_types import Json
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.sandbox.wire import RefusedError

from .filing import (
    PDF,
    brought,
    filing_manifest,
    picture,
    png,
    refused,
)
from .forms import home
from .workspaces import workspace


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    stand_in = Sandbox(manifest=filing_manifest(), workspace=workspace(), clock=Clock())
    async with stand_in.running():
        yield stand_in


@pytest.mark.parametrize("form_of_it", ["id", "url_private", "permalink"])
@pytest.mark.proves("chat.postMessage", "invalid_blocks")
async def test_a_picture_is_shown_once_slack_is_done_with_it(
    sandbox: Sandbox, client: AsyncWebClient, ana: Person, form_of_it: str
) -> None:
    file = (await client.files_upload_v2(filename="a.png", file=png()))["file"]
    key = "id" if form_of_it == "id" else "url"
    block = picture({key: file[form_of_it]})
    early = await refused(client.chat_postMessage(channel="#general", text="x", blocks=[block]))
    words = f"invalid slack file [json-pointer:/blocks/0/slack_file.{key}/slack_file]"
    assert (early["error"], early["errors"]) == ("invalid_blocks", [words])
    assert early["response_metadata"]["messages"] == [f"[ERROR] {words}"]

    sandbox.clock.advance(1)
    with pytest.raises(RefusedError, match="file_not_found"):
        await ana.downloads(file)
    await client.chat_postMessage(channel="#general", text="x", blocks=[block])
    assert await ana.downloads(file) == png()


@pytest.mark.proves("chat.postMessage", "invalid_blocks")
async def test_only_pictures_the_app_sees_are_shown(
    sandbox: Sandbox, client: AsyncWebClient, ana: Person
) -> None:
    pdf = await brought(sandbox, client, "a.pdf", PDF)
    gone = await brought(sandbox, client, "b.png", png())
    await client.files_delete(file=gone["id"])
    hers = (await ana.says("", in_="#quiet", files=[("c.png", png())]))["files"][0]
    mine = await brought(sandbox, client, "d.png", png())
    wrong = [{"id": each} for each in (pdf["id"], gone["id"], hers["id"], "F0123456789")]
    wrong += [{"url": mine["thumb_64"]}, {"url": "https://example.com/d.png"}]
    for slack_file in wrong:
        sandbox.clock.advance(2)  # one message a second
        blocks = [picture(slack_file)]
        call = client.chat_postMessage(channel="#general", text="x", blocks=blocks)
        assert (await refused(call))["error"] == "invalid_blocks"


@pytest.mark.proves("chat.postMessage", "invalid_attachments")
@pytest.mark.proves("views.publish", "invalid_arguments")
async def test_a_wrong_picture_is_refused_wherever_it_stands(
    sandbox: Sandbox, client: AsyncWebClient, ana: Person
) -> None:
    block = picture({"id": "F0123456789"})
    text = {"type": "plain_text", "text": "x"}
    section: Json = {"type": "section", "text": text, "accessory": block}
    said = await client.chat_postMessage(channel="#general", text="fine")
    update = client.chat_update(channel=said["channel"], ts=said["ts"], text="x", blocks=[section])
    assert (
        "[json-pointer:/blocks/0/accessory/slack_file.id/slack_file]"
        in ((await refused(update))["errors"][0])
    )
    attached = [{"blocks": [block]}]
    call = client.chat_postMessage(channel="#general", text="x", attachments=attached)
    error = await refused(call)
    assert error["error"] == "invalid_attachments"
    assert "/attachments/0/blocks/0/slack_file.id/slack_file" in error["errors"][0]
    published = await refused(client.views_publish(user_id=ana.id, view=home(block)))
    assert published["error"] == "invalid_arguments"
    assert "invalid slack file" in published["response_metadata"]["messages"][0]


async def test_a_picture_in_a_home_is_for_its_reader(
    sandbox: Sandbox, client: AsyncWebClient, ana: Person, bo: Person
) -> None:
    file = await brought(sandbox, client, "a.png", png())
    await client.views_publish(user_id=ana.id, view=home(picture({"id": file["id"]})))
    assert await ana.downloads(file) == png()
    with pytest.raises(RefusedError, match="Bo Li sees no such file"):
        await bo.downloads(file)
