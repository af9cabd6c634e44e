"""How what was announced in a week reached whom it concerns."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from handlers.announced_digests import coming, in_digests
from handlers.reach_tables import Concern, Post, concern, digests, posts, said_in_channels
from rules.calendar import start_of_week
from rules.reach import Outcome, Reach, reached
from rules.retelling import WINDOW
from store.reach import Said
from store.session import Reading
from store.told_facts import ToldOf

AROUND = timedelta(days=2)
"""A week begins and ends so much earlier or later somewhere, in UTC, late announcements included."""


@dataclass(frozen=True, eq=False)
class Report:
    """How the facts of some announcements reached people.

    `said` are these announcements, `tells` their facts by the digest of their content, `of` whom
    these concern, and `told` who was told of them by DM.
    """

    said: Sequence[Said]
    tells: Mapping[str, Sequence[str]]
    of: Concern
    reach: Reach
    told: Sequence[ToldOf]

    @property
    def total(self) -> int:
        """How many people it concerns."""
        return len(self.of.members)


async def of_week(reading: Reading, week: date, now: datetime) -> list[Said]:
    """All that was announced or skipped in the week of a Monday."""
    begins = datetime.combine(week, datetime.min.time(), now.tzinfo)
    said = await reading.reach.said(begins - AROUND, min(begins + 7 * DAY + AROUND, now))
    return [each for each in said if each.week == week]


DAY = timedelta(days=1)


async def report(
    reading: Reading,
    said: Sequence[Said],
    now: datetime,
    *,
    beside: Sequence[Said],
    only: Collection[str] | None = None,
) -> Report:
    """How these announcements reached whom they concern, by themselves and by those `beside` them.

    Of all people and of owners who are gone, or `only` of some.
    """
    tells = await reading.reach.facts(each.content for each in said if each.content)
    facts = {fact for content in tells.values() for fact in content}
    of = await concern(reading, facts, or_gone=only is None, only=only)
    here = await said_in_channels(reading, beside)
    if any(each.week == start_of_week(now.date()) for each in said):
        here += await coming(reading, of.facts, beside, now)
    earliest = min((each.at for each in said), default=now)
    lately = await said_in_channels(reading, await reading.reach.said(earliest - WINDOW, earliest))
    told = [*await reading.told_facts.about(facts, only), *await in_digests(reading, only)]
    mine = [each for each in told if each.person in of.members]
    return Report(said, tells, of, await asyncio.to_thread(_reach, of, here, lately, mine), mine)


def _reach(
    of: Concern, here: Sequence[Post], lately: Sequence[Post], told: Sequence[ToldOf]
) -> Reach:
    before = posts(of, lately)
    heard = before.heard(Outcome.delivered) & of.who.present[:, None]
    return reached(of.who, posts(of, here), digests(of, told), np.asarray(heard))
