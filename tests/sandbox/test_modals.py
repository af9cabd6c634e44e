from datetime import date
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.json_types import Json
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox

from .apps import BoltApp, Receiver
from .forms import customer_field, date_field, form, note, text_field


def opens(app: BoltApp, view: Json) -> None:
    @app.command("/form")
    async def open_form(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()


def answers(app: BoltApp, **reply: Any) -> list[Json]:
    """Answer each submission with `reply`; gives the list that they are kept in."""
    kept: list[Json] = []

    @app.view("form")
    async def take(ack: AsyncAck, body: Json) -> None:
        kept.append(body)
        await ack(**reply)

    return kept


@pytest.mark.proves("view_submission")
async def test_a_filled_modal_reaches_the_app(app: BoltApp, ana: Person) -> None:
    opens(app, form(text_field(), date_field(), customer_field(), private_metadata="{}"))
    sent = answers(app)

    @app.options("find_customer")
    async def find(ack: AsyncAck, payload: Json) -> None:
        names = [n for n in ("Joe's Pizza", "Joy Cafe") if payload["value"].lower() in n.lower()]
        text = [{"type": "plain_text", "text": name} for name in names]
        await ack(options=[{"text": each, "value": each["text"].lower()} for each in text])

    await ana.command("/form", in_="#general")
    assert ana.modal.title == "A form"
    assert "Why?" in ana.modal.text
    assert await ana.modal.typeahead("Customer", "jo") == ["Joe's Pizza", "Joy Cafe"]
    await ana.modal.fill(why="Launch", wished_date=date(2022, 2, 7), customer="Joe's Pizza")
    assert await ana.modal.submit() is None
    assert not ana.modal.is_open

    view = sent[0]["view"]
    values = view["state"]["values"]
    assert values["reason"]["text"] == {"type": "plain_text_input", "value": "Launch"}
    assert values["wished"]["date"]["selected_date"] == "2022-02-07"
    assert values["customer"]["find_customer"]["selected_option"]["value"] == "joe's pizza"
    assert view["callback_id"] == "form"
    assert view["private_metadata"] == "{}"
    assert view["root_view_id"] == view["id"]
    assert sent[0]["user"]["id"] == ana.id
    assert sent[0]["trigger_id"]


async def test_an_empty_required_field_is_not_sent(app: BoltApp, ana: Person) -> None:
    opens(app, form(text_field(), date_field()))
    sent = answers(app)
    await ana.command("/form", in_="#general")
    assert await ana.modal.submit() == {"Why?": "Please complete this required field."}
    assert ana.modal.is_open
    assert sent == []


@pytest.mark.proves("view_submission")
async def test_errors_of_the_app_stand_under_their_fields(app: BoltApp, ana: Person) -> None:
    opens(app, form(text_field()))
    answers(app, response_action="errors", errors={"reason": "Too short"})
    await ana.command("/form", in_="#general")
    assert await ana.modal.submit(why="x") == {"Why?": "Too short"}
    assert ana.modal.holds("why") == "x"


@pytest.mark.parametrize("errors", [{}, {"nowhere": "x"}])
@pytest.mark.proves("view_submission", "invalid_answer")
async def test_errors_for_no_field_are_trouble(
    app: BoltApp, ana: Person, errors: dict[str, str]
) -> None:
    opens(app, form(text_field()))
    answers(app, response_action="errors", errors=errors)
    await ana.command("/form", in_="#general")
    with pytest.raises(AssertionError, match="We had some trouble connecting"):
        await ana.modal.submit(why="x")


@pytest.mark.proves("view_submission")
async def test_an_answer_can_update_push_and_clear(
    receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    replies: list[Json] = [
        {"response_action": "update", "view": form(note("Second"), title="Second")},
        {"response_action": "push", "view": form(note("Third"), title="Third")},
        {"response_action": "clear"},
    ]
    await ana.command("/form", in_="#general")
    trigger = (await receiver.next()).form["trigger_id"]
    await client.views_open(trigger_id=trigger, view=form(note("First")))
    await ana.modal.opened()
    receiver.reply = lambda _delivered: web.json_response(replies.pop(0))

    assert await ana.modal.submit() is None
    assert (ana.modal.title, ana.modal.depth) == ("Second", 1)
    below = ana.modal.view
    assert await ana.modal.submit() is None
    assert (ana.modal.title, ana.modal.depth) == ("Third", 2)
    assert ana.modal.view["previous_view_id"] == below["id"]
    assert ana.modal.view["root_view_id"] == below["id"]
    assert await ana.modal.submit() is None
    assert ana.modal.depth == 0


@pytest.mark.proves("view_submission")
async def test_sending_the_top_modal_shows_the_one_below(
    receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    await open_two(receiver, client, ana)
    assert await ana.modal.submit() is None
    assert ana.modal.title == "Below"


async def open_two(receiver: Receiver, client: AsyncWebClient, ana: Person) -> None:
    await ana.command("/form", in_="#general")
    trigger = (await receiver.next()).form["trigger_id"]
    more = form(note("Below", button="Go on"), title="Below", notify_on_close=True)
    await client.views_open(trigger_id=trigger, view=more)
    await ana.press("Go on", in_="modal")
    trigger = (await receiver.next()).json["trigger_id"]
    above = form(note("Above", button="Further"), title="Above", notify_on_close=True)
    await client.views_push(trigger_id=trigger, view=above)
    await ana.modal.look()


@pytest.mark.proves("views.push")
@pytest.mark.proves("views.push", "push_limit_reached")
async def test_three_modals_lie_on_each_other_and_no_more(
    receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    await open_two(receiver, client, ana)
    await ana.press("Further", in_="modal")
    trigger = (await receiver.next()).json["trigger_id"]
    await client.views_push(trigger_id=trigger, view=form(note("x", button="Again"), title="Top"))
    await ana.press("Again", in_="modal")
    trigger = (await receiver.next()).json["trigger_id"]
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        await client.views_push(trigger_id=trigger, view=form(note("x")))


@pytest.mark.proves("view_closed")
async def test_closing_is_told_where_it_was_asked_for(
    receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    await open_two(receiver, client, ana)
    await ana.modal.close()
    assert ana.modal.title == "Below"
    payload = (await receiver.next()).json
    assert payload["type"] == "view_closed"
    assert payload["view"]["title"]["text"] == "Above"
    assert payload["is_cleared"] is False
    await ana.modal.close(everything=True)
    payload = (await receiver.next()).json
    assert (payload["view"]["title"]["text"], payload["is_cleared"]) == ("Below", True)
    assert receiver.is_idle()


@pytest.mark.proves("view_closed")
async def test_closing_is_not_told_unless_asked_for(
    receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    await ana.command("/form", in_="#general")
    trigger = (await receiver.next()).form["trigger_id"]
    await client.views_open(trigger_id=trigger, view=form(note("x")))
    await ana.modal.close()
    assert receiver.is_idle()


async def test_an_app_that_fails_leaves_the_modal_open(
    receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    await ana.command("/form", in_="#general")
    trigger = (await receiver.next()).form["trigger_id"]
    await client.views_open(trigger_id=trigger, view=form(text_field()))
    receiver.reply = lambda _delivered: web.Response(status=500)
    with pytest.raises(AssertionError, match="dispatch_failed"):
        await ana.modal.submit(why="x")
    assert ana.modal.is_open
    receiver.reply = lambda _delivered: web.Response(text="thanks")
    with pytest.raises(AssertionError, match="not a JSON object"):
        await ana.modal.submit()
    receiver.reply = lambda _delivered: web.json_response({"response_action": "dance"})
    with pytest.raises(AssertionError, match="unknown_response_action"):
        await ana.modal.submit()
    assert ana.modal.holds("why") == "x"


@pytest.mark.proves("views.update")
async def test_a_modal_updated_while_filled_in_keeps_what_stays(
    app: BoltApp, client: AsyncWebClient, ana: Person
) -> None:
    opens(app, form(text_field()))
    sent = answers(app)
    await ana.command("/form", in_="#general")
    await ana.modal.fill(why="Launch")
    view = form(text_field(), note("More is known now"))
    await client.views_update(view_id=ana.modal.view["id"], view=view)
    assert await ana.sees("More is known now", in_="modal")
    assert await ana.modal.submit() is None
    assert sent[0]["view"]["state"]["values"]["reason"]["text"]["value"] == "Launch"


@pytest.mark.proves("views.update")
@pytest.mark.proves("block_actions")
async def test_a_choice_in_a_modal_is_told_at_once(app: BoltApp, ana: Person) -> None:
    choice = {
        "type": "section",
        "block_id": "kind",
        "text": {"type": "mrkdwn", "text": "Kind"},
        "accessory": {
            "type": "static_select",
            "action_id": "kind",
            "options": [{"text": {"type": "plain_text", "text": "Pizza"}, "value": "pizza"}],
        },
    }
    opens(app, form(choice))

    @app.action("kind")
    async def chosen(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        words = body["view"]["state"]["values"]["kind"]["kind"]["selected_option"]["value"]
        view = form(choice, note(f"Chosen: {words}"))
        shown = body["view"]
        await client.views_update(view_id=shown["id"], hash=shown["hash"], view=view)
        await ack()

    await ana.command("/form", in_="#general")
    await ana.modal.fill(kind="Pizza")
    assert "Chosen: pizza" in ana.modal.text


async def test_a_field_or_option_that_is_not_there_is_named(app: BoltApp, ana: Person) -> None:
    opens(app, form(text_field(), customer_field()))

    @app.options("find_customer")
    async def find(ack: AsyncAck) -> None:
        await ack(options=[])

    await ana.command("/form", in_="#general")
    with pytest.raises(AssertionError, match=r"No field is called 'colour'.*'Why\?'"):
        await ana.modal.fill(colour="red")
    with pytest.raises(AssertionError, match=r"Not one option says 'Joe'\. Offered: nothing"):
        await ana.modal.fill(customer="Joe")


@pytest.mark.proves("block_suggestion")
async def test_a_typeahead_asks_only_from_its_shortest_query(
    receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    await ana.command("/form", in_="#general")
    trigger = (await receiver.next()).form["trigger_id"]
    await client.views_open(trigger_id=trigger, view=form(customer_field(shortest=None)))
    assert await ana.modal.typeahead("customer", "jo") == []
    assert receiver.is_idle()
    option = {"text": {"type": "plain_text", "text": "Joe's"}, "value": "joe"}
    receiver.reply = lambda _delivered: web.json_response({"options": [option]})
    assert await ana.modal.typeahead("customer", "joe") == ["Joe's"]
    payload = (await receiver.next()).json
    assert payload["type"] == "block_suggestion"
    assert (payload["value"], payload["action_id"]) == ("joe", "find_customer")
    assert payload["view"]["id"] == ana.modal.view["id"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"options": [{"text": {"type": "plain_text", "text": "x" * 76}, "value": "x"}]},
        {
            "options": [
                {"text": {"type": "plain_text", "text": f"{n}"}, "value": f"{n}"}
                for n in range(101)
            ]
        },
    ],
)
@pytest.mark.proves("block_suggestion", "invalid_options")
async def test_options_out_of_bounds_show_nothing(
    receiver: Receiver, client: AsyncWebClient, ana: Person, body: Json
) -> None:
    await ana.command("/form", in_="#general")
    trigger = (await receiver.next()).form["trigger_id"]
    await client.views_open(trigger_id=trigger, view=form(customer_field()))
    receiver.reply = lambda _delivered: web.json_response(body)
    with pytest.raises(AssertionError, match="The typeahead shows nothing"):
        await ana.modal.typeahead("customer", "joe")


async def test_reading_a_modal_when_none_is_open_says_so(sandbox: Sandbox) -> None:
    ana = await sandbox.person("ana")
    ana.patience = 0.05
    with pytest.raises(AssertionError, match="No modal is open"):
        _ = ana.modal.title
    with pytest.raises(AssertionError, match="No modal opened"):
        await ana.modal.submit()
