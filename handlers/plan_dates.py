"""What a plan means for each location: its date, the date it had, and why that changes."""

import numpy as np
import polars as pl

from rules.activity import OFFBOARDED
from rules.calendar import DAYS, monday_of
from rules.problem import Counts
from rules.question import CHURNED, Question
from rules.waves import Plan, Problem
from store.plans import MoveReason
from store.promises import Publication

NO_WEEK = -1


def publication_of(question: Question, answer: Plan) -> Publication:
    """What a plan says, and what it would change if it were published."""
    dates = dates_of(question, answer)
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
    mondays = pl.Series(
        [monday_of(week, question.first_monday) for week in range(question.problem.weeks)]
    )
    weeks = pl.Series(_weeks(question.problem, answer))
    going = question.going.with_columns(
        week=mondays.gather(weeks.replace(NO_WEEK, None)),
        binding=pl.Series(answer.binding, dtype=pl.String).gather(question.going["part"]),
        reason=_why_a_promise_breaks(question),
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


def _weeks(problem: Problem, answer: Plan) -> Counts:
    """The week of each location that goes, in the order of `Question.going`, or NO_WEEK."""
    placed, unplaced = answer.placed, answer.unplaced
    part = np.concatenate([placed.customer, unplaced])
    week = np.concatenate([placed.week, np.full(unplaced.size, NO_WEEK)])
    count = np.concatenate([placed.count, problem.size[unplaced]])
    order = np.lexsort((week, part))
    return np.repeat(week[order], count[order])


def _why_a_promise_breaks(question: Question) -> pl.Series:
    """The reason each location would have to leave its promised week, which tells it in any case.

    What closed the week comes first. A week that is open and still could not be kept has lost its
    room.
    """
    problem, part = question.problem, question.going["part"].to_numpy()
    days = (question.going["promised"] - question.first_monday).dt.total_days()
    week = (days // DAYS).fill_null(0).to_numpy()
    reasons = np.select(
        [week < problem.release[part], problem.blackout[problem.region[part], week]],
        [MoveReason.feature_slipped.value, MoveReason.blackout.value],
        MoveReason.capacity.value,
    )
    return pl.Series(reasons, dtype=pl.String)
