from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.json_types import Json
from bot.sandbox.methods.table import METHODS
from bot.sandbox.server import Sandbox

from .workspaces import manifest, workspace


async def post(sandbox: Sandbox, method: str, **request: Any) -> Json:
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(sandbox.api_address + method, **request) as answer,
    ):
        assert answer.status == 200
        body: Json = await answer.json()
        return body


@pytest.mark.proves("auth.test")
async def test_auth_test_says_whose_token_it_is(sandbox: Sandbox, client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    identity = sandbox.world.directory.app
    assert answer["user_id"] == identity.bot_user_id
    assert answer["bot_id"] == identity.bot_id
    assert answer["team"] == "Bakery"
    assert answer["user"] == "postbox"


@pytest.mark.proves("api.test")
async def test_api_test_gives_the_arguments_back(sandbox: Sandbox) -> None:
    assert await post(sandbox, "api.test", json={"foo": "bar"}) == {
        "ok": True,
        "args": {"foo": "bar"},
    }
    assert (await post(sandbox, "api.test", data={"error": "my_error"}))["error"] == "my_error"


@pytest.mark.proves("bots.info")
@pytest.mark.proves("bots.info", "bot_not_found")
async def test_bots_info_describes_the_app(sandbox: Sandbox, client: AsyncWebClient) -> None:
    bot = (await client.bots_info(bot=sandbox.world.directory.app.bot_id))["bot"]
    assert bot["user_id"] == sandbox.world.directory.app.bot_user_id
    with pytest.raises(SlackApiError, match="bot_not_found"):
        await client.bots_info(bot="B123")


@pytest.mark.parametrize("form", ["form", "json", "query", "token in the form"])
@pytest.mark.proves("every call")
async def test_arguments_come_as_slack_takes_them(sandbox: Sandbox, form: str) -> None:
    args = {"channel": "#general", "text": "hello"}
    if form == "form":
        answer = await post(sandbox, "chat.postMessage", data=args)
    elif form == "json":
        answer = await post(sandbox, "chat.postMessage", json=args)
    elif form == "query":
        answer = await post(sandbox, "chat.postMessage", params=args)
    else:
        async with (
            aiohttp.ClientSession() as session,
            session.post(
                sandbox.api_address + "chat.postMessage", data=args | {"token": sandbox.bot_token}
            ) as response,
        ):
            answer = await response.json()
    assert answer["message"]["text"] == "hello"


@pytest.mark.proves("every call")
async def test_blocks_may_come_as_the_text_of_json(sandbox: Sandbox) -> None:
    args = {"channel": "#general", "blocks": '[{"type": "divider"}]'}
    answer = await post(sandbox, "chat.postMessage", data=args)
    assert answer["message"]["blocks"][0]["type"] == "divider"


@pytest.mark.proves("every call", "invalid_json", "json_not_object", "invalid_post_type")
async def test_a_body_that_is_not_json_is_refused(sandbox: Sandbox) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await post(sandbox, "chat.postMessage", data=b"{", headers=headers)
    assert answer["error"] == "invalid_json"
    answer = await post(sandbox, "chat.postMessage", data=b"[]", headers=headers)
    assert answer["error"] == "json_not_object"
    headers = {"Content-Type": "text/csv"}
    answer = await post(sandbox, "chat.postMessage", data=b"a,b", headers=headers)
    assert answer["error"] == "invalid_post_type"


@pytest.mark.parametrize(("token", "error"), [("", "not_authed"), ("xoxb-wrong", "invalid_auth")])
@pytest.mark.proves("auth.test", "{error}")
@pytest.mark.proves("every call", "{error}")
async def test_a_missing_or_wrong_token_is_refused(
    sandbox: Sandbox, token: str, error: str
) -> None:
    client = AsyncWebClient(token=token, base_url=sandbox.api_address)
    with pytest.raises(SlackApiError, match=f"'{error}'"):
        await client.auth_test()


@pytest.mark.proves("chat.postMessage", "not_allowed_token_type")
@pytest.mark.proves("every call", "not_allowed_token_type")
async def test_the_app_token_does_not_speak_for_the_bot(sandbox: Sandbox) -> None:
    client = AsyncWebClient(token=sandbox.app_token, base_url=sandbox.api_address)
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await client.chat_postMessage(channel="#general", text="hello")


@pytest.mark.proves("every call", "unknown_method")
async def test_an_unknown_method_is_refused(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="unknown_method"):
        await client.api_call("chat.shout")


@pytest.mark.parametrize(
    ("scope", "method"),
    [
        ("chat:write", "chat.postMessage"),
        ("users:read", "users.list"),
        ("users:read.email", "users.lookupByEmail"),
        ("usergroups:read", "usergroups.list"),
        ("channels:join", "conversations.join"),
    ],
)
@pytest.mark.proves("every call", "missing_scope")
@pytest.mark.proves("{method}", "missing_scope")
async def test_a_missing_scope_is_named(scope: str, method: str) -> None:
    sandbox = Sandbox(manifest=manifest(without=(scope,)), workspace=workspace())
    async with sandbox.running():
        answer = await post(sandbox, method, data={"channel": "#general", "text": "x"})
        assert answer["error"] == "missing_scope"
        assert answer["needed"] == scope
        assert scope not in answer["provided"].split(",")
        assert "commands" in answer["provided"].split(",")


@pytest.mark.proves("conversations.history", "missing_scope")
async def test_a_private_channel_needs_its_own_scope() -> None:
    sandbox = Sandbox(manifest=manifest(without=("groups:history",)), workspace=workspace())
    async with sandbox.running():
        leads = sandbox.people.channel("leads").id
        answer = await post(sandbox, "conversations.history", data={"channel": leads})
        assert (answer["error"], answer["needed"]) == ("missing_scope", "groups:history")


@pytest.mark.proves("every call")
async def test_the_headers_name_scopes(sandbox: Sandbox, client: AsyncWebClient) -> None:
    answer = await client.users_list()
    assert "chat:write" in answer.headers["x-oauth-scopes"]
    assert answer.headers["x-accepted-oauth-scopes"] == "users:read"


def test_every_method_names_its_documentation() -> None:
    for name, method in METHODS.items():
        assert method.source == f"https://docs.slack.dev/reference/methods/{name}"
        assert method.tier > 0
