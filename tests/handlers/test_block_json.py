"""Our way to JSON gives what slack_sdk's own gives, and refuses what that refuses."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.basic_objects import JsonObject
from slack_sdk.models.blocks import (
    ConfirmObject,
    DividerBlock,
    HeaderBlock,
    PlainTextInputElement,
    RichTextBlock,
    RichTextElementParts,
    RichTextSectionElement,
)
from slack_sdk.models.views import View

from handlers.block_json import as_json
from handlers.blocks import actions, button, context, facts, plain, question, section
from handlers.choices import opener

texts = st.text(max_size=90) | st.sampled_from(["", "x" * 76, "x" * 3_001])
buttons = st.builds(button, texts, texts, texts, style=st.sampled_from([None, "primary", "loud"]))
asked = st.builds(
    ConfirmObject, title=texts.map(plain), text=texts.map(plain), confirm=st.just("Yes")
)
choices = st.lists(st.tuples(texts, texts), max_size=3)
blocks = st.one_of(
    st.builds(section, texts, accessory=buttons | st.none(), block_id=texts | st.none()),
    st.builds(facts, st.tuples(texts, texts), st.tuples(texts, texts)),
    st.builds(context, texts),
    st.builds(actions, buttons, st.builds(opener, texts, choices)),
    st.builds(HeaderBlock, text=texts),
    st.builds(
        question,
        texts,
        st.builds(PlainTextInputElement, action_id=texts, max_length=st.integers(0, 4_000)),
        block_id=texts,
        hint=texts,
        optional=st.booleans(),
    ),
    st.just(DividerBlock()),
    st.just(
        RichTextBlock(
            elements=[
                RichTextSectionElement(elements=[]),
                RichTextSectionElement(elements=[RichTextElementParts.Text(text="a")]),
            ]
        )
    ),
)
views = st.builds(
    View,
    type=st.just("modal"),
    title=texts.map(plain),
    callback_id=texts,
    blocks=st.lists(blocks, max_size=3),
    private_metadata=texts,
)


def made(how: Callable[[], dict[str, object]]) -> dict[str, object] | str:
    try:
        return how()
    except SlackObjectFormationError as error:
        return str(error)


@settings(max_examples=150, deadline=None)
@given(blocks | views | asked)
def test_it_is_what_to_dict_gives_and_refuses(part: JsonObject) -> None:
    assert made(lambda: as_json(part)) == made(part.to_dict)
