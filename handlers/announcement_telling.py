"""What an announcement says in its channel: put together from what is known when it is due."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from handlers.announcement_carrying import for_partners
from handlers.announcement_figures import Gathered, gathered
from handlers.announcement_picture import drawn
from handlers.announcement_said import partner_said, said
from handlers.own_words import VERSIONS_TRIED, Broken, best_said
from rules.announced import Scope
from rules.announcement import Topic
from rules.announcement_content import Content
from rules.carrying import Carries
from rules.facts import told_by
from store.announcement_rows import AnnouncementRow
from store.announcements import Telling
from store.outbox import Message
from store.session import Reading, Store


@dataclass(frozen=True, slots=True)
class Made:
    """A content, with what tells it from others and the facts that it tells people."""

    content: Content
    digest: str
    facts: Sequence[str]

    @classmethod
    def of(cls, content: Content) -> Self:
        """A content that was made just now."""
        return cls(content, content.digest, told_by(content.announcement))


@dataclass(frozen=True, slots=True)
class Told:
    """What is said, and what is kept of it; of a partner message nothing is."""

    telling: Telling
    made: Made | None = None
    broken: Sequence[Broken] = ()  # own words that could not say it

    @property
    def message(self) -> Message:
        """The message itself."""
        return self.telling.message


class Known:
    """What was gathered of scopes in one look, so that channels that say the same share it.

    With a store, all of a scope is read as of one moment, whatever is changed meanwhile.
    """

    def __init__(self, store: Store | None = None) -> None:
        self._store = store
        self._gathered: dict[tuple[Scope, date, datetime | None], Gathered] = {}
        self._last: dict[str, Content] = {}
        self._made: dict[tuple[Scope, date, datetime | None, Topic, str | None], Made] = {}

    async def made(self, reading: Reading, row: AnnouncementRow, today: date) -> Made:
        """What an announcement says of its scope today, and since the last one of its schedule."""
        last = (
            await reading.announcements.said_before(row.schedule_id, row.due_at)
            if row.schedule_id
            else None
        )
        since, digest = (last.due_at, last.content) if last else (None, None)
        key = (row.scope, today, since)
        if key not in self._gathered:
            async with self._moment(reading) as moment:
                self._gathered[key] = await gathered(moment, row.scope, today=today, since=since)
        topic = Topic(row.topic)
        if (*key, topic, digest) not in self._made:
            before = await self._before(reading, digest) if digest else None
            self._made[*key, topic, digest] = Made.of(self._gathered[key].content(topic, before))
        return self._made[*key, topic, digest]

    @asynccontextmanager
    async def _moment(self, reading: Reading) -> AsyncIterator[Reading]:
        if self._store is None:
            yield reading
            return
        async with self._store.reading(consistent=True) as moment:
            yield moment

    async def _before(self, reading: Reading, digest: str) -> Content | None:
        if digest not in self._last:
            kept = await reading.announcements.content(digest)
            if kept is None:
                return None
            self._last[digest] = Content.from_json(kept)
        return self._last[digest]


async def told(
    reading: Reading,
    row: AnnouncementRow,
    carries: Carries,
    *,
    today: date,
    note: str | None,
    known: Known,
) -> Told:
    """What an announcement says: its topic with a lead's note, or the approved partner message alone."""
    if carries is Carries.partner_message:
        return await _partner_told(reading, row)
    made = await known.made(reading, row, today)
    file = await drawn(reading, made.content)

    def say(own: str) -> Message:
        return said(
            made.content,
            topic=Topic(row.topic),
            scope=row.scope,
            language=row.language,
            note=note,
            channel=row.channel,
            announcement_id=row.id,
            file=file,
            own=own,
        )

    message, broken = best_said(await reading.own_words.good(VERSIONS_TRIED), say)
    return Told(Telling(message, carries, made.digest, note), made, broken)


async def _partner_told(reading: Reading, row: AnnouncementRow) -> Told:
    approved = await for_partners(reading, row.week)
    if approved is None:
        raise LookupError("The message to partners was there a moment ago.")
    message = partner_said(approved.text, approved.week, channel=row.channel)
    return Told(Telling(message, Carries.partner_message))
