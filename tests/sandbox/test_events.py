import asyncio

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncSay
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.json_types import Json
from bot.sandbox.person import Person
from bot.sandbox.seed import Kind, UserSeed
from bot.sandbox.server import Sandbox

from .apps import BoltApp, Receiver
from .workspaces import manifest, workspace


@pytest.mark.proves("events")
@pytest.mark.proves("message.channels")
async def test_a_message_arrives_in_slacks_envelope(
    sandbox: Sandbox, receiver: Receiver, ana: Person
) -> None:
    said = await ana.says("hello", in_="#general")
    delivered = await receiver.next_event()
    verifier = SignatureVerifier(sandbox.signing_secret)
    assert verifier.is_valid_request(delivered.body, dict(delivered.headers))
    envelope = delivered.json
    identity = sandbox.world.directory.app
    assert envelope["type"] == "event_callback"
    assert envelope["event_id"].startswith("Ev")
    assert envelope["api_app_id"] == identity.app_id
    assert envelope["authorizations"][0]["user_id"] == identity.bot_user_id
    event = envelope["event"]
    assert (event["type"], event["channel_type"]) == ("message", "channel")
    assert (event["text"], event["user"], event["ts"]) == ("hello", ana.id, said["ts"])


@pytest.mark.proves("message.im")
async def test_a_bolt_app_answers_a_message(app: BoltApp, ana: Person) -> None:
    @app.message("ping")
    async def pong(say: AsyncSay) -> None:
        await say("pong")

    await ana.says("ping", in_="DM")
    assert await ana.sees("pong", in_="DM")


@pytest.mark.parametrize(
    ("place", "kind"), [("#leads", "group"), ("DM", "im"), ("#general", "channel")]
)
async def test_each_kind_of_place_has_its_own_event(
    receiver: Receiver, bo: Person, place: str, kind: str
) -> None:
    await bo.says("x", in_=place)
    assert (await receiver.next_event()).json["event"]["channel_type"] == kind


@pytest.mark.parametrize("place", ["#quiet", "@bo"])
async def test_nothing_is_told_of_places_without_the_app(
    receiver: Receiver, ana: Person, place: str
) -> None:
    await ana.says("private", in_=place)
    await ana.says("told", in_="#general")
    assert (await receiver.next_event()).json["event"]["text"] == "told"


@pytest.mark.proves("app_mention")
async def test_a_mention_is_told_as_well(sandbox: Sandbox, receiver: Receiver, ana: Person) -> None:
    bot = sandbox.world.directory.app.bot_user_id
    await ana.says(f"<@{bot}> help", in_="#general")
    events = [(await receiver.next_event()).json["event"] for _ in range(2)]
    mention = next(event for event in events if event["type"] == "app_mention")
    assert mention["text"] == f"<@{bot}> help"


@pytest.mark.proves("message.channels")
async def test_changes_and_deletions_are_told(receiver: Receiver, client: AsyncWebClient) -> None:
    said = await client.chat_postMessage(channel="#general", text="one")
    await client.chat_update(channel=said["channel"], ts=said["ts"], text="two")
    await client.chat_delete(channel=said["channel"], ts=said["ts"])
    posted, changed, deleted = [(await receiver.next_event()).json["event"] for _ in range(3)]
    assert posted["bot_id"]
    assert changed["subtype"] == "message_changed"
    assert changed["message"]["text"] == "two"
    assert changed["previous_message"]["text"] == "one"
    assert deleted["subtype"] == "message_deleted"
    assert deleted["deleted_ts"] == said["ts"]


