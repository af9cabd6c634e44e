"""The page of who is concerned by what: roles, owners, followers, channels, and who comes from outside."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from handlers.announce_standing import Standing, standings
from handlers.followed import title
from handlers.lists import Page
from handlers.page_doors import page
from handlers.pages import Answer, shown, turns
from handlers.roadmap import in_order
from handlers.visit import Visit
from rules.following import Subject
from rules.roles import ALWAYS, Role
from store.roadmap import RoadmapFeature
from store.roles import Holder
from store.session import Reading, Store
from store.stakeholders import Owner

SIZE = 50
MOST_NAMED = 12
MOST_FOLLOWED = 10


@dataclass(frozen=True, slots=True)
class Holders:
    """Whom a role was given to, people and user groups: the first of them, and how many more."""

    named: Sequence[Holder]
    more: int


@page("/stakeholders", role=Role.csa)
async def show(visit: Visit, store: Store) -> Answer:
    """Who is concerned by the migration, and by what of it."""
    async with store.reading(consistent=True) as reading:
        week = await reading.schedules.next_week(visit.today)
        owners = await _owners(reading, visit, week)
        rooms = await reading.stakeholders.rooms(visit.person.id)
        seen = [room for room in rooms if room.is_shown or visit.person.may(Role.lead)]
        announced = await standings(reading, visit.person, visit.now)
        guests, strangers = await reading.stakeholders.outsiders()
        return shown(
            "stakeholders",
            visit,
            week=week,
            owners=owners,
            turns=turns(visit, owners),
            owned=await reading.stakeholders.owned(),
            holders=await _holders(reading),
            followed=await _followed(reading),
            waited_for=await _waited_for(reading, visit.today),
            rooms=seen,
            unseen=len(rooms) - len(seen),
            topics=_topics(announced),
            guests=guests,
            strangers=strangers,
        )


async def _owners(reading: Reading, visit: Visit, week: date | None) -> Page[Owner]:
    """The page of owners that is asked for; the first where that is not there any more."""
    number = visit.page()
    owners, total = await reading.stakeholders.owners(week, skip=number * SIZE, most=SIZE)
    if number and not owners:
        number = 0
        owners, total = await reading.stakeholders.owners(week, skip=0, most=SIZE)
    return Page(owners, number, total, SIZE)


async def _holders(reading: Reading) -> Mapping[Role, Holders]:
    """To whom each role was given; who owns customers is a CSA without that."""
    by_role: dict[Role, list[Holder]] = defaultdict(list)
    for given in await reading.roles.all():
        by_role[given.role].append(given.holder)
    return {
        role: Holders(held[:MOST_NAMED], len(held[MOST_NAMED:]))
        for role in Role
        if (held := by_role[role]) or role not in ALWAYS
    }


async def _followed(reading: Reading) -> list[tuple[str, int]]:
    """What most people follow by choice, in words, and how many they are."""
    favourites = await reading.stakeholders.favourites(most=MOST_FOLLOWED)
    subjects = [Subject(each.kind, each.subject) for each in favourites]
    names = await reading.subscriptions.names(subjects)
    return [
        (title(subject, names), each.people)
        for subject, each in zip(subjects, favourites, strict=True)
    ]


async def _waited_for(reading: Reading, today: date) -> list[RoadmapFeature]:
    """The features that somebody waits for, by date."""
    features = in_order(await reading.roadmap.features(), today)
    return [each for each in features if each.locations and not each.is_released(today)]


def _topics(announced: Sequence[Standing]) -> Mapping[str, Sequence[str]]:
    """What is announced every week in which channel (Slack's id)."""
    topics: dict[str, list[str]] = defaultdict(list)
    for each in announced:
        if not each.says.is_paused and each.topic not in topics[each.says.channel]:
            topics[each.says.channel].append(each.topic)
    return topics
