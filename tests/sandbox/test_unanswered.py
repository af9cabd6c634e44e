"""What people see of deliveries that the app answers late, wrongly or not at all."""

import asyncio

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox

from .apps import Receiver
from .forms import customer_field, form, text_field


@pytest.fixture
async def opened(receiver: Receiver, client: AsyncWebClient, ana: Person) -> Person:
    """Ana with a form open."""
    await ana.command("/form", in_="#general")
    trigger = (await receiver.next()).form["trigger_id"]
    await client.views_open(trigger_id=trigger, view=form(text_field(), customer_field()))
    return ana


@pytest.mark.proves("view_submission", "operation_timeout")
async def test_a_form_sent_to_a_late_app_stays_open(
    sandbox: Sandbox, receiver: Receiver, opened: Person
) -> None:
    sandbox.world.delivery.ack_limit = 0.05
    receiver.held = asyncio.Event()
    with pytest.raises(AssertionError, match=r"Operation timed out.*\(operation_timeout\)"):
        await opened.modal.submit(reason="because")
    receiver.held.set()
    assert (await opened.modal.look()).is_open


@pytest.mark.proves("view_submission", "dispatch_failed")
async def test_a_form_sent_to_a_failing_app_stays_open(receiver: Receiver, opened: Person) -> None:
    receiver.reply = lambda _delivered: web.Response(status=500)
    with pytest.raises(AssertionError, match=r"trouble connecting.*\(dispatch_failed\)"):
        await opened.modal.submit(reason="because")
    assert (await opened.modal.look()).is_open


async def asked(person: Person) -> dict[str, object]:
    """What the client is told when a person types into the typeahead."""
    view = (await person.modal.look()).view
    return await person.wire.post(
        "options",
        container={"view_id": view["id"]},
        block_id="customer",
        action_id="find_customer",
        value="joe",
    )


@pytest.mark.proves("block_suggestion", "operation_timeout")
async def test_a_typeahead_of_a_late_app_offers_nothing(
    sandbox: Sandbox, receiver: Receiver, opened: Person
) -> None:
    sandbox.world.delivery.ack_limit = 0.05
    receiver.held = asyncio.Event()
    told = await asked(opened)
    receiver.held.set()
    assert (told["options"], told["error"]) == ([], "operation_timeout")


@pytest.mark.proves("block_suggestion", "dispatch_failed")
async def test_a_typeahead_of_a_failing_app_offers_nothing(
    receiver: Receiver, opened: Person
) -> None:
    receiver.reply = lambda _delivered: web.Response(status=500)
    told = await asked(opened)
    assert (told["options"], told["error"]) == ([], "dispatch_failed")


@pytest.mark.proves("response_url", "no_such_url")
async def test_a_response_url_that_was_never_given_is_refused(
    sandbox: Sandbox, ana: Person
) -> None:
    url = f"{sandbox.address}/commands/T1/2/three"
    async with ana.wire.session.post(url, json={"text": "x"}) as answer:
        assert (answer.status, (await answer.json())["error"]) == (404, "no_such_url")
