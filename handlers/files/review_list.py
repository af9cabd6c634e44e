"""/share waiting: the files that wait for somebody's decision, the oldest first; and the same on Home."""

from slack_sdk.models.blocks import Block, DividerBlock, HeaderBlock

from handlers.blocks import Words, actions, button, context, section
from handlers.doors import action
from handlers.files.file_rows import MOST_SPACES, card_button
from handlers.files.needs import waits_for_others
from handlers.files.second_persons import may_decide
from handlers.files.viewing import reviews
from handlers.files.waiting import file_words
from handlers.interaction import Interaction
from handlers.lists import Page, turned
from handlers.reply import Reply
from handlers.windows import answered
from rules.roles import Role
from store.session import Reading, Store
from store.shared_files import SharedFile
from store.waiting_files import in_review

PAGES, ALL = "file_waiting_page", "file_waiting"
SCOPE = "waiting"
TITLE = "Waits for you"
SIZE = 10
MOST_ON_HOME = 3
GIVEN = (Role.approver, Role.privacy)
"""Who decides about files first of all: their Home says so even while nothing waits."""


async def list_waiting(ask: Interaction, store: Store) -> Reply:
    """What waits for who asks."""
    async with store.reading(consistent=True) as reading:
        return await listed(reading, ask)


@action(PAGES, role=Role.viewer)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page of it."""
    _, page = turned(ask.value)
    async with store.reading(consistent=True) as reading:
        return await listed(reading, ask, page)


@action(ALL, role=Role.viewer)
async def open_waiting(ask: Interaction, store: Store) -> Reply:
    """All of it, from a button."""
    return await list_waiting(ask, store)


async def waiting_for(reading: Reading, ask: Interaction) -> list[SharedFile]:
    """The files about which who asks can decide as they stand now, the oldest first."""
    if not reviews(ask.person):
        return []
    files = await reading.shared_files.all_of(await in_review(reading.connection, ask.now))
    return [
        file for file in files if waits_for_others(file, ask.now) and may_decide(file, ask.person)
    ]


async def listed(reading: Reading, ask: Interaction, number: int = 0) -> Reply:
    """A page of what waits for who asks; the last one where there is less by now."""
    found = await waiting_for(reading, ask)
    page = Page.of(found, number, SIZE)
    head = Words("file_review", total=len(found), decides=reviews(ask.person))["head"]
    rows = [_row(each, ask) for each in page.items]
    blocks = [section(head), *rows, *page.foot(*page.turns(PAGES, SCOPE))]
    return await answered(ask, SCOPE, TITLE, blocks, head)


async def home_section(reading: Reading, ask: Interaction) -> list[Block]:
    """What waits for a person; nothing for who is no approver, as long as nothing does."""
    found = await waiting_for(reading, ask)
    if not found and not any(map(ask.person.may, GIVEN)):
        return []
    more = [button(f"See all ({len(found):,})", ALL)] if len(found) > MOST_ON_HOME else []
    return [
        DividerBlock(),
        HeaderBlock(text="Files that wait for my decision"),
        context(Words("file_review", total=len(found))["home"]),
        *(_row(each, ask) for each in found[:MOST_ON_HOME]),
        *([actions(*more, block_id="home_files_waiting")] if more else []),
    ]


def _row(file: SharedFile, ask: Interaction) -> Block:
    """What it is, why it waits and since when, with the button to where it is decided."""
    words = Words(
        "file_review",
        about=file_words(file, ask.now)["file_short"],
        file=file.row,
        organisation=file.spaces[0].organisation if file.spaces else "",
        spaces=[space.name for space in file.spaces[:MOST_SPACES]],
    )["row"]
    return section(words, accessory=card_button(file.number, "Decide"))
