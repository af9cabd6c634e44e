"""Updates of messages that are gone, or that nobody may change any more: what they say is said anew."""

from collections.abc import Callable
from operator import methodcaller
from uuid import UUID

import pytest

from bot.assembly import Wavepost
from bot.sandbox.faults.faults import Faults
from bot.settings import Settings
from rules.slack_ids import is_person
from store.outbox import Message
from tests.bot.courier.outages import HISTORY, POST, listed
from tests.post_office import PostOffice, delivering
from tests.slack_calls import SlackCalls

UPDATE = "chat.update"

Asked = Callable[[Faults], object]


async def say(
    office: PostOffice,
    lane: str,
    words: str,
    *,
    updates: UUID | None = None,
    thread_of: UUID | None = None,
) -> UUID:
    message = Message(lane, words, [], cause="test", updates=updates, thread_of=thread_of)
    async with office.store.transaction(actor="test") as tx:
        tx.say(message)
    return message.id


async def said_and_deleted(office: PostOffice, wavepost: Wavepost, lane: str) -> UUID:
    """A message that arrived in a channel or with a person, and was then deleted there."""
    first = await say(office, lane, "working on it")
    await office.all_ended()
    await delete(office, wavepost, lane, "working on it")
    return first


async def delete(office: PostOffice, wavepost: Wavepost, lane: str, words: str) -> None:
    channel = office.direct(lane) if is_person(lane) else lane
    ts = (await office.ledger())[words].ts
    await wavepost.client.chat_delete(channel=channel, ts=ts)


async def test_what_a_deleted_message_would_say_is_said_anew_and_that_one_is_updated(
    settings: Settings, office: PostOffice, slack: SlackCalls, general: str
) -> None:
    await office.know("migration-triage")
    async with delivering(settings) as wavepost:
        first = await said_and_deleted(office, wavepost, general)
        await say(office, general, "done", updates=first)
        await say(office, general, "something else")
        await office.all_ended()
        assert office.heard("general") == ["done", "something else"]
        await say(office, general, "done, and told", updates=first)
        await office.all_ended()
    assert office.heard("general") == ["done, and told", "something else"]
    assert (len(slack.of(POST)), len(slack.of(UPDATE))) == (3, 2)
    assert slack.of(HISTORY) == [], "it was not sent, so there was nothing to look for"
    assert office.heard("migration-triage") == []


async def test_a_person_reads_anew_what_retention_took(
    settings: Settings, office: PostOffice
) -> None:
    ana = office.person("ana")
    await listed(office, ana)
    async with delivering(settings) as wavepost:
        first = await said_and_deleted(office, wavepost, ana)
        await say(office, ana, "done", updates=first)
        await office.all_ended()
    assert office.heard_by("ana") == ["done"]


async def test_what_was_said_anew_and_deleted_is_said_anew_again(
    settings: Settings, office: PostOffice, general: str
) -> None:
    async with delivering(settings) as wavepost:
        first = await said_and_deleted(office, wavepost, general)
        await say(office, general, "half", updates=first)
        await office.all_ended()
        await delete(office, wavepost, general, "half")
        await say(office, general, "done", updates=first)
        await office.all_ended()
    assert office.heard("general") == ["done"]


@pytest.mark.parametrize("reason", ["edit_window_closed", "cant_update_message"])
async def test_what_may_not_be_changed_any_more_is_said_beside_it(
    settings: Settings,
    office: PostOffice,
    slack: SlackCalls,
    faults: Faults,
    general: str,
    reason: str,
) -> None:
    first = await say(office, general, "working on it")
    async with delivering(settings):
        await office.all_ended()
        faults.refuse(reason, method=UPDATE)
        await say(office, general, "done", updates=first)
        await office.all_ended()
        await say(office, general, "done, and told", updates=first)
        await office.all_ended()
    assert office.heard("general") == ["working on it", "done, and told"]
    assert len(slack.of(POST)) == 2


@pytest.mark.parametrize(
    "fault",
    [
        methodcaller("no_answer", accepted=True, method=POST),
        methodcaller("server_error", accepted=True, method=POST),
        methodcaller("drop_connection", accepted=False, method=POST),
    ],
)
async def test_what_is_said_anew_without_an_answer_is_looked_for_and_stands_once(
    settings: Settings, office: PostOffice, faults: Faults, general: str, fault: Asked
) -> None:
    async with delivering(settings) as wavepost:
        first = await said_and_deleted(office, wavepost, general)
        fault(faults)
        await say(office, general, "done", updates=first)
        await office.all_ended()
    assert office.heard("general") == ["done"]


async def test_a_reply_is_said_anew_in_its_thread(
    settings: Settings, office: PostOffice, general: str
) -> None:
    head = await say(office, general, "the question")
    async with delivering(settings) as wavepost:
        reply = await say(office, general, "working on it", thread_of=head)
        await office.all_ended()
        await delete(office, wavepost, general, "working on it")
        await say(office, general, "the answer", updates=reply)
        await office.all_ended()
    assert office.threads("general") == {"the question": ["the answer"]}


async def test_replies_go_below_what_was_said_anew(
    settings: Settings, office: PostOffice, general: str
) -> None:
    async with delivering(settings) as wavepost:
        head = await said_and_deleted(office, wavepost, general)
        await say(office, general, "the question", updates=head)
        await say(office, general, "the answer", thread_of=head)
        await office.all_ended()
    assert office.threads("general") == {"the question": ["the answer"]}


async def test_where_the_channel_is_gone_nothing_is_said_anew(
    settings: Settings, office: PostOffice, slack: SlackCalls, faults: Faults, general: str
) -> None:
    first = await say(office, general, "working on it")
    async with delivering(settings):
        await office.all_ended()
        faults.refuse("channel_not_found", method=UPDATE)
        await say(office, general, "done", updates=first)
        await office.all_ended()
    assert (await office.states())["done"] == ("failed", "channel_not_found")
    assert len(slack.of(POST)) == 1
