"""What was delivered to somebody: the files that they can open, the newest first, and nothing else."""

from collections.abc import Collection, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block, ButtonElement

from handlers.blocks import Words, button, section
from handlers.dates import short
from handlers.doors import action
from handlers.files.fetching import Held, all_theirs
from handlers.interaction import Interaction
from handlers.lists import Page, turned
from handlers.reply import Reply
from handlers.windows import answered
from rules.file_life import State
from rules.roles import Role
from store.session import Reading, Store

OPEN = "file_open"
PAGES, ALL = "file_mine_page", "file_mine"
SCOPE = "mine"
SHOWN = frozenset({State.released, State.expired, State.revoked})
"""What took another's place is shown by what replaced it."""
LONGEST_TITLE = 120


async def delivered_to(
    reading: Reading, person: str, now: datetime, *, states: Collection[State] = SHOWN
) -> list[Held]:
    """What a person of Slack can see of what was delivered to them, the newest first."""
    recipient = await reading.spaces.recipient_of_person(person)
    if recipient is None:
        return []
    theirs = await all_theirs(reading, recipient, now)
    return [each for each in theirs if each.file.state in states]


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
    found = await delivered_to(reading, ask.person.id, ask.now)
    page = Page.of(found, number)
    words = Words("file_mine", total=len(found), command=ask.called)
    head = words["head"]
    blocks = [section(head), *rows(page.items), *page.foot(*page.turns(PAGES, SCOPE))]
    return await answered(ask, SCOPE, "Files for you", blocks, head)


def rows(items: Sequence[Held]) -> list[Block]:
    """A paragraph for each, with the button that opens what can be opened."""
    return [section(_words(each)["row"], accessory=_button(each)) for each in items]


def _words(each: Held) -> Words:
    row = each.file.row
    title = short(row.title, LONGEST_TITLE)
    spaces = [space.name for space in each.file.spaces]
    return Words("file_mine", file=row, state=each.file.state, title=title, spaces=spaces)


def _button(each: Held) -> ButtonElement | None:
    if each.file.state is State.revoked:
        return None
    words = "Ask for it" if each.file.state is State.expired else "Open"
    return button(words, OPEN, str(each.delivery.id))
