"""Who is in no channel that tells what concerns them: they are told it once, in their digest.

Looked at again whenever something was announced, skipped or not delivered, when a schedule says
something else, and when a wave comes into sight. See docs/decisions/0024-who-is-left-to-tell.md.
"""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfoNotFoundError

import numpy as np

from handlers.digest_words import DATED, RELEASED, WAVE
from handlers.reach_tables import Concern, Post, concern, digests, posts, said_in_channels
from handlers.told_news import facts_of
from rules.announced import Customer, Scope
from rules.announcement import Topic
from rules.calendar import start_of_week
from rules.carrying import Carries, carried
from rules.catching_up import CATCH_UP
from rules.concerning import customer_of, feature_of, week_of
from rules.facts import expected, moves, released
from rules.figures import Flags
from rules.following import News, Pace
from rules.foretelling import may_tell
from rules.hours import HERALDED, coming_wave, due, is_still_news
from rules.occurrences import ImpossibleSchedule, Occurrence
from rules.reach import Outcome, left_to_tell
from rules.retelling import WINDOW
from store.announcement_rows import Kind
from store.announcement_schedules import AnnouncementSchedule
from store.reach import Said
from store.session import Reading, Store, Transaction
from store.tidings import ANNOUNCED, MOST_KEPT, Tiding
from store.told_facts import ToldOf

AT_ONCE = timedelta(days=1)
"""So long after a wave comes into sight the digest that it was to be in is made up for."""
Roadmap = Mapping[str, tuple[date | None, date | None]]


async def tell_left(store: Store) -> None:
    """Let who hears what was announced in no channel hear of it in their digest.

    Whichever replica comes first does it; the others wait until that is done.
    """
    async with store.transaction(actor="clock") as tx:
        now = await tx.clock.now()
        seen = f"{coming_wave(now)} {await tx.reach.seen(now - WINDOW, now)}"
        number = await tx.tidings.look(seen)
        if number is not None:
            await _tell(tx, f"{ANNOUNCED} {number}", now)


async def _tell(tx: Transaction, cause: str, now: datetime) -> None:
    said = await tx.reach.said(now - WINDOW, now)
    facts = await _facts(tx, said, now)
    of = await concern(tx, facts)
    if not of.members:
        return
    left = await left_of(tx, of, said, now)
    keys = {feature for fact in facts if (feature := feature_of(fact))}
    roadmap = await tx.reach.features(keys)
    news = [_news(of, column, roadmap) for column in range(len(of.facts))]
    told = dict(_told(of, left, news))
    hours = await tx.subscriptions.hours_of(told)
    await tx.tidings.add(
        [
            Tiding(
                person_id=person,
                cause=cause,
                pace=Pace.daily,
                news=tuple(theirs[:MOST_KEPT]),
                beyond=len(theirs[MOST_KEPT:]),
                happened_at=(since := _since(theirs, now)),
                due_at=due(since, Pace.daily, hours[person].habits, hours[person].zone),
            )
            for person, theirs in told.items()
        ]
    )


async def left_of(reading: Reading, of: Concern, said: Sequence[Said], now: datetime) -> Flags:
    """Who is left to be told what, of whom facts concern: bool[p, f]."""
    here = [*await said_in_channels(reading, said), *await coming(reading, of.facts, said, now)]
    told = [*await reading.told_facts.about(of.facts), *await in_digests(reading)]
    return await asyncio.to_thread(_left, of, here, told)


def _left(of: Concern, here: Sequence[Post], told: Sequence[ToldOf]) -> Flags:
    before = np.zeros((len(of.members), len(of.facts)), dtype=np.bool_)
    return left_to_tell(of.who, posts(of, here), digests(of, told), before)


async def in_digests(reading: Reading, people: Collection[str] | None = None) -> list[ToldOf]:
    """What announcements told others and the digest of somebody, or of these people, is to tell."""
    return [
        ToldOf(person, fact, due_at, Outcome.coming)
        for person, due_at, news in await reading.tidings.coming(people)
        for fact in facts_of(news)
    ]


# What there is to tell


