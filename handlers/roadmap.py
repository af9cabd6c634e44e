"""/roadmap: features by date, how often each slipped, who waits, and what decides every other date."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from slack_sdk.models.blocks import Block, StaticSelectElement

from handlers.blocks import Words, actions, built, context, lines, section
from handlers.choices import MOST_ECHOED, chooser, look_up_another
from handlers.dates import short
from handlers.doors import action, command
from handlers.feature import card
from handlers.follow_button import MOST_IN_VALUE
from handlers.interaction import Interaction
from handlers.lists import Page, turned
from handlers.reply import Reply, note
from rules.activity import Activities
from rules.asking import Topic, phrase, question
from rules.cohorts import Cohort, Cohorts, cohorts
from rules.naming import fold
from rules.roles import Role
from rules.spelling import nearest
from store.roadmap import RoadmapFeature
from store.session import Reading, Store

SCOPE = "roadmap"
MOST_COHORTS = 12
MOST_OPENED = 100
MOST_WAITED_FOR = 3
LONGEST_NAME = 45


@command(
    "/roadmap",
    role=Role.viewer,
    says="features and their dates, who waits for them, and what decides the other dates",
)
async def answer_roadmap(ask: Interaction, store: Store) -> Reply:
    """All features by date; with a name, one of them."""
    asked = question(ask.text, ask.today).subject
    if asked and asked.topic is Topic.help:
        words = Words("roadmap", command=ask.called)["help"]
        return note(built(section(words), actions(look_up_another("Look up a date"))), words)
    async with store.reading(consistent=True) as reading:
        features = in_order(await reading.roadmap.features(), ask.today)
        if not ask.text.strip() or not features:
            return await listed(reading, ask, features)
        found = called(features, ask.text)
        if len(found) == 1:
            return await card(reading, ask, found[0])
        return which_one(found or features, ask, is_known=bool(found))


@action("roadmap_page", role=Role.viewer)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page of the features."""
    _, page = turned(ask.value)
    async with store.reading(consistent=True) as reading:
        features = in_order(await reading.roadmap.features(), ask.today)
        return await listed(reading, ask, features, page)


@action("roadmap_all", role=Role.viewer)
async def show_all(ask: Interaction, store: Store) -> Reply:
    """The whole roadmap, below what was pressed on."""
    async with store.reading(consistent=True) as reading:
        features = in_order(await reading.roadmap.features(), ask.today)
        return replace(await listed(reading, ask, features), replaces=False)


def in_order(features: Sequence[RoadmapFeature], today: date) -> list[RoadmapFeature]:
    """What is to come by date, what has none, then what is there, the newest first."""

    def place(feature: RoadmapFeature) -> tuple[int, int, str]:
        if feature.is_released(today):
            return 2, -(feature.released_on or date.min).toordinal(), feature.name.lower()
        if feature.target_on is None:
            return 1, 0, feature.name.lower()
        return 0, feature.target_on.toordinal(), feature.name.lower()

    return sorted(features, key=place)


def called(features: Sequence[RoadmapFeature], typed: str) -> list[RoadmapFeature]:
    """The features that are called so, or begin so, or else the one that is most like it."""
    for text in phrase(typed).texts:
        wanted = fold(text)
        same = [each for each in features if wanted in (fold(each.name), fold(each.key))]
        begun = [
            each
            for each in features
            if any(f" {fold(words)}".find(f" {wanted}") >= 0 for words in (each.name, each.key))
        ]
        if found := same or begun:
            return found
    by_name = {each.name: each for each in features}
    near = nearest(phrase(typed).core, by_name)
    return [by_name[near]] if near else []


def which_one(features: Sequence[RoadmapFeature], ask: Interaction, *, is_known: bool) -> Reply:
    """Several could be meant, or none: ask which."""
    words = Words("roadmap", typed=short(ask.text, MOST_ECHOED), total=len(features))
    said = words["which" if is_known else "unknown"]
    row = actions(open_one(features), look_up_another("Look up a date"))
    return note(built(section(said), row), said)


async def listed(
    reading: Reading, ask: Interaction, features: Sequence[RoadmapFeature], page: int = 0
) -> Reply:
    """A page of the features by date, and on the first one what decides all dates."""
    shown = Page.of(features, page)
    head = headline(features, ask.today)
    blocks: list[Block] = [
        section(head),
        *map(section, lines([line(each, ask.today) for each in shown.items])),
    ]
    if shown.last:
        blocks.append(context(shown.span))
    if not shown.number:
        blocks += await what_decides(reading, ask.today, features)
    row = [*([open_one(shown.items)] if shown.items else []), *shown.turns("roadmap_page", SCOPE)]
    return note(built(*blocks, actions(*row, look_up_another("Look up a date"))), head)


def headline(features: Sequence[RoadmapFeature], today: date) -> str:
    """How many are to come, and the next one."""
    to_come = [each for each in features if not each.is_released(today)]
    dated = [each for each in to_come if each.target_on and each.target_on >= today]
    return Words(
        "roadmap",
        total=len(features),
        to_come=len(to_come),
        feature=dated[0] if dated else None,
        name=short(dated[0].name, LONGEST_NAME) if dated else "",
    )["head"]


def line(feature: RoadmapFeature, today: date) -> str:
    """One feature in the list."""
    return Words("roadmap", feature=feature, name=short(feature.name), today=today)["row"]


def open_one(features: Sequence[RoadmapFeature]) -> StaticSelectElement:
    """A select that opens one feature."""
    choices = [(each.key, each.name) for each in features if len(each.key) <= MOST_IN_VALUE]
    return chooser("Open a feature", "roadmap_open", choices[:MOST_OPENED])


async def what_decides(
    reading: Reading, today: date, features: Sequence[RoadmapFeature]
) -> list[Block]:
    """What decides the date of every location, with counts."""
    grouped = await cohorts_of(reading, today, features)
    total = sum(each.locations for each in grouped.found)
    if not total:
        return []
    names = {each.key: each.name for each in features}
    shown = grouped.found[:MOST_COHORTS]
    rest = grouped.found[MOST_COHORTS:]
    texts = [
        Words("roadmap", total=total)["cohorts_heading"],
        *(cohort_line(each, names) for each in shown),
    ]
    if rest:
        more = sum(each.locations for each in rest)
        texts.append(Words("roadmap", more=more, groups=len(rest))["more_cohorts"])
    return list(map(section, lines(texts)))


async def cohorts_of(reading: Reading, today: date, features: Sequence[RoadmapFeature]) -> Cohorts:
    """All locations, grouped by what decides their date."""
    alike = await reading.roadmap.alike()
    unknown = np.full(alike.height, np.nan)
    states = alike["state"].to_numpy()
    activities = Activities(states, np.zeros_like(states), unknown, unknown)
    return await asyncio.to_thread(
        cohorts,
        alike,
        activities,
        features={each.key: (each.target_on, each.released_on) for each in features},
        blackouts=await reading.roadmap.blackouts(today),
        today=today,
        parameters=await reading.parameters.current(),
    )


def cohort_line(cohort: Cohort, names: Mapping[str, str]) -> str:
    """One cohort in the list."""
    waited_for = [short(names.get(key, key), LONGEST_NAME) for key in cohort.features]
    return Words(
        "roadmap",
        cohort=cohort,
        decider=cohort.decider.name,
        names=waited_for[:MOST_WAITED_FOR],
        more=len(waited_for[MOST_WAITED_FOR:]),
    )["cohort"]
