"""What the form of marking offers for the letters typed so far: causes of the catalogue, and who is left."""

from rapidfuzz import fuzz, process

from handlers.blocks import MOST_IN_OPTION_VALUE, option
from handlers.choices import label
from handlers.doors import options
from handlers.escalation_typeahead import LABEL
from handlers.interaction import Interaction
from handlers.mark_form import KNOWN, NEW, About
from handlers.reply import Reply, offer
from rules.naming import fold, is_said
from rules.roles import Role
from store.session import Store

MOST_OFFERED = 20
NEAR = 60.0
NEW_CAUSE = "New cause: "


@options("wave_cause", role=Role.csa)
async def offer_causes(ask: Interaction, store: Store) -> Reply:
    """Causes that the letters may mean, the most frequent first; what was typed as a new one, last."""
    # Whoever types all that an option says means what stands in it.
    typed = " ".join(ask.value.split()).removeprefix(NEW_CAUSE).strip()
    async with store.reading() as reading:
        causes = await reading.wave_day.causes()
    found = causes
    if typed:
        known = {each.id: fold(each.words) for each in causes}
        near = process.extract(
            fold(typed), known, scorer=fuzz.partial_token_ratio, score_cutoff=NEAR, limit=None
        )
        ids = {id_ for _, _, id_ in near}
        found = [each for each in causes if each.id in ids]
    offered = [option(each.words, f"{KNOWN}|{each.id}") for each in found[:MOST_OFFERED]]
    is_known = any(fold(each.words) == fold(typed) for each in causes)
    new = f"{NEW}|{typed}"[:MOST_IN_OPTION_VALUE]
    if is_said(typed) and not is_known:
        offered.append(option(NEW_CAUSE + typed, new))
    return offer([each.to_dict() for each in offered])


@options("wave_some", role=Role.csa)
async def offer_left(ask: Interaction, store: Store) -> Reply:
    """Customers and locations of the wave that are left to move, one's own first."""
    about = About.read(ask.filled.private_metadata)
    chosen = LABEL.search(ask.value.strip())
    typed = chosen[1] if chosen else ask.value
    async with store.reading() as reading:
        found = await reading.wave_day.like(
            about.week, typed, first=(ask.person.email or "").lower(), most=MOST_OFFERED
        )
    values = ((each, f"{each.kind}|{each.id}") for each in found)
    return offer(
        [
            option(label(each), value).to_dict()
            for each, value in values
            if len(value) <= MOST_IN_OPTION_VALUE
        ]
    )
