import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox


def refusal(refused: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(refused.value.response["error"])


@pytest.mark.proves("conversations.list")
async def test_the_list_is_paged_by_a_cursor(client: AsyncWebClient) -> None:
    names: list[str] = []
    cursor = ""
    while True:
        page = await client.conversations_list(limit=3, cursor=cursor)
        assert len(page["channels"]) <= 3
        names += [channel["name"] for channel in page["channels"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert names == ["general", "triage", "quiet", "past"]


@pytest.mark.proves("conversations.list")
@pytest.mark.proves("conversations.open")
async def test_the_list_holds_the_kinds_asked_for(client: AsyncWebClient, ana: Person) -> None:
    await client.conversations_open(users=ana.id)
    answer = await client.conversations_list(types="private_channel,im", exclude_archived=True)
    private, direct = answer["channels"]
    assert private["name"] == "leads"
    assert private["is_private"] is True
    assert direct["user"] == ana.id
    active = (await client.conversations_list(exclude_archived=True))["channels"]
    assert "past" not in [channel["name"] for channel in active]


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"cursor": "nonsense"}, "invalid_cursor"),
        ({"limit": -1}, "invalid_limit"),
        ({"types": "galaxy"}, "invalid_types"),
    ],
)
@pytest.mark.proves("conversations.list", "{error}")
async def test_odd_lists_are_refused(
    client: AsyncWebClient, args: dict[str, object], error: str
) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.api_call("conversations.list", params=args)
    assert refusal(refused) == error


@pytest.mark.proves("conversations.info")
async def test_info_describes_a_channel(sandbox: Sandbox, client: AsyncWebClient) -> None:
    general = sandbox.people.channel("general").id
    channel = (await client.conversations_info(channel=general, include_num_members=True))[
        "channel"
    ]
    assert channel["name"] == "general"
    assert channel["topic"]["value"] == "Everything"
    assert channel["is_member"] is True
    assert channel["num_members"] == 3


