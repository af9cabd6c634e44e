"""The people concerned by something, and how they hear of it: the one way for everything that happens.

Whatever happens says what it concerns (`News.subjects`) and never whom: who follows or owns what is
known here alone. See docs/decisions/0011-who-hears-of-what.md.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from handlers.digests import tell
from rules.following import (
    Audience,
    Heard,
    News,
    Pace,
    Subject,
    heard_of,
    touched,
)
from rules.hours import due
from store.session import Reading, Transaction
from store.subscriptions import Hours
from store.tidings import ANNOUNCED, MOST_KEPT, Tiding

SAYING = timedelta(hours=1)
"""So long hundreds of channels may take to hear of something, before digests make up for it."""


async def concerned_by(reading: Reading, subjects: Collection[Subject]) -> dict[str, Pace]:
    """The ids of the people concerned by what happens to these subjects, and how soon each hears.

    These are the active members who follow one of them, or what it is part of (a location's
    customer, the CSA who owns it), and those who own it; not who muted it. The subjects are taken
    for one thing that happened: a mute of one of them outweighs whatever is broader.
    """
    (whole,) = await _widened(reading, [frozenset(subjects)])
    return Audience(await reading.subscriptions.about(whole)).hearing(whole)


async def tell_concerned(
    tx: Transaction,
    cause: str,
    news: Sequence[News],
    *,
    happened_at: datetime | None = None,
    at_leisure: bool = False,
    but: Collection[str] = (),
) -> None:
    """Let everybody concerned by any of these news hear of it: one message per person and cause.

    Call it once for each cause, in the transaction that makes the news true. A person hears their
    part of the news: at once or when their quiet hours end where any of it is followed so, else in
    their digest. `at_leisure`: in the digest in any case. The same cause again tells only those who
    were not told. `happened_at` is business time; left out, it is now. Those in `but` know it already.
    Those to whom news are `known_to` find them in their digest if no channel told them till then.
    """
    if not news:
        return
    now = await tx.clock.now()
    at = happened_at or now
    heard, read = await _heard(tx, news)
    hours = await tx.subscriptions.hours_of({*heard, *read})
    tidings = [
        _tiding(cause, person, each, hours[person], at, at_leisure=at_leisure)
        for person, each in heard.items()
        if person not in but
    ]
    tidings += [
        _tiding(f"{ANNOUNCED} {cause}", person, each, hours[person], at + SAYING, at_leisure=True)
        for person, each in read.items()
        if person not in but
    ]
    for new in await tx.tidings.add(tidings):
        if new.pace is Pace.instant and new.due_at <= now:
            await tell(tx, new.person_id, [new], now)


async def hearers(reading: Reading, news: Sequence[News]) -> int:
    """How many people `tell_concerned` would tell of these news."""
    if not news:
        return 0
    heard, _ = await _heard(reading, news)
    return len(heard)


async def _heard(
    reading: Reading, news: Sequence[News]
) -> tuple[dict[str, Heard], dict[str, Heard]]:
    """What everybody hears of it by DM, and what they are to read in channels."""
    wide = await _widened(reading, [each.subjects for each in news])
    news = [replace(each, subjects=whole) for each, whole in zip(news, wide, strict=True)]
    audience = Audience(await reading.subscriptions.about(frozenset().union(*wide)))
    heard = await asyncio.to_thread(heard_of, news, audience)
    in_channels = [each for each in news if each.known_to]
    return heard, await asyncio.to_thread(heard_of, in_channels, audience, known=True)


def _tiding(
    cause: str, person: str, heard: Heard, hours: Hours, happened_at: datetime, *, at_leisure: bool
) -> Tiding:
    pace = Pace.daily if at_leisure else heard.pace
    return Tiding(
        person_id=person,
        cause=cause,
        pace=pace,
        news=tuple(heard.news[:MOST_KEPT]),
        beyond=len(heard.news[MOST_KEPT:]),
        happened_at=happened_at,
        due_at=due(happened_at, pace, hours.habits, hours.zone),
    )


async def _widened(
    reading: Reading, parts: Iterable[frozenset[Subject]]
) -> list[frozenset[Subject]]:
    """Each set of subjects with all that they are part of."""
    parts = list(parts)
    wider: Mapping[Subject, tuple[Subject, ...]] = await reading.subscriptions.wider(
        frozenset().union(*parts)
    )
    return [
        touched(part.union(*(wider[subject] for subject in part if subject in wider)))
        for part in parts
    ]
