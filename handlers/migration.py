"""/migration: how far is it? And with a name: all that happened to a customer or location."""

from dataclasses import replace

from slack_sdk.models.blocks import Block

from handlers import missed
from handlers.blocks import Words, actions, built, context, lines, section
from handlers.choices import GONE, look_up_another, named, which_one
from handlers.dates import look_up
from handlers.doors import action, command
from handlers.errors import Refused
from handlers.escalate_button import escalate_button
from handlers.follow_button import Wish, follow_dated
from handlers.following import keep
from handlers.interaction import Interaction
from handlers.lists import Page, turned
from handlers.name_finding import Meant, is_name, meant
from handlers.offers import CUSTOMER
from handlers.pages import address_of
from handlers.plans import is_about_plans, plans
from handlers.progress import how_far
from handlers.reply import Reply, note
from handlers.schedule import about, dates_of, guessed
from handlers.timeline import Event, happened
from handlers.waves import wave
from handlers.web_links import link_button
from handlers.why_date import why_button
from handlers.why_pair import why_asked
from rules.asking import Subject, Topic, question
from rules.finding import Named
from rules.roles import Role
from store.session import Reading, Store

OPENS = "migration_open"
"""The action that shows what happened to one."""


@command(
    "/migration",
    role=Role.viewer,
    says="how far the migration is; with a name, all that happened to it",
    example=CUSTOMER,
)
async def answer_migration(ask: Interaction, store: Store) -> Reply:
    """How far is it? With a name: its date, and its whole story."""
    if not ask.text.strip():
        return await how_far(ask, store)
    if ask.text.strip().lower() == missed.answer_missed.name:
        return await missed.answer_missed.answer(ask, store)
    if is_about_plans(ask.text):
        return await plans(ask, store, ask.text)
    return await why_asked(ask, store) or await of_names(ask, store)


async def of_names(ask: Interaction, store: Store) -> Reply:
    """The story of the one that is named, or the dates of several."""
    asked = question(ask.text, ask.today)
    subject = asked.subject
    index = await store.names(ask.newest_import)
    async with store.reading(consistent=True) as reading:
        if subject and not is_name(index, subject.words):
            return await of_subject(reading, ask, subject)
        names = meant(index, asked)
        if len(names) > 1:
            return await dates_of(reading, names, ask, opens=OPENS)
        (one,) = names
        if one.matches.only:
            return await story(reading, one.matches.only, ask, guess_of=one)
        return which_one(one.matches, one.typed, opens=OPENS)


@action("migration_open", role=Role.viewer)
async def open_one(ask: Interaction, store: Store) -> Reply:
    """One was chosen from a list, which stays for the next one."""
    async with store.reading(consistent=True) as reading:
        return replace(await story(reading, named(ask.value), ask), replaces=False)


@action("migration_page", role=Role.viewer)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page of what happened."""
    scope, page = turned(ask.value)
    async with store.reading(consistent=True) as reading:
        return await story(reading, named(scope), ask, page)


@action("migration_follow", role=Role.viewer)
async def follow_here(ask: Interaction, store: Store) -> Reply:
    """Follow what the story is of, or not any more; the story stays where it is."""
    wish = Wish.read(ask.value)
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        await keep(tx, ask.person.id, wish)
        return tx.answers(await story(tx, named(str(wish.subject)), ask, wish.page))


@action("migration_picture", role=Role.viewer)
async def show_picture(ask: Interaction, store: Store) -> Reply:
    """The progress again, with the picture that was being drawn."""
    return await how_far(ask, store)


@action("migration_next", role=Role.viewer)
async def show_next(ask: Interaction, store: Store) -> Reply:
    """Who moves next, below the progress."""
    async with store.reading(consistent=True) as reading:
        return replace(await wave(reading, ask), replaces=False)


async def of_subject(reading: Reading, ask: Interaction, subject: Subject) -> Reply:
    """Help; or one's own customers or a wave, as /schedule shows them."""
    if subject.topic is not Topic.help:
        return await about(reading, ask, subject)
    words = Words("migration", command=ask.called)["help"]
    return note(built(section(words), actions(look_up_another("Look one up"))), words)


async def story(
    reading: Reading,
    found: Named,
    ask: Interaction,
    page: int = 0,
    *,
    guess_of: Meant | None = None,
) -> Reply:
    """The date of one, and all that happened to it."""
    dated = await look_up(reading, found, ask.today)
    if not dated:
        raise Refused(GONE)
    events = await happened(reading, found, page)
    guess = guessed(guess_of, dated)
    turns = events.turns("migration_page", f"{found.kind}|{found.id}")
    follow = await follow_dated(
        reading, ask.person, dated, page=events.number, name="migration_follow"
    )
    on_the_web = link_button(ask, address_of(found.kind, found.id))
    value = f"{found.kind}|{found.id}"
    ways_on = [why_button(value), *follow, escalate_button(value), *on_the_web]
    row = [*turns, *ways_on, look_up_another()]
    blocks = [section(dated.line), *told(events)]
    return note(built(*blocks, context(guess) if guess else None, actions(*row)), dated.line)


def told(events: Page[Event]) -> list[Block]:
    """A page of what happened, the newest first."""
    if not events.items:
        return [context(Words("migration")["nothing"])]
    texts = [
        Words("migration", when=event.when.date(), title=event.title, detail=event.detail)["event"]
        for event in events.items
    ]
    span = Words("migration", span=events.span)["who"]
    return [*map(section, lines(texts)), context(span)]
