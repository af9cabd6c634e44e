"""One's own customers' dates in a calendar: a secret address, and what a calendar finds there."""

import asyncio
from dataclasses import dataclass
from hashlib import sha256

from slack_sdk.models.blocks import ButtonElement, ConfirmObject

from handlers.blocks import Words, actions, built, context, plain, section
from handlers.calendar_file import calendar_file
from handlers.doors import action, topic
from handlers.errors import Refused
from handlers.interaction import Interaction
from handlers.reply import Reply, note
from rules.roles import Role
from store.audit import Change
from store.calendar_feeds import FeedDate
from store.session import Store, Transaction

PATH = "/calendar/{secret}.ics"


@topic(
    "calendar", role=Role.viewer, says="the dates of all you own and follow, in your own calendar"
)
async def answer_calendar(ask: Interaction, store: Store) -> Reply:
    """The asker's address, the same as last time, and how to give it to a calendar."""
    check_door(ask)
    async with store.transaction(actor=ask.person.id) as tx:
        if await tx.calendar_feeds.make(ask.person.id):
            tx.audit(Change("calendar address made", ask.person.id))
        return await shown(tx, ask)


@action("calendar_renew", role=Role.viewer)
async def renew(ask: Interaction, store: Store) -> Reply:
    """Another address in place of one that got around."""
    check_door(ask)
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        await tx.calendar_feeds.end(ask.person.id)
        await tx.calendar_feeds.make(ask.person.id)
        tx.audit(Change("calendar address renewed", ask.person.id))
        return await shown(tx, ask, is_new=True)


def check_door(ask: Interaction) -> None:
    """Raises Refused where there is no address that a calendar could reach."""
    if not ask.web:
        raise Refused(
            "Calendars cannot reach Wavepost here yet. Whoever runs it gives it an address in "
            "WAVEPOST_ADDRESS."
        )


async def shown(tx: Transaction, ask: Interaction, *, is_new: bool = False) -> Reply:
    """The address. It is a secret, so this reply is not kept with the interaction's key."""
    secret = await tx.calendar_feeds.secret_of(ask.person.id)
    words = Words(
        "calendar",
        address=ask.web + PATH.format(secret=secret),
        is_new=is_new,
        dates=len(await tx.calendar_feeds.dates(ask.person)),
    )
    texts = section(words["address"]), section(words["how"])
    blocks = built(*texts, context(words["secret"]), actions(renew_button()))
    return note(blocks, "Your calendar address")


def renew_button() -> ButtonElement:
    """The button that asks once more before it renews."""
    sure = ConfirmObject(
        title="Renew the address?",
        text=plain(
            "Calendars that have the old one show nothing from then on, until they get the new one."
        ),
        confirm="Renew",
        deny="Keep it",
    )
    return ButtonElement(text=plain("Renew the address"), action_id="calendar_renew", confirm=sure)


# What a calendar finds at the address


@dataclass(frozen=True, slots=True)
class Found:
    """A calendar, and a tag that changes when it does; no content where the asker has this one."""

    tag: str
    content: bytes | None


class NoCalendar(Refused):
    """There is no calendar at this address, or none any more."""


class Renewed(NoCalendar):
    """There was one, and it is not coming back."""


async def calendar_at(store: Store, secret: str, *, has: str = "") -> Found:
    """What stands at a secret address; `has` are the tags that the asker has already.

    Raises:
        NoCalendar: nobody has this address, or its person may see nothing here any more.
        Renewed: its person has another one by now.
    """
    dates = await dates_at(store, secret)
    tag = f'"{sha256(repr(dates).encode()).hexdigest()[:32]}"'
    content = None if tag in has else await asyncio.to_thread(calendar_file, dates)
    return Found(tag, content)


async def dates_at(store: Store, secret: str) -> tuple[FeedDate, ...]:
    """The dates that an address shows; raises as `calendar_at`."""
    async with store.reading() as reading:
        feed = await reading.calendar_feeds.whose(secret)
        if feed is None:
            raise NoCalendar(
                "There is no calendar here. Ask /wavepost calendar in Slack for your address."
            )
        if not feed.is_good:
            raise Renewed(
                "This address was renewed, so it shows nothing any more. "
                "Ask /wavepost calendar in Slack for the new one."
            )
        person = (await reading.people.asking(feed.person_id)).person
        if person is None or not person.may(Role.viewer):
            raise NoCalendar("This calendar belongs to nobody who may see dates now.")
        return await reading.calendar_feeds.dates(person)
