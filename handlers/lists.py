"""Long lists, in pages that fit a Slack message. Nothing is cut without saying so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from slack_sdk.models.blocks import Block, ButtonElement, InteractiveElement

from handlers.blocks import actions, button, context
from handlers.button_values import number_in

Item = TypeVar("Item")
PAGE = 15


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a list, of `size` items unless it is the last; pages count from 0."""

    items: Sequence[Item]
    number: int
    total: int
    size: int = PAGE

    @classmethod
    def of(cls, every: Sequence[Item], number: int, size: int = PAGE) -> "Page[Item]":
        """A page of a list that is known whole; the last one where there are fewer by now."""
        number = min(number, cls((), 0, len(every), size).last)
        return cls(every[number * size : (number + 1) * size], number, len(every), size)

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(0, self.total - 1) // self.size

    @property
    def span(self) -> str:
        """Which items these are: "1–15 of 35"."""
        first = self.number * self.size + 1
        return f"{first:,}–{first + len(self.items) - 1:,} of {self.total:,}"

    def foot(self, *row: InteractiveElement) -> list[Block]:
        """What stands below the items: which they are, where there are others, and the buttons."""
        span = [context(self.span)] if self.last else []
        return [*span, *([actions(*row)] if row else [])]

    def turns(self, name: str, scope: str) -> list[ButtonElement]:
        """Buttons to other pages, as the action `name` with "scope|page" as value."""
        here, last = self.number, self.last
        turns = (
            ("First", 0, here > 1),
            ("Previous", here - 1, here > 0),
            ("Next", here + 1, here < last),
            ("Last", last, here < last - 1),
        )
        return [
            button(words, f"{name}:{words.lower()}", turn(scope, page))
            for words, page, leads_on in turns
            if leads_on
        ]


def turn(scope: str, page: int = 0) -> str:
    """What asks for a page of a list."""
    return f"{scope}|{page}"


def turned(value: str) -> tuple[str, int]:
    """The scope and page that was asked for with `turn`. Raises NotThere where none was."""
    scope, _, page = value.rpartition("|")
    return scope, number_in(page)
