from datetime import date

import pytest
from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.json_types import Json
from bot.sandbox.person import Person

from .apps import BoltApp


def form(**more: object) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": {"type": "plain_text", "text": "A form"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [
            {
                "type": "input",
                "block_id": "reason",
                "label": {"type": "plain_text", "text": "Why?"},
                "element": {"type": "plain_text_input", "action_id": "text"},
            },
            {
                "type": "input",
                "block_id": "wished",
                "optional": True,
                "label": {"type": "plain_text", "text": "Wished date"},
                "element": {"type": "datepicker", "action_id": "date"},
            },
            {
                "type": "input",
                "block_id": "customer",
                "optional": True,
                "label": {"type": "plain_text", "text": "Customer"},
                "element": {
                    "type": "external_select",
                    "action_id": "find_customer",
                    "min_query_length": 1,
                },
            },
        ],
    } | more


def opens(app: BoltApp, view: Json) -> None:
    @app.command("/form")
    async def open_form(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()


def offers_customers(app: BoltApp) -> None:
    @app.options("find_customer")
    async def find(ack: AsyncAck, payload: Json) -> None:
        names = [n for n in ("Joe's Pizza", "Joy Cafe") if payload["value"].lower() in n.lower()]
        await ack(
            options=[{"text": {"type": "plain_text", "text": n}, "value": n.lower()} for n in names]
        )


async def test_a_filled_modal_reaches_the_app(app: BoltApp, ana: Person) -> None:
    opens(app, form())
    offers_customers(app)
    seen: list[Json] = []

    @app.view("form")
    async def take(ack: AsyncAck, view: Json) -> None:
        seen.append(view["state"]["values"])
        await ack()

    await ana.command("/form", in_="#general")
    assert ana.modal.title == "A form"
    assert await ana.modal.typeahead("Customer", "jo") == ["Joe's Pizza", "Joy Cafe"]
    await ana.modal.fill(why="Launch", wished_date=date(2022, 2, 7), customer="Joe's Pizza")
    assert await ana.modal.submit() is None

    values = seen[0]
    assert values["reason"]["text"]["value"] == "Launch"
    assert values["wished"]["date"]["selected_date"] == "2022-02-07"
    assert values["customer"]["find_customer"]["selected_option"]["value"] == "joe's pizza"
    assert not ana.modal.is_open


async def test_an_empty_required_field_is_not_sent(app: BoltApp, ana: Person) -> None:
    opens(app, form())
    await ana.command("/form", in_="#general")
    assert await ana.modal.submit() == {"Why?": "Please complete this required field."}
    assert ana.modal.is_open


async def test_reading_a_modal_when_none_is_open_says_so(ana: Person) -> None:
    with pytest.raises(AssertionError, match="No modal is open"):
        _ = ana.modal.title
