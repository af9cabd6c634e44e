"""The wave's day: /wavepost wave shows a wave with its locations, and what can be done there."""

from dataclasses import replace
from datetime import date

from handlers.blocks import Words, actions, built, section
from handlers.choices import look_up_another
from handlers.doors import action, topic
from handlers.errors import Refused
from handlers.interaction import Interaction
from handlers.reply import Reply, note
from handlers.wave_shown import Place, shown
from rules.asking import Topic, question
from rules.roles import Role
from rules.wave_day import first_looked_for
from store.session import Reading, Store

THIS = "this"


@topic(
    "wave",
    role=Role.viewer,
    says="the wave that is under way: who migrated, who failed, and what stops it",
)
async def answer_wave(ask: Interaction, store: Store) -> Reply:
    """The wave of the day that is typed; without one, the wave that is under way or comes next."""
    async with store.reading(consistent=True) as reading:
        weeks = await reading.wave_day.weeks(await reading.schedules.weeks())
        asked = question(ask.text, ask.today).subject if ask.text.strip() else None
        if asked and asked.topic is Topic.help:
            words = Words("wave", command=ask.called)["help"]
            return note(built(section(words), actions(look_up_another())), words)
        if not weeks:
            raise Refused(Words("wave")["none"])
        week = await named(reading, ask, weeks)
        return await shown(reading, ask, Place(week))


@action("wave_page", role=Role.viewer)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page, other locations, another wave, or the same anew."""
    async with store.reading(consistent=True) as reading:
        return await shown(reading, ask, Place.read(ask.value))


@action("wave_day", role=Role.viewer)
async def open_day(ask: Interaction, store: Store) -> Reply:
    """A wave, from a button elsewhere; what the button was on stays."""
    async with store.reading(consistent=True) as reading:
        seen = await shown(reading, ask, Place(date.fromisoformat(ask.value)))
        return replace(seen, replaces=False)


async def named(reading: Reading, ask: Interaction, weeks: list[date]) -> date:
    """The wave that is meant.

    Raises:
        Refused: no wave has the week that was typed, or no week was.
    """
    typed = ask.text.strip()
    if not typed or typed.lower() == THIS:
        return first_looked_for(weeks, await reading.wave_day.under_way(), ask.today)
    subject = question(typed, ask.today).subject
    if subject and subject.topic is Topic.next_wave:
        return next((each for each in weeks if each > ask.today), weeks[-1])
    if subject is None or subject.week is None:
        words = Words("wave", typed=typed, command=ask.called, example=weeks[-1].isoformat())
        raise Refused(words["unknown"])
    if subject.week not in weeks:
        raise Refused(Words("wave", week=subject.week)["no_such_wave"])
    return subject.week
