"""Refusals by the hundred: a wrong call, and the word Slack has for it.

Words in braces are ids of the workspace: `{general}` a channel, `{ana}` a person, `{said}` the
timestamp of a message of the app's in #general.
"""

import json

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.json_types import Json
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox

from .forms import form, home, note
from .workspaces import manifest, workspace

Ids = dict[str, str]
NONSENSE = [{"type": "nonsense"}]
HEAVY = [note("x" * 2900)] * 5


@pytest.fixture
async def ids(sandbox: Sandbox, client: AsyncWebClient) -> Ids:
    """What the words in braces mean."""
    directory = sandbox.world.directory
    names = ("general", "triage", "quiet", "leads", "secret", "past")
    found = {name: sandbox.people.channel(name).id for name in names}
    found |= {name: sandbox.people.user(name).id for name in ("ana", "bo", "old")}
    said = await client.chat_postMessage(channel="#general", text="said")
    return found | {"bot": directory.app.bot_user_id, "said": str(said["ts"])}


async def refusal(client: AsyncWebClient, method: str, given: Json, ids: Ids) -> str:
    """The error that the call is answered with."""
    filled = json.loads(json.dumps(given), object_hook=lambda held: _filled(held, ids))
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, json=filled)
    return str(refused.value.response["error"])


def _filled(held: Json, ids: Ids) -> Json:
    return {
        name: ids.get(value[1:-1], value) if isinstance(value, str) else value
        for name, value in held.items()
    }


