"""What is typed into the form of the upload page, read as the form of /share is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from handlers.files.share_typed import Typed
from handlers.interaction import GivenFile
from rules.addresses import known_id
from rules.seen_words import seen
from rules.upload_parts import LARGEST_FILE

SPACE = "space:"
FILE_NAME = "file_name"
"""The field of a file's name; of several, each has its own, as "file_name:0" beside "size:0"."""
LONGEST_FILE_NAME = 255


@dataclass(frozen=True, slots=True)
class Chosen:
    """The file that somebody chose in their browser, as it says: its name, and its bytes' number."""

    name: str
    size: int

    @property
    def given(self) -> GivenFile:
        """The same as files come in; Slack has no id of it."""
        return GivenFile("", self.name, self.size)


def chosen(form: Mapping[str, str], which: str = "") -> Chosen | None:
    """A file that a form came with; None for none. `which` is what its fields end with."""
    name = form.get(f"{FILE_NAME}{which}", "")[:LONGEST_FILE_NAME]
    size = form.get(f"size{which}", "")
    # One digit more than the largest has, so that what is too large is told so.
    is_number = size.isascii() and size.isdecimal() and len(size) <= len(str(LARGEST_FILE)) + 1
    return Chosen(name, int(size)) if name and is_number else None


def all_chosen(form: Mapping[str, str]) -> list[Chosen]:
    """The files that a form came with, in their order."""
    endings = [name.removeprefix(FILE_NAME) for name in form if name.startswith(FILE_NAME)]
    return [file for each in endings if (file := chosen(form, each))]


def typed_in(form: Mapping[str, str]) -> Typed:
    """What was filled in, but for the file."""

    def line(name: str) -> str:
        return seen(form.get(name, ""))

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


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
