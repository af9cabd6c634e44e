"""Files in the browser: in messages, in forms, in pictures."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import FilePayload, Page, expect
from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.clock import Clock
from bot.sandbox.json_types import Json
from bot.sandbox.server import Sandbox
from tests.chromium import OpenAs
from tests.sandbox.apps import BoltApp
from tests.sandbox.filing import PDF, brought, filing_manifest, picture, place, png
from tests.sandbox.forms import form, plain
from tests.sandbox.workspaces import workspace

pytestmark = pytest.mark.browser


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    stand_in = Sandbox(manifest=filing_manifest(), workspace=workspace(), clock=Clock())
    async with stand_in.running():
        yield stand_in


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_address)


@pytest.fixture
async def sent(sandbox: Sandbox) -> AsyncIterator[list[Json]]:
    """What the app was sent by a form that asks for files; `/form` opens it."""
    async with BoltApp(sandbox).running() as app:
        kept: list[Json] = []

        @app.command("/form")
        async def open_form(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
            button = {"type": "button", "action_id": "more", "text": plain("More kinds")}
            buttons = {"type": "actions", "elements": [button]}
            view = form(documents(max_files=2, filetypes=["pdf", "csv"]), buttons)
            await client.views_open(trigger_id=body["trigger_id"], view=view)
            await ack()

        @app.action("more")
        async def more(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
            await ack()
            block = documents(max_files=5) | {"label": plain("Documents and pictures")}
            await client.views_update(view_id=body["view"]["id"], view=form(block))

        @app.view("form")
        async def take(ack: AsyncAck, view: Json) -> None:
            kept.append(view["state"]["values"]["documents"]["files"])
            await ack()

        yield kept


def documents(**asked: object) -> Json:
    return {
        "type": "input",
        "block_id": "documents",
        "label": plain("Documents"),
        "element": {"type": "file_input", "action_id": "files"} | asked,
    }


def chosen(name: str, content: bytes = b"x") -> FilePayload:
    return {"name": name, "mimeType": "", "buffer": content}


async def attach(page: Page, *files: FilePayload) -> None:
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("button", name="Attach files").click()
    await (await choosing.value).set_files(list(files))


async def opened_form(page: Page) -> None:
    await page.get_by_label("Message #general").fill("/form")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="A form")).to_be_visible()


async def add(page: Page, *files: FilePayload) -> None:
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("button", name="Documents Choose files").click()
    await (await choosing.value).set_files(list(files))


async def drop(page: Page, onto: str, name: str) -> None:
    transfer = await page.evaluate_handle(
        "name => { const held = new DataTransfer(); held.items.add(new File(['x'], name)); return held; }",
        name,
    )
    for event in ("dragenter", "dragover", "drop"):
        await page.dispatch_event(onto, event, {"dataTransfer": transfer})


async def test_a_picture_and_a_paper_reach_another_person(open_as: OpenAs) -> None:
    ana, bo = await open_as("ana", "general"), await open_as("bo", "general")
    await attach(ana, chosen("wave.png", png(40, 20)), chosen("plan.pdf", PDF))
    files = ana.get_by_role("list", name="Files added")
    await expect(files.get_by_role("listitem")).to_have_count(2)
    await expect(files).to_contain_text("plan.pdf")
    await expect(files).to_contain_text(f"{len(PDF)} bytes")

    await ana.get_by_label("Message #general").fill("Both of them")
    await ana.keyboard.press("Enter")

    await expect(files).to_be_hidden()
    log = bo.get_by_role("log")
    await expect(log).to_contain_text("Both of them")
    image = log.get_by_role("img", name="wave.png")
    await expect(image).to_have_js_property("naturalWidth", 40)
    await expect(log).to_contain_text("PDF · 509 bytes")
    async with bo.expect_download() as downloading:
        await log.get_by_role("link", name="Download plan.pdf").click()
    download = await downloading.value
    assert download.suggested_filename == "plan.pdf"
    assert Path(await download.path()).read_bytes() == PDF  # noqa: ASYNC240 - a test's own small file


async def test_a_file_alone_is_a_message_and_a_removed_one_is_not_sent(open_as: OpenAs) -> None:
    ana = await open_as("ana", "general")
    await attach(ana, chosen("draft.csv"), chosen("final.csv"))
    await ana.get_by_role("button", name="Remove draft.csv").focus()
    await ana.keyboard.press("Enter")
    await expect(ana.get_by_role("button", name="Remove final.csv")).to_be_focused()

    await ana.get_by_role("button", name="Send").click()

    log = ana.get_by_role("log")
    await expect(log).to_contain_text("final.csv")
    await expect(log).not_to_contain_text("draft.csv")


async def test_the_focus_goes_back_to_the_words_after_the_last_file(open_as: OpenAs) -> None:
    ana = await open_as("ana", "general")
    await attach(ana, chosen("a.csv"))
    await ana.get_by_role("button", name="Remove a.csv").press("Enter")
    await expect(ana.get_by_label("Message #general")).to_be_focused()
    await expect(ana.get_by_role("button", name="Send")).to_be_disabled()


async def test_a_file_is_dropped_onto_the_composer(open_as: OpenAs) -> None:
    ana = await open_as("ana", "general")
    await drop(ana, ".composer .box", "dropped.csv")
    await expect(ana.get_by_role("list", name="Files added")).to_contain_text("dropped.csv")


async def test_a_command_takes_no_files_and_keeps_them(open_as: OpenAs) -> None:
    ana = await open_as("ana", "general")
    await attach(ana, chosen("a.csv"))
    await ana.get_by_label("Message #general").fill("/form")
    await ana.keyboard.press("Escape")
    await ana.get_by_role("button", name="Send").click()
    await expect(ana.get_by_role("log")).to_contain_text("Slack takes no files with a command")
    await expect(ana.get_by_role("list", name="Files added")).to_contain_text("a.csv")


async def test_an_empty_file_is_refused_in_words(open_as: OpenAs) -> None:
    ana = await open_as("ana", "general")
    await attach(ana, chosen("a.csv", b""))
    fault = ana.get_by_role("alert").filter(has_text="a.csv was not added: it is empty.")
    await expect(fault).to_be_visible()


async def test_a_form_takes_files_and_sends_them(sent: list[Json], open_as: OpenAs) -> None:
    ana = await open_as("ana", "general")
    await opened_form(ana)
    await expect(ana.get_by_role("button", name="Documents Choose files")).to_be_focused()
    await add(ana, chosen("plan.pdf", PDF))
    await drop(ana, ".drop", "more.csv")
    await expect(ana.get_by_role("listitem").filter(has_text="more.csv")).to_be_visible()
    await expect(ana.get_by_role("listitem").filter(has_text="plan.pdf")).to_be_visible()

    await ana.get_by_role("button", name="Send", exact=True).last.click()

    await expect(ana.get_by_role("dialog")).to_have_count(0)
    assert sorted(file["name"] for file in sent[0]["files"]) == ["more.csv", "plan.pdf"]


async def test_what_does_not_fit_a_form_is_said_under_its_field(
    sent: list[Json], open_as: OpenAs
) -> None:
    ana = await open_as("ana", "general")
    await opened_form(ana)
    field = ana.locator(".block.input")

    await add(ana, chosen("a.exe"))
    await expect(field).to_contain_text("a.exe was not added: it should be one of pdf, csv.")
    await add(ana, chosen("big.pdf", b"x" * (10 * 1024 * 1024 + 1)))
    await expect(field).to_contain_text("big.pdf was not added: it is larger than 10 MB.")
    await add(ana, chosen("1.csv"), chosen("2.csv"), chosen("3.csv"))
    await expect(field).to_contain_text("3.csv was not added: at most 2 files fit here.")
    await expect(field.get_by_role("listitem")).to_have_count(2)

    await ana.get_by_role("button", name="Remove 2.csv").click()
    await expect(ana.get_by_role("button", name="Remove 1.csv")).to_be_focused()
    await ana.keyboard.press("Enter")
    await expect(ana.get_by_role("button", name="Documents Choose files")).to_be_focused()
    await ana.get_by_role("button", name="Send", exact=True).last.click()
    await expect(field).to_contain_text("Please fill this in.")
    assert sent == []


async def test_a_changed_form_keeps_the_files_that_were_added(
    sent: list[Json], open_as: OpenAs
) -> None:
    ana = await open_as("ana", "general")
    await opened_form(ana)
    await add(ana, chosen("plan.pdf", PDF))
    await expect(ana.get_by_role("listitem").filter(has_text="plan.pdf")).to_be_visible()

    await ana.get_by_role("button", name="More kinds").click()

    await expect(ana.get_by_text("Documents and pictures")).to_be_visible()
    await expect(ana.get_by_role("listitem").filter(has_text="plan.pdf")).to_be_visible()
    await ana.get_by_role("button", name="Send", exact=True).last.click()
    await expect(ana.get_by_role("dialog")).to_have_count(0)
    assert [file["name"] for file in sent[0]["files"]] == ["plan.pdf"]


async def test_a_picture_kept_in_slack_is_shown_to_its_readers(
    sandbox: Sandbox, client: AsyncWebClient, open_as: OpenAs
) -> None:
    bo = await open_as("bo", "general")
    file = await brought(sandbox, client, "wave.png", png(40, 20))
    by_id, by_address = picture({"id": file["id"]}), picture({"url": file["permalink"]})
    await client.chat_postMessage(channel="#general", text="x", blocks=[by_id, by_address])

    images = bo.get_by_role("log").get_by_role("img", name="Burn-up")
    await expect(images).to_have_count(2)
    for image in (images.first, images.last):
        await expect(image).to_have_js_property("naturalWidth", 40)


async def test_the_apps_picture_has_its_alternative_words_until_it_is_deleted(
    sandbox: Sandbox, client: AsyncWebClient, open_as: OpenAs
) -> None:
    ana = await open_as("ana", "general")
    answer = await client.files_upload_v2(
        channel=place(sandbox, "general"), filename="a.png", file=png(), alt_txt="A rising line"
    )
    sandbox.clock.advance(1)
    await expect(ana.get_by_role("img", name="A rising line")).to_be_visible()

    await client.files_delete(file=answer["file"]["id"])

    await expect(ana.get_by_role("log")).to_contain_text("This file was deleted.")
    await expect(ana.get_by_role("img", name="A rising line")).to_have_count(0)


async def test_a_name_is_never_markup(open_as: OpenAs) -> None:
    ana = await open_as("ana", "general")
    name = "<img src=x onerror=document.title='taken'>.csv"
    await attach(ana, chosen(name))
    await ana.get_by_role("button", name="Send").click()
    log = ana.get_by_role("log")
    await expect(log).to_contain_text(name)
    assert await log.locator("img").count() == 0