SPEAKING = {
    "chat.postMessage": {"channel": "{general}"},
    "chat.postEphemeral": {"channel": "{general}", "user": "{ana}"},
    "chat.update": {"channel": "{general}", "ts": "{said}"},
}
UNSAYABLE: list[tuple[Json, str]] = [
    ({}, "no_text"),
    ({"text": ""}, "no_text"),
    ({"text": "x", "blocks": "?"}, "invalid_blocks_format"),
    ({"text": "x", "blocks": {"type": "divider"}}, "invalid_blocks_format"),
    ({"text": "x", "blocks": NONSENSE}, "invalid_blocks"),
    ({"text": "x", "attachments": "?"}, "invalid_attachments_format"),
    ({"text": "x", "attachments": [{"blocks": NONSENSE}]}, "invalid_attachments"),
    ({"text": "x", "attachments": [{"text": "y"}] * 101}, "too_many_attachments"),
    ({"text": "x", "metadata": "?"}, "invalid_metadata_format"),
    ({"text": "x", "metadata": {"event_type": 7}}, "invalid_metadata_schema"),
    ({"text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
    ({"markdown_text": "x" * 12_001}, "msg_too_long"),
    ({"text": "x", "blocks": HEAVY}, "msg_blocks_too_long"),
]


@pytest.mark.proves("{method}", "{error}")
@pytest.mark.parametrize("method", SPEAKING)
@pytest.mark.parametrize(("said", "error"), UNSAYABLE)
async def test_what_cannot_be_said_is_refused(
    client: AsyncWebClient, ids: Ids, method: str, said: Json, error: str
) -> None:
    assert await refusal(client, method, SPEAKING[method] | said, ids) == error


WRONG: list[tuple[str, Json, str]] = [
    ("chat.postEphemeral", {"channel": "{general}", "text": "x"}, "invalid_arguments"),
    (
        "chat.postEphemeral",
        {"channel": "C123", "user": "{ana}", "text": "x"},
        "channel_not_found",
    ),
    (
        "chat.postEphemeral",
        {"channel": "{secret}", "user": "{bo}", "text": "x"},
        "channel_not_found",
    ),
    ("chat.postEphemeral", {"channel": "{past}", "user": "{ana}", "text": "x"}, "is_archived"),
    ("chat.postEphemeral", {"channel": "{quiet}", "user": "{ana}", "text": "x"}, "not_in_channel"),
    (
        "chat.postEphemeral",
        {"channel": "{general}", "user": "{ana}", "text": "x", "thread_ts": "1.000000"},
        "thread_not_found",
    ),
    ("chat.update", {"channel": "C123", "ts": "{said}", "text": "x"}, "channel_not_found"),
    ("chat.update", {"channel": "{secret}", "ts": "{said}", "text": "x"}, "channel_not_found"),
    ("chat.update", {"channel": "{general}", "text": "x"}, "invalid_arguments"),
    ("chat.update", {"ts": "{said}", "text": "x"}, "invalid_arguments"),
    ("chat.delete", {"channel": "C123", "ts": "{said}"}, "channel_not_found"),
    ("chat.delete", {"channel": "{general}"}, "invalid_arguments"),
    ("chat.getPermalink", {"channel": "C123", "message_ts": "{said}"}, "channel_not_found"),
    (
        "chat.getPermalink",
        {"channel": "{general}", "message_ts": "1.000000"},
        "message_not_found",
    ),
    ("chat.getPermalink", {"channel": "{general}"}, "invalid_arguments"),
    ("conversations.history", {}, "invalid_arguments"),
    ("conversations.history", {"channel": "{general}", "limit": "many"}, "invalid_arguments"),
    ("conversations.history", {"channel": "C123"}, "channel_not_found"),
    ("conversations.history", {"channel": "{secret}"}, "channel_not_found"),
    ("conversations.history", {"channel": "{general}", "cursor": "?"}, "invalid_cursor"),
    ("conversations.history", {"channel": "{general}", "limit": -1}, "invalid_limit"),
    ("conversations.history", {"channel": "{general}", "latest": "now"}, "invalid_ts_latest"),
    ("conversations.info", {}, "invalid_arguments"),
    ("conversations.join", {}, "invalid_arguments"),
    ("conversations.join", {"channel": "{secret}"}, "channel_not_found"),
    ("conversations.list", {"limit": "many"}, "invalid_arguments"),
    ("conversations.members", {}, "invalid_arguments"),
    ("conversations.members", {"channel": "{secret}"}, "channel_not_found"),
    ("conversations.members", {"channel": "{general}", "cursor": "?"}, "invalid_cursor"),
    ("conversations.members", {"channel": "{general}", "limit": -1}, "invalid_limit"),
    ("conversations.open", {}, "invalid_arguments"),
    ("conversations.open", {"channel": "{secret}"}, "channel_not_found"),
    ("conversations.open", {"channel": "{general}"}, "method_not_supported_for_channel_type"),
    ("conversations.replies", {"channel": "{general}"}, "invalid_arguments"),
    ("conversations.replies", {"channel": "{secret}", "ts": "{said}"}, "channel_not_found"),
    ("conversations.replies", {"channel": "{quiet}", "ts": "{said}"}, "not_in_channel"),
    (
        "conversations.replies",
        {"channel": "{general}", "ts": "{said}", "cursor": "?"},
        "invalid_cursor",
    ),
    (
        "conversations.replies",
        {"channel": "{general}", "ts": "{said}", "limit": -1},
        "invalid_limit",
    ),
    (
        "conversations.replies",
        {"channel": "{general}", "ts": "{said}", "latest": "now"},
        "invalid_ts_latest",
    ),
    (
        "conversations.replies",
        {"channel": "{general}", "ts": "{said}", "oldest": "then"},
        "invalid_ts_oldest",
    ),
    ("users.list", {"limit": "many"}, "invalid_arguments"),
    ("users.list", {"limit": -1}, "invalid_limit"),
    ("users.list", {"cursor": "?"}, "invalid_cursor"),
    ("users.lookupByEmail", {}, "invalid_arguments"),
    ("usergroups.users.list", {}, "invalid_arguments"),
    ("blocks.validate", {}, "invalid_arguments"),
    ("blocks.validate", {"blocks": NONSENSE, "view": form()}, "invalid_arguments"),
    ("views.push", {"view": form()}, "invalid_arguments"),
    ("views.push", {"view": "?"}, "invalid_arguments"),
    ("views.update", {"view": form()}, "invalid_arguments"),
    ("views.publish", {"view": home()}, "invalid_arguments"),
]


@pytest.mark.proves("{method}", "{error}")
@pytest.mark.parametrize(("method", "given", "error"), WRONG)
async def test_a_wrong_call_is_refused(
    client: AsyncWebClient, ids: Ids, method: str, given: Json, error: str
) -> None:
    assert await refusal(client, method, given, ids) == error


FILES = {"files.info", "files.delete", "files.list"}


@pytest.mark.proves("{method}", "invalid_arguments")
@pytest.mark.parametrize("method", sorted(FILES))
async def test_a_wrong_call_about_files_is_refused(method: str) -> None:
    app = manifest(extra=("files:read", "files:write"))
    async with Sandbox(manifest=app, workspace=workspace()).running() as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_address)
        assert await refusal(client, method, {"count": "many"}, {}) == "invalid_arguments"


LACKING = [
    ("conversations.info", "groups:read", {"channel": "{leads}"}),
    ("conversations.members", "groups:read", {"channel": "{leads}"}),
    ("conversations.list", "groups:read", {"types": "private_channel"}),
    ("conversations.open", "mpim:write", {"users": "{ana},{bo}"}),
    ("conversations.replies", "groups:history", {"channel": "{leads}", "ts": "1.000000"}),
]


@pytest.mark.proves("{method}", "missing_scope")
@pytest.mark.parametrize(("method", "scope", "given"), LACKING)
async def test_a_kind_of_conversation_needs_its_own_scope(
    method: str, scope: str, given: Json
) -> None:
    app = manifest(without=(scope,))
    async with Sandbox(manifest=app, workspace=workspace()).running() as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_address)
        people = {name: sandbox.people.user(name).id for name in ("ana", "bo")}
        leads = sandbox.people.channel("leads").id
        several = {"users": ",".join(people.values())} if "users" in given else {}
        assert await refusal(client, method, given | several, {"leads": leads}) == "missing_scope"


