import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_bolt import Ack
from slack_bolt.async_app import AsyncAck, AsyncSay
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.json_types import Json
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox

from .apps import Receiver
from .forms import customer_field, form, note, text_field
from .socket_apps import SocketApp, address, synchronous_app, wire
from .workspaces import manifest, workspace


@pytest.fixture
async def socket_app(sandbox: Sandbox) -> AsyncIterator[SocketApp]:
    async with SocketApp(sandbox).running() as app:
        yield app


@pytest.mark.proves("Socket Mode")
@pytest.mark.proves("apps.connections.open")
async def test_an_address_is_given_for_the_app_token_and_is_good_once(sandbox: Sandbox) -> None:
    url = await address(sandbox)
    assert url.startswith(sandbox.address.replace("http", "ws") + "/link/?ticket=")
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as socket:
            hello = await socket.receive_json()
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(url)
    assert refused.value.status == 403
    assert hello["type"] == "hello"
    assert hello["num_connections"] == 1
    assert hello["connection_info"] == {"app_id": sandbox.world.directory.app.app_id}


@pytest.mark.proves("apps.connections.open")
async def test_an_address_is_good_for_a_minute(sandbox: Sandbox) -> None:
    url = await address(sandbox)
    sandbox.clock.advance(61)
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


@pytest.mark.parametrize(
    ("token", "error"),
    [("bot", "not_allowed_token_type"), ("", "not_authed"), ("xapp-wrong", "invalid_auth")],
)
@pytest.mark.proves("apps.connections.open", "{error}")
async def test_only_the_app_token_opens_a_connection(
    sandbox: Sandbox, token: str, error: str
) -> None:
    client = AsyncWebClient(base_url=sandbox.api_address)
    given = sandbox.bot_token if token == "bot" else token
    with pytest.raises(SlackApiError, match=f"'{error}'"):
        await client.apps_connections_open(app_token=given)


@pytest.mark.proves("apps.connections.open", "not_authed")
async def test_the_app_token_is_not_taken_from_the_body(sandbox: Sandbox) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            sandbox.api_address + "apps.connections.open", data={"token": sandbox.app_token}
        ) as answer,
    ):
        assert (await answer.json())["error"] == "not_authed"


@pytest.mark.proves("Socket Mode")
async def test_a_command_comes_in_an_envelope_and_its_answer_goes_in_the_acknowledgement(
    sandbox: Sandbox, ana: Person
) -> None:
    async with wire(sandbox) as line:
        asking = asyncio.create_task(ana.command("/hello you", in_="#general"))
        envelope = await line.next()
        assert envelope["type"] == "slash_commands"
        assert envelope["accepts_response_payload"] is True
        assert envelope["payload"]["text"] == "you"
        assert envelope["payload"]["response_url"].startswith(f"{sandbox.address}/commands/")
        await line.acknowledge(envelope, {"text": "Hello you"})
        answer = await asking
    assert (answer.text, answer.is_private) == ("Hello you", True)


@pytest.mark.proves("Socket Mode")
async def test_an_event_comes_in_an_envelope(sandbox: Sandbox, ana: Person) -> None:
    async with wire(sandbox) as line:
        await ana.says("hello", in_="#general")
        envelope = await line.next()
        await line.acknowledge(envelope)
    assert envelope["type"] == "events_api"
    assert envelope["accepts_response_payload"] is False
    assert envelope["payload"]["event"]["text"] == "hello"
    assert (envelope["retry_attempt"], envelope["retry_reason"]) == (0, "")


@pytest.mark.proves("Socket Mode", "timeout")
async def test_an_event_that_is_not_acknowledged_comes_again(sandbox: Sandbox, ana: Person) -> None:
    sandbox.world.delivery.ack_limit = 0.05
    async with wire(sandbox) as line:
        await ana.says("hello", in_="#general")
        first = await line.next()
        again = await line.next()
        await line.acknowledge(again)
    assert again["payload"]["event_id"] == first["payload"]["event_id"]
    assert again["envelope_id"] != first["envelope_id"]
    assert (again["retry_attempt"], again["retry_reason"]) == (1, "timeout")


@pytest.mark.proves("Socket Mode")
async def test_a_late_acknowledgement_is_not_an_answer(sandbox: Sandbox, ana: Person) -> None:
    sandbox.world.delivery.ack_limit = 0.05
    async with wire(sandbox) as line:
        answer = await ana.command("/hello", in_="#general")
        assert answer.error == "operation_timeout"
        await line.acknowledge(await line.next(), {"text": "too late"})
        # Messages of one connection are read in order, so the late one was read by the next answer.
        sandbox.world.delivery.ack_limit = 3
        asking = asyncio.create_task(ana.command("/hello", in_="#general"))
        await line.acknowledge(await line.next(), {"text": "in time"})
        await asking
    assert await ana.reads("#general") == ["in time"]
    noted = [r for r in sandbox.world.inspector.after(0) if r["kind"] == "socket_mode"]
    assert [str(r["response"]).startswith("No envelope") for r in noted] == [True]


