"""What else is done with a space: people taken out of it, the way of its downloads, its end."""

from uuid import UUID

from handlers.blocks import Words, button, modal, section
from handlers.button_values import id_in
from handlers.doors import action, submission
from handlers.files.space_keeping import close, known, put_back, remove, set_proxied
from handlers.files.space_shown import ALSO, KEEPS, WINDOW, window
from handlers.interaction import Interaction
from handlers.lists import turn, turned
from handlers.reply import Reply, show
from handlers.windows import over
from store.session import Store


@action("space_remove", role=KEEPS, also=ALSO)
async def take_out(ask: Interaction, store: Store) -> Reply:
    """Take somebody out, at once; a slip of the hand is mended by one press."""
    both, page = turned(ask.value)
    space_id, recipient_id = _ids(both)
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        recipient = await remove(tx, space_id, recipient_id)
        space = await known(tx, space_id)
        words = Words("space", recipient=recipient, space=space.name)["removed"]
        again = button("Put back", "space_put_back", turn(both, page))
        said = section(words, accessory=again)
        return tx.answers(
            await over(ask, await window(tx, space_id, said=said, page=page), instead_of=WINDOW)
        )


@action("space_put_back", role=KEEPS, also=ALSO)
async def let_in_again(ask: Interaction, store: Store) -> Reply:
    """Let somebody be in it again who was taken out."""
    both, page = turned(ask.value)
    space_id, recipient_id = _ids(both)
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        added = await put_back(tx, space_id, recipient_id)
        said = section(Words("space", recipient=added.recipient)["put_back"])
        return tx.answers(
            await over(ask, await window(tx, space_id, said=said, page=page), instead_of=WINDOW)
        )


@action("space_way", role=KEEPS, also=ALSO)
async def change_way(ask: Interaction, store: Store) -> Reply:
    """Have downloads go through Wavepost, or straight from the store."""
    space, _, way = ask.value.partition("|")
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        changed = await set_proxied(tx, id_in(space), is_proxied=way == "wavepost")
        said = section(Words("space", space=changed)["way_changed"])
        return tx.answers(
            await over(ask, await window(tx, changed.id, said=said), instead_of=WINDOW)
        )


@action("space_close", role=KEEPS, also=ALSO)
async def open_closing(ask: Interaction, store: Store) -> Reply:
    """Ask once more: nothing brings a closed space back."""
    async with store.reading(consistent=True) as reading:
        space = await known(reading, id_in(ask.value))
        total = len(await reading.spaces.members(space.id))
    words = Words("space", space=space, total=total)["close_sure"]
    view = modal(
        "space_closed",
        "Close the space?",
        [section(words)],
        submit="Close for good",
        close="Keep it",
        kept=str(space.id),
    )
    return await over(ask, view, instead_of=WINDOW)


@submission("space_closed", role=KEEPS, also=ALSO)
async def submit_closing(ask: Interaction, store: Store) -> Reply:
    """Close it."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        space = await close(tx, UUID(ask.filled.private_metadata))
        said = section(Words("space", space=space.name)["closed"])
        return tx.answers(show(await window(tx, space.id, said=said)))


def _ids(both: str) -> tuple[UUID, UUID]:
    """The ids of a space and of a recipient, as a button has them."""
    space, _, recipient = both.partition("|")
    return id_in(space), id_in(recipient)
