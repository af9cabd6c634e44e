"""The place of triage: where posts about escalations go, and what happens when it is lost."""

from enum import StrEnum

from handlers.blocks import Words, built, context, section
from handlers.escalation_turn import WAVEPOST
from rules.roles import Role
from store.outbox import Message
from store.session import Reading, Store, Transaction

CAUSE = "triage channel lost"


class Loss(StrEnum):
    """Why nothing can be posted in the channel that was chosen."""

    archived = "archived"
    left = "left"
    shared = "shared"


async def loss_of(reading: Reading, channel: str | None) -> Loss | None:
    """Why nothing can be posted in a channel; None where all is well, or none is chosen."""
    if channel is None:
        return None
    found = await reading.channels.get(channel)
    if found and found.archived:
        return Loss.archived
    if found is None or not found.joined:
        return Loss.left
    return Loss.shared if found.shared else None


async def triage_lanes(reading: Reading) -> list[str]:
    """The lanes in which triage reads about escalations: the channel's, else those of all leads."""
    channel = (await reading.triage.now()).triage.channel
    if channel and not await loss_of(reading, channel):
        return [channel]
    return [each.id for each in await reading.roles.members_who_may(Role.lead)]


async def mind_channel(store: Store) -> None:
    """Tell leads once that the channel of triage is lost, and its readers once that it is back."""
    async with store.transaction(actor=WAVEPOST) as tx:
        channel = (await tx.triage.now()).triage.channel
        if channel is None:
            return
        loss = await loss_of(tx, channel)
        if loss is None:
            if await tx.triage.forget_notice(channel):
                words = Words("triage", channel=channel)["found"]
                tx.say(Message(channel, words, built(section(words)), cause=CAUSE))
        elif await tx.triage.claim_notice(channel, loss):
            await _tell_of_loss(tx, channel, loss)


async def _tell_of_loss(tx: Transaction, channel: str, loss: Loss) -> None:
    """What happened, what becomes of escalations, and what leads can do; then those that are open."""
    _, open_ = await tx.escalations.open(skip=0, most=1)
    words = Words("triage", channel=channel, loss=loss, open=open_)
    blocks = built(section(words["lost"]), context(words["lost_what_to_do"]))
    for lane in await triage_lanes(tx):
        tx.say(Message(lane, words["lost"], blocks, cause=CAUSE))
