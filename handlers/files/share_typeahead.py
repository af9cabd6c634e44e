"""What the form of /share offers for the letters typed so far: spaces, by their names or their owners'."""

from handlers.blocks import option
from handlers.doors import options
from handlers.files.share_known import label_of
from handlers.interaction import Interaction
from handlers.reply import Reply, offer
from rules.roles import Role
from store.session import Reading, Store
from store.spaces import Space

MOST_OFFERED = 100


@options("file_spaces", role=Role.sender)
async def offer_spaces(ask: Interaction, store: Store) -> Reply:
    """The open spaces that the letters may mean; all of them before the first letter."""
    async with store.reading() as reading:
        found = await spaces_like(reading, ask.value)
    offered = found[:MOST_OFFERED]
    return offer([option(label_of(each), str(each.id)).to_dict() for each in offered])


async def spaces_like(reading: Reading, typed: str) -> list[Space]:
    """The open spaces whose names, or whose organisations', have words that begin as was typed."""
    words = typed.replace("(", " ").replace(")", " ").replace("…", " ").strip()
    return await (reading.spaces.named(words) if words else reading.spaces.all())
