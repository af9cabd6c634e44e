"""What people typed into the form of /share and did not send; with the files of the message it is about."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from handlers.errors import Refused
from handlers.files.draft_changes import changed_by
from handlers.files.share_typed import NAME, Kept, Typed
from handlers.interaction import GivenFile
from store.people import Person
from store.session import Reading, Transaction

TOO_OLD = (
    "This form was open for more than a day, so its files are forgotten and nothing was sent. "
    "Please begin anew."
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as it was left; `files` are None where they are given in the form itself."""

    typed: Typed
    files: tuple[GivenFile, ...] | None = None

    def to_json(self) -> dict[str, Any]:
        """The draft as it is kept."""
        files = None if self.files is None else [asdict(each) for each in self.files]
        return {"typed": self.typed.to_json(), "files": files}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """A draft that was kept."""
        files = kept["files"]
        given = None if files is None else tuple(GivenFile(**each) for each in files)
        return cls(Typed.from_json(kept["typed"]), given)


async def draft_called(reading: Reading, person: str, name: str) -> Draft | None:
    """What somebody left in a form; None where they left nothing within a day."""
    kept = await reading.form_drafts.of(person, name)
    return Draft.from_json(kept) if kept else None


async def files_beside(reading: Reading, person: Person, kept: Kept) -> Sequence[GivenFile] | None:
    """The files that a form is about, of a message or a draft; None where it takes them itself.

    Raises:
        Refused: the form is too old to know them, or the draft is none any more.
    """
    if kept.changes:
        row = (await changed_by(reading, person, kept)).row
        size = row.size or row.promised_size or 0
        return (GivenFile(row.slack_file or "", row.file_name, size),)
    if not kept.message:
        return None
    draft = await draft_called(reading, person.id, kept.draft)
    if draft is None or draft.files is None:
        raise Refused(TOO_OLD)
    return draft.files


async def keep_draft(tx: Transaction, person: str, kept: Kept, typed: Typed) -> None:
    """Keep what is typed by now; the files of a message stay beside it."""
    draft = await draft_called(tx, person, kept.draft) or Draft(typed)
    await tx.form_drafts.keep(person, kept.draft, replace(draft, typed=typed).to_json())


async def keep_pending(
    tx: Transaction, person: str, kept: Kept, typed: Typed, files: Sequence[GivenFile]
) -> None:
    """Keep what somebody is asked about: it is sent as it was shown to them, and no other way."""
    pending = Draft(typed, tuple(files))
    await tx.form_drafts.keep(person, _pending(kept), pending.to_json())


async def pending(reading: Reading, person: str, kept: Kept) -> Draft:
    """What somebody was asked about.

    Raises:
        Refused: that was more than a day ago.
    """
    draft = await draft_called(reading, person, _pending(kept))
    if draft is None:
        raise Refused(TOO_OLD)
    return draft


async def forget(tx: Transaction, person: str, kept: Kept) -> None:
    """It was sent: nothing of it is left to be sent again."""
    await tx.form_drafts.drop(person, kept.draft)
    await tx.form_drafts.drop(person, _pending(kept))


def _pending(kept: Kept) -> str:
    return f"{NAME} {kept.id}"
