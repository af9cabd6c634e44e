"""One location of a wave in Slack: where it stands, how it came there, and what can be told of it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement

from handlers.blocks import Words, actions, button, context, facts, lines, modal, moment, section
from handlers.check_button import check_button
from handlers.dates import short
from handlers.errors import NotThere
from handlers.mark_form import About
from handlers.marking import remedy_for
from handlers.wave_words import BUTTONS, DONE, card, who_did
from rules.location_life import MOVED, State, Step
from rules.wave_day import marks
from store.location_runs import LocationStep
from store.people import Person
from store.session import Reading
from store.wave_day import Line
from store.wave_rows import WaveRow

MOST_STEPS = 12
MOST_WORDS = 300


async def line_of(reading: Reading, week: date, location_id: str) -> Line:
    """A location of a wave.

    Raises:
        NotThere: it is in no wave of this week that was started.
    """
    line = await reading.wave_day.one(week, location_id)
    if line is None:
        raise NotThere(f"{location_id} is not in this wave.")
    return line


async def card_view(
    reading: Reading, person: Person, week: date, location_id: str, *, said: str = ""
) -> dict[str, Any]:
    """One location in a modal; `said` is told above it, such as why a press did nothing."""
    line = await line_of(reading, week, location_id)
    wave = await reading.waves.get(week) or WaveRow(week=week)
    steps = await reading.wave_locations.steps(week, location_id)
    blocks: list[Block] = [
        *([section(said)] if said else []),
        section(card(line)),
        facts(("CSA", line.csa_name), ("Id", line.location_id)),
    ]
    if line.state is State.failed:
        remedy = await remedy_for(reading, line.cause_id)
        blocks.append(section(Words("wave", remedy=remedy)["remedy"]))
    possible = marks(line.state, wave.state, person.roles)
    buttons = _buttons(week, line, possible)
    if line.state in MOVED:
        buttons.append(check_button(week, location_id))
    if buttons:
        blocks.append(actions(*buttons))
    if steps:
        blocks += map(section, lines(_told(steps)))
    if len(steps) > MOST_STEPS:
        blocks.append(context(f"The newest {MOST_STEPS} of {len(steps)} steps."))
    return modal("wave_location", "In its wave", blocks)


def _buttons(week: date, line: Line, possible: Sequence[Step]) -> list[ButtonElement]:
    return [
        button(
            BUTTONS[step],
            f"wave_mark:{step}",
            str(About(step, week, line.version, line.location_id)),
            style="primary" if step in (Step.migrate, Step.try_again) else None,
        )
        for step in possible
    ]


def _told(steps: Sequence[LocationStep]) -> list[str]:
    """The steps, the newest first."""
    return [
        Words(
            "wave",
            at=moment(each.at),
            by=who_did(each.by),
            what=DONE[Step(each.step)],
            words=short(each.words, MOST_WORDS),
        )["step"]
        for each in reversed(steps[-MOST_STEPS:])
    ]
