"""/schedule: when does a customer move? The command, the list, the answer and its buttons."""

from dataclasses import replace
from itertools import groupby

from slack_sdk.models.blocks import Block, ButtonElement, StaticSelectElement

from handlers.blocks import (
    Words,
    actions,
    built,
    button,
    context,
    day,
    lines,
    modal,
    option,
    plain,
    section,
)
from handlers.dates import Dated, answer_blocks, look_up, short
from handlers.doors import action, command
from handlers.errors import Refused
from handlers.interaction import Interaction
from handlers.lists import PAGE, Page, turned
from handlers.reply import Reply, note, nothing
from rules.finding import Matches, Named
from rules.roles import Role
from store.interactions import InteractionKey
from store.outbox import Message
from store.schedule import Line
from store.session import Reading, Store

HELP = frozenset({"help", "?"})
MOST_OFFERED = 100
MOST_ECHOED = 40
SHARED = (
    "This channel is shared with another company, so dates are not posted here. "
    "“What to tell them” has words that you can send."
)
GONE = "It is gone since you looked it up. Look it up again to see what is there now."


@command("/schedule", role=Role.viewer)
async def answer_schedule(ask: Interaction, store: Store) -> Reply:
    """When does it move? Without a name: the asker's own customers, or the next wave."""
    typed = ask.text.strip()
    if typed.lower() in HELP:
        words = Words("schedule", command=ask.called)["help"]
        return note(built(section(words), actions(look_up_another("Look one up"))), words)
    async with store.reading(consistent=not typed) as reading:
        if not typed:
            return await first_list(reading, ask)
        matches = await reading.names.find(typed)
        if matches.only:
            return await one(reading, matches.only, ask, guessed=matches.guessed)
    return choice(matches, typed)


@action("schedule_open", role=Role.viewer)
async def open_one(ask: Interaction, store: Store) -> Reply:
    """One was chosen from a list, which stays for the next one."""
    async with store.reading() as reading:
        return replace(await one(reading, named(ask.value), ask), replaces=False)


@action("schedule_page", role=Role.viewer)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page of the list."""
    scope, page = turned(ask.value)
    async with store.reading(consistent=True) as reading:
        return await (wave if scope == "wave" else mine)(reading, ask, page)


@action("schedule_tell", role=Role.viewer)
async def what_to_tell(ask: Interaction, store: Store) -> Reply:
    """Words for the customer, to copy."""
    async with store.reading() as reading:
        dated = await look_up(reading, named(ask.value), ask.today)
    if not dated:
        raise Refused(GONE)
    words = dated.words
    body = [section(f"```{words['tell']}```"), context(words["tell_note"])]
    await ask.open(modal("schedule_words", "What to tell them", body))
    return nothing()


@action("schedule_post", role=Role.viewer)
async def post(ask: Interaction, store: Store) -> Reply:
    """Show the answer to the whole channel, in the name of who looked it up; once, however often pressed."""
    pressed = f"{ask.name}:{ask.channel}:{ask.message}:{ask.value}"
    once = InteractionKey.of("button", pressed, b"")
    async with store.transaction(once, actor=ask.person.id) as tx:
        channel = await tx.channels.get(ask.channel or "")
        if channel is None or not channel.joined:
            raise Refused("I am not in this channel. Invite me with /invite, then press again.")
        if channel.shared:
            raise Refused(SHARED)
        dated = await look_up(tx, named(ask.value), ask.today)
        if not dated:
            raise Refused(GONE)
        tx.say(posted(dated, channel.id, ask))
        done = Words("schedule", channel=channel.id)["posted"]
        row = actions(button("What to tell them", "schedule_tell", ask.value), look_up_another())
        return tx.answers(note(built(section(dated.line), context(done), row), dated.line))


async def first_list(reading: Reading, ask: Interaction) -> Reply:
    """What is most likely wanted: a CSA's own customers, for others the next wave."""
    return await (mine if ask.person.owns_customers else wave)(reading, ask, 0)


async def mine(reading: Reading, ask: Interaction, page: int) -> Reply:
    """The asker's customers by date."""
    rows, total = await reading.schedules.of_csa(
        ask.person.email or "", skip=page * PAGE, most=PAGE
    )
    if page and not rows:
        return await mine(reading, ask, 0)
    head = Words("schedule", total=total)["mine"]
    return listed(head, Page(rows, page, total), "mine")


