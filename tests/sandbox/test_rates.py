"""Slack's rate limits, met by slack_sdk's client; the clock moves, nobody waits."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.clock import Clock
from bot.sandbox.methods.call import Tier
from bot.sandbox.methods.table import METHODS
from bot.sandbox.person import Person
from bot.sandbox.rates import Limits
from bot.sandbox.server import Sandbox

from .apps import Receiver
from .workspaces import manifest, workspace

POST = "chat.postMessage"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    limits = Limits(burst=3, messages=8, events=3)
    stand_in = Sandbox(manifest=manifest(), workspace=workspace(), rates=limits)
    async with stand_in.running():
        yield stand_in


async def refusal(client: AsyncWebClient, method: str, **args: object) -> int:
    """How many seconds the client is told to wait."""
    with pytest.raises(SlackApiError) as error:
        await client.api_call(method, json=args)
    answer = error.value.response
    assert answer.status_code == 429
    assert answer.data == {"ok": False, "error": "ratelimited"}
    return int(answer.headers["Retry-After"])


@pytest.mark.parametrize("method", ["users.list", "conversations.list", "usergroups.list"])
@pytest.mark.proves("calls of a method", "ratelimited")
async def test_tier_two_takes_twenty_calls_a_minute(
    sandbox: Sandbox, client: AsyncWebClient, method: str
) -> None:
    for _ in range(20):
        await client.api_call(method)
    assert 55 <= await refusal(client, method) <= 60

    sandbox.clock.advance(60)
    assert (await client.api_call(method))["ok"]


@pytest.mark.parametrize(
    ("method", "argument"), [("conversations.open", "users"), ("users.info", "user")]
)
@pytest.mark.proves("calls of a method", "ratelimited")
async def test_a_method_takes_as_many_calls_as_its_tier(
    sandbox: Sandbox, client: AsyncWebClient, method: str, argument: str
) -> None:
    given = {argument: sandbox.people.user("ana").id}
    for _ in range(METHODS[method].tier):
        await client.api_call(method, json=given)
    await refusal(client, method, **given)


@pytest.mark.proves("calls of a method")
async def test_each_method_is_counted_by_itself(client: AsyncWebClient) -> None:
    for _ in range(20):
        await client.users_list()
    await refusal(client, "users.list")
    assert (await client.conversations_list())["ok"]


async def test_a_refused_call_does_not_count(sandbox: Sandbox, client: AsyncWebClient) -> None:
    for _ in range(20):
        await client.users_list()
    sandbox.clock.advance(59)
    for _ in range(5):
        assert await refusal(client, "users.list") == 1
    sandbox.clock.advance(1)
    for _ in range(20):
        assert (await client.users_list())["ok"]


@pytest.mark.proves("calls of a method")
async def test_the_room_comes_back_call_by_call(sandbox: Sandbox, client: AsyncWebClient) -> None:
    for _ in range(10):
        await client.users_list()
    sandbox.clock.advance(40)
    for _ in range(10):
        await client.users_list()
    assert await refusal(client, "users.list") <= 20
    sandbox.clock.advance(20)
    for _ in range(10):
        assert (await client.users_list())["ok"]
    await refusal(client, "users.list")


@pytest.mark.proves("messages in a channel", "ratelimited")
@pytest.mark.proves("messages in a channel")
async def test_a_channel_takes_a_short_burst_and_then_one_message_a_second(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    for n in range(3):
        await client.chat_postMessage(channel="#general", text=f"{n}")
    assert await refusal(client, POST, channel="#general", text="too many") <= 3
    assert (await client.chat_postMessage(channel="#triage", text="elsewhere"))["ok"]

    sandbox.clock.advance(3)
    assert (await client.chat_postMessage(channel="#general", text="3"))["ok"]


@pytest.mark.parametrize("place", ["general", "ana"])
@pytest.mark.proves("messages in a channel", "ratelimited")
async def test_a_place_is_counted_once_under_all_its_names(
    sandbox: Sandbox, client: AsyncWebClient, place: str
) -> None:
    if place == "general":
        names = ["#general", "general", sandbox.people.channel("general").id]
    else:
        ana = sandbox.people.user("ana").id
        opened = await client.conversations_open(users=ana)
        names = [ana, opened["channel"]["id"], ana]
    for name in names:
        await client.chat_postMessage(channel=name, text="x")
    await refusal(client, POST, channel=names[1], text="too many")


@pytest.mark.proves("messages in the workspace", "ratelimited")
@pytest.mark.proves("messages in the workspace")
async def test_the_workspace_has_a_limit_over_all_channels(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    for channel in ("#general", "#triage", "#leads", "#general"):
        for _ in range(2):
            await client.chat_postMessage(channel=channel, text="x")
        sandbox.clock.advance(3)
    assert 45 <= await refusal(client, POST, channel="#triage", text="too many") <= 60


@pytest.mark.proves("calls of a method")
async def test_a_client_that_waits_as_it_is_told_is_never_refused_twice() -> None:
    """On a clock sixty times as fast a minute is a second, and so says Retry-After."""
    stand_in = Sandbox(manifest=manifest(), workspace=workspace(), clock=Clock(speed=60))
    async with stand_in.running():
        client = AsyncWebClient(
            token=stand_in.bot_token,
            base_url=stand_in.api_address,
            retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=1)],
        )
        for _ in range(25):
            assert (await client.users_list())["ok"]
        told = [r for r in stand_in.world.inspector.after(0) if r["status"] == 429]
        assert len(told) >= 1


async def test_a_faster_clock_hurries_retries() -> None:
    stand_in = Sandbox(manifest=manifest(), workspace=workspace(), clock=Clock(speed=6_000))
    async with stand_in.running(), Receiver(stand_in).running() as receiver:
        receiver.reply = lambda _delivered: web.Response(status=500)
        ana = await stand_in.person("ana")
        await ana.says("hello", in_="#general")
        numbers = [(await receiver.next_event()).headers.get("X-Slack-Retry-Num") for _ in range(4)]
        assert numbers == [None, "1", "2", "3"]


async def test_a_faster_clock_leaves_an_app_its_three_seconds() -> None:
    stand_in = Sandbox(manifest=manifest(), workspace=workspace(), clock=Clock(speed=10_000))
    trigger = stand_in.world.triggers.give("U1")
    assert stand_in.world.triggers.look(trigger).user_id == "U1"


def test_a_clock_that_stands_still_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        Clock(speed=0)


async def test_without_rates_nothing_is_refused() -> None:
    stand_in = Sandbox(manifest=manifest(), workspace=workspace(), rates=None)
    async with stand_in.running():
        client = AsyncWebClient(token=stand_in.bot_token, base_url=stand_in.api_address)
        for _ in range(Tier.two + 1):
            assert (await client.users_list())["ok"]
            assert (await client.chat_postMessage(channel="#general", text="x"))["ok"]


@pytest.mark.proves("events an hour", "app_rate_limited")
@pytest.mark.proves("events an hour")
async def test_beyond_an_hours_events_the_app_is_told_that_it_hears_no_more(
    sandbox: Sandbox, receiver: Receiver, ana: Person
) -> None:
    for n in range(5):
        await ana.says(f"line {n}", in_="#general")
    heard = [(await receiver.next_event()).json for _ in range(4)]
    limited = next(each for each in heard if each["type"] == "app_rate_limited")
    assert limited["team_id"] == sandbox.world.directory.team.id
    assert limited["minute_rate_limited"] % 60 == 0
    said = {each["event"]["text"] for each in heard if each is not limited}
    assert said == {"line 0", "line 1", "line 2"}
    await sandbox.world.events.settle()
    assert receiver.has_no_event()

    sandbox.clock.advance(3600)
    await ana.says("and on", in_="#general")
    assert (await receiver.next_event()).json["event"]["text"] == "and on"
