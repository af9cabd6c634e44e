"""What a plan comes to, in locations, for people to read."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from handlers.plan_dates import publication_of
from rules.activity import OFFBOARDED
from rules.calendar import monday_of
from rules.question import Defaults, Question
from rules.waves import Plan
from store.promises import Publication, Standing


@dataclass(frozen=True, eq=False)
class Proposal:
    """A question, its answer, and what that says and would change."""

    question: Question
    answer: Plan
    says: Publication

    @classmethod
    def of(cls, question: Question, answer: Plan) -> "Proposal":
        """What an answer comes to; some seconds for a million locations."""
        return cls(question, answer, publication_of(question, answer))

    @cached_property
    def by_most(self) -> pl.DataFrame:
        """The moves, those of most locations first: customer_id, from_week, to_week, reason, locations."""
        order = ["locations", "customer_id", "from_week", "to_week"]
        return self.says.moves.drop("ids").sort(
            order, descending=[True, False, False, False], nulls_last=True
        )

    @cached_property
    def movers(self) -> pl.DataFrame:
        """The customers that move, those of most locations first, each with its largest move.

        As `by_most`, with `in_all` (locations) and `moves`.
        """
        return (
            self.by_most.group_by("customer_id", maintain_order=True)
            .agg(pl.all().first(), in_all=pl.col("locations").sum(), moves=pl.len())
            .sort("in_all", "customer_id", descending=[True, False])
        )

    @property
    def concerned(self) -> int:
        """How many customers get a date that they did not have, or lose one."""
        is_first = pl.col("promised").is_null() & pl.col("week").is_not_null()
        has_news = pl.col("reason").is_not_null() | is_first
        return self.says.dates.filter(has_news)["customer_id"].n_unique()

    @property
    def weeks(self) -> pl.DataFrame:
        """The weeks in use: week, locations, customers."""
        return (
            self.says.placements.filter(pl.col("week").is_not_null())
            .group_by("week")
            .agg(pl.col("locations").sum(), customers=pl.col("customer_id").n_unique())
            .sort("week")
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it, in locations.

    Without a change `plan_id` is the plan that stands. `unplaced` counts by the reason that there
    is no week (`offboarded` ones are apart), `moves` by the reason of the move. `frozen_moves` are
    those out of a frozen week, which a lead has to be told. `begun` are those that have migrated or are
    in a wave, or whose promised week has begun: they are not planned again. `came_back` counts those
    that a wave gave back and that get a week again. `gap` says how far above the best possible cost the plan
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
    moved_customers: int
    frozen_moves: int
    cost: float
    bound: float
    gap: float
    first_week: date | None
    last_week: date | None
    defaults: Defaults
    came_back: int = 0

    @property
    def moved(self) -> int:
        """How many promised locations get another week, or none."""
        return sum(self.moves.values())


def outcome_of(proposal: Proposal, plan_id: int, *, is_new: bool) -> Outcome:
    """A proposal in numbers."""
    question, answer, says = proposal.question, proposal.answer, proposal.says
    placed = says.placements.filter(pl.col("week").is_not_null())
    unplaced = says.placements.filter(pl.col("week").is_null())
    weeks = placed["week"].unique().sort().to_list()
    thaw = monday_of(question.problem.frozen_weeks, question.first_monday)
    return Outcome(
        plan_id=plan_id,
        is_new=is_new,
        placed=says.placed,
        unplaced=_locations_by("binding", unplaced),
        offboarded=says.dates.filter(pl.col("binding") == OFFBOARDED).height,
        begun=question.begun,
        promised=says.news.height,
        moves=_locations_by("reason", says.moves),
        moved_customers=says.moves["customer_id"].n_unique(),
        frozen_moves=int(says.moves.filter(pl.col("from_week") < thaw)["locations"].sum()),
        cost=answer.cost,
        bound=answer.bound,
        gap=answer.gap,
        first_week=weeks[0] if weeks else None,
        last_week=weeks[-1] if weeks else None,
        defaults=question.defaults,
        came_back=_placed_again(says.news),
    )


def _placed_again(news: pl.DataFrame) -> int:
    """How many get a week again; plans that are older than waves know of none."""
    return int(news["came_back"].sum()) if "came_back" in news.columns else 0


def is_same(standing: Standing, parameters: dict[str, object], new: Publication) -> bool:
    """Whether a plan says nothing that the standing one does not say.

    What keeps a placed customer from an earlier week is not compared: once its week is promised,
    the promise does.
    """
    return (
        standing.first_monday == new.first_monday
        and standing.parameters == parameters
        and new.news.is_empty()
        and new.changed.is_empty()
        and new.withdrawn.is_empty()
        and _what_it_says(standing.placements).equals(_what_it_says(new.placements))
    )


def _what_it_says(placements: pl.DataFrame) -> pl.DataFrame:
    why_not = pl.when(pl.col("week").is_null()).then("binding").alias("why_not")
    said = placements.group_by("customer_id", "week", why_not).agg(pl.col("locations").sum())
    return said.sort("customer_id", "week", "why_not")


def _locations_by(reason: str, rows: pl.DataFrame) -> dict[str, int]:
    counts = rows.group_by(reason).agg(pl.col("locations").sum()).sort(reason)
    return dict(counts.iter_rows())
