"""What Slack refuses of modals and of the Home."""

from collections.abc import Callable

import pytest

from bot.sandbox.json_types import Json
from bot.sandbox.limits.views import problems_of_view

from .forms import date_field, form, home, plain, text_field
from .shown_blocks import asked, table


@pytest.mark.proves("view modal")
@pytest.mark.proves("view home")
def test_a_hundred_blocks_stand_in_a_view() -> None:
    for view in (form, home):
        assert problems_of_view(view(*[{"type": "divider"}] * 100)) == []
        (problem,) = problems_of_view(view(*[{"type": "divider"}] * 101))
        assert str(problem) == "no more than 100 items allowed [json-pointer:/blocks]"


VIEWS: list[tuple[Callable[[], Json], str]] = [
    (
        lambda: form(title="x" * 25),
        "must be less than 25 characters [json-pointer:/title/text]",
    ),
    (
        lambda: form(submit=plain("x" * 25)),
        "must be less than 25 characters [json-pointer:/submit/text]",
    ),
    (
        lambda: form(private_metadata="x" * 3001),
        "must be less than 3001 characters [json-pointer:/private_metadata]",
    ),
    (
        lambda: form(callback_id="x" * 256),
        "must be less than 256 characters [json-pointer:/callback_id]",
    ),
    (lambda: form(colour="red"), "invalid additional property: colour [json-pointer:]"),
    (lambda: form(text_field(), submit=None), "must provide an object [json-pointer:/submit]"),
    (
        lambda: form(table()),
        "unsupported type: table [json-pointer:/blocks/0/type]",
    ),
    (
        lambda: form({"type": "markdown", "text": "x"}),
        "unsupported type: markdown [json-pointer:/blocks/0/type]",
    ),
    (lambda: home() | {"title": plain("x")}, "invalid additional property: title [json-pointer:]"),
    (
        lambda: form(text_field(), text_field()),
        "Block ID needs to be unique [json-pointer:/blocks/1/block_id]",
    ),
    (
        lambda: form(
            asked({"type": "plain_text_input", "focus_on_load": True}),
            asked({"type": "datepicker", "focus_on_load": True}),
        ),
        "only one element may have focus_on_load [json-pointer:/blocks/1]",
    ),
    (
        lambda: {"type": "modal", "title": plain("x"), "blocks": [text_field()]},
        "missing required field: submit [json-pointer:]",
    ),
    (
        lambda: {"type": "modal", "blocks": []},
        "missing required field: title [json-pointer:]",
    ),
]


@pytest.mark.parametrize(("view", "words"), VIEWS, ids=[words[:50] for _, words in VIEWS])
def test_views_that_slack_refuses_are_refused(view: Callable[[], Json], words: str) -> None:
    assert words in [str(problem) for problem in problems_of_view(view())]


def test_a_view_with_every_kind_of_field_is_accepted() -> None:
    view = form(
        text_field(),
        date_field(),
        asked({"type": "file_input", "max_files": 10}),
        asked({"type": "rich_text_input"}),
        asked({"type": "users_select"}),
        asked({"type": "conversations_select", "default_to_current_conversation": True}),
    )
    assert problems_of_view(view) == []
