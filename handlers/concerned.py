"""The people concerned by something, and how they hear of it: the one way for everything that happens.

Whatever happens says what it concerns (`News.subjects`) and never whom: who follows or owns what is
known here alone. See docs/decisions/0011-who-hears-of-what.md.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

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
from store.tidings import MOST_KEPT, Tiding


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
    """
    if not news:
        return
    now = await tx.clock.now()
    every = await _heard(tx, news)
    heard = {person: each for person, each in every.items() if person not in but}
    hours = await tx.subscriptions.hours_of(heard)
    tidings = [
        _tiding(cause, person, each, hours[person], happened_at or now, at_leisure=at_leisure)
        for person, each in heard.items()
    ]
    for new in await tx.tidings.add(tidings):
        if new.pace is Pace.instant and new.due_at <= now:
            await tell(tx, new.person_id, [new], now)


async def hearers(reading: Reading, news: Sequence[News]) -> int:
    """How many people `tell_concerned` would tell of these news."""
    return len(await _heard(reading, news)) if news else 0


async def _heard(reading: Reading, news: Sequence[News]) -> dict[str, Heard]:
    wide = await _widened(reading, [each.subjects for each in news])
    news = [replace(each, subjects=whole) for each, whole in zip(news, wide, strict=True)]
    audience = Audience(await reading.subscriptions.about(frozenset().union(*wide)))
    return await asyncio.to_thread(heard_of, news, audience)


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
