"""The form of /share: who gets it, the files, what is said of them, and ways on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ExternalDataMultiSelectElement,
    InputBlock,
)
from slack_sdk.models.blocks.block_elements import FileInputElement

from handlers.blocks import Words, actions, button, context, lines, modal, option, plain, section
from handlers.blocks import question as ask_for
from handlers.files.receiving_refusals import MOST_FILES
from handlers.files.share_fields import fields, fields_for_few
from handlers.files.share_known import Known
from handlers.files.share_mistakes import MOST_SPACES, wrong_spaces
from handlers.files.share_typed import (
    NAME,
    Kept,
    Typed,
)
from handlers.interaction import GivenFile

SPACES = "file_spaces"
MORE, ANEW = "file_share_more", "file_share_anew"


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
        *fields(typed, kept, shown.today),
        *(fields_for_few(typed, kept) if kept.is_long else []),
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
