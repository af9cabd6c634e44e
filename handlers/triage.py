"""/wavepost triage: where escalations are decided, when the team works, and how long it may take."""

from datetime import time
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import Block

from handlers.blocks import (
    Words,
    actions,
    built,
    button,
    context,
    count,
    facts,
    section,
)
from handlers.doors import action, topic
from handlers.duty import Duty, duty
from handlers.followed import hour
from handlers.interaction import Interaction
from handlers.permission import not_allowed
from handlers.reply import Reply, note
from handlers.triage_place import Loss, loss_of
from handlers.triage_settings import place_in
from handlers.web_links import link_button
from rules.public_holidays import place
from rules.roles import Role
from rules.triage import Triage
from store.session import Reading, Store

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MIDNIGHT = time()


@topic("triage", role=Role.viewer, says="who decides escalations, where, and how soon")
async def answer_triage(ask: Interaction, store: Store) -> Reply:
    """How escalations are decided; with a channel, leads let them be decided there."""
    if ask.text.strip():
        return await place_by_name(ask, store)
    async with store.reading(consistent=True) as reading:
        return await overview(reading, ask)


@action("triage_open", role=Role.viewer)
async def open_overview(ask: Interaction, store: Store) -> Reply:
    """The same, from a button."""
    async with store.reading(consistent=True) as reading:
        return await overview(reading, ask)


async def place_by_name(ask: Interaction, store: Store) -> Reply:
    """Let escalations be decided in the channel that was typed."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        if not ask.person.may(Role.lead):
            raise await not_allowed(tx, ask.person, Role.lead)
        channel = await place_in(tx, ask.text, zone=ask.person.timezone)
        words = Words("triage", channel=channel.id)["placed"]
        row = actions(button("See how triage is set up", "triage_open"))
        return tx.answers(note(built(section(words), row), words))


async def overview(reading: Reading, ask: Interaction) -> Reply:
    """All that is set, and for leads how to change it."""
    on_duty = await duty(reading, ask.now)
    loss = await loss_of(reading, on_duty.triage.channel)
    is_lead = ask.person.may(Role.lead)
    head = Words("triage", channel=on_duty.triage.channel, loss=loss, on_duty=on_duty.on_duty)[
        "head"
    ]
    buttons = [
        *([button("Change hours and quota", "triage_change")] if is_lead else []),
        button("Who is on duty when", "rota_open"),
        *link_button(ask, "/governance", "Who decides what"),
    ]
    return note(
        built(
            section(head),
            *_settings(on_duty, ask),
            context(_way_on(ask, on_duty, loss)) if is_lead else None,
            actions(*buttons),
        ),
        head,
    )


def _settings(on_duty: Duty, ask: Interaction) -> list[Block]:
    triage = on_duty.triage
    today = ask.now.astimezone(ZoneInfo(triage.zone)).date()
    words = Words(
        "triage",
        weekdays=weekdays(triage.weekdays),
        opens=hour(triage.opens),
        closes=closing(triage.closes),
        zone=triage.zone,
        place=place(triage.holidays_of).label if triage.holidays_of else "",
        next_off=triage.next_day_off(today),
        normal=amount(triage.clocks.normal_days, "working day"),
        urgent=amount(triage.clocks.urgent_hours, "hour"),
        quota=triage.quotas.bumps_a_month,
    )
    return [
        facts(
            ("The team works", words["hours"]),
            ("Public holidays", words["holidays"]),
            ("An answer comes", words["answers"]),
            ("Approvals", words["quota"]),
        )
    ]


def _way_on(ask: Interaction, on_duty: Duty, loss: Loss | None) -> str:
    words = Words("triage", command=ask.called, loss=loss)
    if loss:
        return words["lost_remedy"]
    return words["change" if on_duty.triage.channel else "choose"]


def weekdays(days: tuple[int, ...]) -> str:
    """Days of the week in words: "Mon to Fri", "Mon, Tue, Thu"."""
    every = sorted(set(days))
    first, last = every[0], every[-1]
    if len(every) > 2 and every == list(range(first, last + 1)):  # noqa: PLR2004 - a span of days
        return f"{WEEKDAYS[first]} to {WEEKDAYS[last]}"
    return ", ".join(WEEKDAYS[each] for each in every)


def closing(at: time) -> str:
    """When a working day ends: "17:00", "24:00"."""
    return "24:00" if at == MIDNIGHT else hour(at)


def amount(number: float, noun: str) -> str:
    """So much of something: "1 hour", "2 working days", "1.5 hours"."""
    return count(int(number), noun) if number == int(number) else f"{number:g} {noun}s"


def settings_line(triage: Triage) -> str:
    """When a team works, in one line of plain words."""
    days, opens, closes = weekdays(triage.weekdays), hour(triage.opens), closing(triage.closes)
    return f"{days}, {opens} to {closes}, {triage.zone}"
