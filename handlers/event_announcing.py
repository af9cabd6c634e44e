"""Announcing what happens: one post in each channel, changed to what holds now, with replies below it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from slack_sdk.models.blocks import Block

from handlers.announcement_carrying import carried_still
from handlers.announcement_follow_ups import ANNOUNCEMENT_FOLLOW_UPS
from handlers.announcement_turn import Announced
from handlers.blocks import Words, built
from handlers.dates import short
from rules.announced import Scope
from rules.announcement_content import Content
from rules.carrying import Carries
from store.announcement_rows import AnnouncementRow, Kind, ScheduleVersionRow
from store.announcements import Telling
from store.outbox import Message
from store.session import Transaction

CAUSE = "announcement"
LONGEST_NAME = 45


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, of which each channel hears once; `key` tells it from all others.

    `about` is what its posts are kept under: whatever happens to the same is shown by the same post.
    What is `is_quiet` an earlier post just shows; what is `for_readers` is told only where there is one.
    """

    about: str
    key: str
    at: datetime
    week: date | None = None
    is_quiet: bool = False
    for_readers: bool = False

    def key_in(self, channel: str) -> str:
        """What it is announced under in a channel."""
        return f"{self.key} in {channel}"


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of an event in a channel: the words of its post, and those below an earlier one.

    `post` takes the number of the announcement, which its buttons name.
    """

    fallback: str
    post: Callable[[int], Sequence[Block]]
    reply: Sequence[Block]
    content: Content
    facts: Sequence[str] = ()

    @property
    def digest(self) -> str:
        """What its content is kept under: a wave that goes on is as it was when it was started."""
        return sha256("|".join([self.content.digest, *self.facts]).encode()).hexdigest()


async def say_event(tx: Transaction, event: Event, says: ScheduleVersionRow, said: Said) -> None:
    """Say what happened in the channel of a schedule, unless it was said there, or others read it by now.

    Who calls it sees to it that nobody says at the same time what happened to the same before or after.
    """
    if await carried_still(tx, says.channel, None) is not Carries.announcement:
        return
    there = await tx.posts.shown_in(event.about, says.channel)
    if event.for_readers and there is None:
        return
    row = await tx.announcements.claim(_row(event, says, await tx.clock.now()))
    if row is None or row.id is None:
        return
    blocks = built(*said.post(row.id))
    message = Message(says.channel, said.fallback, blocks, cause=CAUSE, updates=there)
    tx.say(message)
    if there is None:
        await tx.posts.keep(event.about, says.channel, message.id)
    elif not event.is_quiet:
        message = Message(
            says.channel,
            said.fallback,
            built(*said.reply),
            cause=CAUSE,
            thread_of=there,
            is_broadcast=True,
        )
        tx.say(message)
    digest = said.digest
    await tx.announcements.keep_content(digest, said.content.to_json(), said.facts)
    kept = await tx.announcements.tell(row, Telling(message, content=digest))
    for follow in ANNOUNCEMENT_FOLLOW_UPS:
        await follow(tx, Announced(kept, said.content, said.facts))


def of_scope(scope: Scope, about: str, **values: object) -> Words:
    """The words of events, which know of whom they speak; `about` is what the scope is called."""
    known = {"breadth": scope.breadth, "about": short(about, LONGEST_NAME), **values}
    whose = Words("event", **known).plain("whose")
    known["whose"] = f" {whose}" if whose else ""
    return Words("event", **known)


def _row(event: Event, says: ScheduleVersionRow, now: datetime) -> AnnouncementRow:
    return AnnouncementRow(
        key=event.key_in(says.channel),
        kind=Kind.event,
        week=event.week,
        due_at=event.at,
        decided_at=now,
        **says.told,
    )
