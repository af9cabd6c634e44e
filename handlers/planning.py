"""Planning: who goes in which week, made and published in one step that every door shares."""

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from handlers.concerned import tell_concerned
from handlers.errors import Refused
from handlers.pictures import draw_ahead
from handlers.plan_news import news_of
from rules.activity import OFFBOARDED
from rules.calendar import DAYS, monday_of
from rules.parameters import Parameters
from rules.problem import Counts
from rules.question import Defaults, Question
from rules.waves import Plan, Problem, plan
from store.audit import Change
from store.planning import Planning
from store.plans import MoveReason, PlanRow
from store.promises import Promises, Publication, Standing
from store.session import Transaction

NO_WEEK = -1
NOTHING_TO_PLAN = (
    "There is nothing to plan yet, so nothing was changed. Import a master sheet first."
)


@dataclass(frozen=True, slots=True)
class Published:
    """What came of it, in locations, for people to read.

    Without a change `plan_id` is the plan that stands. `unplaced` counts by the reason that there
    is no week (`offboarded` ones are apart), `moves` by the reason of the move. `frozen_moves` are
    those out of a frozen week, which a lead has to be told. `begun` are those whose promised week
    has begun: they are not planned again. `gap` says how far above the best possible cost the plan
    is at most (0.02 is 2 %).
    """

    plan_id: int
    is_new: bool
    placed: int
    unplaced: dict[str, int]
    offboarded: int
    begun: int
    promised: int
    moves: dict[str, int]
    frozen_moves: int
    cost: float
    bound: float
    gap: float
    first_week: date | None
    last_week: date | None
    defaults: Defaults


async def publish_first_plan(tx: Transaction, *, today: date, parameters: Parameters) -> Published:
    """Plan from what was imported, and promise what comes out of it.

    Promises that exist are kept where there is room; one that moves says why, in the timeline, the
    audit, and to the people concerned. The same plan again changes nothing and is not kept as a
    version. Two at once wait for each other.

    Raises:
        Refused: no location was imported yet.
    """
    promises = Promises(tx.connection)
    await promises.lock()
    question = await Planning(tx.connection).question(today, parameters)
    if question.is_empty:
        raise Refused(NOTHING_TO_PLAN)
    answer, new = await asyncio.to_thread(_decide, question, today, parameters, tx.actor)
    standing = await promises.standing()
    if standing and is_same(standing, new):
        return _told(new, question, answer, standing.plan_id, is_new=False)
    plan_id = await promises.publish(new, actor=tx.actor, at=await tx.clock.now())
    _audit(tx, new, plan_id)
    news = await asyncio.to_thread(news_of, new, await tx.subscriptions.singled_out())
    await tell_concerned(tx, f"plan {plan_id}", news)
    await draw_ahead(tx)
    return _told(new, question, answer, plan_id, is_new=True)


def _decide(
    question: Question, today: date, parameters: Parameters, actor: str
) -> tuple[Plan, Publication]:
    answer = plan(question.problem)
    dates = dates_of(question, answer)
    placements = placements_of(dates)
    without_week = placements.filter(pl.col("week").is_null())
    return answer, Publication(
        plan=PlanRow(
            made_on=today,
            first_monday=question.first_monday,
            made_by=actor,
            parameters=parameters.model_dump(),
            cost=answer.cost,
            bound=answer.bound,
            placed=dates["week"].count(),
            unplaced=int(without_week["locations"].sum()),
        ),
        placements=placements,
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
        reason=pl.when(pl.col("why") == OFFBOARDED)
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


def is_same(standing: Standing, new: Publication) -> bool:
    """Whether a plan says nothing that the standing one does not say.

    What keeps a placed customer from an earlier week is not compared: once its week is promised,
    the promise does.
    """
    return (
        standing.first_monday == new.plan.first_monday
        and standing.parameters == new.plan.parameters
        and new.news.is_empty()
        and new.changed.is_empty()
        and new.withdrawn.is_empty()
        and _what_it_says(standing.placements).equals(_what_it_says(new.placements))
    )


def _what_it_says(placements: pl.DataFrame) -> pl.DataFrame:
    why_not = pl.when(pl.col("week").is_null()).then("binding").alias("why_not")
    said = placements.group_by("customer_id", "week", why_not).agg(pl.col("locations").sum())
    return said.sort("customer_id", "week", "why_not")


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


def _audit(tx: Transaction, new: Publication, plan_id: int) -> None:
    """Append the plan, and every promise that it moved."""
    tx.audit(
        Change(
            action="plan published",
            subject=f"plan {plan_id}",
            after={
                "placed": new.plan.placed,
                "unplaced": new.plan.unplaced,
                "promised": new.news.height,
                "moved": int(new.moves["locations"].sum()),
            },
        )
    )
    for move in new.moves.iter_rows(named=True):
        tx.audit(
            Change(
                action="promise moved",
                subject=f"customer {move['customer_id']}",
                before=_promise(move["from_week"], move["locations"]),
                after=_promise(move["to_week"], move["locations"]) if move["to_week"] else None,
                reason=move["reason"],
            )
        )


def _promise(week: date, locations: int) -> dict[str, Any]:
    return {"week": week.isoformat(), "locations": locations}


def _told(
    new: Publication, question: Question, answer: Plan, plan_id: int, *, is_new: bool
) -> Published:
    placed = new.placements.filter(pl.col("week").is_not_null())
    unplaced = new.placements.filter(pl.col("week").is_null())
    weeks = placed["week"].unique().sort().to_list()
    thaw = monday_of(question.problem.frozen_weeks, question.first_monday)
    return Published(
        plan_id=plan_id,
        is_new=is_new,
        placed=new.plan.placed,
        unplaced=_locations_by("binding", unplaced),
        offboarded=new.dates.filter(pl.col("binding") == OFFBOARDED).height,
        begun=question.begun,
        promised=new.news.height,
        moves=_locations_by("reason", new.moves),
        frozen_moves=int(new.moves.filter(pl.col("from_week") < thaw)["locations"].sum()),
        cost=answer.cost,
        bound=answer.bound,
        gap=answer.gap,
        first_week=weeks[0] if weeks else None,
        last_week=weeks[-1] if weeks else None,
        defaults=question.defaults,
    )


def _locations_by(reason: str, rows: pl.DataFrame) -> dict[str, int]:
    counts = rows.group_by(reason).agg(pl.col("locations").sum()).sort(reason)
    return dict(counts.iter_rows())
