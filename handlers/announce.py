"""/wavepost announce: which channel hears what every week, when it is due, and what went wrong."""

from slack_sdk.models.blocks import Block, DividerBlock, HeaderBlock

from handlers.announce_standing import Standing, standings
from handlers.blocks import Words, built, button, context, section
from handlers.doors import action, topic
from handlers.interaction import Interaction
from handlers.lists import Page, turned
from handlers.reply import Reply, note
from handlers.web_links import link_button
from rules.roles import Role
from store.session import Reading, Store

MOST_ON_HOME = 3


@topic("announce", role=Role.viewer, says="what is announced where every week, and when")
async def answer_announce(ask: Interaction, store: Store) -> Reply:
    """Every schedule; for leads, each with how to change it."""
    async with store.reading(consistent=True) as reading:
        return await overview(reading, ask)


@action("announce_page", role=Role.viewer)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page of them."""
    _, page = turned(ask.value)
    async with store.reading(consistent=True) as reading:
        return await overview(reading, ask, page)


@action("announce_list", role=Role.viewer)
async def open_list(ask: Interaction, store: Store) -> Reply:
    """The same, from a button; what it was on stays."""
    async with store.reading(consistent=True) as reading:
        listed = await overview(reading, ask)
    return note(listed.blocks, listed.fallback, replaces=False)


async def overview(reading: Reading, ask: Interaction, page: int = 0) -> Reply:
    """A page of the schedules, those that need a lead first."""
    every = await standings(reading, ask.person, ask.now)
    here = Page.of(every, page)
    is_lead = ask.person.may(Role.lead)
    head = head_words(every, is_lead=is_lead)["head"]
    begin = [button("Announce something", "announce_form", style="primary")] if is_lead else []
    on_the_web = link_button(ask, "/communication", "Who hears what")
    row = [*begin, *here.turns("announce_page", "all"), *on_the_web]
    blocks = [
        section(head),
        *(_row(each) for each in here.items),
        *here.foot(*row),
    ]
    return note(built(*blocks), head)


async def home_section(reading: Reading, ask: Interaction) -> list[Block]:
    """For leads: which announcements go wrong unless somebody does something; else how many there are."""
    if not ask.person.may(Role.lead):
        return []
    every = await standings(reading, ask.person, ask.now)
    head = head_words(every, is_lead=True)
    troubled = [each for each in every if each.needs_a_lead]
    if not troubled:
        return [context(head["on_home"])]
    more = Words("announce", more=len(troubled) - MOST_ON_HOME)
    return [
        DividerBlock(),
        HeaderBlock(text="Announcements that would be skipped"),
        *map(_row, troubled[:MOST_ON_HOME]),
        *([context(more["more_troubled"])] if troubled[MOST_ON_HOME:] else []),
    ]


def head_words(every: list[Standing], *, is_lead: bool) -> Words:
    """How many there are, what is due next, and whether one needs a lead."""
    going = [each for each in every if each.due_at and not each.trouble]
    first = min(going, key=lambda each: each.coming[0].due_at, default=None)
    return Words(
        "announce",
        total=len(every),
        going=sum(not each.says.is_paused for each in every),
        troubled=sum(each.needs_a_lead for each in every),
        due_at=first.due_at if first else None,
        channel=first.says.channel if first else None,
        is_lead=is_lead,
    )


def _row(standing: Standing) -> Block:
    words = standing.words()["row"]
    return section(words, accessory=button("Open", "announce_open", str(standing.schedule.id)))
