"""Before files are sent: who will get them, what they will read, and what happens next."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from handlers.blocks import Words, context, facts, lines, modal, section
from handlers.dates import short
from handlers.files.share_known import Chosen, Known
from handlers.files.share_typed import Kept, Typed
from handlers.interaction import GivenFile
from rules.clearance import Classification

NAME = "file_share_confirm"
MOST_NAMED = 12
LONGEST_NAME = 60


def confirmation(
    typed: Typed,
    kept: Kept,
    known: Known,
    files: Sequence[GivenFile],
    *,
    is_mailed: bool,
    expires: str,
) -> dict[str, object]:
    """What is about to be sent to whom; closing it goes back to the form.

    `is_mailed` says whether people outside of Slack are told by mail; `expires` is until when it can
    be fetched, in words.
    """
    words = Words(
        "file_confirm",
        known=known,
        files=files,
        typed=typed,
        is_mailed=is_mailed,
        expires=expires,
        replaces=kept.replaces,
        is_personal=typed.classification == Classification.personal,
    )
    blocks: list[Block] = [
        section(words["first"]),
        *map(section, lines([_line(each) for each in known.spaces])),
        *([context(words["outside"])] if known.outside else []),
        *map(section, lines(words["files"].split("\n"))),
        facts(
            ("Title", words["title"]),
            ("What it holds", words["holds"]),
            ("Can be fetched until", expires),
            ("Encrypted", "Yes, see below" if typed.is_encrypted else "No"),
        ),
        *(map(section, lines(words["sealed"].split("\n"))) if typed.is_encrypted else []),
        *(map(section, lines(words["note"].split("\n"))) if typed.note else []),
        section(words["next"]),
    ]
    return modal(
        NAME,
        "Send this?",
        blocks,
        submit="Send",
        close="Back",
        kept=kept.to_json(),
    )


def begun(files: Sequence[GivenFile]) -> dict[str, object]:
    """What stands in its place once it is sent; closing it closes the form below as well."""
    words = Words("file_confirm", files=files)
    return modal(NAME, "On its way", [section(words["begun"])], closes_all=True)


def _line(chosen: Chosen) -> str:
    names = [short(person.name, LONGEST_NAME) for person in chosen.people[:MOST_NAMED]]
    more = len(chosen.people) - len(names)
    return Words("file_confirm", chosen=chosen, names=names, more=more)["space"]
