"""How far the migration is, in words and a picture."""

from datetime import date

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, SectionBlock

from handlers.blocks import (
    Mrkdwn,
    Words,
    actions,
    built,
    button,
    context,
    facts,
    lines,
    picture,
    section,
)
from handlers.choices import look_up_another
from handlers.dates import short
from handlers.forecast import looked_ahead, percent
from handlers.interaction import Interaction
from handlers.pictures import have_drawn, picture_of
from handlers.reply import Reply, note
from handlers.wave_said import see_button
from rules.calendar import start_of_week
from rules.outlook import Outlook
from rules.parameters import Parameters
from rules.progress import Progress, Wave
from rules.prospects import assumptions
from store.migration import FeatureToCome
from store.session import Reading, Store

MOST_WAITED_FOR = 8
TOLD = (0.5, 0.8)
"""The shares of ways it can go whose finish is told here; /forecast tells more."""


async def how_far(ask: Interaction, store: Store) -> Reply:
    """The progress with its picture; where that is not drawn yet, it is now, and can be asked for."""
    async with store.reading(consistent=True) as reading:
        progress = await reading.migration.progress()
        under_way = await reading.wave_day.under_way()
        kept = await picture_of(reading, progress)
        words = in_words(progress, ask.today)
        blocks: list[Block] = [section(words["line"])]
        if progress.waves:
            parameters = await reading.parameters.current()
            finish = await finish_of(progress, ask.today, parameters)
            blocks.append(await in_numbers(reading, progress, words, ask.today, finish))
        blocks += await waited_for(reading, progress)
    is_there = kept is not None and await ask.slack.has_file(kept)
    is_coming = False
    if kept and is_there:
        blocks.append(picture(kept, words["alt"]))
    else:
        async with store.transaction(actor=ask.person.id) as tx:
            is_coming = await have_drawn(tx, progress, lost=kept)
    if is_coming:
        blocks.append(context(words["drawing"]))
    row = ways_on(progress, ask.today, under_way, is_coming=is_coming)
    return note(built(*blocks, row), words["line"])


def in_words(progress: Progress, today: date) -> Words:
    """What can be said about a progress as a whole."""
    named = sum(without.locations for without in progress.without_week)
    unnamed = max(0, progress.undated - named)
    came_back = min(progress.came_back, unnamed)
    went = progress.went
    judged = went.judged if went else 0
    return Words(
        "migration",
        progress=progress,
        went=went,
        judged=judged,
        pass_rate=percent(round(went.passed / judged, 2)) if went and judged else "",
        due=progress.due(today),
        without_room=progress.without_room,
        came_back=came_back,
        unseen=unnamed - came_back,
    )


async def in_numbers(
    reading: Reading, progress: Progress, words: Words, today: date, finish: str
) -> SectionBlock:
    """The wave of this week and the next one, how many have a date, and when all may be done."""
    monday = start_of_week(today)
    this_week, next_one = progress.of_week(monday), progress.next_after(monday)
    return facts(
        ("This week", await of_wave(reading, this_week, "Nobody moves this week")),
        ("Next wave", await of_wave(reading, next_one, "None is planned")),
        ("Failed", words["failed"]),
        ("Checked", words["checked"]),
        ("With a date", words["planned"]),
        ("Without a date", words["undated"]),
        ("All done", finish),
    )


async def finish_of(progress: Progress, today: date, parameters: Parameters) -> str:
    """By which weeks all may have moved, as the plan has it; empty where it has no wave to come."""
    given = assumptions(progress, Outlook(), today, parameters)
    if given is None or not given.goes_on:
        return ""
    ahead = await looked_ahead(given)
    finishes = [(percent(share), ahead.finish_by(share)) for share in TOLD]
    return Words("migration", finishes=finishes)["finish"]


async def of_wave(reading: Reading, wave: Wave | None, nobody: str) -> Mrkdwn:
    """When a wave is, how many are in it, and its state; or that there is none."""
    customers = await reading.migration.customers(wave.week) if wave else 0
    return Words("migration", wave=wave, customers=customers, nobody=nobody)["wave"]


async def waited_for(reading: Reading, progress: Progress) -> list[Block]:
    """The features that locations without a date wait for, by most."""
    shown = progress.waiting[:MOST_WAITED_FOR]
    if not shown:
        return []
    known = await reading.migration.features([waiting.feature for waiting in shown])
    texts = [Words("migration")["waiting_heading"]]
    for waiting in shown:
        feature = known.get(waiting.feature) or FeatureToCome(
            waiting.feature, waiting.feature, None, 0
        )
        texts.append(
            Words(
                "migration",
                waiting=waiting,
                name=short(feature.name),
                target=feature.target_on,
                slips=feature.slips,
            )["waiting"]
        )
    if more := len(progress.waiting) - len(shown):
        texts.append(Words("migration", more=more)["more_waiting"])
    return list(map(section, lines(texts)))


def ways_on(
    progress: Progress, today: date, under_way: date | None, *, is_coming: bool
) -> ActionsBlock:
    """The wave that goes on, who moves next, a look-up, and the picture where it is being drawn."""
    row: list[ButtonElement] = []
    if is_coming:
        row.append(button("Show the picture", "migration_picture"))
    if under_way:
        row.append(see_button(under_way))
    if any(wave.week >= today for wave in progress.waves):
        row.append(button("Who moves next", "migration_next"))
    return actions(*row, look_up_another("Look up a date"))
