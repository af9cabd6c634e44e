"""/wavepost reached: for leads and approvers, by which way announcements came to people, and to whom not."""

from collections.abc import Sequence
from datetime import date

from handlers.announcement_readers import channels_read
from handlers.blocks import Words, built, section
from handlers.doors import action, topic
from handlers.errors import Refused
from handlers.interaction import Interaction
from handlers.reach_report import of_week, report
from handlers.reach_words import titled
from handlers.reached_shown import ReachAsked, Week, shown
from handlers.reply import Reply, note
from rules.asking import question
from rules.roles import Role
from store.session import Reading, Store


@topic(
    "reached",
    role=Role.lead,
    also=Role.approver,
    says="whom announcements reached, and whom not",
)
async def answer_reached(ask: Interaction, store: Store) -> Reply:
    """The newest week that has any announcement, or the one that is named."""
    async with store.reading(consistent=True) as reading:
        weeks = await reading.reach.weeks(ask.now)
        if not weeks:
            words = Words("reached")["nothing"]
            return note(built(section(words)), words)
        week = week_asked(ask.text, ask.today, weeks)
        return await _answered(reading, ask, ReachAsked(week=week))


def week_asked(typed: str, today: date, weeks: Sequence[date]) -> date:
    """Of the weeks that have any announcement, the newest first, the one that is asked about.

    Raises:
        Refused: these words name no week, or one in which nothing was announced.
    """
    if not typed.strip():
        return weeks[0]
    subject = question(typed, today).subject
    if subject is None or subject.week is None:
        raise Refused(Words("reached", typed=typed, example=weeks[0])["not_understood"])
    if subject.week not in weeks:
        raise Refused(Words("reached", week=subject.week, example=weeks[0])["quiet_week"])
    return subject.week


@action("reached_page", role=Role.lead, also=Role.approver)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page, another week, or one announcement of it."""
    async with store.reading(consistent=True) as reading:
        return await _answered(reading, ask, ReachAsked.read(ask.value))


@action("reached_open", role=Role.lead, also=Role.approver)
async def open_one(ask: Interaction, store: Store) -> Reply:
    """The same from wherever an announcement is shown, below it."""
    async with store.reading(consistent=True) as reading:
        answer = await _answered(reading, ask, ReachAsked.read(ask.value))
    return note(answer.blocks, answer.fallback, replaces=False)


async def _answered(reading: Reading, ask: Interaction, asked: ReachAsked) -> Reply:
    one = await reading.reach.some([asked.announcement] if asked.announcement else [])
    monday = asked.week or (one[0].week if one else None)
    read = await channels_read(reading, ask.person, [each.channel for each in one])
    if monday is None or not all(each.channel in read for each in one):
        raise Refused(Words("reached")["gone"])
    every = await of_week(reading, monday, ask.now)
    read = await channels_read(reading, ask.person, [each.channel for each in every])
    seen = [each for each in every if each.channel in read]
    week = Week(
        monday=monday,
        others=await reading.reach.weeks(ask.now),
        titles=await titled(reading, seen),
        said=seen,
        pressed=await reading.reach.presses(each.id for each in one or seen),
    )
    made = await report(reading, one or seen, ask.now, beside=every)
    blocks, first = shown(made, week, asked)
    return note(blocks, first)
