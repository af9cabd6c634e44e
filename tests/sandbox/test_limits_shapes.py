"""Values of the wrong form, anywhere in what is sent, are refused and no crash."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.json_types import Json
from bot.sandbox.limits.blocks import problems_of_blocks
from bot.sandbox.limits.messages import problems_of_message
from bot.sandbox.limits.views import problems_of_view

from .forms import form
from .shown_blocks import FINE


@pytest.mark.parametrize("value", [None, 7, "x", [], ["x"], {"type": 7}, {"type": []}])
def test_values_of_no_shape_are_problems_not_crashes(value: object) -> None:
    assert problems_of_blocks([value], surface="message", most=50)
    assert problems_of_view(value)
    assert problems_of_view(form() | {"blocks": [value]})


def short(value: object) -> Any:
    """The value with at most two of each list."""
    if isinstance(value, dict):
        return {name: short(part) for name, part in value.items()}
    return [short(part) for part in value[:2]] if isinstance(value, list) else value


def spoilt(value: Any, odd: object) -> Iterator[Any]:
    """Every copy of the value in which one part is something odd."""
    yield odd
    parts = value.items() if isinstance(value, dict) else ()
    for name, part in enumerate(value) if isinstance(value, list) else parts:
        for other in spoilt(part, odd):
            changed = copy.copy(value)
            changed[name] = other
            yield changed


@pytest.mark.parametrize("block", FINE[:-1], ids=lambda block: str(block["type"]))
@pytest.mark.parametrize("odd", [None, 7, [], {}, [7], {"type": "x"}], ids=str)
def test_an_odd_value_anywhere_is_no_crash(block: Json, odd: object) -> None:
    for changed in spoilt(short(block), odd):
        problems_of_message({"blocks": [changed]})
        problems_of_view(form(changed))


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("blocks", "{", "invalid_blocks_format"),
        ("blocks", {"type": "divider"}, "invalid_blocks_format"),
        ("attachments", "{", "invalid_attachments_format"),
        ("attachments", [{"text": "x"}] * 101, "too_many_attachments"),
    ],
)
@pytest.mark.proves("chat.postMessage", "{error}")
async def test_values_of_the_wrong_form_are_refused(
    client: AsyncWebClient, field: str, value: object, error: str
) -> None:
    message = {"channel": "#general", "text": "x", field: value}
    with pytest.raises(SlackApiError) as refused:
        await client.api_call("chat.postMessage", json=message)
    assert refused.value.response["error"] == error
