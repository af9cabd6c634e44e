from datetime import UTC, date, datetime, time

import pytest
from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.fields import Value
from bot.sandbox.form_state import mistakes, values_of
from bot.sandbox.json_types import Json
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.sandbox.visible import lines_of_message, lines_of_view, rendered

from .apps import BoltApp
from .forms import form, home, note, opened, plain


def option(text: str) -> Json:
    return {"text": plain(text), "value": text.lower()}


def field(block_id: str, element: Json, **more: object) -> Json:
    block = {"type": "input", "block_id": block_id, "label": plain(block_id.capitalize())}
    return block | {"element": element | {"action_id": "value"}} | more


PIZZA, CAFE = option("Pizza"), option("Cafe")
MENU: Json = {"options": [PIZZA, CAFE]}
GROUPS: Json = {"option_groups": [{"label": plain("Food"), "options": [PIZZA, CAFE]}]}

KINDS: list[tuple[Json, Value, str, object]] = [
    ({"type": "plain_text_input"}, "words", "value", "words"),
    ({"type": "email_text_input"}, "a@b.test", "value", "a@b.test"),
    ({"type": "url_text_input"}, "https://x.test", "value", "https://x.test"),
    ({"type": "number_input", "is_decimal_allowed": False}, 7, "value", "7"),
    ({"type": "datepicker"}, date(2022, 2, 7), "selected_date", "2022-02-07"),
    ({"type": "timepicker"}, time(9, 30), "selected_time", "09:30"),
    (
        {"type": "datetimepicker"},
        datetime(2022, 2, 7, 9, 30, tzinfo=UTC),
        "selected_date_time",
        1644226200,
    ),
    ({"type": "static_select", **MENU}, "Cafe", "selected_option", CAFE),
    ({"type": "static_select", **GROUPS}, "pizza", "selected_option", PIZZA),
    ({"type": "multi_static_select", **MENU}, ["Pizza", "Cafe"], "selected_options", [PIZZA, CAFE]),
    ({"type": "checkboxes", **MENU}, ["Cafe"], "selected_options", [CAFE]),
    ({"type": "radio_buttons", **MENU}, "Pizza", "selected_option", PIZZA),
]


@pytest.mark.parametrize(
    ("element", "value", "key", "held"), KINDS, ids=[str(kind[0]["type"]) for kind in KINDS]
)
async def test_every_kind_of_field_is_filled_with_plain_values(
    app: BoltApp, ana: Person, element: Json, value: Value, key: str, held: object
) -> None:
    sent = await opened(app, ana, field("answer", element))
    assert await ana.modal.submit(answer=value) is None
    assert sent[0]["answer"]["value"] == {"type": element["type"], key: held}


async def test_people_and_places_are_named(app: BoltApp, ana: Person, bo: Person) -> None:
    sent = await opened(
        app,
        ana,
        field("who", {"type": "users_select"}),
        field("team", {"type": "multi_users_select"}),
        field("where", {"type": "conversations_select"}),
    )
    assert await ana.modal.submit(who="Bo Li", team=["ana", "@bo"], where="#general") is None
    assert sent[0]["who"]["value"]["selected_user"] == bo.id
    assert sent[0]["team"]["value"]["selected_users"] == [ana.id, bo.id]
    assert sent[0]["where"]["value"]["selected_conversation"].startswith("C")


async def test_a_rich_text_is_written_as_words(app: BoltApp, ana: Person) -> None:
    sent = await opened(app, ana, field("answer", {"type": "rich_text_input"}))
    assert await ana.modal.submit(answer="bold words") is None
    rich = sent[0]["answer"]["value"]["rich_text_value"]
    assert rich["elements"][0]["elements"][0]["text"] == "bold words"


async def test_what_a_field_starts_with_is_sent_unless_cleared(app: BoltApp, ana: Person) -> None:
    start = {"type": "datepicker", "initial_date": "2022-01-15"}
    sent = await opened(app, ana, field("first", start), field("second", start, optional=True))
    assert ana.modal.holds("first") == "2022-01-15"
    assert await ana.modal.submit(second=None) is None
    assert sent[0]["first"]["value"]["selected_date"] == "2022-01-15"
    assert sent[0]["second"]["value"]["selected_date"] is None


async def test_a_typeahead_for_several_is_filled(app: BoltApp, ana: Person) -> None:
    @app.options("value")
    async def offer(ack: AsyncAck) -> None:
        await ack(options=[PIZZA, CAFE])

    element = {"type": "multi_external_select", "min_query_length": 1}
    sent = await opened(app, ana, field("which", element))
    await ana.modal.fill(which=["Pizza", "Cafe"])
    assert await ana.modal.submit() is None
    assert sent[0]["which"]["value"]["selected_options"] == [PIZZA, CAFE]


