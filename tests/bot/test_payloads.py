"""What arrives from Slack, told apart."""

from typing import Any

import pytest

from bot.payloads import Arrival, NotSlacksError
from bot.sandbox.delivery import Parcel
from handlers.doors import Door
from tests.bot.front_door import Press, altered

ANA = Press("U_ANA")
FILLED = {"why": {"why": {"value": "Launch"}}, "who": {"who": {"selected_option": {"value": "x"}}}}


def arrival(parcel: Parcel) -> Arrival:
    read = Arrival.read(parcel.payload)
    assert read
    return read


@pytest.mark.parametrize(
    ("parcel", "door", "name"),
    [
        (ANA.command("/schedule"), Door.command, "/schedule"),
        (ANA.action("schedule_page:next"), Door.action, "schedule_page"),
        (ANA.options("lookup_name", "jo"), Door.options, "lookup_name"),
        (ANA.submission("lookup", []), Door.submission, "lookup"),
        (ANA.closed("lookup"), Door.closed, "lookup"),
        (ANA.shortcut("escalate"), Door.shortcut, "escalate"),
        (ANA.event("team_join", user={"id": "U_ANA"}), Door.event, "team_join"),
        (ANA.event("member_joined_channel"), Door.event, "member_joined_channel"),
        (ANA.message(), Door.message, "message.im"),
    ],
    ids=lambda value: value.value if isinstance(value, Door) else None,
)
def test_each_thing_comes_through_its_door_with_its_name_and_person(
    parcel: Parcel, door: Door, name: str
) -> None:
    read = arrival(parcel)

    assert (read.door, read.name, read.person_id) == (door, name, "U_ANA")


@pytest.mark.parametrize("body", [{}, {"type": "app_rate_limited"}, {"type": "workflow_step_edit"}])
def test_what_no_listener_could_answer_is_nothing(body: dict[str, Any]) -> None:
    assert Arrival.read(body) is None


@pytest.mark.parametrize(
    "facts",
    [
        {"subtype": "message_changed", "hidden": True, "message": {"user": "U_ANA"}},
        {"subtype": "message_deleted", "hidden": True},
        {"subtype": "channel_join"},
        {"subtype": "file_share"},
        {"subtype": "thread_broadcast"},
        {"subtype": "bot_message", "user": None},
        {"bot_id": "B1"},
        {"user": "USLACKBOT"},
        {"user": None},
        {"channel_type": "channel"},
        {"channel_type": "mpim"},
    ],
    ids=str,
)
def test_only_what_a_person_writes_to_us_alone_is_a_message(facts: dict[str, Any]) -> None:
    assert Arrival.read(ANA.message(**facts).payload) is None


def test_a_message_says_what_it_says_where_and_in_which_thread() -> None:
    read = arrival(ANA.message(text="hi", thread_ts="1.1"))

    assert (read.text, read.channel, read.thread) == ("hi", "D1", "1.1")
    assert arrival(ANA.message()).thread is None
    assert arrival(ANA.action("a", container={"thread_ts": "1.1"})).thread == "1.1"
    assert arrival(ANA.command("/a")).thread is None


def test_a_value_is_what_was_pressed_chosen_or_typed_so_far() -> None:
    chosen = {"action_id": "a", "type": "static_select", "selected_option": {"value": "C-1"}}
    pressed = ANA.action("a", "C-2")

    assert arrival(pressed).value == "C-2"
    assert arrival(altered(pressed, actions=[chosen])).value == "C-1"
    assert arrival(altered(pressed, actions=[{"action_id": "a"}])).value == ""
    assert arrival(ANA.options("a", "jo")).value == "jo"
    assert arrival(ANA.command("/a", "text")).value == ""


def test_a_form_gives_back_what_was_filled_in() -> None:
    form = arrival(ANA.submission("ask", [], FILLED)).form

    assert form
    assert form.typed("why") == "Launch"
    assert form.chosen("who") == "x"
    assert form.typed("who") == form.typed("elsewhere") == ""
    assert form.chosen("why") is None
    assert arrival(ANA.command("/a")).form is None


def test_a_place_is_a_channel_and_the_message_that_was_pressed_on() -> None:
    container = {"type": "message", "message_ts": "1.2"}
    pressed = arrival(ANA.action("a", channel={"id": "C1"}, container=container))

    assert (pressed.channel, pressed.message) == ("C1", "1.2")
    assert arrival(ANA.command("/a")).channel == "D1"
    assert arrival(ANA.submission("a", [])).channel is None


DELIVERIES = [
    (ANA.command("/a", "this"), {"text": "that"}),
    (ANA.action("a", "this"), {"actions": [{"action_id": "a", "value": "that"}]}),
    (
        ANA.message(text="this"),
        {"event": ANA.message(text="that").payload["event"]},
    ),
    (ANA.event("e", said="this"), {"event": {"type": "e", "user": "U_ANA", "said": "that"}}),
]


@pytest.mark.parametrize(
    ("parcel", "change"), DELIVERIES, ids=["command", "action", "message", "event"]
)
def test_a_key_is_the_same_for_the_same_and_tells_other_content_apart(
    parcel: Parcel, change: dict[str, Any]
) -> None:
    key, again = arrival(parcel).key, arrival(altered(parcel)).key
    other = arrival(altered(parcel, **change)).key

    assert key == again
    assert (key.kind, key.id) == (other.kind, other.id)
    assert key.digest != other.digest


def test_a_submission_is_known_by_its_view_and_by_what_was_filled_in() -> None:
    parcel = ANA.submission("ask", [], FILLED)
    view = parcel.payload["view"]
    key = arrival(parcel).key

    assert arrival(altered(parcel, trigger_id="other")).key == key
    assert arrival(altered(parcel, view=view | {"state": {"values": {}}})).key.id == key.id
    assert arrival(altered(parcel, view=view | {"hash": "2.def"})).key.id != key.id


def test_two_presses_are_two_interactions() -> None:
    assert arrival(ANA.action("a", "x")).key != arrival(ANA.action("a", "x")).key


@pytest.mark.parametrize(
    "body",
    [
        {"command": "/schedule"},
        {"command": ["/schedule"], "user_id": "U1", "channel_id": "C1"},
        {"type": "event_callback"},
        {"type": "event_callback", "event": None},
        {"type": "event_callback", "event": {"user": "U1"}},
        {"type": "event_callback", "event": {"type": "team_join", "user": "U1"}},
        {"type": "event_callback", "event": {"type": "message", "channel_type": "im", "user": "U"}},
        {"type": "block_actions", "user": {"id": "U1"}, "actions": []},
        {"type": "block_actions", "user": {"id": "U1"}, "actions": [{"action_id": "x"}]},
        {"type": "block_actions", "user": {"id": "U1"}, "actions": [None], "trigger_id": "1"},
        {"type": "view_submission", "user": {"id": "U1"}, "view": None},
        {"type": "view_submission", "user": {"id": "U1"}, "view": {"callback_id": "lookup"}},
        {"type": "block_suggestion", "user": {"id": "U1"}},
        {"type": "shortcut", "user": "U1"},
    ],
    ids=str,
)
def test_what_is_not_made_as_slack_makes_it_is_told_apart_at_once(body: dict[str, Any]) -> None:
    with pytest.raises(NotSlacksError):
        Arrival.read(body)
