import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox

from .workspaces import manifest, workspace

METADATA = {"event_type": "sent", "event_payload": {"id": "17"}}


@pytest.mark.proves("chat.postMessage")
async def test_a_message_is_seen_by_the_channel(client: AsyncWebClient, ana: Person) -> None:
    answer = await client.chat_postMessage(channel="#general", text="hello <!channel>")
    assert await ana.sees("hello @channel", in_="#general")
    assert answer["message"]["bot_id"]
    assert answer["channel"].startswith("C")


@pytest.mark.proves("chat.postMessage")
async def test_a_message_to_a_person_goes_to_the_apps_conversation(
    client: AsyncWebClient, ana: Person, bo: Person
) -> None:
    answer = await client.chat_postMessage(channel=ana.id, text="for you")
    assert answer["channel"].startswith("D")
    assert await ana.sees("for you", in_="DM")
    assert "for you" not in await bo.reads()


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("#nowhere", "channel_not_found"),
        ("", "channel_not_found"),
        ("#secret", "channel_not_found"),
        ("#quiet", "not_in_channel"),
        ("#past", "is_archived"),
    ],
)
@pytest.mark.proves("chat.postMessage", "{error}")
async def test_a_channel_that_cannot_be_posted_to_says_why(
    client: AsyncWebClient, channel: str, error: str
) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=channel, text="x")
    assert refused.value.response["error"] == error


@pytest.mark.proves("chat.postMessage", "channel_not_found")
async def test_a_deactivated_person_cannot_be_posted_to(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    old = sandbox.people.user("old").id
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await client.chat_postMessage(channel=old, text="x")


@pytest.mark.proves("chat.postMessage")
async def test_a_public_channel_can_be_posted_to_from_outside_with_its_scope() -> None:
    app = manifest(extra=("chat:write.public",))
    async with Sandbox(manifest=app, workspace=workspace()).running() as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_address)
        assert (await client.chat_postMessage(channel="#quiet", text="x"))["ok"]


@pytest.mark.proves("chat.postMessage", "messages_tab_disabled")
async def test_an_app_without_a_messages_tab_cannot_write_to_people() -> None:
    app = manifest()
    app["features"]["app_home"]["messages_tab_enabled"] = False
    async with Sandbox(manifest=app, workspace=workspace()).running() as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_address)
        with pytest.raises(SlackApiError, match="messages_tab_disabled"):
            await client.chat_postMessage(channel=sandbox.people.user("ana").id, text="x")


@pytest.mark.proves("chat.postMessage", "no_text")
async def test_nothing_to_say_is_refused(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="no_text"):
        await client.api_call("chat.postMessage", json={"channel": "#general", "text": ""})


@pytest.mark.proves("chat.postMessage")
async def test_a_long_text_is_said_in_several_messages(client: AsyncWebClient, ana: Person) -> None:
    await client.chat_postMessage(channel="#general", text="word " * 1000)
    said = await ana.messages("#general")
    assert [len(m["text"]) <= 4000 for m in said] == [True, True]
    assert "".join(m["text"] for m in said).count("word") == 1000


@pytest.mark.proves("chat.postMessage")
@pytest.mark.proves("chat.update", "msg_too_long")
async def test_an_update_of_a_long_text_is_refused(client: AsyncWebClient) -> None:
    said = await client.chat_postMessage(channel="#general", text="short")
    with pytest.raises(SlackApiError, match="msg_too_long"):
        await client.chat_update(channel=said["channel"], ts=said["ts"], text="x" * 4001)


@pytest.mark.proves("chat.update")
async def test_an_update_replaces_what_was_said(client: AsyncWebClient, ana: Person) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "Approve?"}}]
    said = await client.chat_postMessage(channel="#general", text="Approve?", blocks=blocks)
    await client.chat_update(channel=said["channel"], ts=said["ts"], text="Approved by Bo")
    assert await ana.reads("#general") == ["Approved by Bo"]
    assert (await ana.messages("#general"))[0]["edited"]


@pytest.mark.proves("chat.delete", "cant_delete_message")
@pytest.mark.proves("chat.update", "cant_update_message", "message_not_found")
async def test_only_the_apps_own_messages_can_be_changed_or_deleted(
    client: AsyncWebClient, ana: Person
) -> None:
    channel = await ana.conversation_id("#general")
    hers = (await ana.says("mine", in_="#general"))["ts"]
    with pytest.raises(SlackApiError, match="cant_update_message"):
        await client.chat_update(channel=channel, ts=hers, text="x")
    with pytest.raises(SlackApiError, match="cant_delete_message"):
        await client.chat_delete(channel=channel, ts=hers)
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_update(channel=channel, ts="1.000001", text="x")


@pytest.mark.proves("chat.delete")
@pytest.mark.proves("chat.delete", "message_not_found")
async def test_a_deleted_message_is_gone(client: AsyncWebClient, ana: Person) -> None:
    said = await client.chat_postMessage(channel="#general", text="oops")
    await client.chat_delete(channel=said["channel"], ts=said["ts"])
    assert await ana.messages("#general") == []
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_delete(channel=said["channel"], ts=said["ts"])


