"""What is typed into the form of the upload page, read as the form of /share is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from handlers.files.receiving import NewFile
from handlers.files.receiving_refusals import EMPTY
from handlers.files.share_known import Known
from handlers.files.share_mistakes import mistakes
from handlers.files.share_typed import Typed
from handlers.interaction import GivenFile
from handlers.visit import Visit
from rules import file_facts
from rules.addresses import known_id
from rules.clearance import Classification
from rules.file_days import end_of
from rules.upload_parts import LARGEST_FILE, LARGEST_SAID

SPACE = "space:"
LONGEST_FILE_NAME = 255
NO_FILE = "Choose the file."
TOO_LARGE = f"This file is too large: the store for files takes up to {LARGEST_SAID}."


@dataclass(frozen=True, slots=True)
class Chosen:
    """The file that somebody chose in their browser, as it says: its name, and its bytes' number."""

    name: str
    size: int

    @property
    def given(self) -> GivenFile:
        """The same as files come in; Slack has no id of it."""
        return GivenFile("", self.name, self.size)


def chosen(form: Mapping[str, str]) -> Chosen | None:
    """The file that a form came with; None for none."""
    name, size = form.get("file_name", "")[:LONGEST_FILE_NAME], form.get("size", "")
    is_number = size.isascii() and size.isdecimal() and len(size) <= len(str(LARGEST_FILE))
    return Chosen(name, int(size)) if name and is_number else None


def wrong_file(file: Chosen | None) -> str:
    """Why a file cannot be uploaded; empty where it can."""
    if file is None:
        return NO_FILE
    if not file.size:
        return EMPTY.format(name="This file")
    return TOO_LARGE if file.size > LARGEST_FILE else ""


def typed_in(form: Mapping[str, str]) -> Typed:
    """What was filled in, but for the file."""

    def line(name: str) -> str:
        return form.get(name, "").strip()

    return Typed(
        title=line("title"),
        spaces=tuple(
            (name.removeprefix(SPACE), label)
            for name, label in form.items()
            if name.startswith(SPACE) and known_id(name.removeprefix(SPACE))
        ),
        classification=line("classification"),
        is_encrypted="encrypted" in form,
        method=line("method"),
        key_holder=line("key_holder"),
        key_reach=line("key_reach"),
        note=line("note"),
        expires_on=_day(line("expires")),
        tags=line("tags"),
        author_name=line("author_name"),
        retained_until=_day(line("retained")),
        most_fetches=line("most_fetches"),
        facts=line("facts"),
    )


def wrong(visit: Visit, typed: Typed, known: Known, file: Chosen | None) -> dict[str, str]:
    """What is wrong, as sentences by field; empty where all is well."""
    of_file = wrong_file(file)
    found = mistakes(typed, known, now=visit.now, zone=visit.person.timezone)
    return ({"file": of_file} if of_file else {}) | found


def facts_of(visit: Visit, typed: Typed, replaced: UUID | None) -> NewFile:
    """What is said of the file; nothing of it is wrong."""
    if typed.expires_on is None:
        raise ValueError("A form without a day of expiry is not sent.")
    return NewFile(
        title=typed.title,
        author=typed.author_name,
        space_ids=tuple(UUID(value) for value, _ in typed.spaces),
        tags=file_facts.tags(typed.tags),
        facts=file_facts.facts(typed.facts),
        classification=Classification(typed.classification),
        encryption=typed.encryption,
        note=typed.note,
        expires_at=end_of(typed.expires_on, visit.person.timezone),
        retained_until=typed.retained_until,
        most_fetches=int(typed.most_fetches) if typed.most_fetches else None,
        supersedes=replaced,
    )


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
