"""Two in the plan in force, in words: who goes first, side by side, and what keeps the other back."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from slack_sdk.models.blocks import Block, SectionBlock

from handlers.blocks import Mrkdwn, Words, context, escape, section, side_by_side
from handlers.choices import GONE
from handlers.dates import LONGEST_LINE, NAME_LENGTHS, short
from handlers.errors import Refused
from handlers.interaction import Interaction
from handlers.plan_places import InPlan, in_plan
from handlers.why_date import names_of
from handlers.why_words import (
    LONGEST_NAME,
    change_words,
    changes_for,
    csa_of,
    feature_of,
    part_words,
    points,
    reasons_of,
    rows_named,
)
from rules.ahead import Order, order_of, strength
from rules.calendar import week_of
from rules.changing import Change
from rules.explaining import Explanation, Reason, explain
from rules.finding import Named
from rules.wording import and_listed
from store.session import Reading

MOST_HOLDERS = 3
MOST_CHANGES = 3
APART = (Reason.feature, Reason.pilot, Reason.blackout, Reason.leave)
"""Reasons that have nothing to do with the other one: beside them it is told which counts more."""


@dataclass(frozen=True)
class Compared:
    """Two in the plan in force, the one that goes first before the other.

    `swapped`: they were asked about the other way round. `changes` would bring the later one as far
    forward, or where nothing does, less far. `others` are the customers of rows that are named.
    """

    first: InPlan
    second: InPlan
    order: Order
    swapped: bool = False
    explanation: Explanation | None = None
    changes: Sequence[Change] = ()
    others: Mapping[int, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, str]:
        """What the two are called."""
        return self.first.dated.known.name, self.second.dated.known.name

    @cached_property
    def weeks_between(self) -> int:
        """How many weeks the second goes after the first; 0 where one has no week."""
        a, b = self.first.week, self.second.week
        return week_of(b, a) if a and b else 0


async def compared(reading: Reading, a: Named, b: Named, ask: Interaction) -> Compared:
    """Two as the plan in force has them.

    Raises:
        Refused: it is one and the same, or one is gone meanwhile.
    """
    first, second = [await in_plan(reading, each, ask.today) for each in (a, b)]
    if first is None or second is None:
        raise Refused(GONE)
    if first.dated.named == second.dated.named:
        name = short(first.dated.known.name)
        raise Refused(Words("why", a=name, command=ask.called)["same_one"])
    order = order_of(first.week, second.week)
    swapped = order is Order.second
    if swapped:
        first, second, order = second, first, Order.first
    explanation = await asyncio.to_thread(_explained, first, second, order)
    changes: Sequence[Change] = ()
    if explanation:
        # Where nothing brings it that far, what brings it less far is better than no answer.
        changes = explanation.changes or await asyncio.to_thread(changes_for, second)
    rows = rows_named(changes[:MOST_CHANGES])
    rows += explanation.holders[:MOST_HOLDERS] if explanation else ()
    others = await names_of(reading, second, rows)
    return Compared(first, second, order, swapped, explanation, changes[:MOST_CHANGES], others)


def _explained(first: InPlan, second: InPlan, order: Order) -> Explanation | None:
    if order is not Order.first or not (first.asked and first.place and second.place):
        return None
    problem, made = first.asked.problem, first.asked.plan
    return explain(problem, made, first.place.row, second.place.row, second.now)


def line_of(pair: Compared) -> Mrkdwn:
    """The first line, which answers: with whole names and as much of why as there is room for."""
    ways = [*((reason, "") for reason in _reasons(pair)), ("", _clause(pair)), ("", "")]
    tried = (_line(pair, most, *way) for most in NAME_LENGTHS for way in ways if any(way))
    fits = (words for words in tried if len(words.plain("line_pair")) <= LONGEST_LINE)
    return next(fits, _line(pair, NAME_LENGTHS[-1], "", ""))["line_pair"]


def _line(pair: Compared, most: int, reason: str, clause: str) -> Words:
    a, b = (short(name, most) for name in pair.names)
    return Words(
        "why",
        a=a,
        b=b,
        order=pair.order.value,
        week=pair.first.week,
        weeks=pair.weeks_between,
        swapped=pair.swapped,
        gone=pair.second.left_out in ("offboarded", "churned"),
        reason=reason.replace(pair.names[0], a).replace(pair.names[1], b),
        clause=clause,
    )


def _reasons(pair: Compared) -> list[str]:
    """What can be said of why, the fullest first."""
    alone, stronger, explanation = _reason(pair, "reason"), _strength(pair), pair.explanation
    if explanation and explanation.reason is Reason.heavier and stronger and _holds(pair):
        return [stronger]
    if explanation and explanation.reason in APART and stronger:
        return [f"{stronger}, and {alone}", alone]
    return [alone]


def _clause(pair: Compared) -> str:
    """The same in a few words behind the second's name."""
    return _reason(pair, "clause") if pair.explanation else ""


