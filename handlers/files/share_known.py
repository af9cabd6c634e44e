"""Who would get what is sent: the spaces that were chosen, whose they are, and the people in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from handlers.dates import short
from store.session import Reading
from store.space_rows import RecipientRow
from store.spaces import Space

LONGEST_IN_LABEL = 34
"""Of each of two names: an option has 75 characters."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One space that was chosen, and who gets what is sent there."""

    space: Space
    people: tuple[RecipientRow, ...]


@dataclass(frozen=True)
class Known:
    """What is known of the choice; `gone` are the labels of what was closed since."""

    spaces: tuple[Chosen, ...] = ()
    gone: tuple[str, ...] = ()

    @cached_property
    def organisations(self) -> tuple[str, ...]:
        """Whose the spaces are, each once."""
        return tuple(dict.fromkeys(each.space.organisation for each in self.spaces))

    @cached_property
    def people(self) -> tuple[RecipientRow, ...]:
        """Everybody who would get it: who is in two of the spaces gets it once."""
        everybody = {person.id: person for each in self.spaces for person in each.people}
        return tuple(everybody.values())

    @property
    def in_slack(self) -> int:
        """How many of them are told in Slack."""
        return sum(each.person_id is not None for each in self.people)

    @property
    def outside(self) -> int:
        """How many of them have only an e-mail address."""
        return len(self.people) - self.in_slack


async def known_of(reading: Reading, chosen: Sequence[tuple[str, str]]) -> Known:
    """What is known of spaces by the id and label that were chosen."""
    labels = {UUID(value): label for value, label in chosen}
    found = [space for space in await reading.spaces.of(labels) if space.is_open]
    spaces = [Chosen(each, tuple(await reading.spaces.members(each.id))) for each in found]
    known = {each.id for each in found}
    return Known(tuple(spaces), tuple(label for id_, label in labels.items() if id_ not in known))


def label_of(space: Space) -> str:
    """What a space is called where spaces of several organisations stand beside each other."""
    return f"{short(space.name, LONGEST_IN_LABEL)} ({short(space.organisation, LONGEST_IN_LABEL)})"
