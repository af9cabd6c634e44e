"""Modals that are open, and everyone's Home.

Source: https://docs.slack.dev/surfaces/modals
"""

import secrets
from dataclasses import dataclass, field

from bot.sandbox.errors import SlackError
from bot.sandbox.ids import fresh_id
from bot.sandbox.json_types import Json

DEPTH = 3


@dataclass
class View:
    """An open modal or a Home; `content` is what the app asked for, completed."""

    id: str
    user_id: str
    content: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    state: dict[str, Json] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        """The view's blocks."""
        blocks: list[Json] = self.content["blocks"]
        return blocks

    @property
    def is_modal(self) -> bool:
        """Whether it is a modal rather than a Home."""
        return str(self.content["type"]) == "modal"


@dataclass
class Views:
    """Each person's stack of modals, bottom first, and Home."""

    stacks: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)

    def stack(self, user_id: str) -> list[View]:
        """The person's open modals, bottom first."""
        return self.stacks.setdefault(user_id, [])

    def find(self, view_id: str) -> View | None:
        """The open modal or Home with this id."""
        open_views = (view for stack in self.stacks.values() for view in stack)
        homes = iter(self.homes.values())
        return next((v for v in (*open_views, *homes) if v.id == view_id), None)

    def by_external_id(self, external_id: str) -> View | None:
        """The open modal or Home with this external_id."""
        everything = [*(v for s in self.stacks.values() for v in s), *self.homes.values()]
        return next((v for v in everything if v.content.get("external_id") == external_id), None)

    def open(self, user_id: str, content: Json) -> View:
        """Start a new stack with one modal; what was open before is gone."""
        view = _new(user_id, content)
        self.stacks[user_id] = [view]
        return view

    def push(self, user_id: str, content: Json) -> View:
        """Put a modal on top of the stack.

        Raises SlackError: push_limit_reached.
        Source: https://docs.slack.dev/reference/methods/views.push
        """
        stack = self.stack(user_id)
        if len(stack) >= DEPTH:
            raise SlackError("push_limit_reached")
        view = _new(user_id, content)
        if stack:
            view.root_id, view.previous_id = stack[0].id, stack[-1].id
        stack.append(view)
        return view

    def update(self, view: View, content: Json) -> None:
        """Replace what a view shows; inputs keep what was filled in where their ids stay."""
        view.content = content
        view.hash = _new_hash()
        names = {block.get("block_id") for block in content["blocks"]}
        view.state = {name: held for name, held in view.state.items() if name in names}

    def publish(self, user_id: str, content: Json) -> View:
        """Set the person's Home."""
        home = self.homes.get(user_id)
        if home is None:
            home = self.homes[user_id] = _new(user_id, content)
        else:
            self.update(home, content)
        return home

    def close(self, view: View) -> list[View]:
        """Close a modal and all above it; returns what was closed, top first."""
        stack = self.stack(view.user_id)
        at = stack.index(view)
        closed = stack[at:][::-1]
        del stack[at:]
        return closed


def _new(user_id: str, content: Json) -> View:
    id_ = fresh_id("V")
    return View(id=id_, user_id=user_id, content=content, hash=_new_hash(), root_id=id_)


def _new_hash() -> str:
    return f"{secrets.randbelow(10**10)}.{secrets.token_hex(4)}"
