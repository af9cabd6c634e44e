"""The page of who hears what, when and by which way: made from schedules, choices and what is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from handlers.announce_standing import standings
from handlers.announce_words import weekly_said
from handlers.followed import hour, quiet_hours
from handlers.page_doors import page
from handlers.pages import Answer, shown
from handlers.visit import Visit
from rules.catching_up import Why
from rules.following import OWNERS_PACE, Kind, Pace
from rules.hours import USUAL
from rules.partner_message import Audience
from rules.roles import Role
from store.partner_rows import PartnerMessageRow
from store.session import Reading, Store
from store.subscriptions import Subscription

MOST_WAVES = 2
HINDERED: Mapping[Why, str] = {
    Why.too_late: "Wavepost was away",
    Why.overtaken: "Wavepost was away",
    Why.channel_gone: "the channel is gone",
    Why.channel_archived: "the channel is archived",
    Why.not_in_channel: "Wavepost is not in the channel",
    Why.no_partner_message: "no message for partners was approved",
    Why.said_already: "the message for partners was said there already",
}
"""Why nothing is announced, in the cell of a table; leads read more of it in Slack."""


@dataclass(frozen=True, slots=True)
class Heard:
    """How many people hear of one kind of subject by choice, by how soon; or chose to hear nothing."""

    at_once: int = 0
    daily: int = 0
    muted: int = 0


@dataclass(frozen=True, slots=True)
class Yours:
    """How the one who reads hears: what they follow, and their hours in words."""

    follows: int
    is_owner: bool
    digest_at: str
    quiet: str


@page("/communication", role=Role.viewer)
async def show(visit: Visit, store: Store) -> Answer:
    """Who hears what, when, and by which way."""
    async with store.reading(consistent=True) as reading:
        announced = await standings(reading, visit.person, visit.now)
        every = await reading.announcement_schedules.all()
        owners, customers = await reading.stakeholders.owned()
        return shown(
            "communication",
            visit,
            announced=announced,
            elsewhere=len(every) - len(announced),
            hindered=HINDERED,
            when=weekly_said,
            yours=await _yours(reading, visit),
            heard=await _heard(reading),
            owners=owners,
            customers=customers,
            owners_pace=OWNERS_PACE,
            usual_digest=hour(USUAL.digest_at),
            usual_quiet=quiet_hours(USUAL),
            leads=len(await reading.roles.people_with(Role.lead)),
            told=await _told(reading, visit.today),
            feeds=await reading.stakeholders.feeds(),
        )


async def _yours(reading: Reading, visit: Visit) -> Yours:
    person = visit.person
    followed: list[Subscription] = await reading.subscriptions.of(person.id)
    hours = (await reading.subscriptions.hours_of([person.id]))[person.id]
    return Yours(
        follows=sum(each.pace is not Pace.muted and not each.is_owned for each in followed),
        is_owner=person.owns_customers,
        digest_at=hour(hours.habits.digest_at),
        quiet=quiet_hours(hours.habits),
    )


async def _heard(reading: Reading) -> dict[Kind, Heard]:
    """How many people chose to hear of each kind of subject."""
    counted = {
        (each.kind, each.pace): each.people for each in await reading.stakeholders.followed()
    }
    return {
        kind: Heard(
            at_once=counted.get((kind, Pace.instant), 0),
            daily=counted.get((kind, Pace.daily), 0),
            muted=counted.get((kind, Pace.muted), 0),
        )
        for kind in Kind
    }


async def _told(
    reading: Reading, today: date
) -> dict[date, dict[Audience, PartnerMessageRow | None]]:
    """What each audience is told of the waves that come next."""
    weeks = [week for week in await reading.schedules.weeks() if week >= today][:MOST_WAVES]
    return {
        week: {each: await reading.partner_messages.current(week, each) for each in Audience}
        for week in weeks
    }
