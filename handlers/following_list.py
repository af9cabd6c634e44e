"""What I follow: the list, the pace of each, and when news may come."""

from collections.abc import Sequence
from datetime import time

from slack_sdk.models.blocks import Block, SectionBlock, StaticSelectElement

from handlers.blocks import Words, actions, built, button, context, modal, option, section
from handlers.blocks import question as ask_for
from handlers.choices import MOST_ECHOED
from handlers.dates import short
from handlers.doors import action, submission, topic
from handlers.errors import FormErrors
from handlers.follow_button import MOST_IN_VALUE, Following, Wish, pace_menu
from handlers.follow_finding import meant
from handlers.followed import hour, quiet_hours, title
from handlers.following import choose_from_all, confirmation, keep
from handlers.interaction import Interaction
from handlers.lists import Page, turned
from handlers.offers import CUSTOMER
from handlers.reply import Reply, note, nothing, show
from rules.following import OWNERS_PACE, Kind, Pace
from rules.hours import Habits, due
from rules.roles import Role
from store.session import Reading, Store, Transaction
from store.subscriptions import Hours, Subscription

HALF_HOURS = [time(half // 2, half % 2 * 30) for half in range(48)]
KINDS = {Kind.customer: "customer", Kind.location: "location", Kind.feature: "feature"}


@topic("following", role=Role.viewer, says="what you follow, how soon you hear, and when")
async def list_all(ask: Interaction, store: Store) -> Reply:
    """What the asker follows."""
    async with store.reading(consistent=True) as reading:
        return await followed(reading, ask)


@topic("unfollow", role=Role.viewer, says="stop following a customer", example=CUSTOMER)
async def unfollow_by_name(ask: Interaction, store: Store) -> Reply:
    """Follow no more what was typed; what is broader and followed still counts."""
    return await change_by_name(ask, store, None)


@topic("mute", role=Role.viewer, says="hear nothing of a customer, whatever else you follow")
async def mute_by_name(ask: Interaction, store: Store) -> Reply:
    """Hear nothing of what was typed."""
    return await change_by_name(ask, store, Pace.muted)


async def change_by_name(ask: Interaction, store: Store, pace: Pace | None) -> Reply:
    """Another pace for what was typed; where that is not one thing, the list has a menu for each."""
    typed = ask.text.strip()
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        found = await meant(tx, ask.person, typed, ask.today) if typed else None
        if not found or not found.only:
            return tx.answers(await followed(tx, ask, typed=typed))
        await keep(tx, ask.person.id, Wish(found.only, pace))
        return tx.answers(await confirmation(tx, ask, found.only))


@topic("hours", role=Role.viewer, says="when your digest comes, and when you want quiet")
async def open_hours_by_name(ask: Interaction, store: Store) -> Reply:
    """When news may come: the form, for who types what they look for."""
    return await open_hours.answer(ask, store)


@action("following_open", role=Role.viewer)
async def open_list(ask: Interaction, store: Store) -> Reply:
    """The same, from a button; what it was on stays."""
    async with store.reading(consistent=True) as reading:
        return await followed(reading, ask, replaces=False)


@action("following_page", role=Role.viewer)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page of the list."""
    _, page = turned(ask.value)
    async with store.reading(consistent=True) as reading:
        return await followed(reading, ask, page)


@action("following_pace", role=Role.viewer)
async def change_pace(ask: Interaction, store: Store) -> Reply:
    """Another pace, muted, or followed no more; the list then shows it."""
    wish = Wish.read(ask.value)
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        await keep(tx, ask.person.id, wish)
        return tx.answers(await followed(tx, ask, wish.page))


@action("following_hours", role=Role.viewer)
async def open_hours(ask: Interaction, store: Store) -> Reply:
    """When news may come: the form."""
    async with store.reading() as reading:
        hours = await hours_of(reading, ask)
    await ask.open(hours_form(hours))
    return nothing()


@submission("following_hours", role=Role.viewer)
async def change_hours(ask: Interaction, store: Store) -> Reply:
    """When news may come, from now on; what waits already, too."""
    filled = ask.filled
    chosen = [
        time.fromisoformat(filled.chosen(field) or "") for field in ("digest", "from", "until")
    ]
    habits = Habits(*chosen)
    if habits.digest_is_quiet:
        raise FormErrors({"digest": f"This is in your quiet hours, {quiet_hours(habits)}."})
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        hours = Hours(habits, (await hours_of(tx, ask)).zone)
        await tx.subscriptions.keep_habits(ask.person.id, habits)
        await put_off(tx, ask.person.id, hours)
        return tx.answers(show(modal("following_said", "When news comes", said(hours))))


async def followed(
    reading: Reading, ask: Interaction, page: int = 0, *, replaces: bool = True, typed: str = ""
) -> Reply:
    """A page of what the asker follows, each with its pace; where nothing, how to begin.

    `typed` is what was to be changed and is not one thing.
    """
    every = await reading.subscriptions.of(ask.person.id)
    shown = Page.of(every, page)
    hours = await hours_of(reading, ask)
    digest_at = hour(hours.habits.digest_at)
    typed = short(typed, MOST_ECHOED)
    head = Words("following", total=len(every), digest=digest_at, typed=typed)["list"]
    return note(built(*list_blocks(head, shown, hours)), head, replaces=replaces)


def list_blocks(head: str, page: Page[Subscription], hours: Hours) -> Sequence[Block]:
    """A page of what somebody follows, or how to begin; and when news comes."""
    words = Words("following", quiet=quiet_hours(hours.habits), zone=hours.zone.key)
    begin = choose_from_all("Follow something else" if page.items else "Follow something")
    return [
        section(head),
        *(_row(each, page.number) for each in page.items),
        *([context(page.span)] if page.last else []),
        context(words["hours"] if page.items else words["kinds"]),
        actions(
            begin,
            button("When news comes", "following_hours"),
            *page.turns("following_page", "mine"),
        ),
    ]


def _row(each: Subscription, page: int) -> SectionBlock:
    subject = each.subject
    called = title(subject, {subject: each.name}, is_owned=each.is_owned)
    shown = Words("following", title=called[:1].upper() + called[1:], note=KINDS.get(subject.kind))
    own = OWNERS_PACE if each.is_owned else None
    fits = len(str(Wish(subject, Pace.instant, page))) <= MOST_IN_VALUE
    stands = Following(each.pace, own)
    menu = pace_menu("following_pace", subject, stands, page) if fits else None
    return section(shown["row"], accessory=menu)


async def hours_of(reading: Reading, ask: Interaction) -> Hours:
    """When the asker can be told."""
    return (await reading.subscriptions.hours_of([ask.person.id]))[ask.person.id]


async def put_off(tx: Transaction, person_id: str, hours: Hours) -> None:
    """Let all that somebody is still to hear come at these hours."""
    for tiding in await tx.tidings.untold(person_id):
        at = due(tiding.happened_at, tiding.pace, hours.habits, hours.zone)
        await tx.tidings.put_off(tiding, at)


def hours_form(hours: Hours) -> dict[str, object]:
    """The digest's hour, and the quiet hours."""
    habits = hours.habits
    fields = [
        ask_for("My digest comes at", _hours("digest", habits.digest_at), block_id="digest"),
        ask_for("Nothing from", _hours("from", habits.quiet_from), block_id="from"),
        ask_for(
            "Nothing until",
            _hours("until", habits.quiet_until),
            block_id="until",
            hint="The same time twice: news may come at any hour.",
        ),
    ]
    zone = context(Words("following", quiet="", zone=hours.zone.key)["hours"])
    return modal("following_hours", "When news comes", [*fields, zone], submit="Save")


def said(hours: Hours) -> list[Block]:
    """When news comes from now on."""
    words = Words(
        "following",
        digest=hour(hours.habits.digest_at),
        quiet=quiet_hours(hours.habits),
        zone=hours.zone.key,
    )
    return [section(words["kept"]), context(words["hours"])]


def _hours(name: str, now: time) -> StaticSelectElement:
    choices = {at: option(hour(at), hour(at)) for at in HALF_HOURS}
    return StaticSelectElement(
        options=list(choices.values()), initial_option=choices[now], action_id=f"following_{name}"
    )
