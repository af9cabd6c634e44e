"""New files as a form has them: what it says of all, and what each is called."""

from collections.abc import Sequence
from uuid import UUID

from handlers.files.new_edition import Replaced
from handlers.files.receiving import NewFile
from handlers.files.share_typed import Typed
from handlers.interaction import GivenFile
from rules import file_facts
from rules.clearance import Classification
from rules.file_days import end_of
from rules.file_names import NAMELESS
from rules.seen_words import seen

CALLED_BY_NAME = "{title}: {name}"


def new_files(
    typed: Typed, files: Sequence[GivenFile], replaced: Replaced | None, zone: str
) -> list[tuple[GivenFile, NewFile]]:
    """What is said of each of the files of a form in which nothing is wrong.

    Its days end in `zone`, which is the sender's. Raises ValueError where something is wrong with it
    after all: no day, say.
    """
    return [(each, _new_file(typed, each, replaced, zone, len(files))) for each in files]


def _new_file(
    typed: Typed, file: GivenFile, replaced: Replaced | None, zone: str, together: int
) -> NewFile:
    if typed.expires_on is None:
        raise ValueError("A form without a day of expiry is not sent.")
    return NewFile(
        title=titled(typed.title, file.name, together=together),
        author=typed.author or typed.author_name,
        space_ids=tuple(UUID(value) for value, _ in typed.spaces),
        tags=file_facts.tags(typed.tags),
        facts=file_facts.facts(typed.facts),
        classification=Classification(typed.classification),
        encryption=typed.encryption,
        note=typed.note,
        expires_at=end_of(typed.expires_on, zone),
        retained_until=typed.retained_until,
        most_fetches=int(typed.most_fetches) if typed.most_fetches else None,
        supersedes=replaced.file.id if replaced else None,
    )


def titled(title: str, name: str, *, together: int) -> str:
    """What one of so many files is called that are sent under one title, or under none."""
    name = seen(name) or NAMELESS
    if title and together > 1:
        return CALLED_BY_NAME.format(title=title, name=name)
    return title or name
