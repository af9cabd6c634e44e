"""What a plan means for each location: its date, the date it had, and why that changes."""

from collections.abc import Collection

import numpy as np
import polars as pl

from rules.activity import OFFBOARDED
from rules.calendar import DAYS
from rules.problem import NO_DUE, Counts, Flags
from rules.question import CHURNED, NO_WEEK, Question
from rules.waves import Plan
from store.plans import MoveReason
from store.promises import Publication


def publication_of(question: Question, answer: Plan) -> Publication:
    """What a plan says, and what it would change if it were published."""
    return _saying(question, dates_of(question, answer))


def publication_of_displacement(
    question: Question, answer: Plan, escalated: Collection[str]
) -> Publication:
    """What a displacement says: nobody moves but these locations and who makes room for them.

    A promise that no week is looked for any more stands until a plan is drafted.
    """
    is_left_out = pl.col("location_id").is_in(question.left_out["location_id"].implode())
    is_escalated = pl.col("location_id").is_in(list(escalated))
    asked, displaced = MoveReason.customer_asked.value, MoveReason.displaced.value
    why = pl.when(is_escalated).then(pl.lit(asked)).otherwise(pl.lit(displaced))
    dates = dates_of(question, answer).with_columns(
        week=pl.when(is_left_out).then("promised").otherwise("week"),
        reason=pl.when(pl.col("reason").is_not_null() & ~is_left_out).then(why),
    )
    return _saying(question, dates)


def _saying(question: Question, dates: pl.DataFrame) -> Publication:
    return Publication(
        first_monday=question.first_monday,
        placements=placements_of(dates),
        dates=dates,
        moves=moves_of(dates),
    )


def dates_of(question: Question, answer: Plan) -> pl.DataFrame:
    """The old and the new date of every location, and why it is that one.

    Gives location_id, customer_id, promised, promised_to, week, binding (what kept it from an
    earlier week, or from any) and reason (why its promise moved, where it did). Inside a part of a
    customer the first locations, by id, take the first weeks.
    """
    going = question.going.with_columns(
        week=question.weeks_in(answer),
        binding=pl.Series(answer.binding, dtype=pl.String).gather(question.going["part"]),
        reason=_why_a_promise_breaks(question, answer),
    )
    left_out = question.left_out.select(
        "location_id",
        "customer_id",
        "promised",
        binding="why",
        reason=pl.when(pl.col("why").is_in([OFFBOARDED, CHURNED]))
        .then(pl.lit(MoveReason.corrected_data.value))
        .otherwise(pl.lit(MoveReason.feature_slipped.value)),
    )
    broken = pl.col("promised").is_not_null() & pl.col("promised").ne_missing(pl.col("week"))
    return pl.concat([going.drop("part"), left_out], how="diagonal").with_columns(
        reason=pl.when(broken).then("reason")
    )


def placements_of(dates: pl.DataFrame) -> pl.DataFrame:
    """How many locations of a customer the plan puts in each week, or in none, and why."""
    return (
        dates.filter(pl.col("binding") != OFFBOARDED)
        .group_by("customer_id", "week", "binding")
        .agg(locations=pl.len().cast(pl.Int64))
        .sort("customer_id", "week", "binding", nulls_last=True)
    )


def moves_of(dates: pl.DataFrame) -> pl.DataFrame:
    """The promises that change, by customer, weeks and reason."""
    return (
        dates.filter(pl.col("reason").is_not_null())
        .group_by("customer_id", "reason", from_week="promised", to_week="week")
        .agg(locations=pl.len().cast(pl.Int64), ids=pl.col("location_id").sort())
        .sort("customer_id", "from_week", "to_week", "reason", nulls_last=True)
    )


def _why_a_promise_breaks(question: Question, answer: Plan) -> pl.Series:
    """The reason each location would have to leave its promised week, which tells it in any case.

    A week that is past was that of a wave which went without it: what was known of it changed since.
    What closed the week comes next. Who is escalated and goes earlier was asked for. A week that is
    open and still could not be kept has lost its room: to an escalation where one took some.
    """
    problem, part = question.problem, question.going["part"].to_numpy()
    promised = _weeks_of(question, question.going["promised"])
    after = _weeks_of(question, question.weeks_in(answer))
    week = np.maximum(promised, 0)
    goes_sooner = (problem.due[part] != NO_DUE) & (after != NO_WEEK) & (after < promised)
    reasons = np.select(
        [
            promised < 0,
            week < problem.release[part],
            problem.blackout[problem.region[part], week],
            goes_sooner,
            _taken_by_escalations(question, answer)[problem.owner[part], week],
        ],
        [
            MoveReason.corrected_data.value,
            MoveReason.feature_slipped.value,
            MoveReason.blackout.value,
            MoveReason.customer_asked.value,
            MoveReason.displaced.value,
        ],
        MoveReason.capacity.value,
    )
    return pl.Series(reasons, dtype=pl.String)


def _taken_by_escalations(question: Question, answer: Plan) -> Flags:
    """The weeks of each CSA in which somebody with a due date goes who was not promised them: [o, w]."""
    problem, placed = question.problem, answer.placed
    promised = _weeks_of(question, question.parts["promised"])
    is_new = promised[placed.customer] != placed.week
    took = is_new & (problem.due[placed.customer] != NO_DUE)
    taken = np.zeros(problem.capacity.shape, dtype=np.bool_)
    taken[problem.owner[placed.customer[took]], placed.week[took]] = True
    return taken


def _weeks_of(question: Question, mondays: pl.Series) -> Counts:
    """Which weeks of the question these are, or NO_WEEK."""
    days = (mondays - question.first_monday).dt.total_days()
    return (days // DAYS).fill_null(NO_WEEK).to_numpy()
