"""Slack's door: what comes twice, too late, unsigned, or while something is broken."""

import asyncio
from time import time
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.assembly import Wavepost
from bot.sandbox.delivery import Kind, Parcel
from bot.sandbox.json_types import Json
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.settings import COMMANDS, Settings
from handlers.blocks import built, modal, section
from handlers.doors import (
    SLACK,
    Door,
    Listener,
    Listeners,
    action,
    command,
    event,
    options,
    submission,
)
from handlers.errors import FormErrors, Refused
from handlers.interaction import Interaction
from handlers.reply import Reply, note, nothing, show
from rules.roles import Kind as PersonKind
from rules.roles import Role
from store.outbox import Message
from store.people import PersonRow
from store.session import Store, StoreUnavailable
from tests.bot.front_door import Press, altered, front_door
from tests.tls import TRUST
from tests.world import FIRST_MONDAY, World, counted, run

MEMBER = Press("U_MEMBER")
FIELD: Json = {"type": "input", "block_id": "why", "label": {"text": "Why"}}
KEPT_DIFFERENTLY = "This was sent before with other content"


@pytest.fixture
async def member(store: Store) -> Press:
    """A member of the workspace whom the directory knows."""
    async with store.transaction(actor="test") as tx:
        person = PersonRow(id=MEMBER.person, name="Mem", kind=PersonKind.member)
        await tx.people.keep([person])
    return MEMBER


