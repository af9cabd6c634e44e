import asyncio
import hashlib
import hmac
import time

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.json_types import Json
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox

from .apps import BoltApp, Receiver


@pytest.mark.proves("slash command")
async def test_a_command_arrives_signed_and_whole(
    sandbox: Sandbox, receiver: Receiver, ana: Person
) -> None:
    await ana.command("/hello  Joe's Pizza & co ", in_="#general")
    delivered = await receiver.next()

    timestamp = delivered.headers["X-Slack-Request-Timestamp"]
    assert abs(time.time() - int(timestamp)) < 60
    signed = f"v0:{timestamp}:".encode() + delivered.body
    expected = hmac.new(sandbox.signing_secret.encode(), signed, hashlib.sha256).hexdigest()
    assert delivered.headers["X-Slack-Signature"] == f"v0={expected}"
    verifier = SignatureVerifier(sandbox.signing_secret)
    assert verifier.is_valid_request(delivered.body, dict(delivered.headers))

    assert delivered.headers["Content-Type"] == "application/x-www-form-urlencoded"
    form = delivered.form
    assert form["command"] == "/hello"
    assert form["text"] == "Joe's Pizza & co"
    assert form["user_id"] == ana.id
    assert form["user_name"] == "ana"
    assert form["channel_name"] == "general"
    assert form["api_app_id"] == sandbox.world.directory.app.app_id
    assert form["trigger_id"].count(".") == 2
    assert form["response_url"].startswith(f"{sandbox.address}/commands/T")


@pytest.mark.parametrize(("place", "name"), [("#leads", "privategroup"), ("DM", "directmessage")])
@pytest.mark.proves("slash command")
async def test_private_places_are_not_named(
    receiver: Receiver, bo: Person, place: str, name: str
) -> None:
    await bo.command("/hello", in_=place)
    assert (await receiver.next()).form["channel_name"] == name


@pytest.mark.proves("slash command")
async def test_words_in_the_ack_are_seen_by_the_asker_only(
    app: BoltApp, ana: Person, bo: Person
) -> None:
    @app.command("/hello")
    async def hello(ack: AsyncAck, command: Json) -> None:
        await ack(f"Hello <@{command['user_id']}>")

    answer = await ana.command("/hello", in_="#general")
    assert answer.ok
    assert answer.text == "Hello @Ana Ito"
    assert answer.is_private
    assert await bo.reads("#general") == []


@pytest.mark.proves("slash command")
async def test_an_ack_can_speak_to_the_channel_in_blocks(
    app: BoltApp, ana: Person, bo: Person
) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*Hello* all"}}]

    @app.command("/hello")
    async def hello(ack: AsyncAck) -> None:
        await ack(text="Hello all", blocks=blocks, response_type="in_channel")

    answer = await ana.command("/hello", in_="#general")
    assert not answer.is_private
    assert answer.blocks[0]["text"]["text"] == "*Hello* all"
    assert await bo.sees("*Hello* all", in_="#general")


@pytest.mark.proves("slash command")
async def test_an_empty_ack_says_nothing(app: BoltApp, ana: Person) -> None:
    @app.command("/hello")
    async def hello(ack: AsyncAck) -> None:
        await ack()

    answer = await ana.command("/hello", in_="#general")
    assert (answer.ok, answer.text, answer.messages) == (True, "", [])


@pytest.mark.proves("slash command")
async def test_a_plain_text_ack_is_seen(receiver: Receiver, ana: Person) -> None:
    receiver.reply = lambda _delivered: web.Response(text="just words")
    assert (await ana.command("/hello", in_="#general")).text == "just words"


@pytest.mark.proves("slash command", "operation_timeout")
async def test_a_late_app_is_said_to_be_late(
    sandbox: Sandbox, receiver: Receiver, ana: Person
) -> None:
    sandbox.world.delivery.ack_limit = 0.05
    receiver.held = asyncio.Event()
    answer = await ana.command("/hello", in_="#general")
    receiver.held.set()
    assert answer.error == "operation_timeout"
    assert answer.words == '/hello failed with the error "operation_timeout"'


@pytest.mark.proves("slash command", "dispatch_failed")
async def test_a_failing_app_is_said_to_fail(receiver: Receiver, ana: Person) -> None:
    receiver.reply = lambda _delivered: web.Response(status=500)
    answer = await ana.command("/hello", in_="#general")
    assert answer.error == "dispatch_failed"
    assert answer.text == '/hello failed with the error "dispatch_failed"'


@pytest.mark.parametrize("url", [None, "http://127.0.0.1:9/slack/events"])
@pytest.mark.proves("slash command", "dispatch_failed")
async def test_an_app_that_cannot_be_reached_is_said_to_fail(
    sandbox: Sandbox, ana: Person, url: str | None
) -> None:
    sandbox.request_url = url
    assert (await ana.command("/hello", in_="#general")).error == "dispatch_failed"


@pytest.mark.proves("slash command", "unknown_command")
async def test_an_unknown_command_is_not_delivered(receiver: Receiver, ana: Person) -> None:
    answer = await ana.command("/status", in_="#general")
    assert answer.error == "unknown_command"
    assert answer.words.startswith("/status is not a valid command here.")
    assert receiver.is_idle()


