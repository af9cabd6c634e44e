"""What a sender does with a file that is not out: take it back, send it again, or drop it."""

from handlers.blocks import Words, built, section
from handlers.doors import action
from handlers.files.file_card import card
from handlers.files.receiving import submit
from handlers.files.sender_waiting import show_on_its_way
from handlers.files.step_buttons import DROP, SEND_AGAIN, TAKE_BACK, acted_on
from handlers.files.taking import take
from handlers.files.waiting import show_waiting
from handlers.interaction import Interaction
from handlers.reply import Reply, note, show
from rules.file_life import Step
from rules.roles import Role
from store.session import Store, Transaction
from store.shared_files import SharedFile


@action(TAKE_BACK, role=Role.sender)
async def take_back(ask: Interaction, store: Store) -> Reply:
    """A draft again, whoever was asked about it; who was, reads so."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        file, who = await acted_on(tx, ask, ask.value)
        file = await take(tx, file, Step.take_back, by=ask.person.id, who=who, now=ask.now)
        await show_waiting(tx, file.row.parcel_id, ask.now)
        await show_on_its_way(tx, file.row.parcel_id, ask.now)
        return tx.answers(await shown(tx, ask, file, "said_taken_back"))


@action(SEND_AGAIN, role=Role.sender)
async def send_again(ask: Interaction, store: Store) -> Reply:
    """Have a draft looked into again; then it goes the way that it would have gone."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        file, _ = await acted_on(tx, ask, ask.value)
        await submit(tx, [file.id], by=ask.person.id, now=ask.now)
        file, _ = await acted_on(tx, ask, ask.value)
        return tx.answers(await shown(tx, ask, file, "said_sent_again"))


@action(DROP, role=Role.sender)
async def drop(ask: Interaction, store: Store) -> Reply:
    """Nothing comes of it."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        file, who = await acted_on(tx, ask, ask.value)
        file = await take(tx, file, Step.drop, by=ask.person.id, who=who, now=ask.now)
        return tx.answers(await shown(tx, ask, file, "said_dropped"))


async def shown(tx: Transaction, ask: Interaction, file: SharedFile, said: str) -> Reply:
    """What was done, by a block of the template: on the file's card, or as an answer to a message."""
    words = Words("file_forms", title=file.row.title)[said]
    if ask.in_modal:
        return show(await card(tx, file, ask, said=words))
    return note(built(section(words)), words, replaces=False)
