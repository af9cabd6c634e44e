"""Saying something below the posts that show an escalation to triage."""

from handlers.blocks import built, lines, section
from store.outbox import Message
from store.session import Transaction

CAUSE = "triage"


async def say_in_thread(tx: Transaction, escalation_id: int, words: str) -> None:
    """Say something below each post, wherever that stands by then; below none, it is said beside it."""
    blocks = built(*map(section, lines(words.split("\n"))))
    first = words.split("\n", maxsplit=1)[0]
    for each in await tx.escalations.posts(escalation_id):
        tx.say(Message(each.lane, first, blocks, cause=CAUSE, thread_of=each.message))