@pytest.mark.proves("events", "http_error")
async def test_a_failed_event_is_tried_at_once_then_after_one_and_five_minutes(
    sandbox: Sandbox, receiver: Receiver, ana: Person
) -> None:
    receiver.reply = lambda _delivered: web.Response(status=500)
    await ana.says("hello", in_="#general")
    first = await receiver.next_event()
    second = await receiver.next_event()
    assert "X-Slack-Retry-Num" not in first.headers
    assert second.headers["X-Slack-Retry-Num"] == "1"
    assert second.headers["X-Slack-Retry-Reason"] == "http_error"
    assert second.json["event_id"] == first.json["event_id"]

    await sandbox.clock.slept(by=1)
    sandbox.clock.advance(58)
    await ana.reads("#general")
    assert receiver.has_no_event()
    sandbox.clock.advance(2)
    assert (await receiver.next_event()).headers["X-Slack-Retry-Num"] == "2"
    await sandbox.clock.slept(by=1)
    sandbox.clock.advance(301)
    assert (await receiver.next_event()).headers["X-Slack-Retry-Num"] == "3"
    await sandbox.world.events.settle()
    assert receiver.has_no_event()


@pytest.mark.proves("events", "http_timeout")
async def test_a_late_answer_counts_as_a_time_out(
    sandbox: Sandbox, receiver: Receiver, ana: Person
) -> None:
    # Long enough for a busy machine to have the event arrive at all.
    sandbox.world.delivery.ack_limit = 1
    receiver.held = asyncio.Event()
    await ana.says("hello", in_="#general")
    await receiver.next_event()
    retried = await receiver.next_event()
    receiver.held.set()
    assert retried.headers["X-Slack-Retry-Reason"] == "http_timeout"


@pytest.mark.proves("events")
async def test_an_app_can_ask_not_to_be_told_again(
    sandbox: Sandbox, receiver: Receiver, ana: Person
) -> None:
    headers = {"X-Slack-No-Retry": "1"}
    receiver.reply = lambda _delivered: web.Response(status=500, headers=headers)
    await ana.says("hello", in_="#general")
    await receiver.next_event()
    await sandbox.world.events.settle()
    assert receiver.has_no_event()


@pytest.mark.proves("events", "connection_failed")
async def test_an_event_reaches_an_app_that_starts_late(sandbox: Sandbox, ana: Person) -> None:
    await ana.says("hello", in_="#general")
    await sandbox.clock.slept(by=1)
    async with Receiver(sandbox).running() as receiver:
        sandbox.clock.advance(61)
        delivered = await receiver.next_event()
    assert delivered.headers["X-Slack-Retry-Reason"] == "connection_failed"


@pytest.mark.proves("events")
async def test_only_what_was_subscribed_to_is_told() -> None:
    app = manifest(without=("channels:history",))
    async with (
        Sandbox(manifest=app, workspace=workspace()).running() as sandbox,
        Receiver(sandbox).running() as receiver,
    ):
        ana = await sandbox.person("ana")
        await ana.says("hello", in_="#general")
        await sandbox.world.events.settle()
        assert receiver.has_no_event()


@pytest.mark.proves("url_verification")
async def test_a_request_url_is_verified_as_slack_does(sandbox: Sandbox, app: BoltApp) -> None:
    assert app.name
    assert await sandbox.verify_request_url()


@pytest.mark.proves("url_verification")
async def test_a_request_url_that_does_not_answer_the_challenge_is_not_verified(
    sandbox: Sandbox, receiver: Receiver
) -> None:
    assert not await sandbox.verify_request_url()
    assert (await receiver.next_event()).json["type"] == "url_verification"


async def events(receiver: Receiver, count: int) -> list[Json]:
    return [(await receiver.next_event()).json["event"] for _ in range(count)]


@pytest.mark.proves("team_join")
@pytest.mark.proves("user_change")
async def test_hiring_and_leaving_are_told(sandbox: Sandbox, receiver: Receiver) -> None:
    sandbox.people.hire(UserSeed("eve", real_name="Eve New", kind=Kind.guest))
    sandbox.people.edit("eve", title="Helper")
    sandbox.people.deactivate("eve")
    sandbox.people.reactivate("eve")
    joined, edited, left, back = await events(receiver, 4)
    assert joined["type"] == "team_join"
    assert joined["user"]["is_restricted"] is True
    assert edited["type"] == left["type"] == back["type"] == "user_change"
    assert edited["user"]["profile"]["title"] == "Helper"
    assert (left["user"]["deleted"], back["user"]["deleted"]) == (True, False)
    with pytest.raises(AttributeError, match="password"):
        sandbox.people.edit("eve", password="x")
    with pytest.raises(LookupError, match="Nobody is called 'zoe'"):
        sandbox.people.deactivate("zoe")


