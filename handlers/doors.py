"""The doors of Slack: a decorator for each kind of interaction, and the table that finds who answers."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from types import ModuleType
from typing import Literal

from handlers.interaction import Interaction
from handlers.reply import Reply
from rules.roles import Role
from store.session import Store

Answer = Callable[[Interaction, Store], Awaitable[Reply]]
SLACK: Literal["slack"] = "slack"
"""In place of a role: Slack itself tells us this, no person asks for anything."""
DIRECT_MESSAGE = "message.im"
"""What Slack calls the event."""
HOME_OPENED = "app_home_opened"
"""What Slack calls it that a person turns to our Home."""
ROOT = "/wavepost"
"""The command under which everything can be asked, whatever the others are called."""


class Door(StrEnum):
    """How something reaches us from Slack."""

    command = "command"
    topic = "topic"
    action = "action"
    options = "options"
    home = "home"
    submission = "submission"
    closed = "closed"
    shortcut = "shortcut"
    event = "event"
    message = "message"


@dataclass(frozen=True, slots=True)
class Listener:
    """What answers one thing that arrives through a door, and the role one needs to be answered.

    `also` is another role that does as well: neither of a lead and an approver is the other.
    """

    door: Door
    name: str
    role: Role | Literal["slack"]
    answer: Answer
    says: str = ""
    example: str = ""
    also: Role | None = None


Decorator = Callable[[Answer], Listener]


def _listener(
    door: Door,
    name: str,
    role: Role | Literal["slack"],
    *,
    says: str = "",
    example: str = "",
    also: Role | None = None,
) -> Decorator:
    return lambda answer: Listener(door, name, role, answer, says, example, also)


def command(name: str, *, role: Role, says: str = "", example: str = "") -> Decorator:
    """A slash command, by its own name; what it is called in Slack is a setting.

    Where `says` tells what it is for, /wavepost help offers it, with the words of `example` behind
    it; `offers.CUSTOMER` in them stands for the name of a customer that exists.
    """
    return _listener(Door.command, name, role, says=says, example=example)


def topic(
    name: str, *, role: Role, says: str = "", example: str = "", also: Role | None = None
) -> Decorator:
    """A word behind /wavepost that it answers itself, offered by its help as commands are.

    Every command is answered behind /wavepost too.
    """
    return _listener(Door.topic, name, role, says=says, example=example, also=also)


def action(name: str, *, role: Role, also: Role | None = None) -> Decorator:
    """A button pressed or a choice made; `name` is the action_id up to its first colon."""
    return _listener(Door.action, name, role, also=also)


def options(name: str, *, role: Role, also: Role | None = None) -> Decorator:
    """What a select offers for the letters typed so far; `name` is its action_id."""
    return _listener(Door.options, name, role, also=also)


def submission(name: str, *, role: Role, also: Role | None = None) -> Decorator:
    """A modal submitted; `name` is its callback_id."""
    return _listener(Door.submission, name, role, also=also)


def shortcut(name: str, *, role: Role) -> Decorator:
    """A shortcut chosen from a menu; `name` is its callback_id."""
    return _listener(Door.shortcut, name, role)


def home(*, role: Role) -> Decorator:
    """A person turns to our Home, which the answer fills."""
    return _listener(Door.home, HOME_OPENED, role)


def direct_message(*, role: Role) -> Decorator:
    """What a person writes to Wavepost alone; the answer is a message, in the same place."""
    return _listener(Door.message, DIRECT_MESSAGE, role)


def event(name: str) -> Decorator:
    """Something that happened in the workspace; `name` is the event's type."""
    return _listener(Door.event, name, SLACK)


class Listeners:
    """All listeners, found by one look in a table: Bolt would try each in turn."""

    def __init__(self, listeners: Iterable[Listener]) -> None:
        self._by_name: dict[tuple[Door, str], Listener] = {}
        for listener in listeners:
            at = (listener.door, listener.name)
            if at in self._by_name:
                raise ValueError(f"two listeners answer the {listener.door} {listener.name!r}")
            self._by_name[at] = listener

    @classmethod
    def of(cls, *modules: ModuleType) -> "Listeners":
        """The listeners that these modules define."""
        return cls(
            value
            for module in modules
            for value in vars(module).values()
            if isinstance(value, Listener)
        )

    def find(self, door: Door, name: str) -> Listener | None:
        """Who answers `name` at `door`."""
        return self._by_name.get((door, name))

    def named(self, command: str, text: str) -> tuple[Listener | None, str]:
        """Who answers a command, and the text that is left for them.

        Under /wavepost the first word may name a topic or another command.
        """
        first, _, rest = text.strip().partition(" ")
        word = first.lower()
        under = self.find(Door.topic, word) or self.find(Door.command, f"/{word.lstrip('/')}")
        if command == ROOT and under:
            return under, rest.strip()
        return self.find(Door.command, command), text

    def __iter__(self) -> Iterator[Listener]:
        return iter(self._by_name.values())

    def names(self, door: Door) -> list[str]:
        """What is answered at a door, in the order of registration."""
        return [name for at, name in self._by_name if at is door]
