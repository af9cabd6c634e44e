import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.app import CLIENT
from bot.sandbox.json_types import Json
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.sandbox.world import Link

from .apps import BoltApp, Receiver
from .forms import form, home, note
from .workspaces import manifest, workspace


class Stream:
    """An open live stream."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def next(self, kind: str) -> Json:
        """The next event of a kind, within five seconds."""
        async with asyncio.timeout(5):
            async for line in self._answer.content:
                if line.startswith(b"data: "):
                    event: Json = json.loads(line[6:])
                    if event["type"] == kind:
                        return event
        raise AssertionError("The stream ended.")


@asynccontextmanager
async def watching(person: Person, **query: str) -> AsyncIterator[Stream]:
    url = f"{person.wire.address}/client/api/live"
    params = {"as": person.id} | query
    async with aiohttp.ClientSession() as session, session.get(url, params=params) as answer:
        assert answer.content_type == "text/event-stream"
        await answer.content.readline()
        yield Stream(answer)


async def test_the_workspace_is_what_a_person_sees(ana: Person, bo: Person) -> None:
    seen = await ana.workspace()
    assert seen["team"]["name"] == "Bakery"
    assert seen["me"]["real_name"] == "Ana Ito"
    names = {c["name"]: c for c in seen["conversations"]}
    assert names["general"]["is_member"] is True
    assert names["triage"]["is_member"] is False
    assert names["past"]["is_archived"] is True
    assert "leads" not in names
    assert "leads" in {c["name"] for c in (await bo.workspace())["conversations"]}
    assert [c["kind"] for c in seen["conversations"] if c["kind"] == "app"] == ["app"]
    assert seen["apps"][0]["has_home"] is True
    assert seen["apps"][0]["description"] == "Letters, sorted"
    assert seen["commands"][0]["command"] == "/hello"
    assert {s["type"] for s in seen["shortcuts"]} == {"global", "message"}


async def test_a_guest_sees_only_their_own_channels(sandbox: Sandbox) -> None:
    gus = await sandbox.person("gus")
    assert [c["kind"] for c in (await gus.workspace())["conversations"]] == ["app"]
    general = sandbox.people.channel("general").id
    with pytest.raises(AssertionError, match="Gus Guest sees no channel"):
        await gus.wire.get(f"conversations/{general}/messages")


async def test_links_of_the_host_program_are_shown() -> None:
    links = [Link("Move the clock", "http://127.0.0.1:1/clock")]
    sandbox = Sandbox(manifest=manifest(), workspace=workspace(), links=links)
    async with sandbox.running():
        ana = await sandbox.person("ana")
        assert (await ana.workspace())["links"] == [
            {"label": "Move the clock", "url": "http://127.0.0.1:1/clock"}
        ]


async def test_messages_are_paged_backwards(ana: Person) -> None:
    for n in range(60):
        await ana.says(f"number {n}", in_="#general")
    channel = await ana.conversation_id("#general")
    last = await ana.wire.get(f"conversations/{channel}/messages")
    assert last["has_more"] is True
    assert [m["text"] for m in last["messages"]] == [f"number {n}" for n in range(10, 60)]
    before = last["messages"][0]["ts"]
    rest = await ana.wire.get(f"conversations/{channel}/messages", before=before)
    assert rest["has_more"] is False
    assert [m["text"] for m in rest["messages"]] == [f"number {n}" for n in range(10)]


async def test_unread_messages_are_counted_until_they_are_read(ana: Person, bo: Person) -> None:
    async def unread() -> int:
        conversations = (await ana.workspace())["conversations"]
        return int(next(c["unread"] for c in conversations if c["name"] == "general"))

    await ana.says("mine", in_="#general")
    message = await bo.says("hers to read", in_="#general")
    assert await unread() == 1
    channel = await ana.conversation_id("#general")
    await ana.wire.post(f"conversations/{channel}/read", ts=message["ts"])
    assert await unread() == 0


async def test_what_happens_is_streamed(client: AsyncWebClient, ana: Person, bo: Person) -> None:
    async with watching(ana) as stream:
        said = await client.chat_postMessage(channel="#general", text="one")
        event = await stream.next("message")
        assert (event["channel"], event["message"]["text"]) == (said["channel"], "one")
        assert (await stream.next("unread"))["unread"] == 1
        await client.chat_update(channel=said["channel"], ts=said["ts"], text="two")
        assert (await stream.next("message_changed"))["message"]["text"] == "two"
        await client.chat_delete(channel=said["channel"], ts=said["ts"])
        assert (await stream.next("message_deleted"))["ts"] == said["ts"]
        await client.chat_postEphemeral(channel="#general", user=bo.id, text="not for ana")
        await client.chat_postEphemeral(channel="#general", user=ana.id, text="for ana")
        event = await stream.next("ephemeral")
        assert event["message"]["text"] == "for ana"
        assert event["message"]["ephemeral"] is True
        await client.views_publish(user_id=ana.id, view=home(note("hers")))
        assert (await stream.next("home"))["view"]["blocks"][0]["text"]["text"] == "hers"
        await ana.joins("#triage")
        await stream.next("workspace")


async def test_modals_are_streamed_to_their_person(
    receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    async with watching(ana) as stream:
        await ana.command("/form", in_="#general")
        trigger = (await receiver.next()).form["trigger_id"]
        await client.views_open(trigger_id=trigger, view=form(note("x")))
        assert len((await stream.next("views"))["stack"]) == 1
        await ana.modal.close()
        assert (await stream.next("views"))["stack"] == []


async def test_a_reply_refreshes_its_parent(client: AsyncWebClient, ana: Person) -> None:
    said = await client.chat_postMessage(channel="#general", text="topic")
    async with watching(ana) as stream:
        await ana.says("reply", in_="#general", thread_ts=said["ts"])
        assert (await stream.next("message_changed"))["message"]["reply_count"] == 1


async def test_the_inspector_sees_both_directions_without_secrets(
    sandbox: Sandbox, receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    async with watching(ana, inspector="1") as stream:
        await ana.command("/hello", in_="#general")
        await receiver.next()
        await client.api_call("auth.test", params={"token": sandbox.bot_token})
        shown = (await stream.next("request"))["request"]
    assert (shown["direction"], shown["kind"], shown["name"]) == ("out", "command", "/hello")
    kept = (await ana.wire.get("requests"))["requests"]
    assert [r["name"] for r in kept] == ["/hello", "auth.test"]
    assert kept[0]["status"] == 200
    assert kept[0]["ms"] > 0
    assert (kept[1]["direction"], kept[1]["response"]["ok"]) == ("in", True)
    text = json.dumps(kept)
    assert sandbox.bot_token not in text
    assert sandbox.signing_secret not in text
    assert [r["n"] for r in (await ana.wire.get("requests", after="1"))["requests"]] == [2]
    with pytest.raises(AssertionError, match="invalid_after"):
        await ana.wire.get("requests", after="x")


async def test_words_are_escaped_as_slacks_composer_does(
    receiver: Receiver, ana: Person, bo: Person
) -> None:
    await ana.says(f"Joe's & co <b> <@{bo.id}> <https://x.test|x>", in_="#general")
    event = (await receiver.next_event()).json["event"]
    assert event["text"] == f"Joe's &amp; co &lt;b&gt; <@{bo.id}> <https://x.test|x>"
    assert await bo.sees("Joe's & co <b> @Bo Li x", in_="#general")


@pytest.mark.proves("slash command")
async def test_a_command_can_ask_for_ids_in_place_of_names(ana: Person) -> None:
    app = manifest()
    app["features"]["slash_commands"][0]["should_escape"] = True
    async with (
        Sandbox(manifest=app, workspace=workspace()).running() as sandbox,
        Receiver(sandbox).running() as receiver,
    ):
        person = await sandbox.person("ana")
        await person.command("/hello @bo in #general, @nobody", in_="#general")
        bo, general = sandbox.people.user("bo").id, sandbox.people.channel("general").id
        text = (await receiver.next()).form["text"]
        assert text == f"<@{bo}|bo> in <#{general}|general>, @nobody"


async def test_people_come_and_go(ana: Person, bo: Person) -> None:
    await ana.joins("#triage")
    assert await bo.sees("@Ana Ito has joined the channel", in_="#triage")
    await ana.leaves("#triage")
    assert await bo.sees("@Ana Ito has left the channel", in_="#triage")
    leads = await bo.conversation_id("#leads")
    await bo.wire.post("members", channel=leads, user=ana.id, action="join")
    assert "leads" in {c["name"] for c in (await ana.workspace())["conversations"]}


@pytest.mark.parametrize(
    ("path", "body", "error"),
    [
        ("conversations/{past}/messages", {"text": "x"}, "is_archived"),
        ("conversations/{general}/messages", {"text": " "}, "no_text"),
        ("conversations/C1/messages", {"text": "x"}, "channel_not_found"),
        ("conversations", {"user": "U1"}, "user_not_found"),
        ("members", {"channel": "{past}"}, "is_archived"),
        ("members", {"channel": "{general}", "user": "U1"}, "user_not_found"),
        ("members", {"channel": "{triage}", "user": "{bo}", "action": "leave"}, "not_in_channel"),
        ("actions", {}, "channel_not_found"),
        ("actions", {"container": "x"}, "invalid_arguments"),
        ("shortcuts", {"callback_id": "x"}, "shortcut_not_found"),
        ("views/V1/submit", {}, "view_not_found"),
    ],
)
async def test_what_cannot_be_done_is_refused(
    sandbox: Sandbox, ana: Person, path: str, body: dict[str, str], error: str
) -> None:
    ids = {name: sandbox.people.channel(name).id for name in ("past", "general", "triage")}
    ids["bo"] = sandbox.people.user("bo").id
    filled = {name: value.format(**ids) for name, value in body.items()}
    with pytest.raises(AssertionError, match=error):
        await ana.wire.post(path.format(**ids), **filled)


async def test_an_unknown_person_sees_nothing(sandbox: Sandbox) -> None:
    async with Person(sandbox.address, "U1") as nobody:
        with pytest.raises(AssertionError, match="Nobody here has the id U1"):
            await nobody.workspace()


async def test_a_body_that_is_no_object_is_refused(sandbox: Sandbox) -> None:
    url = f"{sandbox.address}/client/api/commands"
    async with aiohttp.ClientSession() as session:
        for body in (b"{", b"[]"):
            async with session.post(url, data=body) as answer:
                assert answer.status == 400
                assert (await answer.json())["error"] == "invalid_json"


async def test_other_web_pages_cannot_drive_it(sandbox: Sandbox, ana: Person) -> None:
    url = f"{sandbox.address}/client/api/commands"
    body = {"as": ana.id, "channel": "x", "text": "/hello"}
    async with aiohttp.ClientSession() as session:
        for headers in (
            {"Origin": "https://evil.test"},
            {"Origin": "null"},
            {"Host": "evil.test"},
            {"Host": "127.0.0.1.evil.test"},
        ):
            async with session.post(url, json=body, headers=headers) as answer:
                assert answer.status == 403
        own = {"Origin": sandbox.address}
        async with session.post(url, json=body, headers=own) as answer:
            assert answer.status == 404


async def test_the_page_and_its_files_are_served(sandbox: Sandbox) -> None:
    assert (CLIENT / "index.html").exists()
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{sandbox.address}/") as answer:
            assert answer.content_type == "text/html"
        async with session.get(f"{sandbox.address}/client/index.html") as answer:
            assert answer.status == 200
        async with session.get(f"{sandbox.address}/client/nothing.js") as answer:
            assert answer.status == 404


async def test_an_app_without_interactivity_is_not_asked() -> None:
    app = manifest()
    app["settings"]["interactivity"]["is_enabled"] = False
    async with (
        Sandbox(manifest=app, workspace=workspace()).running() as sandbox,
        BoltApp(sandbox).running(),
    ):
        ana = await sandbox.person("ana")
        with pytest.raises(AssertionError, match="not configured to handle interactive"):
            await ana.shortcut("Start")