@pytest.mark.proves("slash command", "invalid_blocks")
async def test_blocks_that_slack_refuses_fail_the_command(app: BoltApp, ana: Person) -> None:
    @app.command("/hello")
    async def hello(ack: AsyncAck) -> None:
        await ack(text="x", blocks=[{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}])

    answer = await ana.command("/hello", in_="#general")
    assert answer.error == "invalid_blocks"
    assert answer.messages == []


async def test_a_message_posted_before_the_ack_is_part_of_the_answer(
    app: BoltApp, ana: Person
) -> None:
    @app.command("/hello")
    async def hello(ack: AsyncAck, client: AsyncWebClient, command: Json) -> None:
        await client.chat_postMessage(channel=command["channel_id"], text="posted")
        await ack("acked")

    answer = await ana.command("/hello", in_="#general")
    assert answer.text == "posted\nacked"
    assert "acked" in answer


@pytest.mark.proves("response_url")
@pytest.mark.proves("response_url", "used_url")
async def test_a_response_url_answers_five_times(app: BoltApp, ana: Person) -> None:
    kept: list[AsyncRespond] = []

    @app.command("/hello")
    async def hello(ack: AsyncAck, respond: AsyncRespond) -> None:
        kept.append(respond)
        await ack()

    await ana.command("/hello", in_="#general")
    for n in range(5):
        assert (await kept[0](f"number {n}")).status_code == 200
    refused = await kept[0]("number 5")
    assert refused.status_code == 404
    assert "used_url" in refused.body
    assert await ana.reads("#general") == [f"number {n}" for n in range(5)]


@pytest.mark.proves("response_url", "expired_url")
async def test_a_response_url_ends_after_thirty_minutes(
    sandbox: Sandbox, app: BoltApp, ana: Person
) -> None:
    kept: list[AsyncRespond] = []

    @app.command("/hello")
    async def hello(ack: AsyncAck, respond: AsyncRespond) -> None:
        kept.append(respond)
        await ack()

    await ana.command("/hello", in_="#general")
    sandbox.clock.advance(29 * 60)
    assert (await kept[0]("in time")).status_code == 200
    sandbox.clock.advance(2 * 60)
    assert "expired_url" in (await kept[0]("late")).body
    assert await ana.reads("#general") == ["in time"]


@pytest.mark.proves("response_url")
async def test_a_response_can_replace_and_delete_the_answer(app: BoltApp, ana: Person) -> None:
    kept: list[AsyncRespond] = []

    @app.command("/hello")
    async def hello(ack: AsyncAck, respond: AsyncRespond) -> None:
        kept.append(respond)
        await ack("working on it")

    await ana.command("/hello", in_="#general")
    await kept[0]("done", replace_original=True)
    assert await ana.reads("#general") == ["done"]
    await kept[0](delete_original=True)
    assert await ana.reads("#general") == []


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        ({}, "no_text"),
        ({"text": "x", "blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
    ],
)
@pytest.mark.proves("response_url", "{error}")
async def test_an_odd_response_is_refused(
    receiver: Receiver, ana: Person, payload: Json, error: str
) -> None:
    await ana.command("/hello", in_="#general")
    url = (await receiver.next()).form["response_url"]
    async with ana.wire.session.post(url, json=payload) as answer:
        assert answer.status == 404
        assert (await answer.json())["error"] == error


async def test_a_deactivated_person_cannot_act(sandbox: Sandbox, ana: Person) -> None:
    sandbox.people.deactivate("ana")
    with pytest.raises(AssertionError, match="Ana Ito's account is deactivated"):
        await ana.command("/hello", in_="DM")


@pytest.mark.proves("slash command")
async def test_fifty_commands_at_once_are_all_answered(
    sandbox: Sandbox, app: BoltApp, ana: Person
) -> None:
    sandbox.world.delivery.ack_limit = 20  # fifty at once are many for a busy machine

    @app.command("/hello")
    async def hello(ack: AsyncAck, command: Json) -> None:
        await ack(command["text"])

    watching = asyncio.create_task(ana.sees("number 49", in_="#general"))
    await asyncio.gather(*(ana.command(f"/hello number {n}", in_="#general") for n in range(50)))
    assert await watching
    assert len(await ana.reads("#general")) == 50


async def test_people_invite_the_app_and_each_other_as_in_slack(
    app: BoltApp, sandbox: Sandbox, ana: Person
) -> None:
    bot = sandbox.world.directory.app.bot_user_id
    channel = sandbox.people.channel("quiet")
    assert bot not in channel.members

    unknown = await ana.command("/invite @nobody", in_="#quiet")
    assert unknown.words == "There is nobody called @nobody. Write /invite @name."
    name = sandbox.world.directory.users[bot].name
    assert (await ana.command(f"/invite @{name}", in_="#quiet")).ok
    assert bot in channel.members
    assert not (await ana.command("/invite @ana", in_="DM")).ok
