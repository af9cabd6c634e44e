"""What was delivered to somebody: the files that they can open, the newest first, and nothing else."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block, ButtonElement

from handlers.blocks import Words, button, section
from handlers.dates import short
from handlers.doors import action
from handlers.interaction import Interaction
from handlers.lists import Page, turned
from handlers.reply import Reply
from handlers.windows import answered
from rules.file_life import State
from rules.roles import Role
from store.delivery_rows import DeliveryRow
from store.session import Reading, Store
from store.shared_files import SharedFile

OPEN = "file_open"
PAGES, ALL = "file_mine_page", "file_mine"
SCOPE = "mine"
SHOWN = frozenset({State.released, State.expired, State.revoked})
"""What took another's place is shown by what replaced it."""
LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Mine:
    """One file as it was delivered to somebody."""

    delivery: DeliveryRow
    file: SharedFile

    @property
    def words(self) -> Words:
        """What is said of it."""
        row = self.file.row
        title = short(row.title, LONGEST_TITLE)
        spaces = [space.name for space in self.file.spaces]
        return Words("file_mine", file=row, state=self.file.state, title=title, spaces=spaces)


async def delivered_to(
    reading: Reading, person: str, *, states: Collection[State] = SHOWN
) -> list[Mine]:
    """What a person of Slack can see: delivered to them, in a space that they are still in."""
    recipient = await reading.spaces.recipient_of_person(person)
    if recipient is None:
        return []
    theirs = {space.id for space in await reading.spaces.of_recipient(recipient.id)}
    found = [
        Mine(delivery, file)
        for delivery, file in await reading.deliveries.to(recipient.id)
        if file.state in states and theirs & file.space_ids
    ]
    # What came together was delivered at one instant.
    return sorted(found, key=lambda each: (each.delivery.made_at, each.file.number), reverse=True)


@action(PAGES, role=Role.recipient)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page of them."""
    _, page = turned(ask.value)
    async with store.reading(consistent=True) as reading:
        return await mine(reading, ask, page)


@action(ALL, role=Role.recipient)
async def open_mine(ask: Interaction, store: Store) -> Reply:
    """All of them, from a button."""
    async with store.reading(consistent=True) as reading:
        return await mine(reading, ask)


async def mine(reading: Reading, ask: Interaction, number: int = 0) -> Reply:
    """A page of what was delivered to who asks; the last one where there are fewer by now."""
    found = await delivered_to(reading, ask.person.id)
    page = Page.of(found, number)
    words = Words("file_mine", total=len(found), command=ask.called)
    head = words["head"]
    blocks = [section(head), *rows(page.items), *page.foot(*page.turns(PAGES, SCOPE))]
    return await answered(ask, SCOPE, "Files for you", blocks, head)


def rows(items: Sequence[Mine]) -> list[Block]:
    """A paragraph for each, with the button that opens what can be opened."""
    return [section(each.words["row"], accessory=_button(each)) for each in items]


def _button(each: Mine) -> ButtonElement | None:
    if each.file.state is State.revoked:
        return None
    words = "Ask for it" if each.file.state is State.expired else "Open"
    return button(words, OPEN, str(each.delivery.id))
