"""Faults of deliveries, met by a receiving app and the person who waits for it."""

import asyncio

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.json_types import Json
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox

from .apps import Receiver

VIEW: Json = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Form"},
    "blocks": [{"type": "divider"}],
}


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.proves("fault deliver_twice")
async def test_a_command_may_come_twice_with_the_same_ids(
    sandbox: Sandbox, receiver: Receiver, ana: Person, *, together: bool
) -> None:
    sandbox.faults.deliver_twice(kind="command", together=together)
    assert (await ana.command("/hello")).ok
    first, second = await receiver.next(), await receiver.next()
    assert first.body == second.body
    assert first.form["trigger_id"]
    assert (await ana.command("/hello")).ok
    await receiver.next()
    assert receiver.is_idle()


@pytest.mark.proves("fault deliver_twice")
async def test_an_event_may_come_twice_with_the_same_id(
    sandbox: Sandbox, receiver: Receiver, ana: Person
) -> None:
    sandbox.faults.deliver_twice(kind="event")
    await ana.says("hello", in_="#general")
    first, second = await receiver.next_event(), await receiver.next_event()
    assert first.json["event_id"] == second.json["event_id"]
    assert "X-Slack-Retry-Num" not in second.headers


@pytest.mark.proves("fault deliver_twice")
async def test_an_interaction_may_come_twice(
    sandbox: Sandbox, receiver: Receiver, ana: Person
) -> None:
    sandbox.faults.deliver_twice(kind="interaction")
    assert (await ana.command("/hello")).ok
    await receiver.next()
    await ana.shortcut("Start")
    assert (await receiver.next()).body == (await receiver.next()).body


@pytest.mark.proves("views.open", "expired_trigger_id")
@pytest.mark.proves("fault deliver_late")
async def test_a_command_that_comes_late_finds_its_trigger_expired(
    sandbox: Sandbox, receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    sandbox.faults.deliver_late(seconds=5, kind="command")
    typed = asyncio.create_task(ana.command("/hello"))
    await sandbox.clock.slept(by=1)
    assert receiver.is_idle()
    sandbox.clock.advance(5)
    trigger = (await receiver.next()).form["trigger_id"]
    assert (await typed).ok
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await client.views_open(trigger_id=trigger, view=VIEW)


@pytest.mark.proves("views.open", "expired_trigger_id")
@pytest.mark.proves("fault expire_trigger")
async def test_a_trigger_may_expire_at_once(
    sandbox: Sandbox, receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    sandbox.faults.expire_trigger()
    triggers = []
    for _ in range(2):
        await ana.command("/hello")
        triggers.append((await receiver.next()).form["trigger_id"])
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await client.views_open(trigger_id=triggers[0], view=VIEW)
    assert (await client.views_open(trigger_id=triggers[1], view=VIEW))["ok"]


@pytest.mark.proves("fault deliver_out_of_order")
async def test_an_event_may_be_overtaken_by_the_next(
    sandbox: Sandbox, receiver: Receiver, ana: Person
) -> None:
    sandbox.faults.deliver_out_of_order(times=1)
    for words in ("one", "two", "three"):
        await ana.says(words, in_="#general")
    said = [(await receiver.next_event()).json["event"]["text"] for _ in range(3)]
    assert sorted(said) == ["one", "three", "two"]
    assert said.index("two") < said.index("one")


@pytest.mark.proves("fault deliver_out_of_order")
async def test_an_event_that_nothing_overtakes_comes_in_the_end(
    sandbox: Sandbox, receiver: Receiver, ana: Person
) -> None:
    sandbox.faults.deliver_out_of_order()
    await ana.says("alone", in_="#general")
    await sandbox.clock.slept(by=1)
    assert receiver.has_no_event()
    sandbox.clock.advance(11)
    assert (await receiver.next_event()).json["event"]["text"] == "alone"
    await ana.says("after", in_="#general")
    assert (await receiver.next_event()).json["event"]["text"] == "after"


@pytest.mark.proves("fault slow_network")
async def test_a_slow_network_outlasts_slacks_patience(
    sandbox: Sandbox, receiver: Receiver, ana: Person
) -> None:
    sandbox.world.delivery.ack_limit = 0.05
    fault = sandbox.faults.slow_network(seconds=3, jitter=1, calls=False)
    assert (await ana.command("/hello")).error == "operation_timeout"
    assert receiver.is_idle()
    sandbox.faults.lift(fault.id)
    sandbox.world.delivery.ack_limit = 3.0
    assert (await ana.command("/hello")).ok