def _holds(pair: Compared) -> bool:
    """Whether the first is among those who have the room that the second would need."""
    place, explanation = pair.first.place, pair.explanation
    return bool(place and explanation and place.row in explanation.holders)


def _strength(pair: Compared) -> str:
    first, second = pair.first.priority, pair.second.priority
    more = strength(first, second) if first and second and first.score > second.score else None
    return Words("why", strength=more).plain("strength") if more else ""


def _reason(pair: Compared, block: str) -> str:
    second, place = pair.second, pair.second.place
    if pair.order is not Order.first:
        return ""
    if pair.explanation is None:
        return reasons_of(second, {}, []).short
    target = second.dated.awaited[0].target if second.dated.awaited else None
    return Words(
        "why",
        reason=pair.explanation.reason.value,
        a=pair.names[0],
        b=pair.names[1],
        csa=csa_of(second.dated),
        feature=feature_of(second.dated),
        until=_until(target, second.week) if target else "",
        size=place.size if place else 0,
    ).plain(block)


def _until(target: date, week: date | None) -> str:
    """A day in as few words as the first line has room for; its year where that is another one."""
    year = "" if week and week.year == target.year else f" {target.year}"
    return f"{target.day} {target:%B}{year}"


def pair_blocks(pair: Compared) -> list[Block]:
    """Both side by side, what keeps the second back, and what would bring it as far forward."""
    sides = side_by_side(_side(pair.first), _side(pair.second))
    notes = reasons_of(pair.second, {}, []).notes[-1]
    return [sides, *_back(pair), *_forward(pair), context(escape(notes))]


def _side(found: InPlan) -> str:
    place = found.place
    return Words(
        "why",
        name=short(found.dated.known.name, LONGEST_NAME),
        week=found.week,
        weeks=len(place.weeks) if place else len(found.dated.schedule.dates),
        size=place.size if place else found.dated.known.locations,
        left_out=found.left_out,
        score=points(found.priority.score) if found.priority else "",
        parts=part_words(found.priority) if found.priority else [],
        csa=csa_of(found.dated),
    )["side"]


def _back(pair: Compared) -> list[SectionBlock]:
    second, explanation = pair.second, pair.explanation
    if explanation is None or second.place is None or second.asked is None:
        without = [each for each in (pair.first, pair.second) if each.week is None]
        return [section(_decided(each)) for each in without]
    names = [pair.others[row] for row in explanation.holders[:MOST_HOLDERS]]
    more = len(explanation.holders) - len(names)
    capacity = second.asked.problem.capacity[second.place.owner, explanation.week]
    words = Words(
        "why",
        name=short(pair.names[1], LONGEST_NAME),
        week=second.monday(explanation.week),
        reason=explanation.reason.value,
        csa=csa_of(second.dated),
        capacity=int(capacity),
        holders=len(explanation.holders),
        held_by=and_listed([*names, *([f"{more} more"] if more > 0 else [])]),
        size=second.place.size,
        said=_reason(pair, "reason") or " ",
    )
    if explanation.reason in (Reason.goes_first, Reason.nothing_to_move):
        return []
    return [section(f"{words['back_heading']}\n{words['back']}")]


def _decided(found: InPlan) -> str:
    name = escape(short(found.dated.known.name, LONGEST_NAME))
    return f"*{name}*\n{escape(reasons_of(found, {}, []).decides)}"


def _forward(pair: Compared) -> list[SectionBlock]:
    explanation = pair.explanation
    if explanation is None or explanation.reason is Reason.goes_first:
        return []
    words = Words("why", name=short(pair.names[1], LONGEST_NAME), is_enough=explanation.changes)
    heading = words["forward_pair_heading"]
    told = [f"• {escape(change_words(pair.second, each, pair.others))}" for each in pair.changes]
    return [section("\n".join([heading, *(told or [Words("why")["no_change"]])]))]
