"""What happens when a message could not be delivered: somebody who can do something about it is told."""

from handlers.blocks import Words, built, section
from store.lanes import Parcel
from store.outbox import Message
from store.session import Transaction

CAUSE = "undelivered"

REMEDIES = {
    "channel_not_found": "The channel is gone, or Wavepost was never invited to it.",
    "not_in_channel": "Invite Wavepost to the channel with /invite.",
    "is_archived": "The channel is archived: bring it back, or choose another.",
    "user_disabled": "The person's account is deactivated: hand their customers to someone else.",
    "user_not_found": "The person is not in this workspace any more.",
    "restricted_action": "A workspace setting forbids posting there: ask a workspace admin.",
}


async def tell_undelivered(
    tx: Transaction, parcel: Parcel, problem: str, *, leads_channel: str
) -> None:
    """Tell the leads' channel, or else the one who caused it, that a message did not arrive.

    A notice that itself cannot be delivered is only logged: it would go round in circles.
    """
    if parcel.cause == CAUSE:
        return
    leads = await tx.channels.named(leads_channel)
    to = leads.id if leads and leads.joined and leads.id != parcel.lane else parcel.said_by
    if not to.startswith(("C", "G", "U", "W")) or to == parcel.lane:
        return
    remedy = REMEDIES.get(problem, "Look at wavepost doctor for what is wrong.")
    words = Words(
        "undelivered", lane=parcel.lane, said=parcel.fallback, problem=problem, remedy=remedy
    )
    tx.say(Message(to, words["fallback"], built(section(words["body"])), cause=CAUSE))
