"""/wavepost rota: who is on duty in triage now and in the next weeks, and who stands in."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import InteractiveElement

from handlers.blocks import Words, actions, built, button, context, day, lines, section
from handlers.choices import chooser
from handlers.doors import action, topic
from handlers.duty import Duty, duty
from handlers.followed import hour
from handlers.interaction import Interaction
from handlers.reply import Reply, note
from rules.roles import Role
from rules.rota import Override, Turn
from store.session import Store
from store.triage import StandIn

WEEKS_AHEAD = 6
AN_HOUR = timedelta(hours=1)


@topic("rota", role=Role.viewer, says="who is on duty for escalations, now and next")
async def answer_rota(ask: Interaction, store: Store) -> Reply:
    """Who is on duty, and for leads how to change that."""
    async with store.reading(consistent=True) as reading:
        return shown(await duty(reading, ask.now), is_lead=ask.person.may(Role.lead))


@action("rota_open", role=Role.viewer)
async def open_rota(ask: Interaction, store: Store) -> Reply:
    """The same, from a button."""
    return await answer_rota.answer(ask, store)


def shown(on_duty: Duty, *, is_lead: bool) -> Reply:
    """The next weeks, with who stands in between."""
    head = head_of(on_duty)
    triage = on_duty.triage
    how = Words("rota", at=hour(triage.opens), zone=triage.zone)["how"]
    texts = coming(on_duty)
    row = actions(*_ways_on(on_duty)) if is_lead else None
    return note(
        built(
            section(head),
            *map(section, lines(texts)),
            context(how) if triage.turns else None,
            row,
        ),
        head,
    )


def head_of(on_duty: Duty) -> str:
    """Who is on duty, in a line."""
    covers = any(
        each.covers(on_duty.now) and each.person == on_duty.on_duty for each in on_duty.overrides
    )
    people = on_duty.triage.turns
    return Words("rota", on_duty=on_duty.on_duty, covers=covers, people=people)["head"]


def coming(on_duty: Duty) -> list[str]:
    """A line for each of the next weeks, and for each time that somebody stands in."""
    zone = ZoneInfo(on_duty.triage.zone)
    turns = [
        (turn.begins, _turn(on_duty, turn, zone))
        for turn in on_duty.rota.coming(on_duty.now, WEEKS_AHEAD)
    ]
    stand_ins = [
        (each.begins, Words("rota", **asdict(days_of(each, zone)))["stand_in"])
        for each in on_duty.overrides
    ]
    # The sort is stable: who stands in is named below the week in which they do.
    return [words for _, words in sorted([*turns, *stand_ins], key=lambda each: each[0])]


@dataclass(frozen=True, slots=True)
class Days:
    """Who stands in, from which day to which, both included."""

    person: str
    first: date
    last: date


def days_of(each: Override, zone: ZoneInfo) -> Days:
    """The days on which somebody stands in, in a zone."""
    last = (each.ends - AN_HOUR).astimezone(zone).date()
    return Days(each.person, each.begins.astimezone(zone).date(), last)


def _turn(on_duty: Duty, turn: Turn, zone: ZoneInfo) -> str:
    return Words(
        "rota",
        is_now=turn.begins <= on_duty.now,
        since=turn.begins.astimezone(zone).date(),
        until=turn.ends.astimezone(zone).date(),
        person=turn.person,
        may_decide=turn.person in on_duty.names,
    )["turn"]


def _ways_on(on_duty: Duty) -> list[InteractiveElement]:
    zone = ZoneInfo(on_duty.triage.zone)
    choices = [(str(each.id), _told(on_duty, each, zone)) for each in on_duty.stand_ins[:100]]
    return [
        button("Change the rota", "rota_change"),
        button("Somebody stands in", "rota_stand_in"),
        *([chooser("Take back a stand-in", "rota_take_back", choices)] if choices else []),
    ]


def _told(on_duty: Duty, each: StandIn, zone: ZoneInfo) -> str:
    """Which one it is: the days, and the name of who may still decide."""
    since = day(each.override.begins.astimezone(zone).date())
    name = on_duty.names.get(each.override.person)
    return f"{name}, from {since}" if name else f"From {since}"
