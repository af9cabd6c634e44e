"""The channel of triage, lost and found: leads are told once, and what is open is shown to them instead."""

from handlers.blocks import Words, built, context, section
from handlers.escalation_jobs import ask_to_move
from handlers.escalation_turn import WAVEPOST
from handlers.triage_place import Loss, loss_of, triage_lanes
from store.outbox import Message
from store.session import Store, Transaction

CAUSE = "triage channel lost"


async def mind_channel(store: Store) -> None:
    """Tell leads once that the channel of triage is lost, and its readers once that it is back."""
    async with store.transaction(actor=WAVEPOST) as tx:
        channel = (await tx.triage.now()).triage.channel
        if channel is None:
            return
        loss = await loss_of(tx, channel)
        if loss is None:
            if await tx.triage.forget_notice(channel):
                await _tell_of_return(tx, channel)
        elif await tx.triage.claim_notice(channel, loss):
            await _tell_of_loss(tx, channel, loss)


async def _tell_of_loss(tx: Transaction, channel: str, loss: Loss) -> None:
    """What happened and what leads can do; then what is open, which nobody could decide about there."""
    open_ = len(await tx.escalations.undecided())
    words = Words("triage", channel=channel, loss=loss, open=open_)
    blocks = built(section(words["lost"]), context(words["lost_what_to_do"]))
    for lane in await triage_lanes(tx):
        tx.say(Message(lane, words["lost"], blocks, cause=CAUSE))
    await tx.escalations.forget_posts(channel)
    await ask_to_move(tx)


async def _tell_of_return(tx: Transaction, channel: str) -> None:
    words = Words("triage", channel=channel)["found"]
    tx.say(Message(channel, words, built(section(words)), cause=CAUSE))
    await ask_to_move(tx)