async def wave(reading: Reading, ask: Interaction, page: int) -> Reply:
    """The customers of the next wave."""
    week = await reading.schedules.next_week(ask.today)
    rows, total = list[Line](), 0
    if week:
        rows, total = await reading.schedules.of_week(week, skip=page * PAGE, most=PAGE)
    if page and not rows:
        return await wave(reading, ask, 0)
    head = Words("schedule", week=week, total=total)["wave_list"]
    return listed(head, Page(rows, page, total), "wave")


async def one(reading: Reading, found: Named, ask: Interaction, *, guessed: bool = False) -> Reply:
    """The date of one customer or location, with its buttons."""
    dated = await look_up(reading, found, ask.today)
    if not dated:
        raise Refused(GONE)
    value = f"{found.kind}|{found.id}"
    buttons = [button("What to tell them", "schedule_tell", value)]
    if ask.in_channel:
        buttons.append(button("Post to channel", "schedule_post", value))
    typed = short(ask.text.strip(), MOST_ECHOED)
    guess = Words("schedule", typed=typed, name=short(found.name))["guessed"] if guessed else None
    row = actions(*buttons, look_up_another())
    blocks = built(*answer_blocks(dated), context(guess) if guess else None, row)
    return note(blocks, dated.line)


def choice(matches: Matches, typed: str) -> Reply:
    """Several could be meant, or none: ask which, or say so."""
    typed = short(typed, MOST_ECHOED)
    if not matches.total:
        unknown = Words("schedule", typed=typed)["unknown"]
        return note(built(section(unknown), actions(look_up_another())), unknown)
    offered = matches.found[:MOST_OFFERED]
    kinds = {found.kind for found in matches.found}
    words = Words(
        "schedule",
        typed=typed,
        total=matches.total,
        noun=" or ".join(sorted(kinds)),
        nouns=" or ".join(f"{kind}s" for kind in sorted(kinds)),
        guessed=matches.guessed,
        shown=len(offered),
    )
    more = context(words["several_more"]) if matches.total > len(offered) else None
    which = opener("Choose one", [(f"{found.kind}|{found.id}", label(found)) for found in offered])
    blocks = built(section(words["several"]), actions(which, look_up_another()), more)
    return note(blocks, words["several"])


def listed(head: str, page: Page[Line], scope: str) -> Reply:
    """A list of customers by week, a page at a time, each of which can be opened."""
    blocks: list[Block] = [section(head)]
    for week, rows in groupby(page.items, key=lambda row: row.first_week):
        texts = [Words("schedule", row=row, name=short(row.name))["row"] for row in rows]
        heading = f"*{day(week)}*" if week else "*Without a date*"
        blocks += [section(text) for text in lines([heading, *texts])]
    elements: list[StaticSelectElement | ButtonElement] = []
    if page.items:
        choices = [(f"customer|{row.customer_id}", row.name) for row in page.items]
        elements.append(opener("Open one of these", choices))
        blocks.append(context(page.span))
    elements += page.turns("schedule_page", scope)
    return note(built(*blocks, actions(*elements, look_up_another())), head)


def posted(dated: Dated, channel: str, ask: Interaction) -> Message:
    """The answer as everyone in a channel sees it."""
    by = Words("schedule", person=ask.person.id)["shared_by"]
    blocks = built(*answer_blocks(dated), context(by))
    return Message(channel, dated.line, blocks, cause="schedule posted")


def look_up_another(words: str = "Look up another") -> ButtonElement:
    """The button under every answer that opens the look-up."""
    return button(words, "lookup_open")


def opener(words: str, choices: list[tuple[str, str]]) -> StaticSelectElement:
    """A select that opens what is chosen."""
    options = [option(text, value) for value, text in choices]
    return StaticSelectElement(placeholder=plain(words), action_id="schedule_open", options=options)


def label(found: Named) -> str:
    """A name with its id: several may share a name."""
    return f"{short(found.name, 50)} ({short(found.id, 20)})"


def named(value: str) -> Named:
    """What a button or option stands for."""
    kind, _, identity = value.partition("|")
    return Named(kind, identity, "", "")
