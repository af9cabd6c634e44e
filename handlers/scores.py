"""/wavepost scores: what a customer or location scored, in its parts, in this plan and any before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from slack_sdk.models.blocks import Block, InteractiveElement

from handlers.blocks import Words, actions, built, context, facts, lines, section
from handlers.choices import GONE, chooser, look_up_another, named, which_one
from handlers.dates import short
from handlers.doors import action, topic
from handlers.errors import Refused
from handlers.interaction import Interaction
from handlers.lists import Page, turn, turned
from handlers.name_finding import meant
from handlers.offers import CUSTOMER
from handlers.reply import Reply, note
from rules.asking import Topic, question
from rules.finding import Named
from rules.following import Kind, Subject
from rules.roles import Role
from store.score_history import PastScore
from store.scores import Scored
from store.session import Reading, Store

OPENS = "scores_open"
"""The action that shows the scores of one."""
MOST_PLANS = 100
MOST_OPENED = 100
LONGEST_NAME = 45
ONE_AT_A_TIME = "Please ask for one at a time: scores are shown with all their parts."


@dataclass(frozen=True, slots=True)
class View:
    """Whose scores are looked at, in which plan (None: the one in force), on which page."""

    found: Named
    plan_id: int | None = None
    page: int = 0

    @classmethod
    def read(cls, value: str) -> Self:
        """What a button or option stands for."""
        scope, page = turned(value)
        plan, whose = scope.split("|", 1)
        return cls(named(whose), int(plan) or None, page)

    @property
    def scope(self) -> str:
        """The same without its page."""
        return f"{self.plan_id or 0}|{self.found.kind}|{self.found.id}"


@topic(
    "scores",
    role=Role.viewer,
    says="health and priority of one, in their parts, now and in any plan before",
    example=CUSTOMER,
)
async def answer_scores(ask: Interaction, store: Store) -> Reply:
    """The scores that decided the place of one."""
    asked = question(ask.text, ask.today)
    if not ask.text.strip() or (asked.subject and asked.subject.topic is Topic.help):
        words = Words("scores", command=ask.called)["help"]
        return note(built(section(words), actions(look_up_another("Look up a date"))), words)
    index = await store.names(ask.newest_import)
    names = meant(index, asked)
    if len(names) > 1:
        raise Refused(ONE_AT_A_TIME)
    (one,) = names
    if not one.matches.only:
        return which_one(one.matches, one.typed, opens=OPENS)
    async with store.reading(consistent=True) as reading:
        return await scores_of(reading, View(one.matches.only))


@action(OPENS, role=Role.viewer)
async def open_one(ask: Interaction, store: Store) -> Reply:
    """One of several that could be meant was chosen, from a list which stays."""
    async with store.reading(consistent=True) as reading:
        return replace(await scores_of(reading, View(named(ask.value))), replaces=False)


@action("scores_location", role=Role.viewer)
async def open_location(ask: Interaction, store: Store) -> Reply:
    """A location of a customer, in the same plan, below it."""
    async with store.reading(consistent=True) as reading:
        return replace(await scores_of(reading, View.read(ask.value)), replaces=False)


@action("scores_turn", role=Role.viewer)
async def turn_to(ask: Interaction, store: Store) -> Reply:
    """Another page, or the same in another plan, in its place."""
    async with store.reading(consistent=True) as reading:
        return await scores_of(reading, View.read(ask.value))


async def scores_of(reading: Reading, view: View) -> Reply:
    """What one scored in a plan: a location in all its parts, a customer location by location."""
    found = view.found
    past = await reading.score_history.of(found.kind, found.id, most=MOST_PLANS)
    name = await _name(reading, found)
    if not past:
        said = Words("scores", name=name)["none"]
        return note(built(section(said), actions(look_up_another("Look up a date"))), said)
    wanted = (each for each in past if view.plan_id in (None, each.plan_id))
    shown = next(wanted, None)
    if shown is None:
        raise Refused(GONE)
    rows = await _scored(reading, found, shown.scoring_id)
    words = Words("scores", name=name, shown=shown, is_newest=shown is past[0], rows=rows)
    body = _in_parts(rows[0]) if len(rows) == 1 else await _by_location(reading, rows, view)
    row = [*_other_plans(past, view), look_up_another("Look up a date")]
    blocks = [section(words["line"]), *body, context(words["small"]), actions(*row)]
    return note(built(*blocks), words["line"])


async def _name(reading: Reading, found: Named) -> str:
    subject = Subject(Kind(found.kind), found.id)
    return short(
        (await reading.subscriptions.names([subject])).get(subject, found.id), LONGEST_NAME
    )


async def _scored(reading: Reading, found: Named, scoring_id: int) -> list[Scored]:
    """Each location as it was scored, the highest priority first."""
    if found.kind == Kind.location:
        one = await reading.scores.of_location(scoring_id, found.id)
        return [one] if one else []
    rows = await reading.scores.of_customer(scoring_id, found.id)
    return sorted(rows, key=lambda row: -(row.score.priority.score if row.score.priority else -1))


def _in_parts(scored: Scored) -> list[Block]:
    """Where the points of one location come from."""
    words = Words("scores", scored=scored, score=scored.score, punts=scored.punts)
    return [
        facts(
            ("Health", words["health"]),
            ("Priority", words["priority"]),
            ("Orders", words["orders"]),
            ("State", words["state"]),
        )
    ]


async def _by_location(reading: Reading, rows: Sequence[Scored], view: View) -> list[Block]:
    """A line for each location of a page, and a way to its parts."""
    here = Page.of(rows, view.page)
    names = await reading.subscriptions.names(
        [Subject(Kind.location, row.location_id) for row in here.items]
    )
    called = [
        (row, names.get(Subject(Kind.location, row.location_id), row.location_id))
        for row in here.items
    ]
    texts = [
        Words("scores", name=short(name, LONGEST_NAME), score=row.score)["row"]
        for row, name in called
    ]
    choices = [
        (turn(View(Named("location", row.location_id, "", ""), view.plan_id).scope), name)
        for row, name in called[:MOST_OPENED]
    ]
    ways: list[InteractiveElement] = [chooser("Open a location", "scores_location", choices)]
    ways += here.turns("scores_turn", view.scope)
    blocks: list[Block] = [*map(section, lines(texts)), actions(*ways)]
    return [*blocks, context(here.span)] if here.last else blocks


def _other_plans(past: Sequence[PastScore], view: View) -> list[InteractiveElement]:
    """A choice of the plans that scored it."""
    if len(past) < 2:  # noqa: PLR2004 - there is no other one
        return []
    choices = [
        (turn(View(view.found, each.plan_id).scope), Words("scores", past=each).plain("past"))
        for each in past
    ]
    return [chooser("As in another plan", "scores_turn:plan", choices)]