@pytest.mark.proves("chat.postEphemeral")
@pytest.mark.proves("chat.postEphemeral", "user_not_in_channel")
async def test_an_ephemeral_message_is_seen_by_one(
    client: AsyncWebClient, ana: Person, bo: Person
) -> None:
    await client.chat_postEphemeral(channel="#general", user=ana.id, text="psst")
    assert await ana.sees("psst", in_="#general")
    assert await bo.reads("#general") == []
    with pytest.raises(SlackApiError, match="user_not_in_channel"):
        await client.chat_postEphemeral(channel="#triage", user=ana.id, text="psst")


@pytest.mark.proves("chat.postEphemeral")
async def test_an_ephemeral_message_is_in_no_history(client: AsyncWebClient, ana: Person) -> None:
    channel = await ana.conversation_id("#general")
    await client.chat_postEphemeral(channel=channel, user=ana.id, text="psst")
    assert (await client.conversations_history(channel=channel))["messages"] == []


@pytest.mark.proves("chat.getPermalink")
async def test_a_permalink_names_the_message(client: AsyncWebClient) -> None:
    said = await client.chat_postMessage(channel="#general", text="look")
    link = (await client.chat_getPermalink(channel=said["channel"], message_ts=said["ts"]))[
        "permalink"
    ]
    place = f"{said['channel']}/p{said['ts'].replace('.', '')}"
    assert link == f"https://bakery.slack.com/archives/{place}"
    reply = await client.chat_postMessage(channel="#general", text="here", thread_ts=said["ts"])
    link = (await client.chat_getPermalink(channel=said["channel"], message_ts=reply["ts"]))[
        "permalink"
    ]
    assert f"thread_ts={said['ts']}" in link


@pytest.mark.proves("chat.postMessage")
async def test_metadata_comes_back_only_when_asked_for(client: AsyncWebClient) -> None:
    said = await client.chat_postMessage(channel="#general", text="x", metadata=METADATA)
    channel = said["channel"]
    plain = (await client.conversations_history(channel=channel))["messages"][0]
    whole = (await client.conversations_history(channel=channel, include_all_metadata=True))[
        "messages"
    ][0]
    assert "metadata" not in plain
    assert whole["metadata"] == METADATA


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ({"event_type": "sent"}, "invalid_metadata_schema"),
        ({"event_payload": {}}, "invalid_metadata_schema"),
        ("{", "invalid_metadata_format"),
        ("[1]", "invalid_metadata_format"),
    ],
)
@pytest.mark.proves("chat.postMessage", "{error}")
async def test_odd_metadata_is_refused(
    client: AsyncWebClient, metadata: object, error: str
) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(
            "chat.postMessage",
            json={"channel": "#general", "text": "x", "metadata": metadata},
        )
    assert refused.value.response["error"] == error


@pytest.mark.proves("chat.postMessage")
@pytest.mark.proves("chat.postMessage", "thread_not_found")
async def test_a_reply_stands_in_its_thread(client: AsyncWebClient, ana: Person) -> None:
    said = await client.chat_postMessage(channel="#general", text="topic")
    await client.chat_postMessage(channel="#general", text="answer", thread_ts=said["ts"])
    (parent,) = await ana.messages("#general")
    assert parent["reply_count"] == 1
    thread = await ana.messages("#general", thread_ts=said["ts"])
    assert [m["text"] for m in thread] == ["topic", "answer"]
    with pytest.raises(SlackApiError, match="thread_not_found"):
        await client.chat_postMessage(channel="#general", text="x", thread_ts="1.000001")


@pytest.mark.proves("chat.postMessage")
async def test_a_reply_to_a_reply_stands_in_the_same_thread(
    client: AsyncWebClient, ana: Person
) -> None:
    said = await client.chat_postMessage(channel="#general", text="topic")
    first = await client.chat_postMessage(channel="#general", text="one", thread_ts=said["ts"])
    await client.chat_postMessage(channel="#general", text="two", thread_ts=first["ts"])
    thread = await ana.messages("#general", thread_ts=said["ts"])
    assert [m["text"] for m in thread] == ["topic", "one", "two"]


@pytest.mark.proves("chat.postMessage")
async def test_a_name_and_icon_need_their_scope(client: AsyncWebClient) -> None:
    said = await client.chat_postMessage(channel="#general", text="x", username="Herald")
    assert "username" not in said["message"]
    app = manifest(extra=("chat:write.customize",))
    async with Sandbox(manifest=app, workspace=workspace()).running() as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_address)
        said = await client.chat_postMessage(
            channel="#general", text="x", username="Herald", icon_emoji=":wave:"
        )
        assert said["message"]["username"] == "Herald"
        assert said["message"]["icons"] == {"emoji": ":wave:"}


@pytest.mark.proves("chat.postMessage")
@pytest.mark.proves("chat.postMessage", "markdown_text_conflict")
async def test_markdown_text_stands_alone(client: AsyncWebClient, ana: Person) -> None:
    await client.chat_postMessage(channel="#general", markdown_text="**bold**")
    assert await ana.sees("**bold**", in_="#general")
    with pytest.raises(SlackApiError, match="markdown_text_conflict"):
        await client.chat_postMessage(channel="#general", markdown_text="a", text="b")
