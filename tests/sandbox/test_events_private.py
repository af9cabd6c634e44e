"""Events of private channels and group conversations, and of the app's own comings and goings."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox

from .apps import BoltApp, Receiver
from .workspaces import EVENTS, manifest, workspace

MORE = [
    "channel_left",
    "group_archive",
    "group_left",
    "group_rename",
    "group_unarchive",
    "message.mpim",
]


@pytest.fixture
def curious() -> Sandbox:
    """A stand-in whose app subscribed to everything about private places."""
    app = manifest()
    app["settings"]["event_subscriptions"]["bot_events"] = [*EVENTS, *MORE]
    return Sandbox(manifest=app, workspace=workspace())


async def kinds(receiver: Receiver, count: int) -> list[str]:
    return sorted([(await receiver.next_event()).json["event"]["type"] for _ in range(count)])


@pytest.mark.proves("group_rename")
@pytest.mark.proves("group_archive")
@pytest.mark.proves("group_unarchive")
async def test_the_life_of_a_private_channel_is_told_to_its_app(curious: Sandbox) -> None:
    async with curious.running() as sandbox, Receiver(sandbox).running() as receiver:
        sandbox.people.rename_channel("leads", "chiefs")
        renamed = (await receiver.next_event()).json["event"]
        assert (renamed["type"], renamed["channel"]["name"]) == ("group_rename", "chiefs")
        sandbox.people.archive("chiefs", by="bo")
        sandbox.people.unarchive("chiefs", by="bo")
        assert await kinds(receiver, 2) == ["group_archive", "group_unarchive"]


@pytest.mark.proves("{event}")
@pytest.mark.parametrize(
    ("channel", "event"), [("general", "channel_left"), ("leads", "group_left")]
)
async def test_an_app_is_told_that_it_was_taken_out(
    curious: Sandbox, channel: str, event: str
) -> None:
    async with curious.running() as sandbox, Receiver(sandbox).running() as receiver:
        sandbox.people.remove_app(channel)
        assert event in await kinds(receiver, 3)


@pytest.mark.proves("message.groups")
async def test_a_bolt_app_hears_what_is_said_in_its_private_channel(
    app: BoltApp, bo: Person
) -> None:
    heard: list[str] = []

    @app.event({"type": "message", "channel_type": "group"})
    async def hear(event: dict[str, str]) -> None:
        heard.append(event["text"])

    await bo.says("between us", in_="#leads")
    await app.sandbox.world.events.settle()
    assert heard == ["between us"]


@pytest.mark.proves("message.mpim")
async def test_an_app_hears_what_is_said_in_a_group_conversation(curious: Sandbox) -> None:
    async with curious.running() as sandbox, Receiver(sandbox).running() as receiver:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_address)
        people = [sandbox.people.user(name).id for name in ("ana", "bo")]
        group = (await client.conversations_open(users=people))["channel"]["id"]
        ana = await sandbox.person("ana")
        await ana.says("all three", in_=group)
        event = (await receiver.next_event()).json["event"]
    assert (event["channel_type"], event["text"]) == ("mpim", "all three")