@pytest.mark.parametrize("words", ["no json", "[]", '{"envelope_id": "stranger"}'])
async def test_what_answers_no_envelope_is_noted_and_changes_nothing(
    sandbox: Sandbox, ana: Person, words: str
) -> None:
    async with wire(sandbox) as line:
        await line.say(words)
        asking = asyncio.create_task(ana.command("/hello", in_="#general"))
        await line.acknowledge(await line.next())
        assert (await asking).ok
    noted = [r["request"] for r in sandbox.world.inspector.after(0) if r["kind"] == "socket_mode"]
    assert noted == [words]


@pytest.mark.proves("Socket Mode")
async def test_an_envelope_whose_connection_dies_is_not_answered(
    sandbox: Sandbox, ana: Person
) -> None:
    async with wire(sandbox) as line:
        asking = asyncio.create_task(ana.command("/hello", in_="#general"))
        await line.next()
        await line.hang_up()
        assert (await asking).error == "dispatch_failed"
        await sandbox.world.sockets.connected([])
        assert not sandbox.world.sockets.is_open


@pytest.mark.proves("Socket Mode")
async def test_each_envelope_goes_to_one_connection_in_turn(sandbox: Sandbox, ana: Person) -> None:
    async with wire(sandbox) as one, wire(sandbox) as two:
        for line, words in ((one, "first"), (two, "second"), (one, "third")):
            asking = asyncio.create_task(ana.command(f"/hello {words}", in_="#general"))
            envelope = await line.next()
            assert envelope["payload"]["text"] == words
            await line.acknowledge(envelope)
            assert (await asking).ok


async def test_the_other_connection_serves_when_one_is_gone(sandbox: Sandbox, ana: Person) -> None:
    async with wire(sandbox) as one, wire(sandbox) as two:
        await one.hang_up()
        await sandbox.world.sockets.connected([2])
        asking = asyncio.create_task(ana.command("/hello", in_="#general"))
        await two.acknowledge(await two.next())
        assert (await asking).ok


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
@pytest.mark.proves("Socket Mode", "{reason}")
async def test_a_connection_that_is_to_end_says_why_and_gets_nothing_new(
    sandbox: Sandbox, ana: Person, reason: str
) -> None:
    async with wire(sandbox) as old:
        await sandbox.world.sockets.refresh(
            "warning" if reason == "warning" else "refresh_requested"
        )
        said = await old.next()
        assert (said["type"], said["reason"]) == ("disconnect", reason)
        async with wire(sandbox) as new:
            for _ in range(2):
                asking = asyncio.create_task(ana.command("/hello", in_="#general"))
                await new.acknowledge(await new.next())
                assert (await asking).ok
            await sandbox.clock.slept(by=1)
            sandbox.clock.advance(11)
            assert await old.end() is aiohttp.WSMsgType.CLOSE


@pytest.mark.proves("Socket Mode", "too_many_websockets")
async def test_an_eleventh_connection_is_refused(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        sockets = [await session.ws_connect(await address(sandbox)) for _ in range(10)]
        said = [await socket.receive_json() for socket in sockets]
        assert [hello["num_connections"] for hello in said] == list(range(1, 11))
        eleventh = await session.ws_connect(await address(sandbox))
        assert (await eleventh.receive_json())["reason"] == "too_many_websockets"
        assert (await eleventh.receive()).type is aiohttp.WSMsgType.CLOSE


@pytest.mark.proves("Socket Mode")
async def test_pings_are_answered(sandbox: Sandbox) -> None:
    url = await address(sandbox)
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url, autoping=False) as socket,
    ):
        await socket.receive_json()
        await socket.ping(b"still there")
        answer = await socket.receive(timeout=5)
    assert (answer.type, answer.data) == (aiohttp.WSMsgType.PONG, b"still there")


async def test_an_app_in_socket_mode_gets_nothing_over_http() -> None:
    app = manifest()
    app["settings"]["socket_mode_enabled"] = True
    async with Sandbox(manifest=app, workspace=workspace()).running() as sandbox:
        # A web server that would answer, so that only the manifest keeps deliveries from it.
        sandbox.request_url = sandbox.address
        ana = await sandbox.person("ana")
        assert (await ana.command("/hello", in_="#general")).error == "dispatch_failed"
        sent = [r for r in sandbox.world.inspector.after(0) if r["direction"] == "out"]
        assert [r["response"] for r in sent] == ["unreachable"]


@pytest.mark.proves("Socket Mode")
async def test_an_app_is_reached_over_http_when_it_holds_no_connection(
    receiver: Receiver, sandbox: Sandbox, ana: Person
) -> None:
    async with wire(sandbox) as line:
        asking = asyncio.create_task(ana.command("/hello", in_="#general"))
        await line.acknowledge(await line.next())
        assert (await asking).ok
        assert receiver.is_idle()
    await sandbox.world.sockets.connected([])
    assert (await ana.command("/hello again", in_="#general")).ok
    assert (await receiver.next()).form["text"] == "again"


