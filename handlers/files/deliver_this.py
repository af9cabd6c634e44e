"""“Deliver this file”: the files of a message, of any size, in the form of /share."""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.blocks import as_typed, escape
from handlers.doors import shortcut
from handlers.errors import Refused
from handlers.files.share_drafts import Draft, draft_called
from handlers.files.share_mistakes import wrong_files
from handlers.files.share_opening import opened
from handlers.files.share_typed import LONGEST_NOTE, NAME, Kept, Typed
from handlers.interaction import GivenFile, Interaction, given_files
from handlers.reply import Reply, nothing
from rules.roles import Role
from store.session import Store

NO_FILE = "There is no file in this message. Choose this on a message that shows one."
ELSEWHERE = (
    "Slack only links to {name}: it lies elsewhere, so Wavepost cannot fetch it. Download it there and "
    "send the file itself."
)
NOT_IN_SLACK = "external"
"""What Slack calls a file that it only links to."""


@shortcut("file_deliver", role=Role.sender)
async def open_from_message(ask: Interaction, store: Store) -> Reply:
    """The form with the files of a message, and what it says as the note; or as it was left."""
    message = ask.payload["message"]
    files = _files_of(message)
    called = f"{NAME} {ask.channel} {message['ts']}"
    async with store.transaction(actor=ask.person.id) as tx:
        left = await draft_called(tx, ask.person.id, called)
        note = as_typed(str(message.get("text") or "")).strip()[:LONGEST_NOTE]
        typed = left.typed if left else Typed(note=note)
        draft = Draft(typed, tuple(files))
        await tx.form_drafts.keep(ask.person.id, called, draft.to_json())
        kept = Kept.new(draft=called, message=True)
        view = await opened(tx, ask, typed, kept, is_draft=left is not None)
    await ask.open(view)
    return nothing()


def _files_of(message: Mapping[str, Any]) -> Sequence[GivenFile]:
    """The files of a message.

    Raises:
        Refused: there are none, or they cannot be sent.
    """
    files = given_files(message.get("files"))
    if not files:
        raise Refused(NO_FILE)
    wrong = wrong_files(files, Kept.new(message=True))
    if wrong:
        raise Refused(escape(wrong), plain=wrong)
    told = message.get("files")
    for each in told if isinstance(told, list) else ():
        if each.get("mode") == NOT_IN_SLACK:
            words = ELSEWHERE.format(name=each.get("name") or each["id"])
            raise Refused(escape(words), plain=words)
    return files
