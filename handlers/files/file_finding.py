"""/share find: files by words, tags, spaces and senders, as far as who asks may know of them."""

from slack_sdk.models.blocks import Block, ButtonElement

from handlers.blocks import Words, built, button, context, section
from handlers.choices import MOST_ECHOED
from handlers.dates import short
from handlers.doors import action
from handlers.files.file_rows import Row, card_button
from handlers.files.my_deliveries import OPEN
from handlers.files.viewing import knows_of, viewer_of
from handlers.interaction import Interaction
from handlers.lists import Page, turned
from handlers.reply import Reply, note
from rules.roles import Role
from rules.share_search import search
from store.session import Reading, Store
from store.shared_files import SharedFile

PAGES = "file_found_page"
SIZE = 10
MOST_TYPED = 500


async def find(ask: Interaction, store: Store) -> Reply:
    """The files that fit, the newest first; without words, all that there are."""
    async with store.reading(consistent=True) as reading:
        return await found(reading, ask, ask.text.strip()[:MOST_TYPED])


@action(PAGES, role=Role.recipient)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page of them."""
    typed, page = turned(ask.value)
    async with store.reading(consistent=True) as reading:
        return await found(reading, ask, typed, page)


async def found(reading: Reading, ask: Interaction, typed: str, number: int = 0) -> Reply:
    """A page of what fits."""
    wanted = search(typed)
    files, total = await reading.shared_files.find(
        wanted, viewer_of(ask.person), most=SIZE, skip=number * SIZE
    )
    if number and not files:
        return await found(reading, ask, typed)
    page = Page(files, number, total, SIZE)
    words = Words(
        "file_lists",
        typed=short(typed, MOST_ECHOED),
        is_all=wanted.is_empty,
        unknown=wanted.unknown,
        total=total,
        command=ask.called,
        is_recipient=not ask.person.may(Role.viewer),
    )
    blocks: list[Block] = [
        section(words["found"]),
        *([context(words["unknown"])] if wanted.unknown else []),
        *[Row(each).block(accessory=await _opener(reading, ask, each)) for each in files],
        *page.foot(*page.turns(PAGES, typed)),
    ]
    return note(built(*blocks), words["found"])


async def _opener(reading: Reading, ask: Interaction, file: SharedFile) -> ButtonElement | None:
    """For staff the file's card; for whom it was sent to, what opens it."""
    if knows_of(file, ask.person):
        return card_button(file.number)
    recipient = await reading.spaces.recipient_of_person(ask.person.id)
    delivery = await reading.deliveries.of(file.id, recipient.id) if recipient else None
    return button("Open", OPEN, str(delivery.id)) if delivery else None
