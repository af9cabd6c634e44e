"""Faults over HTTP, as the page at `/faults` asks for them."""

import inspect

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.faults.catalogue import OFFERS
from bot.sandbox.faults.faults import Faults
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.sandbox.wire import RefusedError

POST = "chat.postMessage"


async def test_every_fault_on_offer_asks_for_what_its_method_takes() -> None:
    for kind, offer in OFFERS.items():
        taken = set(inspect.signature(getattr(Faults, kind)).parameters) - {"self"}
        assert {field.name for field in offer.fields} == taken, kind


async def test_every_fault_is_on_offer() -> None:
    methods = {name for name, _ in inspect.getmembers(Faults, inspect.isfunction) if name[0] != "_"}
    assert methods - {"lift", "lift_all", "on_call"} == set(OFFERS)


async def test_faults_are_begun_seen_and_lifted_over_http(
    sandbox: Sandbox, ana: Person, client: AsyncWebClient
) -> None:
    how = {"times": 2, "retry_after": 1, "method": POST}
    begun = (await ana.wire.post("faults", fault="rate_limit", how=how))["fault"]
    assert begun["words"] == f"Answer 429, wait 1 s: {POST}"
    assert begun["left"] == 2
    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.chat_postMessage(channel="#general", text="hello")
    (active,) = (await ana.wire.get("faults"))["active"]
    assert active == begun | {"left": 1}
    await ana.wire.post(f"faults/{begun['id']}/lift")
    assert (await ana.wire.get("faults"))["active"] == []


async def test_lifting_everything_over_http_takes_back_what_was_changed(
    sandbox: Sandbox, ana: Person
) -> None:
    general = sandbox.people.channel("general")
    await ana.wire.post("faults", fault="archive_channel", how={"channel": general.id})
    await ana.wire.post("faults", fault="expire_trigger")
    await ana.wire.post("faults/lift")
    assert sandbox.faults.active == []
    assert not general.is_archived


@pytest.mark.parametrize(
    ("fault", "how", "words"),
    [
        ("explode", {}, "There is no such fault"),
        ("lift_all", {}, "There is no such fault"),
        ("rate_limit", {"times": 0}, r"How many times \(empty: until lifted\): Input should be"),
        ("rate_limit", {"method": "chat.shout"}, "There is no method"),
        ("rate_limit", {"colour": "red"}, "colour: Unexpected keyword"),
        ("rate_limit", ["red"], "`how` is an object"),
        ("deliver_twice", {"kind": "pigeon"}, "What: Input should be"),
        ("archive_channel", {"channel": "nowhere"}, "No channel is called"),
        ("archive_channel", {"channel": "past"}, "archived already"),
    ],
)
async def test_what_cannot_be_begun_is_said(
    sandbox: Sandbox, ana: Person, fault: str, how: object, words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        await ana.wire.post("faults", fault=fault, how=how)
    assert sandbox.faults.active == []


async def test_a_fault_that_is_over_cannot_be_lifted(ana: Person) -> None:
    with pytest.raises(RefusedError, match="over already"):
        await ana.wire.post("faults/Ft0/lift")
