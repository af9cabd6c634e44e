"""Before files are sent: who will get them, what they will read, and what happens next."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from handlers.blocks import Mrkdwn, Words, context, facts, lines, modal, section
from handlers.dates import short
from handlers.files.share_known import Chosen, Known
from handlers.files.share_typed import Kept, Typed
from handlers.interaction import GivenFile
from rules.clearance import Classification
from rules.programs import Runs, runs_by_name
from store.outside import Outside

NAME = "file_share_confirm"
MOST_NAMED = 12
LONGEST_NAME = 60


def confirmation(
    typed: Typed,
    kept: Kept,
    known: Known,
    files: Sequence[GivenFile],
    *,
    outside: Outside,
    expires: str,
) -> dict[str, object]:
    """What is about to be sent to whom; closing it goes back to the form.

    `outside` is what is set up: mails to people outside of Slack, a scanner; `expires` is until when it is
    available, in words.
    """
    running = _running(files)
    words = Words(
        "file_confirm",
        known=known,
        files=files,
        running=running,
        typed=typed,
        is_mailed=outside.mails,
        expires=expires,
        replaces=kept.replaces,
        is_personal=typed.classification == Classification.personal,
    )
    blocks: list[Block] = [
        section(words["first"]),
        *map(section, lines([_line(each) for each in known.spaces])),
        *([context(words["outside"])] if known.outside else []),
        *_paragraphs(words["files"]),
        *([section(words["runs"])] if running else []),
        facts(
            ("Title", words["title"]),
            ("What it holds", words["holds"]),
            ("Available until", expires),
            ("Encrypted", "Yes, see below" if typed.is_encrypted else "No"),
        ),
        *(_paragraphs(words["sealed"]) if typed.is_encrypted else []),
        *(_paragraphs(words["note"]) if typed.note else []),
        section(words["next"]),
        *([] if outside.is_scanned else [context(words["unscanned"])]),
    ]
    return modal(NAME, "Send this?", blocks, submit="Send", close="Back", kept=kept.to_json())


def begun(files: Sequence[GivenFile]) -> dict[str, object]:
    """What stands in its place once it is sent; closing it closes the form below as well."""
    words = Words("file_confirm", files=files)
    return modal(NAME, "On its way", [section(words["begun"])], closes_all=True)


def _running(files: Sequence[GivenFile]) -> list[tuple[str, Runs]]:
    """The files that are called as what runs on the machine of who opens it, and what they set going."""
    kinds = [(short(each.name, LONGEST_NAME), runs_by_name(each.name)) for each in files]
    return [(name, kind) for name, kind in kinds if kind]


def _paragraphs(words: Mrkdwn) -> list[Block]:
    return [*map(section, lines(words.split("\n")))]


def _line(chosen: Chosen) -> str:
    names = [short(person.name, LONGEST_NAME) for person in chosen.people[:MOST_NAMED]]
    more = len(chosen.people) - len(names)
    return Words("file_confirm", chosen=chosen, names=names, more=more)["space"]
