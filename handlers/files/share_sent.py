"""/share sent: what somebody sent, each file with who opened it, and before them who did not."""

from handlers.blocks import Words, button, section
from handlers.doors import action
from handlers.files.file_rows import Row
from handlers.files.not_sending import sent_none
from handlers.files.receipt_lines import lines_of_all
from handlers.interaction import Interaction
from handlers.lists import Page, turned
from handlers.reply import Reply
from handlers.web_links import link_button
from handlers.windows import answered
from rules.roles import Role
from store.session import Reading, Store

PAGES, ALL = "file_sent_page", "file_sent"
SCOPE = "sent"
SIZE = 8
"""A file takes up to five lines; more than so many nobody reads in Slack."""
ON_THE_WEB = "/files"


async def list_sent(ask: Interaction, store: Store) -> Reply:
    """What who asks has sent, the newest first."""
    async with store.reading(consistent=True) as reading:
        return await sent(reading, ask)


@action(PAGES, role=Role.viewer)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page of it."""
    _, page = turned(ask.value)
    async with store.reading(consistent=True) as reading:
        return await sent(reading, ask, page)


@action(ALL, role=Role.viewer)
async def open_sent(ask: Interaction, store: Store) -> Reply:
    """All of it, from a button."""
    return await list_sent(ask, store)


async def sent(reading: Reading, ask: Interaction, number: int = 0) -> Reply:
    """A page of what who asks has sent."""
    files, total = await reading.shared_files.sent_by(ask.person.id, most=SIZE, skip=number * SIZE)
    if number and not files:
        return await sent(reading, ask)
    if not total and not ask.person.may(Role.sender):
        return await sent_none(reading, ask)
    receipts = await lines_of_all(reading, files)
    page = Page([Row(each, receipts[each.id]) for each in files], number, total, SIZE)
    head = Words("file_lists", total=total, command=ask.called)["sent"]
    row = [
        *page.turns(PAGES, SCOPE),
        *([button("Deliver files", "file_share_open")] if ask.person.may(Role.sender) else []),
        *(link_button(ask, ON_THE_WEB, "All of it on the web") if total else []),
    ]
    blocks = [section(head), *(each.block() for each in page.items), *page.foot(*row)]
    return await answered(ask, SCOPE, "Files you sent", blocks, head)
