"""Follow a customer, a location, a feature, a wave or everything of a CSA: pressed, typed or chosen."""

from datetime import date

from slack_sdk.models.blocks import (
    ExternalDataSelectElement,
    InteractiveElement,
    StaticSelectElement,
)

from handlers.blocks import Words, actions, built, button, context, modal, option, plain, section
from handlers.blocks import question as ask_for
from handlers.choices import GONE, MOST_ECHOED, chooser, named
from handlers.dates import look_up, short
from handlers.doors import action, options, submission, topic
from handlers.errors import Refused
from handlers.follow_button import (
    MOST_IN_VALUE,
    Following,
    Wish,
    follow_button,
    follow_dated,
    following,
)
from handlers.follow_finding import Candidates, meant, offered
from handlers.followed import confirmed, is_own
from handlers.interaction import Interaction
from handlers.lookup import dates_view, is_on_top
from handlers.offers import CUSTOMER
from handlers.reply import Reply, note, nothing, offer, show
from handlers.schedule import one
from handlers.waves import mine, wave
from rules.asking import Topic, question
from rules.following import EVERY_WAVE, Kind, Pace, Subject
from rules.roles import Role
from store.session import Reading, Store, Transaction

MOST_OFFERED = 100
AS_PRESSED = "followed"
HOW_SOON = {Pace.daily: "In my daily digest", Pace.instant: "At once"}


@action("follow", role=Role.viewer)
async def follow_from_answer(ask: Interaction, store: Store) -> Reply:
    """Follow, change the pace, or stop, at an answer; the answer then shows how it is."""
    wish = Wish.read(ask.value)
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        await keep(tx, ask.person.id, wish)
        return tx.answers(await answered_again(tx, ask, wish))


@topic("follow", role=Role.viewer, says="hear what happens to a customer", example=CUSTOMER)
async def follow_by_name(ask: Interaction, store: Store) -> Reply:
    """Follow what was typed; without words, choose from all there is."""
    if not ask.text.strip():
        await ask.open(form())
        return nothing()
    asked = question(ask.text, ask.today).subject
    if asked and asked.topic is Topic.help:
        return usage(ask)
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        found = await meant(tx, ask.person, ask.text, ask.today)
        if not found.only:
            return tx.answers(which_one(found, ask.text))
        return tx.answers(await follow(tx, ask, found.only))


