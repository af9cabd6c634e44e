"""What happens when a message could not be delivered: somebody who can do something about it is told."""

from handlers.blocks import Words, built, section
from handlers.jobs import PROGRESS
from handlers.leads import leads_told
from rules.slack_ids import is_person
from store.lanes import Parcel
from store.outbox import Message, State
from store.session import Reading

CAUSE = "undelivered"
ELSE = "Look at wavepost doctor for what is wrong."
UNCERTAIN = "It may have arrived or not: look there before you repeat it."

REMEDIES = {
    "channel_not_found": "The channel is gone, or Wavepost was never invited to it.",
    "not_in_channel": "Invite Wavepost to the channel with /invite.",
    "is_archived": "The channel is archived: bring it back, or choose another.",
    "user_disabled": "The person's account is deactivated: hand their customers to someone else.",
    "user_not_found": "The person is not in this workspace any more.",
    "restricted_action": "A workspace setting forbids posting there: ask a workspace admin.",
}


async def notices(
    reading: Reading, parcel: Parcel, state: State, problem: str, *, leads_channel: str
) -> list[Message]:
    """What to say, and to whom, about a message that failed or is uncertain.

    A notice that itself cannot be delivered is only logged: it would go round in circles. So is
    progress that nobody saw: what comes of it is said by another message.
    """
    if parcel.cause in (CAUSE, PROGRESS):
        return []
    remedy = UNCERTAIN if state is State.uncertain else REMEDIES.get(problem, ELSE)
    words = Words(
        "undelivered",
        lane=parcel.lane,
        said=parcel.fallback,
        problem=problem,
        remedy=remedy,
        uncertain=state is State.uncertain,
    )
    blocks = built(section(words["body"]))
    told = await _who_is_told(reading, parcel, leads_channel)
    return [Message(to, words["fallback"], blocks, cause=CAUSE) for to in told]


async def _who_is_told(reading: Reading, parcel: Parcel, leads_channel: str) -> list[str]:
    """The leads; without any, who said it."""
    told = await leads_told(reading, leads_channel, but=parcel.lane)
    people = told or [parcel.said_by]
    return [to for to in people if to in told or (is_person(to) and to != parcel.lane)]