@pytest.mark.proves("conversations.info", "channel_not_found")
async def test_a_private_channel_without_the_app_is_not_there(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    secret = sandbox.people.channel("secret").id
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await client.conversations_info(channel=secret)


@pytest.mark.proves("conversations.members")
async def test_members_are_paged(sandbox: Sandbox, client: AsyncWebClient) -> None:
    general = sandbox.people.channel("general").id
    first = await client.conversations_members(channel=general, limit=2)
    second = await client.conversations_members(
        channel=general, cursor=first["response_metadata"]["next_cursor"]
    )
    assert len(first["members"]) == 2
    assert second["members"] == [sandbox.world.directory.app.bot_user_id]


@pytest.mark.proves("conversations.open")
async def test_opening_a_conversation_twice_gives_the_same(
    client: AsyncWebClient, ana: Person
) -> None:
    first = await client.conversations_open(users=ana.id)
    again = await client.conversations_open(users=ana.id, return_im=True)
    assert first["channel"]["id"] == again["channel"]["id"]
    assert again["already_open"] is True
    assert again["channel"]["user"] == ana.id
    by_id = await client.conversations_open(channel=first["channel"]["id"])
    assert by_id["channel"]["id"] == first["channel"]["id"]


@pytest.mark.proves("conversations.open")
async def test_opening_with_several_people_makes_a_group(
    client: AsyncWebClient, ana: Person, bo: Person
) -> None:
    opened = await client.conversations_open(users=[ana.id, bo.id], return_im=True)
    assert opened["channel"]["is_mpim"] is True
    await client.chat_postMessage(channel=opened["channel"]["id"], text="both of you")
    assert await ana.sees("both of you")
    assert await bo.sees("both of you")


@pytest.mark.parametrize(
    ("users", "error"),
    [("old", "user_disabled"), ("U123", "user_not_found"), ("bot", "cannot_dm_bot")],
)
@pytest.mark.proves("conversations.open", "{error}")
async def test_some_people_cannot_be_opened_with(
    sandbox: Sandbox, client: AsyncWebClient, users: str, error: str
) -> None:
    known = {
        "old": sandbox.people.user("old").id,
        "bot": sandbox.world.directory.app.bot_user_id,
    }
    with pytest.raises(SlackApiError) as refused:
        await client.conversations_open(users=known.get(users, users))
    assert refusal(refused) == error


@pytest.mark.proves("conversations.open", "too_many_users")
async def test_too_many_people_cannot_be_opened_with(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="too_many_users"):
        await client.conversations_open(users=[f"U{n}" for n in range(9)])


@pytest.mark.proves("conversations.join")
async def test_joining_lets_the_app_post(
    sandbox: Sandbox, client: AsyncWebClient, ana: Person
) -> None:
    quiet = sandbox.people.channel("quiet").id
    assert (await client.conversations_join(channel=quiet))["channel"]["is_member"] is True
    await client.chat_postMessage(channel=quiet, text="here now")
    assert await ana.sees("here now", in_="#quiet")
    assert (await client.conversations_join(channel=quiet))["warning"] == "already_in_channel"


@pytest.mark.parametrize(
    ("channel", "error"),
    [("past", "is_archived"), ("leads", "method_not_supported_for_channel_type")],
)
@pytest.mark.proves("conversations.join", "{error}")
async def test_some_channels_cannot_be_joined(
    sandbox: Sandbox, client: AsyncWebClient, channel: str, error: str
) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.conversations_join(channel=sandbox.people.channel(channel).id)
    assert refusal(refused) == error


_COUNT = ("one", "two", "three")


@pytest.mark.proves("conversations.history")
async def test_history_is_newest_first_and_paged(client: AsyncWebClient) -> None:
    said = [await client.chat_postMessage(channel="#general", text=t) for t in _COUNT]
    channel = said[0]["channel"]
    first = await client.conversations_history(channel=channel, limit=2)
    assert [m["text"] for m in first["messages"]] == ["three", "two"]
    assert first["has_more"] is True
    rest = await client.conversations_history(
        channel=channel, limit=2, cursor=first["response_metadata"]["next_cursor"]
    )
    assert [m["text"] for m in rest["messages"]] == ["one"]
    assert rest["has_more"] is False


@pytest.mark.proves("conversations.history")
@pytest.mark.proves("conversations.history", "invalid_ts_oldest")
async def test_history_can_be_bounded(client: AsyncWebClient) -> None:
    said = [await client.chat_postMessage(channel="#general", text=t) for t in ("a", "b", "c")]
    channel, first, last = said[0]["channel"], said[0]["ts"], said[2]["ts"]
    between = await client.conversations_history(channel=channel, oldest=first, latest=last)
    assert [m["text"] for m in between["messages"]] == ["b"]
    both = await client.conversations_history(
        channel=channel, oldest=first, latest=last, inclusive=True
    )
    assert [m["text"] for m in both["messages"]] == ["c", "b", "a"]
    with pytest.raises(SlackApiError, match="invalid_ts_oldest"):
        await client.conversations_history(channel=channel, oldest="yesterday")


@pytest.mark.proves("conversations.history", "not_in_channel")
async def test_history_needs_membership(sandbox: Sandbox, client: AsyncWebClient) -> None:
    quiet = sandbox.people.channel("quiet").id
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await client.conversations_history(channel=quiet)


@pytest.mark.proves("conversations.history")
@pytest.mark.proves("conversations.replies")
@pytest.mark.proves("conversations.replies", "thread_not_found")
async def test_a_thread_is_read_from_its_parent(client: AsyncWebClient) -> None:
    said = await client.chat_postMessage(channel="#general", text="topic")
    channel, ts = said["channel"], said["ts"]
    await client.chat_postMessage(channel=channel, text="reply", thread_ts=ts)
    await client.chat_postMessage(channel=channel, text="loud", thread_ts=ts, reply_broadcast=True)
    thread = (await client.conversations_replies(channel=channel, ts=ts))["messages"]
    assert [m["text"] for m in thread] == ["topic", "reply", "loud"]
    assert thread[0]["reply_count"] == 2
    shown = (await client.conversations_history(channel=channel))["messages"]
    assert [m["text"] for m in shown] == ["loud", "topic"]
    with pytest.raises(SlackApiError, match="thread_not_found"):
        await client.conversations_replies(channel=channel, ts="1.000001")
