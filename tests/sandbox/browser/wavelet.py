"""A plain Bolt app as small as tests need it: a look-up, a form with a rule, a gallery, a Home."""

import asyncio
from datetime import date
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.json_types import Json
from tests.sandbox.browser.gallery import gallery_modal, message_blocks, mrkdwn, option, plain

CUSTOMERS = ["Joe's Pizza", "Joe & Sons", "Maria's Kitchen", "Café Nour", "Noodle House"]
FIRST_DAY = date(2022, 2, 1)


def wavelet(client: AsyncWebClient, signing_secret: str) -> AsyncApp:
    """The app; it never verifies its token at the start, so it can be made before the stand-in."""
    app = AsyncApp(client=client, signing_secret=signing_secret)
    app.command("/schedule")(_schedule)
    app.command("/escalate")(_open_form)
    app.command("/gallery")(_gallery)
    app.command("/asleep")(_asleep)
    app.shortcut("ask")(_open_form)
    app.shortcut("escalate_this")(_open_form)
    app.options("customer")(_customers)
    app.action("why")(_why)
    app.action("post")(_post)
    app.action("urgent")(_urgent)
    app.view("escalation")(_submit)
    app.view("gallery")(_thank)
    app.event("app_home_opened")(_home)
    for name in ("more", "start", "pause", "open", "day", "when"):
        app.action(name)(_noted)
    return app


async def _schedule(ack: AsyncAck, command: Json) -> None:
    customer = command["text"] or "Joe's Pizza"
    await ack(text=f"{customer} moves", blocks=answer(customer))


def answer(customer: str) -> list[Json]:
    """The answer to a look-up."""
    dated = "<!date^1644238800^{date_long}|Monday, February 7th>"
    return [
        {"type": "section", "text": mrkdwn(f"*{customer}* moves on *{dated}*, in wave 7.")},
        {
            "type": "section",
            "fields": [
                mrkdwn("*Locations*\n12"),
                mrkdwn("*CSA*\nAna Ito"),
                mrkdwn("*Confidence*\n87 %"),
                mrkdwn("*Could change it*\nFeature F slipping"),
            ],
        },
        {"type": "context", "elements": [mrkdwn("Plan 14 · announced on January 10th")]},
        {
            "type": "actions",
            "block_id": "deeds",
            "elements": [
                _button("Why this date?", "why", "primary"),
                _button("Post to the channel", "post"),
            ],
        },
    ]


def _button(text: str, action_id: str, style: str | None = None) -> Json:
    button = {"type": "button", "text": plain(text), "action_id": action_id, "value": "joe"}
    return button | ({"style": style} if style else {})


async def _why(ack: AsyncAck, respond: AsyncRespond) -> None:
    await ack()
    await respond(text="Because wave 6 is full.", replace_original=False)


async def _post(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
    await ack()
    await client.chat_postMessage(
        channel=body["channel"]["id"], text="Joe's Pizza moves on February 7th."
    )


async def _gallery(ack: AsyncAck, command: Json, client: AsyncWebClient) -> None:
    await ack()
    if command["text"] == "modal":
        await client.views_open(trigger_id=command["trigger_id"], view=gallery_modal())
    else:
        await client.chat_postMessage(
            channel=command["channel_id"], text="Everything", blocks=message_blocks()
        )


async def _asleep() -> None:
    await asyncio.Event().wait()


async def _noted(ack: AsyncAck) -> None:
    await ack()


async def _thank(ack: AsyncAck) -> None:
    await ack()


async def _open_form(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
    await ack()
    await client.views_open(trigger_id=body["trigger_id"], view=form())


def form(*, urgent: bool = False) -> Json:
    """The escalation form; an urgent one asks for a phone number too."""
    blocks: list[Json] = [
        _input("customer", "Customer", _typeahead(), focus=True),
        _input("reason", "Reason", {"type": "static_select", "options": _reasons()}),
        _input("words", "What should the lead know?", _words(), optional=True),
        _input("day", "Wished date", {"type": "datepicker"}) | {"dispatch_action": True},
        {
            "type": "section",
            "block_id": "urgency",
            "text": mrkdwn("*How soon?*\nAn urgent one pages the lead on duty."),
            "accessory": {
                "type": "checkboxes",
                "action_id": "urgent",
                "options": [option("yes", "Urgent")],
            },
        },
    ]
    phone = _input("phone", "Phone", {"type": "plain_text_input"}, optional=True)
    return {
        "type": "modal",
        "callback_id": "escalation",
        "title": plain("Ask to move sooner"),
        "submit": plain("Send to triage"),
        "close": plain("Not now"),
        "blocks": [*blocks, phone] if urgent else blocks,
    }


def _input(
    name: str, label: str, element: Json, *, optional: bool = False, focus: bool = False
) -> Json:
    element = element | {"action_id": name} | ({"focus_on_load": True} if focus else {})
    block = {"type": "input", "block_id": name, "label": plain(label), "element": element}
    return block | {"optional": optional}


def _typeahead() -> Json:
    hint = plain("Type a name")
    return {"type": "external_select", "min_query_length": 1, "placeholder": hint}


def _reasons() -> list[Json]:
    return [option("launch", "Partner launch"), option("season", "Season starts")]


def _words() -> Json:
    return {"type": "plain_text_input", "multiline": True, "max_length": 300}


async def _customers(ack: AsyncAck, payload: Json) -> None:
    typed = payload["value"].lower()
    found = [name for name in CUSTOMERS if typed in name.lower()]
    await ack(options=[option(name, name) for name in found])


async def _urgent(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
    await ack()
    chosen = body["actions"][0]["selected_options"]
    view = body["view"]
    await client.views_update(view_id=view["id"], hash=view["hash"], view=form(urgent=bool(chosen)))


async def _submit(ack: AsyncAck, body: Json, view: Json, client: AsyncWebClient) -> None:
    values: dict[str, Any] = view["state"]["values"]
    day = date.fromisoformat(values["day"]["day"]["selected_date"])
    if day < FIRST_DAY:
        await ack(
            response_action="errors",
            errors={"day": "Wave 6 is full. The first free week starts on February 1st."},
        )
        return
    await ack()
    customer = values["customer"]["customer"]["selected_option"]["value"]
    asker = body["user"]["id"]
    opened = await client.conversations_open(users=asker)
    await client.chat_postMessage(
        channel=opened["channel"]["id"], text=f"Your wish for *{customer}* is with the leads."
    )


async def _home(event: Json, client: AsyncWebClient) -> None:
    await client.views_publish(
        user_id=event["user"],
        view={"type": "home", "blocks": home_blocks()},
    )


def home_blocks() -> list[Json]:
    """A Home of a CSA."""
    return [
        {"type": "header", "text": plain("My customers")},
        *[
            {
                "type": "section",
                "text": mrkdwn(f"*{name}*\nWave {week + 6} · {week * 4 + 2} locations"),
                "accessory": _button("Why this date?", "why"),
            }
            for week, name in enumerate(CUSTOMERS[:3])
        ],
        {"type": "divider"},
        {"type": "context", "elements": [mrkdwn("You follow 3 customers and 1 feature")]},
    ]
