"""The button that publishes a draft: it asks once more, and says what follows and who hears of it."""

import asyncio

from slack_sdk.models.blocks import ButtonElement, ConfirmObject

from handlers.blocks import Words, plain
from handlers.concerned import hearers
from handlers.plan_news import news_of
from handlers.plan_outcome import Outcome, Proposal
from store.session import Reading

MOST_COUNTED = 5_000
"""Of so many customers with new dates it takes no time to count who hears of them."""


async def hearers_of(reading: Reading, proposal: Proposal) -> int | None:
    """How many people would hear of it; None where too many customers are concerned to count them now."""
    if proposal.concerned > MOST_COUNTED:
        return None
    news = await asyncio.to_thread(
        news_of, proposal.says, await reading.subscriptions.singled_out()
    )
    return await hearers(reading, news)


def publish_button(number: int, outcome: Outcome, people: int | None) -> ButtonElement:
    """Publish, unless who presses it thinks better of it."""
    words = Words("plan", outcome=outcome, people=people)
    sure = ConfirmObject(
        title=f"Publish draft {number}?",
        text=plain(words.plain("publish_sure")),
        confirm="Publish",
        deny="Not yet",
    )
    return ButtonElement(
        text=plain("Publish"),
        action_id="plan_publish",
        value=str(number),
        style="primary",
        confirm=sure,
    )
