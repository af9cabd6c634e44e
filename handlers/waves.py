"""The lists of /schedule: one's own customers by date, and the customers of a wave; and their pages."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

from slack_sdk.models.blocks import Block, InteractiveElement

from handlers.blocks import Words, actions, built, button, context, day, lines, section, unbroken
from handlers.choices import chooser, look_up_another, opener
from handlers.dates import short
from handlers.doors import action
from handlers.follow_button import follow_own, follow_wave
from handlers.interaction import Interaction
from handlers.lists import PAGE, Page, turn, turned
from handlers.partner_told import tell_wave_button
from handlers.reply import Reply, note
from handlers.wave_said import see_button
from rules.roles import Role
from store.schedule_lines import Line
from store.session import Reading, Store

MINE = "mine"
FEW_WAVES = 3
"""So many waves are reached by the buttons to the ones before and after."""
MOST_WAVES = 100
A_WEEK = timedelta(days=7)


@action("schedule_page", role=Role.viewer)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page of the list, or another wave."""
    scope, page = turned(ask.value)
    async with store.reading(consistent=True) as reading:
        if scope == MINE:
            return await mine(reading, ask, page)
        return await wave(reading, ask, date.fromisoformat(scope), page)


async def mine(reading: Reading, ask: Interaction, page: int = 0) -> Reply:
    """The asker's customers by date."""
    rows, total = await reading.schedules.of_csa(
        ask.person.email or "", today=ask.today, skip=page * PAGE, most=PAGE
    )
    if page and not rows:
        return await mine(reading, ask)
    locations = await reading.schedules.locations_of_csa(ask.person.email or "") if total else 0
    head = Words("schedule", total=total, locations=locations)["mine"]
    follow = await follow_own(reading, ask.person, page) if total else []
    return listed(head, Page(rows, page, total), MINE, follow=follow)


async def wave(
    reading: Reading, ask: Interaction, week: date | None = None, page: int = 0
) -> Reply:
    """The customers of a wave, and the way to the others; of the next one where no week is named."""
    weeks = await reading.schedules.weeks()
    next_week = next((each for each in weeks if each >= ask.today), None)
    week = week or next_week
    rows, total = list[Line](), 0
    if week:
        rows, total = await reading.schedules.of_week(week, skip=page * PAGE, most=PAGE)
    if page and not rows:
        return await wave(reading, ask, week)
    words = Words(
        "schedule",
        waves=weeks,
        week=week,
        total=total,
        locations=await reading.schedules.locations_of_week(week) if week and total else 0,
        is_next=week == next_week,
    )
    scope = week.isoformat() if week else ""
    others = other_waves(weeks, week or ask.today)
    follow: list[InteractiveElement] = []
    if total and week and week > ask.today - A_WEEK:
        follow = await follow_wave(reading, ask.person, week, page)
    if total and week and week <= ask.today + A_WEEK:
        follow = [*follow, see_button(week)]
    if total and week:
        follow = [*follow, tell_wave_button(week)]
    return listed(words["wave_list"], Page(rows, page, total), scope, others, follow=follow)


def listed(
    head: str,
    page: Page[Line],
    scope: str,
    others: Sequence[InteractiveElement] = (),
    *,
    follow: Sequence[InteractiveElement] = (),
) -> Reply:
    """A list of customers by week, a page at a time, each of which can be opened."""
    # The first line about a wave has its week already.
    blocks = [section(head), *by_week(page.items, headed=scope == MINE)]
    if page.items:
        choices = [(f"customer|{row.customer_id}", row.name) for row in page.items]
        open_one = opener("Open one of these", choices)
        blocks += [context(page.span), actions(open_one, *page.turns("schedule_page", scope))]
    return note(built(*blocks, actions(*others, *follow, look_up_another())), head)


def by_week(rows: Sequence[Line], *, headed: bool = True) -> list[Block]:
    """Customers in the order of their weeks, those of a week together and under its name."""
    blocks: list[Block] = []
    for week, customers in groupby(rows, key=lambda row: row.first_week):
        texts = [
            Words("schedule", row=row, name=short(row.name), awaited=short(", ".join(row.awaited)))[
                "row"
            ]
            for row in customers
        ]
        heading = [f"*{unbroken(day(week))}*" if week else "*Without a date*"]
        blocks += map(section, lines([*(heading if headed else []), *texts]))
    return blocks


def other_waves(weeks: Sequence[date], shown: date) -> list[InteractiveElement]:
    """The waves before and after the one shown, and where there are many, all to choose from."""
    before, after = weeks[: bisect_left(weeks, shown)], weeks[bisect_right(weeks, shown) :]
    elements: list[InteractiveElement] = []
    if before:
        elements.append(_wave_button("‹ Week of", before[-1], "before"))
    if after:
        elements.append(_wave_button("Next: week of", after[0], "after"))
    others = [*before, *after]
    if len(others) >= FEW_WAVES:
        near = sorted(sorted(others, key=lambda week: abs(week - shown))[:MOST_WAVES])
        choices = [(turn(week.isoformat()), f"Week of {day(week)}") for week in near]
        elements.append(chooser("Another wave", "schedule_page:wave", choices))
    return elements


def _wave_button(words: str, week: date, way: str) -> InteractiveElement:
    label = f"{words} {week.day} {week:%b}"
    return button(label, f"schedule_page:{way}", turn(week.isoformat()))
