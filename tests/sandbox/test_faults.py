"""Faults of calls and of the workspace, met by slack_sdk's client."""

import asyncio
from typing import Literal

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox

from .apps import Receiver
from .workspaces import manifest, workspace

POST = "chat.postMessage"
HANGS_UP_AFTER = 0.2


@pytest.fixture
def once(sandbox: Sandbox) -> AsyncWebClient:
    """A client that never tries again by itself."""
    return AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_address, retry_handlers=[])


@pytest.fixture
def hasty(sandbox: Sandbox) -> AsyncWebClient:
    """A client that soon hangs up and never tries again by itself."""
    return AsyncWebClient(
        token=sandbox.bot_token,
        base_url=sandbox.api_address,
        timeout=HANGS_UP_AFTER,  # type: ignore[arg-type]  # aiohttp takes parts of seconds
        retry_handlers=[],
    )


def heard(sandbox: Sandbox, channel: str = "general") -> list[str]:
    """What the app said in a channel."""
    bot = sandbox.world.directory.app.bot_user_id
    log = sandbox.people.channel(channel).log
    return [m.text for m in log.messages if m.user == bot and m.subtype is None]


async def say(client: AsyncWebClient, words: str) -> None:
    await client.chat_postMessage(channel="#general", text=words)


@pytest.mark.proves("fault rate_limit")
@pytest.mark.proves("every call", "ratelimited")
async def test_a_burst_of_429_ends_after_so_many_calls(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    sandbox.faults.rate_limit(times=2, retry_after=7, method=POST)
    assert (await client.users_list())["ok"]
    for _ in range(2):
        with pytest.raises(SlackApiError, match="ratelimited") as error:
            await say(client, "hello")
        assert error.value.response.status_code == 429
        assert error.value.response.headers["Retry-After"] == "7"
    await say(client, "hello")
    assert heard(sandbox) == ["hello"]
    assert sandbox.faults.active == []


@pytest.mark.proves("fault rate_limit")
async def test_a_client_that_obeys_gets_through_a_burst(sandbox: Sandbox) -> None:
    patient = AsyncWebClient(
        token=sandbox.bot_token,
        base_url=sandbox.api_address,
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=3)],
    )
    sandbox.faults.rate_limit(times=3, retry_after=0)
    await say(patient, "hello")
    assert heard(sandbox) == ["hello"]


@pytest.mark.parametrize("accepted", [False, True])
@pytest.mark.proves("fault server_error")
async def test_a_500_may_come_before_or_after_the_message_is_accepted(
    sandbox: Sandbox, once: AsyncWebClient, *, accepted: bool
) -> None:
    sandbox.faults.server_error(method=POST, accepted=accepted)
    with pytest.raises(SlackApiError) as error:
        await say(once, "hello")
    assert error.value.response.status_code == 500
    assert heard(sandbox) == (["hello"] if accepted else [])


@pytest.mark.parametrize("accepted", [False, True])
@pytest.mark.proves("fault no_answer")
async def test_a_call_may_stay_without_an_answer(
    sandbox: Sandbox, hasty: AsyncWebClient, client: AsyncWebClient, *, accepted: bool
) -> None:
    sandbox.faults.no_answer(method=POST, accepted=accepted)
    with pytest.raises(TimeoutError):
        await say(hasty, "hello")
    await say(client, "and on")
    assert heard(sandbox) == (["hello", "and on"] if accepted else ["and on"])


@pytest.mark.proves("fault late_acceptance")
async def test_a_message_may_be_accepted_long_after_its_caller_gave_up(
    sandbox: Sandbox, hasty: AsyncWebClient, ana: Person
) -> None:
    sandbox.faults.late_acceptance(method=POST, seconds=20)
    with pytest.raises(TimeoutError):
        await say(hasty, "hello")
    await sandbox.clock.slept(by=1)
    sandbox.clock.advance(19)
    assert "hello" not in await ana.reads("#general")
    sandbox.clock.advance(1)
    assert await ana.sees("hello", in_="#general")


@pytest.mark.parametrize("accepted", [False, True])
@pytest.mark.proves("fault drop_connection")
async def test_a_connection_may_drop_before_or_after_the_message_is_accepted(
    sandbox: Sandbox, once: AsyncWebClient, *, accepted: bool
) -> None:
    sandbox.faults.drop_connection(method=POST, accepted=accepted)
    with pytest.raises((aiohttp.ServerDisconnectedError, ConnectionResetError)):
        await say(once, "hello")
    assert heard(sandbox) == (["hello"] if accepted else [])


