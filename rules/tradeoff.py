"""Trade-offs: whom an escalation would bring forward, who makes room for it, and what both are worth."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from rules.benefit import avoided_a_week
from rules.calendar import DAYS, monday_of, week_of
from rules.displacing import Displacement, displace_promised
from rules.granting import granting
from rules.parameters import Parameters
from rules.question import Material, Question
from rules.waves import Plan
from rules.weighing import Scoring

GROUPED = ("customer_id", "csa_email", "promised", "week")


@dataclass(frozen=True, slots=True)
class Shift:
    """So many locations of a customer, and the Mondays of their waves before and after; None: none."""

    customer_id: str
    csa_email: str
    locations: int
    before: date | None
    after: date | None

    @property
    def weeks_later(self) -> int | None:
        """By how many weeks, negative where they go earlier; None where they had or have no week."""
        if not self.before or not self.after:
            return None
        return (self.after - self.before).days // DAYS


@dataclass(frozen=True, slots=True)
class Tradeoff:
    """Who goes when so that some locations go by the week of `due`, and what that is worth.

    `escalated` are all of these locations, `displaced` who makes room, furthest first. `opens` is
    the first week that is open to any of them at all, `free` the one by which all could go if nobody
    made room. `spared` and `lost` are missed orders: avoided because the escalated go sooner, and
    not avoided because the displaced wait. `left_out` says of how many no week can be looked for,
    by why.
    """

    due: date
    escalated: tuple[Shift, ...]
    displaced: tuple[Shift, ...]
    opens: date | None
    free: date | None
    makes_due: bool
    spared: float
    lost: float
    left_out: tuple[tuple[str, int], ...] = ()

    @property
    def locations(self) -> int:
        """How many locations make room."""
        return sum(each.locations for each in self.displaced)

    @property
    def last(self) -> date | None:
        """The last week in which any of the escalated goes; None where one of them has none."""
        weeks = [each.after for each in self.escalated]
        return max((week for week in weeks if week), default=None) if all(weeks) else None

    @property
    def free_sooner(self) -> date | None:
        """The week by which all could go though nobody made room, where that is sooner than now."""
        now = [each.before for each in self.escalated]
        latest = max((week for week in now if week), default=date.max) if all(now) else date.max
        return self.free if self.free and self.free < latest else None

    @property
    def is_in_time_already(self) -> bool:
        """Whether all of them are promised a week that is early enough."""
        return bool(self.escalated) and all(
            each.before and each.before <= self.due for each in self.escalated
        )


@dataclass(frozen=True, slots=True)
class Wished:
    """The locations of an escalation that is not decided, and the day that it is weighed for."""

    location_ids: tuple[str, ...]
    due_on: date


def tradeoffs(
    material: Material, wishes: Sequence[Wished], today: date, parameters: Parameters
) -> list[Tradeoff]:
    """What it would take to grant each of these, were it granted alone."""
    _, scoring = material.weighed(today, parameters)
    scored = replace(material, scored=scoring.scores)
    return [_wished(scored, each, today, parameters) for each in wishes]


def _wished(material: Material, wish: Wished, today: date, parameters: Parameters) -> Tradeoff:
    ids, due_on = wish.location_ids, wish.due_on
    most = parameters.priority.most_bump
    granted = granting(
        material.granted, ids, csa_email="", due_on=due_on, points=most, given_on=today
    )
    question = replace(material, granted=granted).question(today, parameters)
    rows, week = rows_of(question, ids), week_of(due_on, question.first_monday)
    found = displace_promised(question.problem, rows, week) if rows else None
    return tradeoff(question, found, ids, due_on)


def rows_of(question: Question, ids: Collection[str]) -> list[int]:
    """The rows of the problem that these locations are; in the question they should be granted a week.

    They are parts of their own then. None of those that no week can be looked for.
    """
    is_asked = pl.col("location_id").is_in(list(ids))
    return question.going.filter(is_asked)["part"].unique().sort().to_list()


def tradeoff(
    question: Question, found: Displacement | None, ids: Collection[str], due_on: date
) -> Tradeoff:
    """A displacement as people can weigh it; None where none of the locations can go at all.

    Raises ValueError for a question without its scoring.
    """
    is_asked = pl.col("location_id").is_in(list(ids))
    left_out = question.left_out.filter(is_asked).group_by("why").agg(pl.len()).sort("why")
    due = monday_of(week_of(due_on, question.first_monday), question.first_monday)
    reasons = tuple(left_out.iter_rows())
    if found is None:
        return Tradeoff(
            due, (), (), None, None, makes_due=False, spared=0, lost=0, left_out=reasons
        )
    answer = Plan(found.placed, found.unplaced, 0.0, 0.0, [])
    going = question.going.with_columns(week=question.weeks_in(answer)).join(
        question.parts.select("part", "csa_email"), on="part", how="left", maintain_order="left"
    )
    going = going.join(_avoided(question.scoring), on="location_id", how="left")
    weeks = (pl.col("week") - pl.col("promised")).dt.total_days() / DAYS
    going = going.with_columns(waited=(weeks * pl.col("avoided")).fill_nan(0).fill_null(0))
    ours = going.filter(is_asked)
    others = going.filter(~is_asked & pl.col("week").ne_missing(pl.col("promised")))
    opens = [each.opens for each in found.escalated if each.opens is not None]
    free = [each.free for each in found.escalated]
    free_by = max((week for week in free if week is not None), default=None)
    return Tradeoff(
        due=due,
        escalated=_shifts(ours),
        displaced=_shifts(others),
        opens=monday_of(min(opens), question.first_monday) if opens else None,
        free=None if None in free or free_by is None else monday_of(free_by, question.first_monday),
        makes_due=found.makes_due,
        spared=-float(ours["waited"].sum()),
        lost=float(others["waited"].sum()),
        left_out=reasons,
    )


def _avoided(scoring: Scoring | None) -> pl.DataFrame:
    """The missed orders that moving each location avoids in a week."""
    if scoring is None:
        raise ValueError("a question without its scoring cannot be weighed")
    made = scoring.scores
    rate = made.health.missed.rate(made.figures.missed_orders_28d, made.figures.orders_28d)
    avoided = avoided_a_week(made.figures.orders_28d, rate, made.parameters)
    return scoring.locations.select(
        "location_id", avoided=pl.Series(np.asarray(avoided, dtype=np.float64))
    )


def _shifts(dates: pl.DataFrame) -> tuple[Shift, ...]:
    """Locations that go the same way together: who waits longest first, then by customer."""
    rows = dates.group_by(GROUPED).agg(locations=pl.len())
    shifts = [
        Shift(customer, csa, locations, before, after)
        for customer, csa, before, after, locations in rows.iter_rows()
    ]
    return tuple(
        sorted(
            shifts,
            key=lambda each: (
                -(each.weeks_later or 0),
                each.customer_id,
                each.before or date.max,
                each.after or date.max,
            ),
        )
    )