@pytest.mark.proves("chat.postEphemeral", "messages_tab_disabled")
async def test_an_app_without_a_messages_tab_cannot_write_to_people_in_private_either() -> None:
    app = manifest()
    app["features"]["app_home"]["messages_tab_enabled"] = False
    async with Sandbox(manifest=app, workspace=workspace()).running() as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_address)
        ana = sandbox.people.user("ana").id
        given = {"channel": ana, "user": ana, "text": "x"}
        assert await refusal(client, "chat.postEphemeral", given, {}) == "messages_tab_disabled"


FILE_FIELD = {
    "type": "input",
    "label": {"type": "plain_text", "text": "Sheet"},
    "element": {"type": "file_input", "action_id": "sheet"},
}
LARGE = form(*[note("x" * 2990)] * 90)


@pytest.mark.proves("{method}", "{error}")
@pytest.mark.parametrize("method", ["views.push", "views.update"])
@pytest.mark.parametrize(
    ("view", "error"),
    [
        (form(*NONSENSE), "invalid_arguments"),
        (form(FILE_FIELD), "missing_scope"),
        (form(external_id="taken"), "duplicate_external_id"),
        (LARGE, "view_too_large"),
    ],
    ids=["nonsense", "files", "name", "large"],
)
async def test_a_wrong_view_is_refused_wherever_it_is_shown(
    sandbox: Sandbox,
    client: AsyncWebClient,
    ana: Person,
    bo: Person,
    method: str,
    view: Json,
    error: str,
) -> None:
    def trigger(person: Person, view_id: str | None = None) -> str:
        return sandbox.world.triggers.give(person.id, view_id)

    taken = form(external_id="taken")
    await client.views_open(trigger_id=trigger(bo), view=taken)
    opened = (await client.views_open(trigger_id=trigger(ana), view=form()))["view"]["id"]
    inside = {"trigger_id": trigger(ana, opened)} if method == "views.push" else {"view_id": opened}
    assert await refusal(client, method, inside | {"view": view}, {}) == error


@pytest.mark.proves("views.publish", "{error}")
@pytest.mark.parametrize(
    ("blocks", "more", "error"),
    [
        ([FILE_FIELD], {}, "missing_scope"),
        ([], {"external_id": "taken"}, "duplicate_external_id"),
        ([note("x" * 2990)] * 90, {}, "view_too_large"),
    ],
    ids=["files", "name", "large"],
)
async def test_a_wrong_home_is_refused(
    client: AsyncWebClient, ids: Ids, blocks: list[Json], more: Json, error: str
) -> None:
    await client.views_publish(user_id=ids["bo"], view=home() | {"external_id": "taken"})
    given = {"user_id": "{ana}", "view": home(*blocks) | more}
    assert await refusal(client, "views.publish", given, ids) == error


@pytest.mark.proves("views.push", "{error}")
@pytest.mark.parametrize("error", ["expired_trigger_id", "exchanged_trigger_id"])
async def test_a_push_needs_a_fresh_trigger(
    sandbox: Sandbox, client: AsyncWebClient, ana: Person, error: str
) -> None:
    give = sandbox.world.triggers.give
    opened = (await client.views_open(trigger_id=give(ana.id), view=form()))["view"]["id"]
    if error == "expired_trigger_id":
        sandbox.faults.expire_trigger()
    trigger = give(ana.id, opened)
    if error == "exchanged_trigger_id":
        await client.views_push(trigger_id=trigger, view=form())
    given = {"trigger_id": trigger, "view": form()}
    assert await refusal(client, "views.push", given, {}) == error