@pytest.mark.parametrize(
    ("element", "value", "words"),
    [
        ({"type": "plain_text_input"}, None, "Please complete this required field."),
        ({"type": "plain_text_input", "min_length": 3}, "ab", "Write at least 3 characters."),
        ({"type": "plain_text_input", "max_length": 2}, "abc", "at most 2 characters; these are 3"),
        ({"type": "email_text_input"}, "ana", "e-mail address"),
        ({"type": "url_text_input"}, "x.test", "look like an address"),
        ({"type": "number_input", "is_decimal_allowed": False}, "x", "not a number"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "a whole number"),
        ({"type": "number_input", "min_value": "2"}, "1", "at least 2"),
        ({"type": "number_input", "max_value": "2"}, "3", "at most 2"),
    ],
)
def test_slack_objects_before_anything_is_sent(element: Json, value: object, words: str) -> None:
    blocks = [field("answer", element)]
    held = {"type": element["type"], "value": value}
    values = values_of(blocks, {"answer": {"value": held}})
    assert words in mistakes(blocks, values)["answer"]


def test_too_many_choices_are_objected_to() -> None:
    element = {"type": "multi_static_select", "max_selected_items": 1, **MENU}
    blocks = [field("answer", element)]
    held = {"selected_options": [PIZZA, CAFE]}
    values = values_of(blocks, {"answer": {"value": held}})
    assert mistakes(blocks, values) == {"answer": "Choose at most 1."}


async def test_what_is_not_seen_shows_what_is(client: AsyncWebClient, ana: Person) -> None:
    await client.chat_postMessage(channel="#general", text="something else")
    ana.patience = 0.05
    with pytest.raises(AssertionError) as shown:
        await ana.sees("the words", in_="#general")
    assert "Not seen: 'the words' in #general" in str(shown.value)
    assert "Ana Ito sees:\n  something else" in str(shown.value)


async def test_a_place_that_is_not_there_is_named(ana: Person) -> None:
    with pytest.raises(AssertionError, match=r"Ana Ito sees no '#leads'\. There are: #general"):
        await ana.sees("x", in_="#leads")


async def test_someone_who_is_not_there_is_named(sandbox: Sandbox) -> None:
    with pytest.raises(LookupError, match=r"Nobody is called 'zoe'\. There are: .*ana, bo"):
        await sandbox.person("zoe")


async def test_people_write_to_each_other(ana: Person, bo: Person) -> None:
    await ana.says("between us", in_="@bo")
    assert await bo.sees("between us", in_="@ana")
    assert await bo.sees("between us")


async def test_a_thread_is_seen(client: AsyncWebClient, ana: Person) -> None:
    said = await client.chat_postMessage(channel="#general", text="topic")
    await client.chat_postMessage(channel="#general", text="inside", thread_ts=said["ts"])
    assert await ana.sees("inside", in_="#general")
    assert len(await ana.messages("#general")) == 1


async def test_the_newest_button_is_pressed(
    app: BoltApp, client: AsyncWebClient, ana: Person
) -> None:
    pressed: list[str] = []

    @app.action("go")
    async def go(ack: AsyncAck, body: Json) -> None:
        pressed.append(body["message"]["text"])
        await ack()

    for text in ("old", "new"):
        blocks = [note(text, button="Go")]
        await client.chat_postMessage(channel="#general", text=text, blocks=blocks)
    await ana.press("Go")
    assert pressed == ["new"]


async def test_reading_the_home_does_not_tell_the_app(
    sandbox: Sandbox, client: AsyncWebClient, ana: Person
) -> None:
    await client.views_publish(user_id=ana.id, view=home(note("Your week")))
    assert "Your week" in await ana.reads()
    assert sandbox.world.inspector.after(1) == []


def test_words_are_read_from_everything_that_shows_them() -> None:
    cell = {"type": "raw_text", "text": "cell"}
    text = {"type": "text", "text": "run "}
    user = {"type": "user", "user_id": "U1"}
    section = {"type": "rich_text_section", "elements": [text, user]}
    message = {
        "text": "fallback",
        "blocks": [
            {"type": "header", "text": plain("header")},
            {"type": "section", "fields": [plain("one"), plain("two")]},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "context"}]},
            {"type": "image", "alt_text": "chart", "image_url": "u"},
            {"type": "table", "rows": [[cell]]},
            {"type": "rich_text", "elements": [section]},
            {"type": "actions", "elements": [{"type": "button", "text": plain("button")}]},
            {"type": "actions", "elements": [{"type": "static_select", **MENU}]},
        ],
        "attachments": [{"title": "attached"}],
    }
    seen = ["header", "one", "two", "context", "chart", "cell", "run <@U1>", "button", "attached"]
    assert lines_of_message(message) == seen
    assert lines_of_message({"text": "only text"}) == ["only text"]
    assert lines_of_view(form(note("body"))) == ["A form", "body", "Send"]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("<@U1> &amp; <#C1>", "@Ana & #general"),
        ("<https://x.test|here> <https://x.test>", "here https://x.test"),
        ("<!date^1644226200^{date}|7 February>", "7 February"),
        ("<!subteam^S1> <!here>", "@leads @here"),
    ],
)
def test_words_are_shown_as_slack_shows_them(words: str, shown: str) -> None:
    assert rendered(words, {"U1": "Ana", "C1": "general", "S1": "leads"}) == shown
