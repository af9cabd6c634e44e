"""What people are told at Slack's door while something is broken."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.blocks import built, modal, section
from handlers.doors import SLACK, Door, Listener, Listeners, action, options, submission
from handlers.errors import FormErrors, Refused
from handlers.interaction import Interaction
from handlers.reply import Reply, nothing, show
from rules.roles import Role
from store.outbox import Message
from store.session import Store, StoreUnavailable
from tests.bot.front_door import Press, front_door
from tests.bot.slack_door.listeners import (
    FIELD,
    each_delivery,
    everywhere,
    nothing_is_kept,
    say_once,
)
from tests.world import counted, run


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
