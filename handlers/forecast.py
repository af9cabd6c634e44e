"""/forecast: when will all have moved, and how sure is that? With other rates, or by a day."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
)

from handlers.blocks import (
    Words,
    actions,
    built,
    button,
    context,
    facts,
    modal,
    picture,
    section,
    unbroken,
)
from handlers.choices import look_up_another
from handlers.doors import action, command, submission
from handlers.forecast_form import filled_in, form, kept, other_rate, read
from handlers.forecast_picture import have_drawn, picture_of
from handlers.interaction import Interaction
from handlers.reply import Reply, note, show
from handlers.windows import in_place
from rules.asking import Topic, question
from rules.outlook import NotUnderstood, Outlook, outlook
from rules.prospects import FRIDAY, Assumptions, Prospects, assumptions, prospects
from rules.roles import Role
from rules.track_record import TrackRecord, track_record
from store.session import Store

FORECASTERS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="forecast")
"""With more at once none would be done sooner, and all would be late."""
NEARLY = 0.01
"""A chance within so much of nothing or of everything is not said more exactly: it was drawn."""


@dataclass(frozen=True)
class Answer:
    """A forecast as it is shown: what was asked, its words, and what is below them."""

    wanted: Outlook
    line: str
    blocks: list[Block]
    is_coming: bool = False


@command(
    "/forecast",
    role=Role.viewer,
    says="when all will have moved, and how sure that is",
    example="85 % 400",
)
async def answer_forecast(ask: Interaction, store: Store) -> Reply:
    """The finish with the usual success rate and the plan's weekly numbers, or with those typed."""
    asked = question(ask.text, ask.today).subject
    if asked and asked.topic is Topic.help:
        words = Words("forecast", command=ask.called)["help"]
        return note(built(section(words), actions(other_rate(Outlook()))), words)
    try:
        wanted = outlook(ask.text, ask.today)
    except NotUnderstood as problem:
        words = Words("forecast", problem=str(problem))["not_understood"]
        return note(built(section(words), actions(other_rate(Outlook()))), words)
    return shown(ask, await answered(ask, store, wanted))


@action("forecast_form", role=Role.viewer)
async def open_form(ask: Interaction, _store: Store) -> Reply:
    """Choose another rate; pressed in an answer of the form, it takes the answer's place."""
    return await in_place(ask, form(read(ask.value)))


@submission("forecast", role=Role.viewer)
async def answer_form(ask: Interaction, store: Store) -> Reply:
    """The forecast with the rates of the form, in its place."""
    wanted = filled_in(ask)
    return shown(replace(ask, in_modal=True), await answered(ask, store, wanted))


@action("forecast_picture", role=Role.viewer)
async def show_picture(ask: Interaction, store: Store) -> Reply:
    """The same forecast, with the picture that was being drawn."""
    return shown(ask, await answered(ask, store, read(ask.value)))


async def answered(ask: Interaction, store: Store, wanted: Outlook) -> Answer:
    """The forecast that was asked for; its picture is begun where there is none yet."""
    async with store.reading(consistent=True) as reading:
        progress = await reading.migration.progress()
        parameters = await reading.parameters.current()
    given = assumptions(progress, wanted, ask.today, parameters)
    if given is None or not given.goes_on:
        line = Words("forecast", progress=progress, given=given, command=ask.called)["never"]
        return Answer(wanted, line, [section(line)])
    ahead = await looked_ahead(given)
    words = in_words(ahead, wanted, track_record(progress, ask.today, parameters))
    line = words["chance" if wanted.by else "finish"]
    alt = Words("forecast", given=given, told=words.plain("finish")).plain("alt")
    file, is_coming = await picture_shown(ask, store, ahead)
    blocks: list[Block] = [
        section(line),
        *([section(words["finish"])] if wanted.by else []),
        facts(
            ("Still to move", words["left"]),
            ("Success rate", words["rate"]),
            ("Locations per week", words["per_week"]),
            ("By the plan's last wave", words["plan_end"]),
            ("Did forecasts hold?", words["held"]),
        ),
        *([picture(file, alt)] if file else []),
        *([context(words["drawing"])] if is_coming else []),
        context(words["small"]),
    ]
    return Answer(wanted, line, blocks, is_coming)


async def looked_ahead(given: Assumptions) -> Prospects:
    """The forecast from these assumptions, off the event loop: it may take a fifth of a second.

    Who waits too long gives up a place that others get.
    """
    return await asyncio.get_running_loop().run_in_executor(FORECASTERS, prospects, given)


async def picture_shown(
    ask: Interaction, store: Store, ahead: Prospects
) -> tuple[str | None, bool]:
    """The picture of a forecast that is in Slack; where there is none, whether it is being drawn."""
    async with store.reading() as reading:
        file = await picture_of(reading, ahead)
    if file and await ask.slack.has_file(file):
        return file, False
    async with store.transaction(actor=ask.person.id) as tx:
        return None, await have_drawn(tx, ahead, lost=file)


def in_words(ahead: Prospects, wanted: Outlook, record: TrackRecord) -> Words:
    """What can be said about a forecast."""
    given = ahead.given
    return Words(
        "forecast",
        given=given,
        finishes=ahead.finishes,
        by=wanted.by,
        chance=chance(ahead, wanted.by),
        plan_chance=chance(ahead, given.plan_ends and given.plan_ends + FRIDAY),
        is_usual=wanted.success is None,
        usual=percent(given.parameters.forecast.success),
        success=percent(given.rate.success),
        is_drawn=ahead.forecast.is_drawn,
        percent=percent,
        past=len(record.waves),
        held=record.held,
    )


def chance(ahead: Prospects, day: date | None) -> str:
    """The chance to be done by a day, no surer than a draw can be; empty without a day."""
    if day is None:
        return ""
    share = ahead.chance_by(day)
    if ahead.forecast.is_drawn and not NEARLY <= share <= 1 - NEARLY:
        return (
            f"less than {percent(NEARLY)}" if share < NEARLY else f"more than {percent(1 - NEARLY)}"
        )
    return percent(round(share, 2))


def percent(share: float) -> str:
    """A share as people read it: "85 %", "85.5 %"."""
    return unbroken(f"{100 * share:.4g} %")


def shown(ask: Interaction, answer: Answer) -> Reply:
    """The answer, where it was asked: as a message, or in the form's place."""
    row: list[ButtonElement] = []
    if answer.is_coming:
        row.append(button("Show the picture", "forecast_picture", kept(answer.wanted)))
    row += [other_rate(answer.wanted), look_up_another("Look up a date")]
    blocks = [*answer.blocks, actions(*row)]
    if ask.in_modal:
        return show(modal("forecast_said", "Forecast", blocks))
    return note(built(*blocks), answer.line)
