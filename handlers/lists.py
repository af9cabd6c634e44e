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
    """One page of a list; pages count from 0."""

    items: Sequence[Item]
    number: int
    total: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(0, self.total - 1) // PAGE

    @property
    def span(self) -> str:
        """Which items these are: "1–15 of 35"."""
        first = self.number * PAGE + 1
        return f"{first:,}–{first + len(self.items) - 1:,} of {self.total:,}"

    def turns(self, name: str, scope: str) -> list[ButtonElement]:
        """Buttons to the pages before and after, as the action `name` with "scope|page" as value."""
        buttons = []
        if self.number > 0:
            buttons.append(button("Previous", f"{name}:previous", f"{scope}|{self.number - 1}"))
        if self.number < self.last:
            buttons.append(button("Next", f"{name}:next", f"{scope}|{self.number + 1}"))
        return buttons


def turned(value: str) -> tuple[str, int]:
    """The scope and page that a button of `Page.turns` asks for."""
    scope, _, page = value.rpartition("|")
    return scope, int(page)
