"""How Slack says what it refuses, in its answers to calls."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from .forms import form, note, plain, text_field
from .shown_blocks import actions, button


@pytest.mark.proves("chat.postMessage", "invalid_blocks")
async def test_invalid_blocks_are_answered_as_slack_does(client: AsyncWebClient) -> None:
    blocks = [actions(*(button(f"b{n}") for n in range(26)))]
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="#general", text="x", blocks=blocks)
    words = "no more than 25 items allowed [json-pointer:/blocks/0/elements]"
    assert refused.value.response.data == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": [words],
        "response_metadata": {"messages": [f"[ERROR] {words}"]},
    }


@pytest.mark.proves("chat.postMessage", "invalid_attachments")
async def test_invalid_blocks_of_attachments_are_answered_as_slack_does(
    client: AsyncWebClient,
) -> None:
    attachment = {"fallback": "x", "blocks": [{"type": "section", "fields": [plain("")]}]}
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="#general", text="x", attachments=[attachment])
    assert refused.value.response["error"] == "invalid_attachments"
    pointer = "/attachments/0/blocks/0/fields/0/text"
    assert refused.value.response["errors"] == [
        f"must be more than 0 characters [json-pointer:{pointer}]"
    ]


@pytest.mark.proves("views.open", "invalid_arguments")
async def test_an_invalid_view_is_answered_as_slack_does(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.views_open(trigger_id="1.2.3", view=form(title="x" * 25))
    assert refused.value.response.data == {
        "ok": False,
        "error": "invalid_arguments",
        "response_metadata": {
            "messages": [
                "[ERROR] failed to match all allowed schemas [json-pointer:/view]",
                "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]",
            ]
        },
    }


@pytest.mark.proves("chat.postMessage", "msg_blocks_too_long")
@pytest.mark.proves("message")
async def test_a_whole_message_of_blocks_is_limited(client: AsyncWebClient) -> None:
    """Each block costs its words and 125: https://github.com/slackapi/bolt-js/issues/2509."""
    blocks = [note("x" * 3000) for _ in range(4)]
    spare = 13_422 - 4 * 3125 - 125
    fits, bursts = note("x" * spare), note("x" * (spare + 1))
    await client.chat_postMessage(channel="#general", text="x", blocks=[*blocks, fits])
    with pytest.raises(SlackApiError, match="msg_blocks_too_long"):
        await client.chat_postMessage(channel="#general", text="x", blocks=[*blocks, bursts])


@pytest.mark.proves("blocks.validate")
@pytest.mark.proves("blocks.validate", "invalid_blocks", "invalid_message", "invalid_view")
async def test_blocks_validate_points_at_each_problem(client: AsyncWebClient) -> None:
    assert (await client.blocks_validate(blocks=[{"type": "divider"}]))["ok"]
    assert (await client.blocks_validate(view=form(text_field())))["ok"]
    with pytest.raises(SlackApiError) as refused:
        await client.blocks_validate(blocks=[note("x" * 3001)])
    assert refused.value.response["error"] == "invalid_blocks"
    (error,) = refused.value.response["errors"]
    assert error["pointer"] == "/0/text/text"
    assert error["code"] == "failed_constraint"
    assert error["message"] == "must be less than 3001 characters"
    assert error["source"].endswith("/composition-objects/text-object")
    with pytest.raises(SlackApiError, match="invalid_message"):
        await client.blocks_validate(message={"blocks": [{"type": "x"}]})
    with pytest.raises(SlackApiError, match="invalid_view"):
        await client.blocks_validate(view=form(title="x" * 25))
    with pytest.raises(SlackApiError, match="exactly one"):
        await client.api_call("blocks.validate", json={})