async def _facts(reading: Reading, said: Sequence[Said], now: datetime) -> set[str]:
    """What was announced lately and is still news, and who moves in the wave that comes."""
    announced = await reading.reach.facts(each.content for each in said if each.content)
    facts = {fact for content in announced.values() for fact in content}
    ahead = coming_wave(now)
    if ahead:
        week, _ = ahead
        in_waves = await reading.reach.in_waves([week])
        facts |= {moves(week, customer) for customer in in_waves.get(week.isoformat(), ())}
    return {fact for fact in facts if _is_news(fact, now.date())}


def _is_news(fact: str, today: date) -> bool:
    """What a wave does is told by its own news, at once."""
    week = week_of(fact)
    if week is None:
        return feature_of(fact) is not None
    return customer_of(fact) is not None and is_still_news(date.fromisoformat(week), today)


def _news(of: Concern, column: int, roadmap: Roadmap) -> News | None:
    """A fact as news; None where it does not hold any more, which is told by news of its own."""
    fact = of.facts[column]
    (subjects,) = of.about[column]
    customer, week, feature = customer_of(fact), week_of(fact), feature_of(fact)
    if customer and week:
        locations = of.in_waves.get(week, {}).get(customer)
        facts = {"customer": customer, "week": week, "locations": locations}
        return News(WAVE, subjects, facts) if locations else None
    if feature and feature in roadmap:
        target, out = roadmap[feature]
        says = {"feature": feature, "customer": None, "from": None, "why": None}
        if out and fact == released(feature, out):
            return News(RELEASED, subjects, {**says, "week": None, "on": out.isoformat()})
        if target and fact == expected(feature, target):
            return News(DATED, subjects, {**says, "week": target.isoformat()})
    return None


def _told(
    of: Concern, left: Flags, news: Sequence[News | None]
) -> Iterator[tuple[str, list[News]]]:
    """What is left to tell each person, of those to whom anything is."""
    for person, row in zip(of.members, left, strict=True):
        theirs = [told for column in np.flatnonzero(row).tolist() if (told := news[column])]
        if theirs:
            yield person, theirs


def _since(news: Sequence[News], now: datetime) -> datetime:
    """When it happened: a wave that came into sight lately, then, so that Monday's digest has it."""
    ahead = coming_wave(now)
    if ahead is None:
        return now
    week, since = ahead
    is_ahead = any(each.facts["week"] == week.isoformat() for each in news)
    return since if is_ahead and now < since + AT_ONCE else now


# What is still to be announced


async def coming(
    reading: Reading, facts: Sequence[str], said: Sequence[Said], now: datetime
) -> list[Post]:
    """What is to be announced in the rest of this week, or is due and undecided, as posts."""
    decided = {(each.schedule_id, each.week) for each in said if each.kind is Kind.weekly}
    until = datetime.combine(start_of_week((now + HERALDED).date()), time(), UTC)
    ahead = [
        (schedule.saying(occurrence.due_at), occurrence.week)
        for schedule in await reading.announcement_schedules.all()
        for occurrence in _between(schedule, now - CATCH_UP, until)
        if (schedule.id, occurrence.week) not in decided
    ]
    channels = await reading.reach.channels({says.channel for says, _ in ahead})
    named = {customer for fact in facts if (customer := customer_of(fact))} if ahead else set()
    customers = await reading.reach.customers(named)
    foretold: dict[tuple[Topic, Scope, date], list[str]] = {}
    for says, week in ahead:
        about = (says.topic, says.scope, week)
        if about not in foretold:
            foretold[about] = _foretold(*about, facts, customers)
    return [
        Post(Outcome.coming, crowd.members, foretold[says.topic, says.scope, week])
        for says, week in ahead
        if (crowd := channels.get(says.channel))
        and carried(crowd.channel, has_partner_message=False) is Carries.announcement
    ]


def _between(
    schedule: AnnouncementSchedule, after: datetime, until: datetime
) -> Sequence[Occurrence]:
    try:
        return schedule.rule.between(after, until)
    except (ImpossibleSchedule, ZoneInfoNotFoundError):
        return ()  # it announces nothing, which is told where it does not


def _foretold(
    topic: Topic,
    scope: Scope,
    week: date,
    facts: Collection[str],
    customers: Mapping[str, Customer],
) -> list[str]:
    return [fact for fact in facts if may_tell(topic, scope, fact, week, customers)]