async def say_once(ask: Interaction, store: Store) -> Reply:
    """Say what was asked, and tell how many times anything was said."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        said = await tx.connection.execute(text("SELECT count(*) + 1 FROM outbox"))
        words = f"said {said.scalar_one()} times"
        tx.say(Message("C1", words, built(section(words)), cause="test"))
        return tx.answers(note(built(section(words)), words))


async def break_after_saying(ask: Interaction, store: Store) -> Reply:
    await say_and_then(ask, store, ValueError("nobody expected this"))
    return nothing()


async def refuse_after_saying(ask: Interaction, store: Store) -> Reply:
    await say_and_then(ask, store, Refused("It cannot be done on a Sunday."))
    return nothing()


async def say_and_then(ask: Interaction, store: Store, failure: Exception) -> None:
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        tx.say(Message("C1", "x", built(section("x")), cause="test"))
        await tx.write_down(ask.key)
        raise failure


async def never_end(ask: Interaction, store: Store) -> Reply:
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        tx.say(Message("C1", "x", built(section("x")), cause="test"))
        await tx.write_down(ask.key)
        await asyncio.Event().wait()
    return nothing()


async def nothing_is_kept(store: Store) -> bool:
    tables = ("outbox", "lanes", "interactions", "audit")
    return not any([await counted(store, table) for table in tables])


EVERY_DOOR = (
    command("/say", role=Role.viewer),
    action("say", role=Role.viewer),
    submission("say", role=Role.viewer),
    event("say"),
)


def everywhere(answer: Any) -> list[Listener]:
    return [decorate(answer) for decorate in EVERY_DOOR]


def each_delivery(person: Press) -> list[Parcel]:
    return [
        person.command("/say", "it"),
        person.action("say", "it"),
        person.submission("say", [FIELD], {"why": {"a": {"value": "it"}}}),
        person.event("say", said="it"),
    ]


# Who may knock


@pytest.mark.parametrize(
    ("age", "headers"),
    [
        (0, {"X-Slack-Signature": "v0=" + "0" * 64}),
        (301, {}),
        (-400, {}),
        (0, {"X-Slack-Request-Timestamp": "yesterday"}),
        (0, {"X-Slack-Request-Timestamp": "9" * 5_000}),
        (0, {"X-Slack-Signature": ""}),
    ],
    ids=["forged", "old", "early", "no time", "long time", "unsigned"],
)
async def test_what_slack_did_not_sign_now_has_no_effect(
    age: float, headers: dict[str, str], settings: Settings, store: Store, member: Press
) -> None:
    async with front_door(settings, store, *everywhere(say_once)) as door:
        answers = [
            await door.post(parcel, age=age, headers=headers) for parcel in each_delivery(member)
        ]

    assert [answer.status_code for answer in answers] == [401] * 4
    assert await nothing_is_kept(store)


@pytest.mark.parametrize(("body", "signed"), [(b"command=\xff", "v0=1"), (b"command=x", "v0=\xdf")])
async def test_what_is_not_even_text_is_not_slack_s(
    body: bytes, signed: str, settings: Settings, store: Store
) -> None:
    headers = [
        (b"X-Slack-Request-Timestamp", str(int(time())).encode()),
        (b"X-Slack-Signature", signed.encode("latin-1")),
    ]
    async with front_door(settings, store) as door, httpx.AsyncClient(verify=TRUST) as client:
        url = f"{door.address}/slack/events"
        answer = await client.post(url, content=body, headers=headers)

    assert answer.status_code == 401


async def test_a_check_of_the_certificate_carries_nothing_in(
    settings: Settings, store: Store, member: Press
) -> None:
    async with front_door(settings, store, *everywhere(say_once)) as door:
        parcel = altered(member.command("/say"), ssl_check="1")
        await door.post(parcel, headers={"X-Slack-Signature": "v0=forged"})

    assert await nothing_is_kept(store)


async def test_without_a_signing_secret_nothing_comes_in_over_http(
    settings: Settings, store: Store, member: Press
) -> None:
    unsigned = settings.model_copy(
        update={"slack_signing_secret": None, "slack_app_token": SecretStr("xapp-1")}
    )
    async with front_door(unsigned, store, *everywhere(say_once)) as door:
        answer = await door.post(member.command("/say"))

    assert answer.status_code == 401
    assert await nothing_is_kept(store)


# What comes twice


async def test_every_delivery_has_one_effect_and_the_same_reply_however_often_it_comes(
    settings: Settings, store: Store, member: Press
) -> None:
    async with front_door(settings, store, *everywhere(say_once)) as door:
        for number, parcel in enumerate(each_delivery(member), 1):
            replies = [await door.post(parcel) for _ in range(3)]
            together = await asyncio.gather(*(door.post(parcel) for _ in range(3)))

            bodies = {reply.text for reply in (*replies, *together)}
            assert len(bodies) == 1
            assert {reply.status_code for reply in (*replies, *together)} == {200}
            assert await counted(store, "outbox") == number

    assert await counted(store, "interactions") == 4


async def test_the_same_key_with_other_content_is_told_what_was_kept(
    settings: Settings, store: Store, member: Press
) -> None:
    parcel = member.command("/say", "this")
    form = member.submission("say", [FIELD], {"why": {"a": {"value": "this"}}})
    view = form.payload["view"] | {"state": {"values": {"why": {"a": {"value": "that"}}}}}
    happened = member.event("say", said="this")
    async with front_door(settings, store, *everywhere(say_once)) as door:
        for each in (parcel, form, happened):
            await door.post(each)
        told = await door.post(altered(parcel, text="that"))
        in_form = await door.post(altered(form, view=view))
        again = await door.post(
            altered(happened, event=happened.payload["event"] | {"said": "that"})
        )

    assert KEPT_DIFFERENTLY in told.json()["text"]
    assert KEPT_DIFFERENTLY in in_form.json()["errors"]["why"]
    assert again.status_code == 200
    assert await counted(store, "outbox") == 3


async def test_two_presses_of_one_button_post_once(
    ana: Person, sandbox: Sandbox, store: Store
) -> None:
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST_MONDAY: 1})
    await world.keep(store)
    await ana.command("/schedule joes pizza", in_="#general")
    await ana.press("Post here for all", in_="#general")
    pressed = [
        record["request"]
        for record in sandbox.world.inspector.after(0)
        if record["kind"] == Kind.interaction
    ][-1]

    for payload in (pressed, pressed | {"trigger_id": "another.press"}):
        parcel = Parcel(Kind.interaction, "block_actions", payload)
        receipt = await sandbox.world.delivery.send(parcel)
        assert receipt.status == 200

    assert await counted(store, "outbox") == 1


async def test_an_event_told_twice_is_kept_once(
    sandbox: Sandbox, wavepost: Wavepost, store: Store
) -> None:
    sandbox.people.edit("ana", real_name="Ana Maria")
    await sandbox.world.events.settle()
    told = [
        record["request"]
        for record in sandbox.world.inspector.after(0)
        if record["kind"] == Kind.event
    ][-1]

    receipt = await sandbox.world.delivery.send(Parcel(Kind.event, "user_change", told, 1))

    assert receipt.status == 200
    assert await counted(store, "interactions") == 1


# What nobody knows


async def test_an_unknown_command_is_told_which_there_are(
    settings: Settings, store: Store, member: Press
) -> None:
    async with front_door(settings, store) as door:
        answer = await door.post(member.command("/nonsense"))

    known = ", ".join(COMMANDS)
    assert answer.json()["text"] == f"I do not know /nonsense. I answer {known}."
    assert answer.json()["response_type"] == "ephemeral"


async def test_a_form_of_an_older_version_says_so_and_keeps_what_was_typed(
    settings: Settings, store: Store, member: Press
) -> None:
    async with front_door(settings, store) as door:
        form = await door.post(member.submission("gone", [FIELD]))
        typeahead = await door.post(member.options("gone", "x"))
        happened = await door.post(member.event("gone"))

    assert "from an older Wavepost" in form.json()["errors"]["why"]
    assert typeahead.json() == {"options": []}
    assert happened.status_code == 200


async def test_who_is_not_in_the_directory_yet_is_looked_up_and_answered(
    ana: Person, store: Store
) -> None:
    await run(store, "DELETE FROM people WHERE id = :id", id=ana.id)

    answer = await ana.command("/schedule help")

    assert "Find out when" in answer
    assert await counted(store, f"people WHERE id = '{ana.id}'") == 1


async def test_a_command_may_be_called_otherwise(
    settings: Settings, store: Store, member: Press
) -> None:
    commands = settings.commands | {"/say": "/acme-say"}
    renamed = settings.model_copy(update={"commands": commands})

    async def name(ask: Interaction, store: Store) -> Reply:
        return note(built(section("x")), f"{ask.name} is called {ask.called}")

    async with front_door(renamed, store, command("/say", role=Role.viewer)(name)) as door:
        answer = await door.post(member.command("/acme-say"))

    assert answer.json()["text"] == "/say is called /acme-say"


# What breaks


async def test_an_exception_keeps_nothing_and_gives_a_reference_that_is_in_the_log(
    settings: Settings, store: Store, member: Press
) -> None:
    async with front_door(settings, store, *everywhere(break_after_saying)) as door:
        with capture_logs() as logs:
            answers = [await door.post(parcel) for parcel in each_delivery(member)]

    failures = [entry for entry in logs if entry["event"] == "interaction failed"]
    commanded, _, submitted, happened = answers
    words = commanded.json()["text"]
    assert "Something went wrong on our side and nothing was changed" in words
    assert failures[0]["reference"] in words
    assert str(failures[0]["exc_info"]) == "nobody expected this"
    assert failures[2]["reference"] in submitted.json()["errors"]["why"]
    assert happened.status_code == 500
    assert await nothing_is_kept(store)


async def test_a_refusal_keeps_nothing_and_is_no_failure(
    settings: Settings, store: Store, member: Press
) -> None:
    async with front_door(settings, store, *everywhere(refuse_after_saying)) as door:
        with capture_logs() as logs:
            answers = [await door.post(parcel) for parcel in each_delivery(member)]

    assert answers[0].json()["text"] == "It cannot be done on a Sunday."
    assert answers[2].json()["errors"] == {"why": "It cannot be done on a Sunday."}
    assert answers[3].status_code == 200
    assert not [entry for entry in logs if entry["event"] == "interaction failed"]
    assert await nothing_is_kept(store)


async def test_who_takes_too_long_is_stopped_and_keeps_nothing(
    settings: Settings, store: Store, member: Press
) -> None:
    hurried = settings.model_copy(update={"deadline": 0.3})
    async with front_door(hurried, store, *everywhere(never_end)) as door:
        answers = [await door.post(parcel) for parcel in each_delivery(member)]

    assert "That took too long, so it was stopped" in answers[0].json()["text"]
    assert "That took too long" in answers[2].json()["errors"]["why"]
    assert answers[3].status_code == 500
    assert await nothing_is_kept(store)


async def test_without_its_database_people_get_a_sentence_and_slack_sends_events_again(
    settings: Settings, member: Press
) -> None:
    dead = Store("postgresql+asyncpg://wavepost_app@127.0.0.1:9/none")
    async with front_door(settings, dead, *everywhere(say_once)) as door:
        with capture_logs() as logs:
            commanded, _, submitted, happened = [
                await door.post(parcel) for parcel in each_delivery(member)
            ]
    await dead.close()

    failures = [entry for entry in logs if entry["event"] == "interaction failed"]
    words = commanded.json()["text"]
    assert commanded.status_code == 200
    assert "Wavepost cannot reach its database just now, so nothing was changed" in words
    assert failures[0]["reference"] in words
    assert isinstance(failures[0]["exc_info"], StoreUnavailable)
    assert failures[0]["exc_info"].__cause__
    assert submitted.status_code == 200
    assert "cannot reach its database" in submitted.json()["errors"]["why"]
    assert happened.status_code == 500


async def test_a_failure_in_a_form_without_fields_is_laid_over_it(
    settings: Settings, store: Store, member: Press
) -> None:
    async def refuse(ask: Interaction, store: Store) -> Reply:
        raise Refused("Somebody decided it already.")

    listener = submission("confirm", role=Role.viewer)(refuse)
    async with front_door(settings, store, listener) as door:
        answer = await door.post(member.submission("confirm", [{"type": "section"}]))

    assert answer.json()["response_action"] == "push"
    assert "Somebody decided it already." in answer.text


async def test_fields_that_are_wrong_are_named_and_others_are_not(
    settings: Settings, store: Store, member: Press
) -> None:
    async def check(ask: Interaction, store: Store) -> Reply:
        raise FormErrors({"why": "Say why."})

    listener = submission("ask", role=Role.viewer)(check)
    first = FIELD | {"block_id": "who"}
    async with front_door(settings, store, listener) as door:
        answer = await door.post(member.submission("ask", [first, FIELD]))

    assert answer.json() == {"response_action": "errors", "errors": {"why": "Say why."}}


async def test_a_submission_may_show_what_came_of_it(
    settings: Settings, store: Store, member: Press
) -> None:
    view: dict[str, object] = {"type": "modal", "title": {"text": "Done"}, "blocks": []}

    async def done(ask: Interaction, store: Store) -> Reply:
        return show(view)

    async with front_door(settings, store, submission("ask", role=Role.viewer)(done)) as door:
        answer = await door.post(member.submission("ask", [FIELD]))

    assert answer.json() == {"response_action": "update", "view": view}


async def test_an_answer_that_slack_does_not_take_undoes_nothing_and_denies_nothing(
    settings: Settings, store: Store, member: Press
) -> None:
    parcel = member.action("say", response_url="http://127.0.0.1:9/gone")
    async with front_door(settings, store, *everywhere(say_once)) as door:
        with capture_logs() as logs:
            answer = await door.post(parcel)

    assert answer.status_code == 500
    assert answer.text == ""
    assert [entry["event"] for entry in logs] == ["an answer could not be given"]
    assert await counted(store, "outbox") == 1


async def test_what_a_modal_shows_since_it_was_pressed_in_stays(
    settings: Settings, store: Store, member: Press, sandbox: Sandbox
) -> None:
    async def redraw(ask: Interaction, store: Store) -> Reply:
        return show(modal("ask", "Older", [section("Older")]))

    shown = sandbox.world.views.open(member.person, modal("ask", "Newer", [section("Newer")]))
    view = {"id": shown.id, "type": "modal", "hash": "older", "private_metadata": ""}
    async with front_door(settings, store, action("draw", role=Role.viewer)(redraw)) as door:
        answer = await door.post(member.action("draw", view=view))

    assert answer.status_code == 200
    assert shown.content["title"]["text"] == "Newer"


async def test_the_typeahead_of_a_broken_search_offers_nothing(
    settings: Settings, store: Store, member: Press
) -> None:
    async def broken(ask: Interaction, store: Store) -> Reply:
        raise ValueError("nobody expected this")

    async with front_door(settings, store, options("who", role=Role.viewer)(broken)) as door:
        answer = await door.post(member.options("who", "jo"))

    assert answer.json() == {"options": []}


async def test_people_go_on_after_the_database_restarted(
    ana: Person, wavepost: Wavepost, store: Store
) -> None:
    await ana.command("/schedule help")
    await run(
        store,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )

    # A server that is ending has not always hung up: then people are told to try again, and do.
    while "cannot reach its database just now" in (answer := await ana.command("/schedule")):
        pass
    assert "Nobody has a date yet" in answer


async def test_a_press_that_slack_did_not_wait_for_is_told_in_words(
    sandbox: Sandbox, ana: Person
) -> None:
    await ana.command("/schedule help")
    sandbox.world.triggers.life = -1

    await ana.press("Look one up", in_="DM")

    assert await ana.sees("Slack did not wait for the window to open", in_="DM")


def test_two_listeners_for_one_thing_are_refused_at_the_start() -> None:
    twice = Listener(Door.event, "say", SLACK, say_once)

    with pytest.raises(ValueError, match="two listeners answer"):
        Listeners([twice, twice])
