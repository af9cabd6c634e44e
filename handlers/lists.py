"""Long lists, in pages that fit a Slack message. Nothing is cut without saying so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from slack_sdk.models.blocks import ButtonElement

from handlers.blocks import button

Item = TypeVar("Item")
PAGE = 15


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a list, of `size` items unless it is the last; pages count from 0."""

    items: Sequence[Item]
    number: int
    total: int
    size: int = PAGE

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(0, self.total - 1) // self.size

    @property
    def span(self) -> str:
        """Which items these are: "1–15 of 35"."""
        first = self.number * self.size + 1
        return f"{first:,}–{first + len(self.items) - 1:,} of {self.total:,}"

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
    """The scope and page that was asked for with `turn`."""
    scope, _, page = value.rpartition("|")
    return scope, int(page)