async def test_slack_sdks_own_retry_repeats_a_message_whose_connection_dropped(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    sandbox.faults.drop_connection(method=POST, accepted=True)
    await say(client, "hello")
    assert heard(sandbox) == ["hello", "hello"]


@pytest.mark.proves("fault garbled_answer")
async def test_an_answer_may_be_cut_off(sandbox: Sandbox, once: AsyncWebClient) -> None:
    sandbox.faults.garbled_answer(method=POST)
    with pytest.raises((SlackApiError, SlackRequestError)):
        await say(once, "hello")
    assert heard(sandbox) == ["hello"]


@pytest.mark.proves("fault refuse")
async def test_a_call_may_be_refused_by_any_name(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.refuse("fatal_error", method=POST)
    with pytest.raises(SlackApiError, match="fatal_error"):
        await say(client, "hello")
    assert heard(sandbox) == []


async def test_faults_strike_in_the_order_they_were_asked_for(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    sandbox.faults.refuse("first")
    sandbox.faults.refuse("second")
    for error in ("first", "second"):
        with pytest.raises(SlackApiError, match=error):
            await client.users_list()
    assert (await client.users_list())["ok"]


async def test_a_fault_without_a_count_lasts_until_it_is_lifted(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    fault = sandbox.faults.server_error(times=None)
    for _ in range(5):
        with pytest.raises(SlackApiError):
            await client.users_list()
    sandbox.faults.lift(fault.id)
    assert (await client.users_list())["ok"]
    with pytest.raises(LookupError, match="over already"):
        sandbox.faults.lift(fault.id)


async def test_the_inspector_tells_what_a_fault_did(sandbox: Sandbox, once: AsyncWebClient) -> None:
    sandbox.faults.drop_connection(method=POST, accepted=True)
    with pytest.raises((aiohttp.ServerDisconnectedError, ConnectionResetError)):
        await say(once, "hello")
    (record,) = [r for r in sandbox.world.inspector.after(0) if r["direction"] == "in"]
    assert record["status"] is None
    assert record["response"] == {"fault": f"Connection dropped, though accepted: {POST}"}


@pytest.mark.proves("fault slow_network")
async def test_a_slow_network_brings_a_message_whose_caller_gave_up(
    sandbox: Sandbox, hasty: AsyncWebClient, client: AsyncWebClient, ana: Person
) -> None:
    sandbox.faults.slow_network(seconds=60, jitter=0, deliveries=False, times=1)
    with pytest.raises(TimeoutError):
        await say(hasty, "hello")
    await sandbox.clock.slept(by=1)
    assert heard(sandbox) == []
    sandbox.clock.advance(60)
    assert await ana.sees("hello", in_="#general")
    await say(client, "and on")
    assert heard(sandbox) == ["hello", "and on"]


@pytest.mark.proves("chat.postMessage", "is_archived")
@pytest.mark.proves("fault archive_channel")
async def test_an_archived_channel_comes_back_when_lifted(
    sandbox: Sandbox, receiver: Receiver, client: AsyncWebClient
) -> None:
    fault = sandbox.faults.archive_channel("general")
    assert (await receiver.next_event()).json["event"]["type"] == "channel_archive"
    with pytest.raises(SlackApiError, match="is_archived"):
        await say(client, "hello")
    with pytest.raises(LookupError, match="archived already"):
        sandbox.faults.archive_channel("general")
    sandbox.faults.lift(fault.id)
    assert (await receiver.next_event()).json["event"]["type"] == "channel_unarchive"
    await say(client, "hello")


@pytest.mark.proves("chat.postMessage", "not_in_channel")
@pytest.mark.proves("fault remove_app")
async def test_an_app_taken_out_of_a_channel_is_brought_back_when_lifted(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    fault = sandbox.faults.remove_app("general")
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await say(client, "hello")
    with pytest.raises(LookupError, match="not in #general"):
        sandbox.faults.remove_app("general")
    sandbox.faults.lift(fault.id)
    await say(client, "hello")


@pytest.mark.proves("conversations.open", "user_disabled")
@pytest.mark.proves("fault deactivate")
async def test_a_deactivated_person_is_back_in_their_channels_when_lifted(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    ana = sandbox.people.user("ana").id
    fault = sandbox.faults.deactivate("ana")
    with pytest.raises(SlackApiError, match="user_disabled"):
        await client.conversations_open(users=ana)
    assert ana not in sandbox.people.channel("general").members
    with pytest.raises(LookupError, match="no account"):
        sandbox.faults.deactivate("ana")
    sandbox.faults.lift(fault.id)
    assert (await client.conversations_open(users=ana))["ok"]
    assert ana in sandbox.people.channel("general").members


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive"])
@pytest.mark.proves("auth.test", "{error}")
@pytest.mark.proves("users.list", "{error}")
@pytest.mark.proves("fault revoke_token")
async def test_a_revoked_token_works_again_when_lifted(
    sandbox: Sandbox, client: AsyncWebClient, error: Literal["token_revoked", "account_inactive"]
) -> None:
    fault = sandbox.faults.revoke_token(error=error)
    for call in (client.auth_test, client.users_list):
        with pytest.raises(SlackApiError, match=error):
            await call()
    sandbox.faults.lift(fault.id)
    assert (await client.auth_test())["ok"]


@pytest.mark.proves("tokens_revoked")
async def test_an_app_that_asked_for_it_is_told_that_its_token_was_revoked() -> None:
    app = manifest()
    app["settings"]["event_subscriptions"]["bot_events"].append("tokens_revoked")
    async with (
        Sandbox(manifest=app, workspace=workspace()).running() as sandbox,
        Receiver(sandbox).running() as receiver,
    ):
        sandbox.faults.revoke_token()
        assert (await receiver.next_event()).json["event"]["type"] == "tokens_revoked"


async def test_an_unknown_method_has_no_faults(sandbox: Sandbox) -> None:
    with pytest.raises(LookupError, match=r"chat\.shout"):
        sandbox.faults.rate_limit(method="chat.shout")


async def test_what_faults_changed_is_not_kept_when_the_stand_in_stops() -> None:
    sandbox = Sandbox(manifest=manifest(), workspace=workspace())
    async with sandbox.running():
        sandbox.faults.archive_channel("general")
        sandbox.faults.deactivate("ana")
    assert not sandbox.people.channel("general").is_archived
    assert not sandbox.people.user("ana").deleted


async def test_a_call_without_an_answer_does_not_keep_the_stand_in_from_stopping() -> None:
    sandbox = Sandbox(manifest=manifest(), workspace=workspace())
    async with sandbox.running():
        patient = AsyncWebClient(
            token=sandbox.bot_token, base_url=sandbox.api_address, retry_handlers=[]
        )
        sandbox.faults.no_answer(method=POST)
        call = asyncio.create_task(say(patient, "hello"))
        assert await (await sandbox.person("ana")).sees("hello", in_="#general")
    with pytest.raises((aiohttp.ClientError, ConnectionResetError)):
        await call