@action("follow_one", role=Role.viewer)
async def follow_chosen(ask: Interaction, store: Store) -> Reply:
    """One of several was chosen."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        return tx.answers(await follow(tx, ask, Subject.of(ask.value)))


@action(AS_PRESSED, role=Role.viewer)
async def change_confirmed(ask: Interaction, store: Store) -> Reply:
    """The pace is changed where it was said that one follows now."""
    wish = Wish.read(ask.value)
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        await keep(tx, ask.person.id, wish)
        return tx.answers(await confirmation(tx, ask, wish.subject))


@action("follow_form", role=Role.viewer)
async def open_form(ask: Interaction, _store: Store) -> Reply:
    """Choose from all there is."""
    await ask.open(form())
    return nothing()


@options("follow_what", role=Role.viewer)
async def offer_subjects(ask: Interaction, store: Store) -> Reply:
    """What the letters typed so far may mean."""
    async with store.reading() as reading:
        found = await offered(reading, ask.value, ask.today, most=MOST_OFFERED)
    return offer(
        [
            option(label, str(subject)).to_dict()
            for subject, label in found
            if len(str(subject)) <= MOST_IN_VALUE
        ]
    )


@submission("follow", role=Role.viewer)
async def follow_from_form(ask: Interaction, store: Store) -> Reply:
    """Follow what was chosen."""
    subject = Subject.of(ask.filled.chosen("what") or "")
    pace = Pace(ask.filled.chosen("pace") or Pace.daily)
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        await keep(tx, ask.person.id, Wish(subject, pace))
        words = await confirmed(tx, ask.person, subject, pace)
        return tx.answers(show(modal("followed", "Follow", [section(words)])))


async def keep(tx: Transaction, person_id: str, wish: Wish) -> None:
    """Do as somebody wishes: what every way to follow shares."""
    if wish.pace:
        await tx.subscriptions.choose(person_id, wish.subject, wish.pace)
    else:
        await tx.subscriptions.forget(person_id, wish.subject)


async def follow(tx: Transaction, ask: Interaction, subject: Subject) -> Reply:
    """Follow from now on; who follows already keeps the pace they chose."""
    stands = await following_of(tx, ask, subject)
    if stands.pace in (None, Pace.muted):
        await keep(tx, ask.person.id, Wish(subject, Pace.daily))
    return await confirmation(tx, ask, subject)


async def confirmation(reading: Reading, ask: Interaction, subject: Subject) -> Reply:
    """How somebody follows now, with the menu to change it."""
    stands = await following_of(reading, ask, subject)
    words = await confirmed(reading, ask.person, subject, stands.pace)
    follow = follow_button(subject.kind, subject.id, following=stands, name=AS_PRESSED)
    is_part = stands.inherited and not stands.chosen
    hint = context(Words("following")["is_part"]) if is_part else None
    row = actions(*follow, button("What I follow", "following_open"))
    return note(built(section(words), hint, row), words)


async def following_of(reading: Reading, ask: Interaction, subject: Subject) -> Following:
    """How the asker follows a subject."""
    wider = (await reading.subscriptions.wider([subject])).get(subject, ())
    if subject.kind is Kind.wave:
        wider = (EVERY_WAVE,)
    others = [each for each in wider if each != subject]
    return await following(reading, ask.person, subject, *others)


async def answered_again(reading: Reading, ask: Interaction, wish: Wish) -> Reply:
    """The answer in which Follow was pressed, as it is now."""
    subject = wish.subject
    if subject.kind in (Kind.customer, Kind.location):
        found = named(str(subject))
        if not ask.in_modal:
            return await one(reading, found, ask)
        dated = await look_up(reading, found, ask.today)
        if not dated:
            raise Refused(GONE)
        follow = await follow_dated(reading, ask.person, dated)
        return show(dates_view([dated], follow=follow, is_on_top=is_on_top(ask)))
    if subject.kind is Kind.wave and subject != EVERY_WAVE:
        return await wave(reading, ask, date.fromisoformat(subject.id), wish.page)
    if is_own(subject, ask.person):
        return await mine(reading, ask, wish.page)
    return await confirmation(reading, ask, subject)


def which_one(found: Candidates, typed: str) -> Reply:
    """Several could be meant, or none: ask which, or say so."""
    choices = [
        (str(subject), label)
        for subject, label in found.found
        if len(str(subject)) <= MOST_IN_VALUE
    ][:MOST_OFFERED]
    words = Words(
        "following", typed=short(typed, MOST_ECHOED), total=found.total, shown=len(choices)
    )
    if not choices:
        hint = context(words["unknown_hint"])
        row = actions(choose_from_all("Choose from all"))
        return note(built(section(words["unknown"]), hint, row), words["unknown"])
    more = context(words["which_more"]) if found.total > len(choices) else None
    row = actions(chooser("Choose one", "follow_one", choices), choose_from_all("Choose from all"))
    return note(built(section(words["which"]), row, more), words["which"])


def usage(ask: Interaction) -> Reply:
    """What can be followed, and how."""
    words = Words("following", command=ask.called)["help"]
    row = actions(choose_from_all("Follow something"), button("What I follow", "following_open"))
    return note(built(section(words), row), words)


def choose_from_all(words: str) -> InteractiveElement:
    """The button that opens the form."""
    return button(words, "follow_form")


def form() -> dict[str, object]:
    """Choose what to follow, and how soon to hear of it."""
    what = ExternalDataSelectElement(
        placeholder=plain("Type a few letters"), action_id="follow_what", min_query_length=0
    )
    paces = [option(words, pace) for pace, words in HOW_SOON.items()]
    soon = StaticSelectElement(options=paces, initial_option=paces[0], action_id="follow_pace")
    return modal(
        "follow",
        "Follow",
        [
            section(Words("following")["kinds"]),
            ask_for("What do you want to hear of?", what, block_id="what"),
            ask_for("How soon?", soon, block_id="pace"),
        ],
        submit="Follow",
    )
