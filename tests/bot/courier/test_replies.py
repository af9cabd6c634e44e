"""Messages in the thread of an earlier one, between a real database and a Slack that fails."""

from dataclasses import replace

from slack_sdk.web.async_client import AsyncWebClient
from starlette.responses import Response

from bot.settings import Settings
from handlers.blocks import built, section
from store.outbox import Message
from tests.post_office import PostOffice, delivering
from tests.slack_calls import SlackCalls, after

HISTORY = "conversations.history"
POST = "chat.postMessage"


def said(lane: str, words: str) -> Message:
    return Message(lane, words, [], cause="test")


def reply(to: Message, words: str) -> Message:
    return Message(to.to, words, [], cause="test", thread_of=to.id)


def belonging_to(words: str, said: str) -> str:
    return f"_This belongs to “{words}”, which is not here:_\n{said}"


async def delete(office: PostOffice, client: AsyncWebClient, message: Message) -> None:
    ts = (await office.ledger())[message.fallback].ts
    await client.chat_delete(channel=message.to, ts=ts)


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
    assert office.threads("random") == {
        belonging_to("it begins", "it is paused"): [],
        "it goes on": ["on it goes"],
    }


async def test_replies_to_what_was_deleted_stand_by_themselves_and_say_what_they_belong_to(
    settings: Settings, office: PostOffice, slack: SlackCalls, general: str
) -> None:
    await office.know("migration-triage")
    wave = said(general, "Wave 7 &amp; all begins")
    async with delivering(settings) as wavepost:
        await say(office, wave)
        await office.all_ended()
        await delete(office, wavepost.client, wave)
        blocks = built(section("It is *paused*."))
        loud = replace(reply(wave, "it is paused"), blocks=blocks, is_broadcast=True)
        await say(office, loud, reply(wave, "it is ended"), said(general, "else"))
        await office.all_ended()
        await say(office, Message(general, "it was paused", [], cause="test", updates=loud.id))
        await office.all_ended()
    about = "Wave 7 &amp; all begins"
    assert office.heard("general") == [
        belonging_to(about, "it was paused"),
        belonging_to(about, "it is ended"),
        "else",
    ]
    assert len(slack.of(POST)) == 5, "the first reply was refused, the second came by itself"
    assert office.heard("migration-triage") == []


async def test_the_blocks_of_a_reply_that_stands_by_itself_come_below_what_it_belongs_to(
    settings: Settings, office: PostOffice, general: str
) -> None:
    wave = said(general, "it begins")
    async with delivering(settings) as wavepost:
        await say(office, wave)
        await office.all_ended()
        await delete(office, wavepost.client, wave)
        blocks = built(section("It is *paused*."))
        await say(office, replace(reply(wave, "it is paused"), blocks=blocks))
        await office.all_ended()
    [message] = office.messages("general")
    assert message.text == "it is paused"
    assert [block["type"] for block in message.blocks] == ["context", "section"]
    assert "This belongs to “it begins”" in str(message.blocks[0])


async def test_a_reply_to_what_is_deleted_meanwhile_is_looked_for_in_the_channel(
    settings: Settings, office: PostOffice, slack: SlackCalls, general: str
) -> None:
    wave = said(general, "it begins")
    async with delivering(settings) as wavepost:
        await say(office, wave)
        await office.all_ended()

        async def deleted() -> None:
            await delete(office, wavepost.client, wave)

        failing = after(deleted, Response(status_code=500))
        office.sandbox.faults.on_call(failing, "Deleted", method=POST)
        await say(office, reply(wave, "it is paused"))
        await office.all_ended()
    assert len(slack.of(HISTORY)) == 1
    alone = belonging_to("it begins", "it is paused")
    assert office.heard("general")[-1] == alone
