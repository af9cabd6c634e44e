"""Small views for the stand-in's tests."""

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.json_types import Json
from bot.sandbox.person import Person

from .apps import BoltApp


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def form(*blocks: Json, title: str = "A form", **more: object) -> Json:
    """A modal that can be sent, with the callback_id `form`."""
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain(title),
        "submit": plain("Send"),
        "blocks": list(blocks),
    } | more


def home(*blocks: Json) -> Json:
    """A Home."""
    return {"type": "home", "blocks": list(blocks)}


def note(text: str, button: str | None = None) -> Json:
    """A section of words, perhaps with a button."""
    section: Json = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    if button:
        section["accessory"] = {"type": "button", "action_id": "go", "text": plain(button)}
    return section


def text_field() -> Json:
    """A required text."""
    return {
        "type": "input",
        "block_id": "reason",
        "label": plain("Why?"),
        "element": {"type": "plain_text_input", "action_id": "text"},
    }


def date_field() -> Json:
    """An optional date."""
    return {
        "type": "input",
        "block_id": "wished",
        "optional": True,
        "label": plain("Wished date"),
        "element": {"type": "datepicker", "action_id": "date"},
    }


def customer_field(shortest: int | None = 1) -> Json:
    """An optional typeahead."""
    element: Json = {"type": "external_select", "action_id": "find_customer"}
    if shortest is not None:
        element["min_query_length"] = shortest
    return {
        "type": "input",
        "block_id": "customer",
        "optional": True,
        "label": plain("Customer"),
        "element": element,
    }


async def opened(app: BoltApp, person: Person, *blocks: Json) -> list[Json]:
    """Open a form with these blocks; gives the list that what is sent is kept in."""
    kept: list[Json] = []

    @app.command("/form")
    async def open_form(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=form(*blocks))
        await ack()

    @app.view("form")
    async def take(ack: AsyncAck, view: Json) -> None:
        kept.append(view["state"]["values"])
        await ack()

    await person.command("/form", in_="#general")
    return kept
