import asyncio
from datetime import date

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.json_types import Json
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox

from .apps import BoltApp, Receiver


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(text: str) -> Json:
    return {"text": plain(text), "value": text.lower()}


DECISION: list[Json] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "Move Joe's?"}},
    {
        "type": "actions",
        "block_id": "decision",
        "elements": [
            {
                "type": "button",
                "action_id": "approve",
                "text": plain("Approve"),
                "value": "17",
                "style": "primary",
            },
            {"type": "button", "action_id": "decline", "text": plain("Decline")},
            {
                "type": "static_select",
                "action_id": "week",
                "options": [option("Week 5"), option("Week 6")],
            },
            {"type": "overflow", "action_id": "more", "options": [option("Hand over")]},
            {"type": "datepicker", "action_id": "day"},
        ],
    },
]


async def ask(client: AsyncWebClient, channel: str = "#general") -> Json:
    answer = await client.chat_postMessage(channel=channel, text="Move Joe's?", blocks=DECISION)
    return dict(answer.data)  # type: ignore[arg-type]  # always a dictionary for JSON


@pytest.mark.proves("block_actions")
async def test_a_press_arrives_with_its_message(
    sandbox: Sandbox, receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    said = await ask(client)
    assert (await ana.press("Approve", in_="#general")).ok
    payload = (await receiver.next()).json
    assert payload["type"] == "block_actions"
    assert payload["user"]["id"] == ana.id
    assert payload["channel"] == {"id": said["channel"], "name": "general"}
    assert payload["container"] == {
        "type": "message",
        "message_ts": said["ts"],
        "channel_id": said["channel"],
        "is_ephemeral": False,
    }
    assert payload["message"]["ts"] == said["ts"]
    assert payload["team"]["domain"] == "bakery"
    (action,) = payload["actions"]
    assert action["action_ts"]
    del action["action_ts"]
    assert action == {
        "type": "button",
        "action_id": "approve",
        "block_id": "decision",
        "text": plain("Approve"),
        "value": "17",
        "style": "primary",
    }
    assert payload["state"]["values"]["decision"]["day"] == {
        "type": "datepicker",
        "selected_date": None,
    }
    assert payload["response_url"].startswith(f"{sandbox.address}/actions/T")


@pytest.mark.proves("block_actions")
async def test_choices_arrive_as_the_app_wrote_them(
    receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    await ask(client)
    await ana.choose("Week 6", in_="#general")
    payload = (await receiver.next()).json
    assert payload["actions"][0]["selected_option"] == option("Week 6")
    assert payload["state"]["values"]["decision"]["week"]["selected_option"] == option("Week 6")

    await ana.choose("Hand over", in_="#general")
    payload = (await receiver.next()).json
    assert payload["actions"][0]["type"] == "overflow"
    assert payload["actions"][0]["selected_option"] == option("Hand over")

    await ana.set("day", date(2022, 2, 7), in_="#general")
    payload = (await receiver.next()).json
    assert payload["actions"][0]["selected_date"] == "2022-02-07"


async def test_what_is_not_offered_cannot_be_chosen(
    receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    said = await ask(client)
    container = {"channel": said["channel"], "ts": said["ts"]}
    for action, value in (
        ("week", {"type": "static_select", "selected_option": option("Week 9")}),
        ("more", {"type": "overflow", "selected_option": option("Delete")}),
    ):
        with pytest.raises(AssertionError, match="not one of the options"):
            await ana.wire.post(
                "actions",
                container=container,
                block_id="decision",
                action_id=action,
                value=value,
            )
    assert receiver.is_idle()


@pytest.mark.proves("chat.update")
async def test_buttons_disappear_when_the_app_updates_its_message(
    app: BoltApp, client: AsyncWebClient, ana: Person, bo: Person
) -> None:
    @app.action("approve")
    async def approve(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        where, ts = body["channel"]["id"], body["message"]["ts"]
        await client.chat_update(channel=where, ts=ts, text=f"Approved by <@{body['user']['id']}>")
        await ack()

    await ask(client)
    await ana.press("Approve", in_="#general")
    assert await bo.sees("Approved by @Ana Ito", in_="#general")
    bo.patience = 0.1
    with pytest.raises(AssertionError, match="Nothing to press says 'Approve'"):
        await bo.press("Approve", in_="#general")


@pytest.mark.proves("response_url")
async def test_an_ephemeral_answer_can_be_replaced_by_its_button(app: BoltApp, ana: Person) -> None:
    @app.command("/hello")
    async def hello(ack: AsyncAck) -> None:
        await ack(text="Move Joe's?", blocks=DECISION)

    @app.action("decline")
    async def decline(ack: AsyncAck, body: Json, respond: AsyncRespond) -> None:
        assert body["container"]["is_ephemeral"] is True
        assert "message" not in body
        await respond("Declined", replace_original=True)
        await ack()

    await ana.command("/hello", in_="#general")
    await ana.press("Decline", in_="#general")
    assert await ana.reads("#general") == ["Declined"]


@pytest.mark.proves("response_url")
async def test_a_response_to_a_press_is_private_unless_it_says_otherwise(
    app: BoltApp, client: AsyncWebClient, ana: Person, bo: Person
) -> None:
    @app.action("approve")
    async def approve(ack: AsyncAck, respond: AsyncRespond) -> None:
        await respond("only you", replace_original=False)
        await respond("all of you", response_type="in_channel", replace_original=False)
        await ack()

    await ask(client)
    answer = await ana.press("Approve", in_="#general")
    assert answer.text == "only you\nall of you"
    assert await bo.sees("all of you", in_="#general")
    assert "only you" not in await bo.reads("#general")


@pytest.mark.proves("response_url")
async def test_a_message_can_be_deleted_by_its_button(
    app: BoltApp, client: AsyncWebClient, ana: Person
) -> None:
    @app.action("decline")
    async def decline(ack: AsyncAck, respond: AsyncRespond) -> None:
        await respond(delete_original=True)
        await ack()

    await ask(client)
    await ana.press("decline", in_="#general")
    assert await ana.messages("#general") == []


@pytest.mark.proves("block_actions", "operation_timeout")
async def test_a_late_press_says_so(
    sandbox: Sandbox, receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    await ask(client)
    sandbox.world.delivery.ack_limit = 0.05
    receiver.held = asyncio.Event()
    answer = await ana.press("Approve", in_="#general")
    receiver.held.set()
    assert answer.error == "operation_timeout"
    assert answer.words == "Operation timed out. Apps need to respond within three seconds."


@pytest.mark.proves("block_actions", "dispatch_failed")
async def test_a_failed_press_says_so(
    receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    await ask(client)
    receiver.reply = lambda _delivered: web.Response(status=500)
    assert (await ana.press("Approve", in_="#general")).error == "dispatch_failed"


@pytest.mark.proves("chat.delete")
async def test_a_press_on_something_gone_is_refused(client: AsyncWebClient, ana: Person) -> None:
    said = await ask(client)
    press = {
        "container": {"channel": said["channel"], "ts": said["ts"]},
        "block_id": "decision",
        "action_id": "approve",
    }
    with pytest.raises(AssertionError, match="element_not_found"):
        await ana.wire.post("actions", **(press | {"action_id": "nothing"}))
    await client.chat_delete(channel=said["channel"], ts=said["ts"])
    with pytest.raises(AssertionError, match="message_not_found"):
        await ana.wire.post("actions", **press)


@pytest.mark.proves("block_suggestion")
async def test_a_typeahead_on_a_message_asks_the_app(
    app: BoltApp, client: AsyncWebClient, ana: Person
) -> None:
    typeahead = {"type": "external_select", "action_id": "who", "min_query_length": 2}
    block = {"type": "actions", "block_id": "find", "elements": [typeahead]}
    await client.chat_postMessage(channel="#general", text="Who?", blocks=[block])

    @app.options("who")
    async def who(ack: AsyncAck, payload: Json) -> None:
        group = {"label": plain("People"), "options": [option(f"{payload['value']}e")]}
        await ack(option_groups=[group])

    chosen: list[str] = []

    @app.action("who")
    async def choose(ack: AsyncAck, action: Json) -> None:
        chosen.append(action["selected_option"]["value"])
        await ack()

    await ana.set("who", "Jo", in_="#general")
    assert chosen == ["joe"]


@pytest.mark.proves("shortcut")
@pytest.mark.proves("message_action")
async def test_shortcuts_arrive(receiver: Receiver, client: AsyncWebClient, ana: Person) -> None:
    await ana.shortcut("Start")
    payload = (await receiver.next()).json
    assert (payload["type"], payload["callback_id"]) == ("shortcut", "start")
    assert payload["trigger_id"]

    said = await ask(client)
    (message,) = await ana.messages("#general")
    await ana.message_shortcut("Keep", message, in_="#general")
    payload = (await receiver.next()).json
    assert (payload["type"], payload["callback_id"]) == ("message_action", "keep")
    assert payload["message"]["ts"] == payload["message_ts"] == said["ts"]
    assert payload["channel"]["id"] == said["channel"]


async def test_a_shortcut_that_is_not_there_is_named(ana: Person) -> None:
    with pytest.raises(AssertionError, match="There are: Start, Keep"):
        await ana.shortcut("Stop")
    with pytest.raises(AssertionError, match="chosen on a message"):
        await ana.wire.post("shortcuts", callback_id="keep")
