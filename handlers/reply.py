"""What a handler answers to the one who asked. Answers are given at once and are never queued."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Form(StrEnum):
    """What kind of answer it is."""

    nothing = "nothing"
    closing = "closing"
    note = "note"
    view = "view"
    push = "push"
    errors = "errors"
    home = "home"
    options = "options"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as a value: it can be compared, kept with the interaction's key, and given again."""

    form: Form = Form.nothing
    fallback: str = ""
    blocks: Sequence[dict[str, Any]] = ()
    view: dict[str, Any] | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    options: Sequence[dict[str, Any]] = ()
    replaces: bool = True

    def to_json(self) -> dict[str, Any]:
        """The reply as it is kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Reply":
        """The reply that was kept."""
        return cls(**{**kept, "form": Form(kept["form"])})


def nothing() -> Reply:
    """All is said and done; a modal that was submitted closes."""
    return Reply()


def closing() -> Reply:
    """As `nothing`, and the modals below the one that was submitted close too: they are out of date."""
    return Reply(Form.closing)


def note(blocks: Sequence[dict[str, Any]], fallback: str, *, replaces: bool = True) -> Reply:
    """Tell the asker, and only the asker; in answer to a button it replaces what the button was on."""
    return Reply(Form.note, fallback=fallback, blocks=blocks, replaces=replaces)


def show(view: dict[str, Any]) -> Reply:
    """Show a view in place of the modal that was submitted or pressed in."""
    return Reply(Form.view, view=view)


def push(view: dict[str, Any]) -> Reply:
    """Lay a view over the modal that was submitted or pressed in."""
    return Reply(Form.push, view=view)


def home(view: dict[str, Any]) -> Reply:
    """Show this as the person's Home."""
    return Reply(Form.home, view=view)


def errors(by_block: Mapping[str, str]) -> Reply:
    """Say under the fields of a modal what is wrong with them; what was typed stays."""
    return Reply(Form.errors, errors=by_block)


def offer(options: Sequence[dict[str, Any]]) -> Reply:
    """Offer these options in a select."""
    return Reply(Form.options, options=options)
