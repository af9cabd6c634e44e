"""The wave that people work on, on the Home of those who work on it."""

from slack_sdk.models.blocks import Block

from handlers.blocks import actions, section
from handlers.interaction import Interaction
from handlers.wave_said import see_button
from handlers.wave_shown import standing_of
from rules.roles import Role
from rules.wave_day import Group
from rules.wave_life import State
from store.session import Reading


async def home_section(reading: Reading, ask: Interaction) -> list[Block]:
    """For CSAs and leads: the wave that goes on, and how many of their own are left; else nothing."""
    week = await reading.wave_day.under_way() if ask.person.may(Role.csa) else None
    if week is None:
        return []
    standing = await standing_of(reading, week, ask.person)
    if standing.row.state is State.checking:
        return []
    words = standing.words()
    said = [words["head"], words["left"] if standing.mine.of(Group.left) else ""]
    return [
        section("\n".join(filter(None, said))),
        actions(see_button(week), block_id="home_wave"),
    ]
