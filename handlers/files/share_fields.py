"""The fields of the form of /share, each with what was typed into it."""

from datetime import date

from slack_sdk.models.blocks import (
    DatePickerElement,
    InputBlock,
    NumberInputElement,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.blocks.basic_components import DispatchActionConfig

from handlers.blocks import Words, option, plain
from handlers.blocks import question as ask_for
from handlers.files.share_mistakes import MOST_FETCHES
from handlers.files.share_typed import (
    LONGEST_KEY_FACT,
    LONGEST_NOTE,
    LONGEST_TITLE,
    OPEN,
    SEALED,
    Kept,
    Typed,
)
from rules.clearance import Classification
from rules.file_days import HOLDS_FOR

TYPED = "file_share_typed"
SEALED_CHOSEN = "file_share_sealed"
HOLDS = {each: Words("file_share", classification=each).plain("holds") for each in Classification}
"""What a file can hold, as who sends it chooses."""


def fields(typed: Typed, kept: Kept, today: date) -> list[InputBlock]:
    """What everybody fills in, or leaves as it is."""
    return [
        ask_for(
            "Title",
            _text("title", typed.title, LONGEST_TITLE),
            block_id=kept.block("title"),
            hint="What recipients read first. Left empty, each file is called by its name.",
            optional=True,
            told_at_once=True,
        ),
        _classification(typed, kept),
        _is_encrypted(typed, kept),
        *(_encryption(typed, kept) if typed.is_encrypted else []),
        ask_for(
            "Note to recipients",
            _text("note", typed.note, LONGEST_NOTE, multiline=True),
            block_id=kept.block("note"),
            hint="Why they get it, and what to do with it.",
            optional=True,
            told_at_once=True,
        ),
        _expiry(typed, kept, today),
        _author(typed, kept),
        ask_for(
            "Tags",
            _text("tags", typed.tags, LONGEST_NOTE),
            block_id=kept.block("tags"),
            hint="With commas between them: menus, pilot",
            optional=True,
            told_at_once=True,
        ),
    ]


def _classification(typed: Typed, kept: Kept) -> InputBlock:
    holds = [option(words, each.value) for each, words in HOLDS.items()]
    element = StaticSelectElement(
        action_id="classification",
        placeholder=plain("Choose one"),
        options=holds,
        initial_option=next((each for each in holds if each.value == typed.classification), None),
    )
    return ask_for("What it holds", element, block_id=kept.block("classification"))


def _is_encrypted(typed: Typed, kept: Kept) -> InputBlock:
    answers = [option("No", OPEN), option("Yes, before it came here", SEALED)]
    element = RadioButtonsElement(
        action_id=SEALED_CHOSEN, options=answers, initial_option=answers[typed.is_encrypted]
    )
    return ask_for(
        "Is it encrypted?",
        element,
        block_id=kept.block("encrypted"),
        hint="No scanner can look into an encrypted file, so a second person releases it.",
        told_at_once=True,
    )


def _encryption(typed: Typed, kept: Kept) -> list[InputBlock]:
    words = Words("file_forms")
    told = (
        ("method", "method", typed.method),
        ("holder", "key_holder", typed.key_holder),
        ("reach", "key_reach", typed.key_reach),
    )
    return [
        ask_for(
            words.plain(f"{asked}_label"),
            _text(name, value, LONGEST_KEY_FACT),
            block_id=kept.block(name),
            hint=words.plain(f"{asked}_hint"),
            told_at_once=True,
        )
        for asked, name, value in told
    ]


def _expiry(typed: Typed, kept: Kept, today: date) -> InputBlock:
    expires_on = typed.expires_on or today + HOLDS_FOR
    return ask_for(
        "Available until",
        DatePickerElement(action_id="expires", initial_date=expires_on.isoformat()),
        block_id=kept.block("expires"),
        hint="To the end of this day, where you are.",
    )


def _author(typed: Typed, kept: Kept) -> InputBlock:
    return ask_for(
        "Author",
        UserSelectElement(action_id="author", initial_user=typed.author or None),
        block_id=kept.block("author"),
        hint="Only if somebody else wrote it. Where a second person decides, it is neither of you.",
        optional=True,
    )


def fields_for_few(typed: Typed, kept: Kept) -> list[InputBlock]:
    """What few need: the form shows it when asked for."""
    block = kept.block
    retained = typed.retained_until.isoformat() if typed.retained_until else None
    return [
        ask_for(
            "Author, if not in Slack",
            _text("author_name", typed.author_name, LONGEST_TITLE),
            block_id=block("author_name"),
            optional=True,
        ),
        ask_for(
            "Keep its bytes at least until",
            DatePickerElement(action_id="retained", initial_date=retained),
            block_id=block("retained"),
            hint="Otherwise they are removed 30 days after the file expired or was revoked.",
            optional=True,
        ),
        ask_for(
            "How often each recipient may fetch it",
            NumberInputElement(
                action_id="most_fetches",
                is_decimal_allowed=False,
                initial_value=typed.most_fetches or None,
                min_value="1",
                max_value=str(MOST_FETCHES),
            ),
            block_id=block("most_fetches"),
            hint="Left empty: as often as they like.",
            optional=True,
        ),
        ask_for(
            "Facts",
            _text("facts", typed.facts, LONGEST_NOTE, multiline=True),
            block_id=block("facts"),
            hint="One a line, as “name: value”. Files are found by them.",
            optional=True,
        ),
    ]


def _text(name: str, value: str, longest: int, *, multiline: bool = False) -> PlainTextInputElement:
    return PlainTextInputElement(
        action_id=f"{TYPED}:{name}",
        multiline=multiline,
        max_length=longest,
        initial_value=value or None,
        dispatch_action_config=DispatchActionConfig(trigger_actions_on=["on_character_entered"]),
    )