@pytest.mark.proves("Socket Mode")
async def test_slack_sdks_client_answers_and_connects_anew(sandbox: Sandbox, ana: Person) -> None:
    async def answer(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        said = {"text": f"Hello {request.payload['text']}"}
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, said))

    client = SocketModeClient(
        app_token=sandbox.app_token, web_client=AsyncWebClient(base_url=sandbox.api_address)
    )
    client.socket_mode_request_listeners.append(answer)
    await client.connect()  # type: ignore[no-untyped-call]  # slack's own, without types
    try:
        assert (await ana.command("/hello one", in_="#general")).text == "Hello one"
        await sandbox.world.sockets.refresh()
        async with asyncio.timeout(5):
            await sandbox.world.sockets.connected([2])
        assert (await ana.command("/hello two", in_="#general")).text == "Hello two"
    finally:
        await client.close()  # type: ignore[no-untyped-call]  # slack's own, without types


@pytest.mark.proves("Socket Mode")
async def test_a_bolt_app_opens_a_modal_suggests_and_takes_the_form(
    socket_app: SocketApp, ana: Person
) -> None:
    sent: list[Json] = []

    @socket_app.command("/form")
    async def open_form(ack: AsyncAck, command: Json, client: AsyncWebClient) -> None:
        view = form(text_field(), customer_field())
        await client.views_open(trigger_id=command["trigger_id"], view=view)
        await ack()

    @socket_app.options("find_customer")
    async def find(ack: AsyncAck, payload: Json) -> None:
        option = {"text": {"type": "plain_text", "text": f"{payload['value']}'s"}, "value": "7"}
        await ack(options=[option])

    @socket_app.view("form")
    async def take(ack: AsyncAck, view: Json) -> None:
        sent.append(view["state"]["values"])
        if len(sent) == 1:
            await ack(response_action="errors", errors={"reason": "Say more"})
        else:
            await ack()

    assert (await ana.command("/form")).ok
    await ana.modal.fill(reason="because", customer="Joe's")
    assert await ana.modal.submit() == {"Why?": "Say more"}
    assert await ana.modal.submit(reason="because of the launch") is None
    assert not (await ana.modal.look()).is_open
    assert sent[-1]["customer"]["find_customer"]["selected_option"]["value"] == "7"
    assert sent[-1]["reason"]["text"]["value"] == "because of the launch"


@pytest.mark.proves("Socket Mode")
async def test_a_bolt_app_hears_a_press_and_an_event(
    socket_app: SocketApp, client: AsyncWebClient, ana: Person
) -> None:
    @socket_app.action("go")
    async def go(ack: AsyncAck, say: AsyncSay) -> None:
        await ack()
        await say("gone")

    @socket_app.message("ping")
    async def pong(say: AsyncSay) -> None:
        await say("pong")

    await client.chat_postMessage(channel="#general", text="?", blocks=[note("Ready?", "Go")])
    assert (await ana.press("Go", in_="#general")).ok
    assert await ana.sees("gone", in_="#general")
    await ana.says("ping", in_="#general")
    assert await ana.sees("pong", in_="#general")


async def test_a_bolt_app_that_fails_is_late(sandbox: Sandbox, ana: Person) -> None:
    app = SocketApp(sandbox)

    @app.command("/hello")
    async def hello() -> None:
        raise RuntimeError("mislaid")

    sandbox.world.delivery.ack_limit = 0.2
    async with app.running():
        assert (await ana.command("/hello", in_="#general")).error == "operation_timeout"


async def test_a_bolt_app_answers_after_its_connection_was_dropped(
    sandbox: Sandbox, ana: Person
) -> None:
    app = SocketApp(sandbox)

    @app.command("/hello")
    async def hello(ack: AsyncAck) -> None:
        await ack("still here")

    async with app.running():
        await sandbox.world.sockets.drop()
        async with asyncio.timeout(15):
            await sandbox.world.sockets.connected([2])
        assert (await ana.command("/hello", in_="#general")).text == "still here"


@pytest.mark.proves("Socket Mode")
async def test_a_synchronous_bolt_app_answers_and_connects_anew(
    sandbox: Sandbox, ana: Person
) -> None:
    async with synchronous_app(sandbox) as app:

        @app.command("/hello")
        def hello(ack: Ack, command: Json) -> None:
            ack(f"Hello {command['text']}")

        assert (await ana.command("/hello one", in_="#general")).text == "Hello one"
        await sandbox.world.sockets.refresh()
        async with asyncio.timeout(10):
            await sandbox.world.sockets.connected([2])
        assert (await ana.command("/hello two", in_="#general")).text == "Hello two"
