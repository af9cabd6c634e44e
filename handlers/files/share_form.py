"""The form of /share: who gets it, the files, and what recipients read of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DatePickerElement,
    ExternalDataMultiSelectElement,
    InputBlock,
    NumberInputElement,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.blocks.basic_components import DispatchActionConfig
from slack_sdk.models.blocks.block_elements import FileInputElement

from handlers.blocks import Words, actions, button, context, lines, modal, option, plain, section
from handlers.blocks import question as ask_for
from handlers.files.receiving_refusals import MOST_FILES
from handlers.files.share_known import Known
from handlers.files.share_mistakes import MOST_FETCHES, MOST_SPACES, wrong_spaces
from handlers.files.share_typed import (
    LONGEST_KEY_FACT,
    LONGEST_NOTE,
    LONGEST_TITLE,
    NAME,
    OPEN,
    SEALED,
    Kept,
    Typed,
)
from handlers.interaction import GivenFile
from rules.clearance import Classification
from rules.file_days import HOLDS_FOR

SPACES = "file_spaces"
TYPED = "file_share_typed"
SEALED_CHOSEN = "file_share_sealed"
MORE, ANEW = "file_share_more", "file_share_anew"
HOLDS = {each: Words("file_share", classification=each).plain("holds") for each in Classification}
"""What a file can hold, as who sends it chooses."""


@dataclass(frozen=True)
class Shown:
    """What the form shows besides what was typed.

    `files` are those of a message; None where the form takes them itself. `title` is that of the
    file that gets a new edition. `ways_on` are buttons that lead elsewhere.
    """

    today: date
    known: Known = field(default_factory=Known)
    files: Sequence[GivenFile] | None = None
    title: str = ""
    is_draft: bool = False
    ways_on: tuple[ButtonElement, ...] = ()


def form(typed: Typed, kept: Kept, shown: Shown) -> dict[str, object]:
    """The form with what was typed; its submission shows who would get it, and asks once more."""
    block = kept.block
    blocks = [
        *(_draft_note(shown) if shown.is_draft else []),
        *(_replaced(kept, shown) if kept.replaces else []),
        *([section(Words("file_share", number=kept.changes)["changes"])] if kept.changes else []),
        _spaces(typed, block("spaces")),
        *([_gets(shown.known)] if shown.known.spaces else []),
        *_files(kept, shown),
        *_fields(typed, kept, shown.today),
        *(_extra(typed, kept) if kept.is_long else []),
        *_ways_on(kept, shown),
        context(Words("file_share")["foot"]),
    ]
    title = "Change a file" if kept.changes else "New edition" if kept.replaces else "Deliver files"
    return modal(NAME, title, blocks, submit="Next", close="Cancel", kept=kept.to_json())


def _draft_note(shown: Shown) -> list[Block]:
    of_message = shown.files is not None
    words = Words("file_share")["draft_of_message" if of_message else "draft"]
    return [section(words, accessory=button("Start over", ANEW))]


def _replaced(kept: Kept, shown: Shown) -> list[Block]:
    return [section(Words("file_share", number=kept.replaces, title=shown.title)["replaces"])]


def _gets(known: Known) -> Block:
    return context(Words("file_share", known=known, wrong=wrong_spaces(known))["gets"])


def _ways_on(kept: Kept, shown: Shown) -> list[Block]:
    more = [] if kept.is_long else [button("More: keep longer, limit downloads, add facts", MORE)]
    buttons = [*more, *shown.ways_on]
    return [actions(*buttons, block_id="ways_on")] if buttons else []


def _files(kept: Kept, shown: Shown) -> list[Block]:
    if shown.files is not None:
        words = Words("file_share", files=shown.files, is_draft=kept.changes is not None)["beside"]
        return [*map(section, lines(words.split("\n")))]
    most = 1 if kept.replaces else MOST_FILES
    element = FileInputElement(action_id="files", max_files=most)
    hint = "Up to 10 MB."
    if most > 1:
        hint = f"Up to {most}, of 10 MB each. What you say below holds for all: send apart what differs."
    return [ask_for("File" if most == 1 else "Files", element, block_id="files", hint=hint)]


def _spaces(typed: Typed, block_id: str) -> InputBlock:
    chooser = ExternalDataMultiSelectElement(
        placeholder=plain("Type a few letters"),
        action_id=SPACES,
        min_query_length=0,
        initial_options=[option(label, value) for value, label in typed.spaces] or None,
        max_selected_items=MOST_SPACES,
    )
    hint = "Spaces of one organisation. Everybody in them gets it, once."
    return ask_for("Who gets it", chooser, block_id=block_id, hint=hint, told_at_once=True)


def _fields(typed: Typed, kept: Kept, today: date) -> list[InputBlock]:
    block = kept.block
    holds = [option(words, each.value) for each, words in HOLDS.items()]
    sealed = [option("No", OPEN), option("Yes, before it came here", SEALED)]
    expires_on = typed.expires_on or today + HOLDS_FOR
    return [
        ask_for(
            "Title",
            _text("title", typed.title, LONGEST_TITLE),
            block_id=block("title"),
            hint="What recipients read first. Left empty, each file is called by its name.",
            optional=True,
            told_at_once=True,
        ),
        ask_for(
            "What it holds",
            StaticSelectElement(
                action_id="classification",
                placeholder=plain("Choose one"),
                options=holds,
                initial_option=next((o for o in holds if o.value == typed.classification), None),
            ),
            block_id=block("classification"),
        ),
        ask_for(
            "Is it encrypted?",
            RadioButtonsElement(
                action_id=SEALED_CHOSEN, options=sealed, initial_option=sealed[typed.is_encrypted]
            ),
            block_id=block("encrypted"),
            hint="No scanner can look into an encrypted file, so a second person releases it.",
            told_at_once=True,
        ),
        *(_encryption(typed, kept) if typed.is_encrypted else []),
        ask_for(
            "Note to recipients",
            _text("note", typed.note, LONGEST_NOTE, multiline=True),
            block_id=block("note"),
            hint="Why they get it, and what to do with it.",
            optional=True,
            told_at_once=True,
        ),
        ask_for(
            "Available until",
            DatePickerElement(action_id="expires", initial_date=expires_on.isoformat()),
            block_id=block("expires"),
            hint="To the end of this day, where you are.",
        ),
        ask_for(
            "Author",
            UserSelectElement(action_id="author", initial_user=typed.author or None),
            block_id=block("author"),
            hint="Only if somebody else wrote it. Where a second person decides, it is neither of you.",
            optional=True,
        ),
        ask_for(
            "Tags",
            _text("tags", typed.tags, LONGEST_NOTE),
            block_id=block("tags"),
            hint="With commas between them: menus, pilot",
            optional=True,
            told_at_once=True,
        ),
    ]


def _encryption(typed: Typed, kept: Kept) -> list[InputBlock]:
    fields = (
        ("How it is encrypted", "method", typed.method, "7-Zip with AES-256, PGP, …"),
        ("Who holds the key", "key_holder", typed.key_holder, "A name that recipients know."),
        (
            "How to reach them",
            "key_reach",
            typed.key_reach,
            "A phone number or an address. Never the key itself: recipients read this.",
        ),
    )
    return [
        ask_for(
            label,
            _text(name, value, LONGEST_KEY_FACT),
            block_id=kept.block(name),
            hint=hint,
            told_at_once=True,
        )
        for label, name, value, hint in fields
    ]


def _extra(typed: Typed, kept: Kept) -> list[InputBlock]:
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
