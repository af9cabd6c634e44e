"""When does a customer move? /schedule, or the same asked in a direct message."""

import re
from collections.abc import Sequence
from dataclasses import replace

from handlers.blocks import Words, actions, as_typed, built, context, lines, section
from handlers.choices import GONE, OPENS, chooser, doubt, label, look_up_another, named, which_one
from handlers.dates import Dated, answer_blocks, look_up, short
from handlers.doors import DIRECT_MESSAGE, action, command, direct_message
from handlers.errors import Refused
from handlers.escalate_button import escalate_button
from handlers.follow_button import follow_dated
from handlers.interaction import Interaction
from handlers.name_finding import Meant, is_name, meant
from handlers.offers import CUSTOMER
from handlers.passing_on import post_button, tell_button
from handlers.reply import Reply, note
from handlers.waves import mine, wave
from handlers.why_date import why_button
from handlers.why_pair import why_asked
from rules.asking import Subject, Topic, question
from rules.finding import Named
from rules.roles import Role
from store.session import Reading, Store

COMMAND = re.compile(r"^\s*/[\w-]+\s*")


@command(
    "/schedule",
    role=Role.viewer,
    says="when a customer or location moves, and why not sooner",
    example=CUSTOMER,
)
async def answer_schedule(ask: Interaction, store: Store) -> Reply:
    """When does it move? Without a name: the asker's own customers, or the next wave."""
    return await answered(ask, store)


@direct_message(role=Role.viewer)
async def answer_message(ask: Interaction, store: Store) -> Reply:
    """The same, asked in words; who is used to typing a command may type it here too."""
    return await answered(replace(ask, text=COMMAND.sub("", as_typed(ask.text))), store)


@action("schedule_open", role=Role.viewer)
async def open_one(ask: Interaction, store: Store) -> Reply:
    """One was chosen from a list, which stays for the next one."""
    async with store.reading() as reading:
        return replace(await one(reading, named(ask.value), ask), replaces=False)


async def answered(ask: Interaction, store: Store) -> Reply:
    """The answer to what was typed, by whichever way it came."""
    why = await why_asked(ask, store)
    if why:
        return why
    asked = question(ask.text, ask.today)
    subject = asked.subject
    if subject and subject.topic is Topic.help:
        return usage(ask)
    index = await store.names(ask.newest_import) if ask.text.strip() else None
    if index is None or (subject and not is_name(index, subject.words)):
        async with store.reading(consistent=True) as reading:
            return await about(reading, ask, subject)
    names = meant(index, asked)
    several = len(names) > 1
    async with store.reading(consistent=several) as reading:
        return await (dates_of if several else date_of)(reading, names, ask)


def usage(ask: Interaction) -> Reply:
    """What can be asked, and how."""
    block = "direct_help" if ask.name == DIRECT_MESSAGE else "help"
    words = Words("schedule", command=ask.called)[block]
    return note(built(section(words), actions(look_up_another("Look one up"))), words)


async def about(reading: Reading, ask: Interaction, subject: Subject | None) -> Reply:
    """One's own customers, or a wave; where nothing was asked for, whichever there is."""
    if subject and subject.topic is not Topic.mine:
        return await wave(reading, ask, subject.week)
    return await (mine if subject or ask.person.owns_customers else wave)(reading, ask)


async def date_of(reading: Reading, names: Sequence[Meant], ask: Interaction) -> Reply:
    """The date of the one that is meant; the question back where that is not clear."""
    (asked,) = names
    if asked.matches.only:
        return await one(reading, asked.matches.only, ask, guess_of=asked)
    return which_one(asked.matches, asked.typed)


async def dates_of(
    reading: Reading, names: Sequence[Meant], ask: Interaction, *, opens: str = OPENS
) -> Reply:
    """A line for each of several; those that are not known or not clear are named."""
    texts: dict[str, None] = {}
    found: dict[str, str] = {}
    for asked in names:
        only = asked.matches.only
        dated = await look_up(reading, only, ask.today) if only else None
        if only and dated:
            found[f"{only.kind}|{only.id}"] = label(only)
        texts[line_for(asked, dated)] = None
    sections = map(section, lines([f"• {text}" for text in texts]))
    open_one = [chooser("Open one of these", opens, list(found.items()))] if found else []
    return note(built(*sections, actions(*open_one, look_up_another())), next(iter(texts)))


def line_for(asked: Meant, dated: Dated | None) -> str:
    """The line of a list that answers for one name."""
    if not dated:
        words = doubt(asked.matches, asked.typed)
        return words["several_in_list" if asked.matches.total else "unknown"]
    guess = guessed(asked, dated)
    return f"{dated.line} {guess}" if guess else dated.line


def guessed(asked: Meant | None, dated: Dated) -> str | None:
    """That it was a guess, where it was one."""
    if not asked or not asked.matches.guessed:
        return None
    return doubt(asked.matches, asked.typed, name=short(dated.known.name))["guessed"]


async def one(
    reading: Reading, found: Named, ask: Interaction, *, guess_of: Meant | None = None
) -> Reply:
    """The date of one customer or location, with its buttons."""
    dated = await look_up(reading, found, ask.today)
    if not dated:
        raise Refused(GONE)
    value = f"{found.kind}|{found.id}"
    buttons = [tell_button(value), *([post_button(value)] if ask.in_channel else [])]
    guess = guessed(guess_of, dated)
    follow = await follow_dated(reading, ask.person, dated)
    row = actions(why_button(value), *follow, escalate_button(value), *buttons, look_up_another())
    blocks = built(*answer_blocks(dated), context(guess) if guess else None, row)
    return note(blocks, dated.line)
