"""/wavepost: what is this, who to ask, and what can be asked."""

from dataclasses import replace

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from handlers import following, following_list, glossary, role_list
from handlers.blocks import Words, actions, built, button, context, lines, section
from handlers.choices import MOST_ECHOED, look_up_another
from handlers.dates import short
from handlers.doors import ROOT, action, command, topic
from handlers.followed import follows
from handlers.interaction import Interaction
from handlers.name_finding import meant
from handlers.offers import Offer
from handlers.reply import Reply, note
from handlers.role_list import own_roles
from handlers.schedule import answered
from handlers.waves import mine, wave
from handlers.web_links import link_button
from rules.asking import Nearness, Topic, nearness, question
from rules.roles import Role
from rules.spelling import nearest
from rules.ways_in import way_in
from store.session import Reading, Store

MOST_LEADS = 3
WAYS_IN = {
    listener.name: listener
    for listener in (
        following.follow_by_name,
        following_list.unfollow_by_name,
        following_list.list_all,
        following_list.open_hours_by_name,
        role_list.answer_roles,
    )
}
"""What is also reached by other words than its name, as `rules.ways_in` has them."""


@command(ROOT, role=Role.viewer, says="what migration is, who to ask, and all of this")
async def answer_wavepost(ask: Interaction, store: Store) -> Reply:
    """What is migration, in three sentences, and where to go on; or what else was typed behind it."""
    if ask.text.strip():
        return await answer_words(ask, store)
    async with store.reading() as reading:
        return await overview(reading, ask)


@topic("help", role=Role.viewer, says="all that you can ask")
async def answer_help(ask: Interaction, store: Store) -> Reply:
    """All that this person can type, each with an example that works."""
    async with store.reading() as reading:
        blocks = await help_blocks(reading, ask)
    explained = [
        *link_button(ask, "/communication", "Who hears what"),
        *link_button(ask, "/health-score", "The health score"),
    ]
    return note(built(*blocks, actions(*ways_on(ask), *explained)), "What you can ask")


@action("wavepost_help", role=Role.viewer)
async def show_help(ask: Interaction, store: Store) -> Reply:
    """The same, below what was pressed on."""
    return replace(await answer_help.answer(ask, store), replaces=False)


@action("wavepost_mine", role=Role.viewer)
async def show_mine(ask: Interaction, store: Store) -> Reply:
    """One's own customers by date, or the next wave, below what was pressed on."""
    async with store.reading(consistent=True) as reading:
        listed = await (mine if ask.person.owns_customers else wave)(reading, ask)
    return replace(listed, replaces=False)


async def answer_words(ask: Interaction, store: Store) -> Reply:
    """What is typed behind it and is no topic: a name first of all, else a topic with a slip in it."""
    asked = question(ask.text, ask.today)
    if asked.subject and asked.subject.topic is Topic.help:
        return await answer_help.answer(ask, store)
    index = await store.names(ask.newest_import)
    if nearness(ask.text, index.find(ask.text)) > Nearness.begun:
        said_otherwise = await answer_way_in(ask, store)
        if said_otherwise:
            return said_otherwise
    near = offer_near(ask)
    if near and not asked.subject:
        # A guess at a name of one word is no better than one at the topic it is like.
        unsure = Nearness.doubtful if len(ask.text.split()) > 1 else Nearness.guessed
        is_known = all(each.near < unsure for each in meant(index, asked))
        if not is_known:
            typed = short(ask.text, MOST_ECHOED)
            words = Words("wavepost", typed=typed, called=near.called)["no_topic"]
            return note(built(section(words), buttons(ask)), words)
    return await answered(ask, store)


async def answer_way_in(ask: Interaction, store: Store) -> Reply | None:
    """A topic by another name, or a question for what a word means; None where it is neither."""
    asked = way_in(ask.text)
    if asked is None:
        is_asked = ask.text.lower().startswith("what") and glossary.means_exactly(ask.text)
        return await glossary.answer_glossary.answer(ask, store) if is_asked else None
    if not asked.topic:
        async with store.reading() as reading:
            return await overview(reading, ask)
    return await WAYS_IN[asked.topic].answer(replace(ask, text=asked.rest), store)


async def overview(reading: Reading, ask: Interaction) -> Reply:
    """What migration is, who to ask, and who you are to it."""
    portfolio = await reading.portfolios.of(ask.person.email or "", ask.today)
    words = Words(
        "wavepost",
        command=ask.called,
        leads=(await reading.roles.people_with(Role.lead))[:MOST_LEADS],
        channel=await leads_channel(reading, ask),
        customers=portfolio.customers,
        waiting=portfolio.waiting,
        customer=await somebody(reading, ask),
    )
    you, *_ = await own_roles(reading, ask)
    follow = await follows(reading, ask.person)
    parts = [words["what"], words["heard"], f"{you} {words['portfolio']} {follow}"]
    row = actions(
        *ways_on(ask),
        button("Help", "wavepost_help"),
        *link_button(ask, "/"),
        *link_button(ask, "/governance", "Who decides what"),
    )
    return note(built(*map(section, parts), row, context(words["more"])), words["what"])


async def leads_channel(reading: Reading, ask: Interaction) -> str | None:
    """The channel where leads are, where this person can read it."""
    channel = await reading.channels.named(ask.leads_channel)
    if channel is None or not channel.joined:
        return None
    may_read = not channel.private or await reading.channels.has(channel.id, ask.person.id)
    return channel.id if may_read else None


async def help_blocks(reading: Reading, ask: Interaction) -> list[Block]:
    """All that this person can type, each with an example that works."""
    customer = await somebody(reading, ask)
    words = Words("wavepost", command=root_of(ask), customer=short(customer))
    texts = [offered(offer, customer) for offer in offers_to(ask)]
    return [*map(section, lines([words["help"], *texts])), context(words["help_more"])]


async def somebody(reading: Reading, ask: Interaction) -> str:
    """The name of a customer to try things with: one of the asker's own, where there are any."""
    return await reading.portfolios.somebody(ask.person.email or "") or "Joe's Pizza"


def offered(offer: Offer, customer: str) -> str:
    """One thing that can be typed, what it is for, and an example."""
    example = offer.example_with(customer)
    return Words("wavepost", called=offer.called, says=offer.says, example=example)["offer"]


def offers_to(ask: Interaction) -> list[Offer]:
    """What this person may type."""
    return [offer for offer in ask.offers if {offer.role, offer.also} & ask.person.roles]


def offer_near(ask: Interaction) -> Offer | None:
    """The topic or command that the first word typed is most like."""
    by_word = {offer.called.split()[-1].lstrip("/"): offer for offer in offers_to(ask)}
    word = nearest(ask.text.split()[0], by_word)
    return by_word[word] if word else None


def root_of(ask: Interaction) -> str:
    """What /wavepost is called here."""
    return next(offer.called for offer in ask.offers if offer.called.count(" ") == 1).split()[0]


def buttons(ask: Interaction) -> ActionsBlock:
    """Where to go on."""
    return actions(*ways_on(ask), button("Help", "wavepost_help"))


def ways_on(ask: Interaction) -> list[ButtonElement]:
    """Where to find dates."""
    return [
        look_up_another("Look up a date"),
        button("My customers" if ask.person.owns_customers else "Next wave", "wavepost_mine"),
    ]
