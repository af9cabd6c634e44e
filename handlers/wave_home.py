"""The wave that people work on, on the Home of those who work on it."""

from datetime import date

from slack_sdk.models.blocks import Block

from handlers.blocks import actions, section
from handlers.interaction import Interaction
from handlers.wave_said import see_button
from handlers.wave_shown import standing_of
from rules.calendar import start_of_week
from rules.roles import Role
from rules.wave_day import Group
from rules.wave_life import State
from store.session import Reading

WORK_ON_IT = (Role.csa, Role.lead, Role.approver)


async def home_section(reading: Reading, ask: Interaction) -> list[Block]:
    """The wave that is due, and the one that goes on; for CSAs also how many of theirs are left."""
    if not any(map(ask.person.may, WORK_ON_IT)):
        return []
    blocks: list[Block] = []
    for week in await _weeks(reading, ask.today):
        standing = await standing_of(reading, week, ask.person)
        if standing.row.state.is_final or standing.row.state is State.checking:
            continue
        words = standing.words()
        said = [words["head"], words["left"] if standing.mine.of(Group.left) else ""]
        blocks += [
            section("\n".join(filter(None, said))),
            actions(see_button(week), block_id=f"home_wave_{week}"),
        ]
    return blocks


async def _weeks(reading: Reading, today: date) -> list[date]:
    """The Monday of this week's wave, started or not, and that of an older one that still goes on."""
    under_way = await reading.wave_day.under_way()
    this_week = start_of_week(today)
    weeks = [this_week] if this_week in await reading.schedules.weeks() else []
    return weeks if under_way in (None, this_week) else [*weeks, under_way]
