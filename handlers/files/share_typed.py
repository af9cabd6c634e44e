"""What is typed into the form of /share, and what comes back with it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Self
from uuid import uuid4

from handlers.interaction import Form
from rules.clearance import Classification, Encryption
from rules.seen_words import seen

NAME = "file_share"
SEALED, OPEN = "encrypted", "open"
LONGEST_TITLE = 150
LONGEST_NOTE = 2_000
LONGEST_KEY_FACT = 300
_DAYS = ("expires_on", "retained_until")
_EXTRA = ("author_name", "retained_until", "most_fetches", "facts")


@dataclass(frozen=True, slots=True)
class Typed:
    """What is filled in, but for the files; `spaces` has the id and the label of each that is chosen."""

    title: str = ""
    spaces: tuple[tuple[str, str], ...] = ()
    classification: str = Classification.customer.value
    is_encrypted: bool = False
    method: str = ""
    key_holder: str = ""
    key_reach: str = ""
    note: str = ""
    expires_on: date | None = None
    author: str = ""
    tags: str = ""
    author_name: str = ""
    retained_until: date | None = None
    most_fetches: str = ""
    facts: str = ""

    @classmethod
    def of(cls, form: Form) -> Self:
        """What the form holds; a field that it does not show is empty."""
        block = Kept.of(form).block

        def line(name: str) -> str:
            return seen(form.typed(block(name)))

        return cls(
            title=line("title"),
            spaces=form.labelled(block("spaces")),
            classification=form.chosen(block("classification")) or "",
            is_encrypted=form.chosen(block("encrypted")) == SEALED,
            method=line("method"),
            key_holder=line("key_holder"),
            key_reach=line("key_reach"),
            note=line("note"),
            expires_on=form.day(block("expires")),
            author=form.person(block("author")),
            tags=line("tags"),
            author_name=line("author_name"),
            retained_until=form.day(block("retained")),
            most_fetches=line("most_fetches"),
            facts=line("facts"),
        )

    @property
    def encryption(self) -> Encryption | None:
        """How it was encrypted, as far as that is told; None for what was not."""
        if not self.is_encrypted:
            return None
        return Encryption(self.method, self.key_holder, self.key_reach)

    @property
    def has_extra(self) -> bool:
        """Whether something is in the fields that the form shows only when asked for."""
        return any(getattr(self, name) for name in _EXTRA)

    def to_json(self) -> dict[str, Any]:
        """The same as it is kept as a draft."""
        days = {name: _written(getattr(self, name)) for name in _DAYS}
        return asdict(self) | days

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """A draft that was kept."""
        spaces = tuple((value, label) for value, label in kept["spaces"])
        days = {name: _read(kept[name]) for name in _DAYS}
        return cls(**{**kept, **days, "spaces": spaces})


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _read(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None


@dataclass(frozen=True, slots=True)
class Kept:
    """What comes back with the form: its own `id`, by which it is sent once.

    A `round` ends when it is emptied: Slack keeps what was typed into a field of the same id.
    `draft` names what is kept of it when it is closed. `message` says that its files are those of a
    message, kept beside the draft; `replaces` is the number of the file that gets a new edition,
    `changes` that of the draft that is changed and sent again.
    """

    id: str
    draft: str = NAME
    round: int = 0
    is_long: bool = False
    message: bool = False
    replaces: int | None = None
    changes: int | None = None

    @classmethod
    def new(cls, **what: Any) -> Self:  # noqa: ANN401 - its own fields
        """Of a form that is opened now."""
        return cls(uuid4().hex, **what)

    @classmethod
    def of(cls, form: Form) -> Self:
        """Of a form that came back."""
        return cls(**json.loads(form.private_metadata))

    def block(self, field: str) -> str:
        """The id of a field's block."""
        return f"{field}.{self.round}"

    def lengthened(self) -> Self:
        """The same for a form that shows the fields that few need."""
        return replace(self, is_long=True)

    def emptied(self) -> Self:
        """The same for a form that is emptied."""
        return replace(self, round=self.round + 1, is_long=False)

    def to_json(self) -> str:
        """The same as a view keeps it."""
        return json.dumps(asdict(self))