@pytest.mark.proves("channel_created")
@pytest.mark.proves("channel_rename")
@pytest.mark.proves("channel_archive")
@pytest.mark.proves("channel_unarchive")
async def test_the_life_of_a_channel_is_told(sandbox: Sandbox, receiver: Receiver) -> None:
    channel = sandbox.people.create_channel("wave-5", by="bo")
    sandbox.people.rename_channel("wave-5", "wave-6")
    sandbox.people.archive("wave-6", by="bo")
    sandbox.people.unarchive("wave-6", by="bo")
    created, renamed, archived, back = await events(receiver, 4)
    assert created["type"] == "channel_created"
    assert created["channel"]["name"] == "wave-5"
    assert (renamed["type"], renamed["channel"]["name"]) == ("channel_rename", "wave-6")
    assert (archived["type"], archived["channel"]) == ("channel_archive", channel.id)
    assert back["type"] == "channel_unarchive"


@pytest.mark.proves("channel_shared")
@pytest.mark.proves("channel_unshared")
async def test_another_workspace_that_reads_along_is_told_of(
    sandbox: Sandbox, receiver: Receiver
) -> None:
    channel = sandbox.people.create_channel("wave-5", by="bo")
    sandbox.people.share("wave-5", team="T9")
    sandbox.people.unshare("wave-5", team="T9")
    _, shared, unshared = await events(receiver, 3)
    assert (shared["type"], shared["channel"]) == ("channel_shared", channel.id)
    assert shared["connected_team_id"] == unshared["previously_connected_team_id"] == "T9"
    assert (unshared["type"], unshared["is_ext_shared"]) == ("channel_unshared", False)


async def test_a_private_channel_is_not_told_of(sandbox: Sandbox, receiver: Receiver) -> None:
    sandbox.people.create_channel("hidden", by="bo", private=True)
    sandbox.people.rename_channel("hidden", "more-hidden")
    await sandbox.world.events.settle()
    assert receiver.has_no_event()


@pytest.mark.proves("chat.postMessage", "not_in_channel")
@pytest.mark.proves("member_joined_channel")
@pytest.mark.proves("member_left_channel")
async def test_coming_and_going_is_told(
    sandbox: Sandbox, receiver: Receiver, ana: Person, client: AsyncWebClient
) -> None:
    bot = sandbox.world.directory.app.bot_user_id
    sandbox.people.invite_app("quiet", by="ana")
    seen = await events(receiver, 2)
    joined = next(e for e in seen if e["type"] == "member_joined_channel")
    assert (joined["user"], joined["inviter"]) == (bot, ana.id)
    assert (await client.chat_postMessage(channel="#quiet", text="here"))["ok"]
    await receiver.next_event()
    await ana.leaves("#quiet")
    seen = await events(receiver, 2)
    left = next(e for e in seen if e["type"] == "member_left_channel")
    assert left["user"] == ana.id
    sandbox.people.remove_app("quiet")
    with pytest.raises(Exception, match="not_in_channel"):
        await client.chat_postMessage(channel="#quiet", text="still here?")


@pytest.mark.proves("subteam_created")
@pytest.mark.proves("subteam_members_changed")
@pytest.mark.proves("subteam_updated")
async def test_groups_are_told_of(
    sandbox: Sandbox, receiver: Receiver, ana: Person, bo: Person
) -> None:
    sandbox.people.create_group("csas", "CSAs", ["ana"])
    (created,) = await events(receiver, 1)
    assert created["type"] == "subteam_created"
    assert created["subteam"]["users"] == [ana.id]
    sandbox.people.set_group("csas", ["bo"])
    changed, updated = sorted(await events(receiver, 2), key=lambda event: str(event["type"]))
    assert changed["type"] == "subteam_members_changed"
    assert (changed["added_users"], changed["removed_users"]) == ([bo.id], [ana.id])
    assert updated["type"] == "subteam_updated"
    assert updated["subteam"]["users"] == [bo.id]
