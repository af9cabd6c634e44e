"""What to tell about waves, as far as it waits for an approver: a list on their Home."""

from slack_sdk.models.blocks import Block, DividerBlock, HeaderBlock

from handlers.blocks import Words, button, context, section
from handlers.interaction import Interaction
from handlers.partner_told import Place, partner_words, people_named
from rules.partner_message import MAY, Step
from store.session import Reading

MOST_ON_HOME = 5


async def home_section(reading: Reading, ask: Interaction) -> list[Block]:
    """The drafts that wait for this approver; nothing where none does."""
    if not ask.person.may(MAY[Step.approve]):
        return []
    drafts = await reading.partner_messages.drafts(but_by=ask.person.id)
    if not drafts:
        return []
    blocks: list[Block] = [HeaderBlock(text="Waits for your approval")]
    for draft in drafts[:MOST_ON_HOME]:
        place = Place(draft.week, draft.audience)
        words = partner_words(place, writers=people_named(draft.writers))
        blocks.append(
            section(words["waiting_home"], accessory=button("Read it", "tell_see", str(place)))
        )
    more = len(drafts[MOST_ON_HOME:])
    if more:
        blocks.append(context(Words("partner", more=more)["waiting_more"]))
    return [*blocks, DividerBlock()]
