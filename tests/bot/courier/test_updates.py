"""Messages that take an earlier one's place, between a real database and a Slack that fails."""

from collections.abc import Callable
from operator import methodcaller
from uuid import UUID

import pytest
from starlette.responses import Response

from bot.sandbox.faults.faults import Faults
from bot.settings import Settings
from store.outbox import Message
from tests.post_office import PostOffice, delivering, until
from tests.slack_calls import SlackCalls, after

POST = "chat.postMessage"
UPDATE = "chat.update"
HISTORY = "conversations.history"

Asked = Callable[[Faults], object]


async def say(office: PostOffice, lane: str, words: str, *, updates: UUID | None = None) -> UUID:
    message = Message(lane, words, [], cause="test", updates=updates)
    async with office.store.transaction(actor="test") as tx:
        tx.say(message)
    return message.id


async def test_an_update_takes_the_place_of_its_message(
    settings: Settings, office: PostOffice, slack: SlackCalls, general: str
) -> None:
    first = await say(office, general, "working on it")
    await say(office, general, "something else")
    await say(office, general, "done", updates=first)
    async with delivering(settings):
        await office.all_ended()
    assert office.heard("general") == ["done", "something else"]
    assert len(slack.of(POST)) == 2
    ledger = await office.ledger()
    assert ledger["done"].ts == ledger["working on it"].ts


async def test_blocks_of_the_message_go_with_the_update(
    settings: Settings, office: PostOffice, general: str
) -> None:
    divider = {"type": "divider"}
    first = Message(general, "working on it", [divider], cause="test")
    async with office.store.transaction(actor="test") as tx:
        tx.say(first)
    await say(office, general, "done", updates=first.id)
    async with delivering(settings):
        await office.all_ended()
    [message] = office.sandbox.people.channel("general").log.messages[-1:]
    assert (message.text, message.blocks) == ("done", [])


async def test_of_several_updates_that_wait_only_the_newest_is_shown(
    settings: Settings, office: PostOffice, slack: SlackCalls, general: str
) -> None:
    first = await say(office, general, "working on it")
    for percent in range(10, 100, 10):
        await say(office, general, f"{percent} %", updates=first)
    await say(office, general, "done", updates=first)
    await say(office, general, "and on")
    async with delivering(settings):
        await office.all_ended()
    assert office.heard("general") == ["done", "and on"]
    assert len(slack.of(UPDATE)) == 1
    states = await office.states()
    assert [state for state, _ in states.values()] == [
        "delivered",
        *["superseded"] * 9,
        "delivered",
        "delivered",
    ]


async def test_an_update_superseded_at_the_head_of_its_lane_holds_up_nothing(
    settings: Settings, office: PostOffice, faults: Faults, general: str
) -> None:
    first = await say(office, general, "working on it")
    async with delivering(settings):
        await office.all_ended()
        faults.rate_limit(retry_after=0.5, method=UPDATE)
        await say(office, general, "half", updates=first)

        async def put_off() -> bool:
            return (await office.states())["half"] == ("waiting", "ratelimited")

        await until(put_off)
        await say(office, general, "done", updates=first)
        await office.all_ended()
    assert office.heard("general") == ["done"]
    assert (await office.states())["half"][0] == "superseded"


@pytest.mark.parametrize(
    "fault",
    [
        methodcaller("no_answer", accepted=True, method=UPDATE),
        methodcaller("server_error", accepted=True, method=UPDATE),
        methodcaller("drop_connection", accepted=False, method=UPDATE),
        methodcaller("rate_limit", retry_after=0.1, method=UPDATE),
    ],
)
async def test_an_update_without_an_answer_is_made_again_and_not_looked_for(
    settings: Settings,
    office: PostOffice,
    slack: SlackCalls,
    faults: Faults,
    general: str,
    fault: Asked,
) -> None:
    fault(faults)
    first = await say(office, general, "working on it")
    await say(office, general, "done", updates=first)
    async with delivering(settings):
        await office.all_ended()
    assert office.heard("general") == ["done"]
    assert len(slack.of(UPDATE)) == 2
    assert slack.of(HISTORY) == []


async def test_an_update_of_what_never_arrived_is_posted_in_its_place(
    settings: Settings, office: PostOffice, slack: SlackCalls
) -> None:
    await office.know("migration-triage")
    random = office.channel("random")
    first = await say(office, random, "working on it")
    async with delivering(settings):
        await office.all_ended()
        office.sandbox.people.invite_app("random")
        await say(office, random, "done", updates=first)
        await office.all_ended()
        await say(office, random, "done, and told", updates=first)
        await office.all_ended()
    assert office.heard("random")[-1] == "done, and told"
    assert "done" not in office.heard("random")
    assert len(slack.of(UPDATE)) == 1


async def test_an_update_posted_without_an_answer_is_looked_for(
    settings: Settings, office: PostOffice, slack: SlackCalls, faults: Faults
) -> None:
    await office.know("migration-triage")
    random = office.channel("random")
    first = await say(office, random, "working on it")
    async with delivering(settings):
        await office.all_ended()
        office.sandbox.people.invite_app("random")
        faults.server_error(accepted=True, method=POST)
        await say(office, random, "done", updates=first)
        await office.all_ended()
    assert office.heard("random").count("done") == 1
    assert len(slack.of(HISTORY)) == 1


async def test_an_update_said_while_an_older_one_is_under_way_comes_after_it(
    settings: Settings, office: PostOffice, faults: Faults, general: str
) -> None:
    first = await say(office, general, "working on it")

    async def newer() -> None:
        await say(office, general, "done", updates=first)

    faults.on_call(after(newer, Response(status_code=500)), "Newer", method=UPDATE)
    await say(office, general, "half", updates=first)
    async with delivering(settings):
        await office.all_ended()
    assert office.heard("general") == ["done"]
    assert (await office.states())["half"][0] == "delivered"
