"""Messages in the thread of an earlier one, between a real database and a Slack that fails."""

from dataclasses import replace

from bot.settings import Settings
from store.outbox import Message
from tests.post_office import PostOffice, delivering
from tests.slack_calls import SlackCalls

POST = "chat.postMessage"


def said(lane: str, words: str) -> Message:
    return Message(lane, words, [], cause="test")


def reply(to: Message, words: str) -> Message:
    return Message(to.to, words, [], cause="test", thread_of=to.id)


async def say(office: PostOffice, *messages: Message) -> None:
    async with office.store.transaction(actor="test") as tx:
        for message in messages:
            tx.say(message)


async def test_a_reply_stands_below_its_message_as_that_reads_now(
    settings: Settings, office: PostOffice, general: str
) -> None:
    wave = said(general, "it begins")
    await say(office, wave, said(general, "else"), reply(wave, "it is paused"))
    async with delivering(settings):
        await office.all_ended()
        changed = Message(general, "it goes on", [], cause="test", updates=wave.id)
        await say(office, changed, reply(wave, "on it goes"))
        await office.all_ended()
    assert office.threads("general") == {"it goes on": ["it is paused", "on it goes"], "else": []}


async def test_a_reply_that_the_channel_reads_too_is_shown_in_it(
    settings: Settings, office: PostOffice, general: str
) -> None:
    wave = said(general, "it begins")
    quiet, loud = reply(wave, "one moved"), replace(reply(wave, "it is paused"), is_broadcast=True)
    await say(office, wave, quiet, loud)
    async with delivering(settings):
        await office.all_ended()
    shown = [each.text for each in office.sandbox.people.channel("general").log.newest_first()]
    assert shown[:2] == ["it is paused", "it begins"]
    assert "one moved" not in shown


async def test_a_reply_without_an_answer_is_looked_for_in_its_thread(
    settings: Settings, office: PostOffice, slack: SlackCalls, general: str
) -> None:
    wave = said(general, "it begins")
    await say(office, wave)
    async with delivering(settings):
        await office.all_ended()
        office.sandbox.faults.server_error(accepted=True, method=POST)
        await say(office, reply(wave, "it is paused"))
        await office.all_ended()
    assert office.threads("general") == {"it begins": ["it is paused"]}
    assert len(slack.of("conversations.replies")) == 1


async def test_a_reply_to_what_never_arrived_stands_by_itself_or_below_what_took_its_place(
    settings: Settings, office: PostOffice
) -> None:
    await office.know("migration-triage")
    wave = said(office.channel("random"), "it begins")
    await say(office, wave)
    async with delivering(settings):
        await office.all_ended()
        office.sandbox.people.invite_app("random")
        await say(office, reply(wave, "it is paused"))
        await say(office, Message(wave.to, "it goes on", [], cause="test", updates=wave.id))
        await say(office, reply(wave, "on it goes"))
        await office.all_ended()
    assert office.threads("random") == {"it is paused": [], "it goes on": ["on it goes"]}
