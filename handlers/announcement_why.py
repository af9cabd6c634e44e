"""Why? Pressed on an announcement: where its figures come from, and why any customer moves when it does."""

from datetime import date

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ExternalDataSelectElement,
    InteractiveElement,
)

from handlers.announcement_read import content_of, one
from handlers.blocks import (
    MOST_IN_OPTION_VALUE,
    Words,
    actions,
    button,
    day,
    modal,
    option,
    plain,
    section,
)
from handlers.button_values import number_in
from handlers.choices import MOST_OFFERED as MOST_LISTED
from handlers.choices import chooser, label, named
from handlers.doors import action, options
from handlers.interaction import Interaction
from handlers.reply import Reply, offer, push
from handlers.why_date import reason_blocks, reasons_for
from handlers.windows import over
from rules.announcement import Announcement, Section
from rules.roles import Role
from store.session import Store

TITLE = "Why?"
MOST_OFFERED = 20
REASONS = {
    Section.this_wave: "why_this_wave",
    Section.next_wave: "why_this_wave",
    Section.progress: "why_progress",
    Section.forecast: "why_forecast",
    Section.failures: "why_failures",
    Section.roadmap: "why_roadmap",
}
"""The words that explain a section; a wave and the next one are explained alike."""


@action("announcement_why", role=Role.viewer)
async def open_reasons(ask: Interaction, store: Store) -> Reply:
    """What decides what was announced, with a field that answers for one customer."""
    async with store.reading(consistent=True) as reading:
        row = await one(reading, ask.person, number_in(ask.value))
        content = await content_of(reading, row)
    return await over(ask, modal("announcement_why", TITLE, reasons_of(content.announcement)))


@options("announcement_why_name", role=Role.viewer)
async def offer_names(ask: Interaction, store: Store) -> Reply:
    """Customers and locations that the letters typed so far may mean."""
    index = await store.names(ask.newest_import)
    found = index.find(ask.value, most=MOST_OFFERED).found
    return offer([option(label(each), f"{each.kind}|{each.id}").to_dict() for each in found])


@action("announcement_why_name", role=Role.viewer)
async def answer_one(ask: Interaction, store: Store) -> Reply:
    """Why the one that was chosen has its date, over the question."""
    async with store.reading(consistent=True) as reading:
        reasons = await reasons_for(reading, named(ask.value), ask.today)
    blocks = [section(reasons.line["line_one"]), *reason_blocks(reasons)]
    return push(modal("why_said", "Why this date", blocks))


def reasons_of(announcement: Announcement) -> list[Block]:
    """What decides each part of an announcement, and where to ask of one customer."""
    words = Words("announcement_read")
    told = dict.fromkeys(REASONS[part.section] for part in announcement.parts)
    waves = dict.fromkeys(part.week for part in announcement.parts if part.week and part.customers)
    return [
        *(section(words[each]) for each in told),
        *([actions(*map(_wave_button, waves))] if waves else []),
        section(words["ask_one"]),
        actions(*_who(announcement)),
    ]


def _wave_button(week: date) -> ButtonElement:
    return button(f"The wave of {day(week)}", f"wave_day:{week}", str(week))


def _who(announcement: Announcement) -> list[InteractiveElement]:
    """Those that were announced, as far as a list can have them, and everybody by name."""
    customers = {each.id: each.name for part in announcement.parts for each in part.customers}
    choices = [(f"customer|{id_}", name) for id_, name in customers.items()]
    fitting = [each for each in choices if len(each[0]) <= MOST_IN_OPTION_VALUE][:MOST_LISTED]
    by_name = ExternalDataSelectElement(
        placeholder=plain("Type a name or an id"),
        action_id="announcement_why_name",
        min_query_length=1,
    )
    if not fitting:
        return [by_name]
    return [chooser("One of these", "announcement_why_name:listed", fitting), by_name]
