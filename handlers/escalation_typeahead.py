"""What the form of /escalate offers for the letters typed so far."""

import re
from collections.abc import Sequence

from handlers.blocks import MOST_IN_OPTION_VALUE, option
from handlers.choices import label
from handlers.doors import options
from handlers.escalation_typed import Kept
from handlers.interaction import Interaction
from handlers.reply import Reply, offer
from rules.finding import Named, NameIndex
from rules.roles import Role
from store.session import Reading, Store

MOST_OFFERED = 20
MOST_CONSIDERED = 100
"""One's own customers are looked for among so many of those that fit best."""

LABEL = re.compile(r"\(([^()]+)\)$")


@options("escalation_what", role=Role.viewer)
async def offer_names(ask: Interaction, store: Store) -> Reply:
    """Customers and locations that the letters may mean, one's own customers first.

    Once something is chosen, the locations of its customer come before all others.
    """
    index = await store.names(ask.newest_import)
    async with store.reading() as reading:
        found = await _offered(reading, index, ask, Kept.of(ask.filled).customer)
    values = ((each, f"{each.kind}|{each.id}") for each in found)
    fitting = [(each, value) for each, value in values if len(value) <= MOST_IN_OPTION_VALUE]
    return offer([option(label(each), value).to_dict() for each, value in fitting[:MOST_OFFERED]])


async def _offered(
    reading: Reading, index: NameIndex, ask: Interaction, customer: str
) -> Sequence[Named]:
    typed, email = _meant(ask.value), ask.person.email or ""
    near: Sequence[Named] = []
    if customer:
        near = await reading.places.like(customer, typed, most=MOST_OFFERED)
    if not typed:
        return [*near, *await reading.portfolios.first(email, most=MOST_OFFERED)]
    found = index.find(typed, most=MOST_CONSIDERED).found
    own = await reading.portfolios.among(email, [each.customer_id for each in found])
    known = {each.id for each in near}
    others = [each for each in found if each.id not in known]
    return [*near, *sorted(others, key=lambda each: each.customer_id not in own)]


def _meant(typed: str) -> str:
    """The letters to look for: of a whole label, "Joe's Pizza (C-1)", the id that ends it."""
    typed = typed.strip()
    label_of = LABEL.search(typed)
    return label_of[1] if label_of else typed
