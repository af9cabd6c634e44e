"""What the planner is asked: who can go and from when, with whose capacity, and what was promised."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from rules.activity import OFFBOARDED
from rules.begun import has_begun, with_waves
from rules.calendar import (
    DAYS,
    Blackout,
    closed_to_all_of,
    closed_weeks,
    first_week_from,
    monday_of,
    week_of,
    week_zero,
)
from rules.granting import nothing_granted, with_grants
from rules.parameters import Parameters
from rules.problem import Counts
from rules.releases import Features, release_of
from rules.scoring import Scores
from rules.waves import NO_DUE, Allocations, Plan, Problem
from rules.weighing import Scoring, pilots, weighed

BEGUN = "begun"
CHURNED = "churned"

APART = "\x1f"
"""Stands in no name of a region."""

PART = ("customer_id", "csa_email", "release", "promised", "due")

GOING = ("part", "location_id", "customer_id", "promised", "promised_to", "came_back")

NO_WEEK = -1


@dataclass(frozen=True, slots=True)
class Defaults:
    """What was assumed because no sheet says it: how many CSAs or locations each concerns."""

    csas_with_usual_capacity: int
    locations_without_figures: int
    locations_without_region: int
    pilots_by_size_alone: bool


@dataclass(frozen=True, eq=False)
class Question:
    """What the planner is asked, and which location is meant by which row of it.

    `parts` has a row for each row of `problem`: part, customer_id, csa_email, release (a week),
    promised (a Monday), due (the week of an escalation) and regions. `going` is sorted by part and
    location, so that a part's locations stand together; came_back says of each whether a wave gave
    it back, and it has had no week since. `left_out` are locations that no week can be
    looked for, and `why`. `begun` counts those that have migrated or are in a wave that was started,
    and those whose promised week has begun where its wave never was. `scoring` is what the weights
    are from; one that was kept is kept elsewhere.
    """

    first_monday: date
    problem: Problem
    parts: pl.DataFrame
    going: pl.DataFrame
    left_out: pl.DataFrame
    begun: int
    defaults: Defaults
    scoring: Scoring | None = None

    @property
    def owners(self) -> list[str]:
        """The CSAs by the rows of the problem's capacity."""
        return self.parts["csa_email"].unique().sort().to_list()

    @property
    def is_empty(self) -> bool:
        """Whether there is no location at all."""
        return not self.begun and self.going.is_empty() and self.left_out.is_empty()

    def weeks_in(self, answer: Plan) -> pl.Series:
        """The Monday that an answer gives each location of `going`, null where it gives none.

        Inside a part the first locations, by id, take the first weeks.
        """
        weeks = [monday_of(week, self.first_monday) for week in range(self.problem.weeks)]
        mondays = pl.Series("week", weeks, dtype=pl.Date)
        return mondays.gather(pl.Series(_weeks(self.problem, answer)).replace(NO_WEEK, None))


@dataclass(frozen=True, eq=False)
class Material:
    """What a question is made from.

    `locations` has location_id, customer_id, csa_email, region and requires ("" where nothing is
    known), status, promised (the Monday of its week), promised_to, and what `rules.begun` reads, where
    that is known; and what scores are made of, as `rules.scoring.scores` reads it, orders_28d and
    missed_orders_28d at least. `started` are the weeks whose waves were. `taken_on` is the
    day that these figures are of; None: today. `scored` are their scores where these were made
    before, whatever was granted then.
    """

    locations: pl.DataFrame
    features: Features
    capacity: dict[str, int]
    leave: list[tuple[str, date]]
    blackouts: list[Blackout]
    waves_run: int
    taken_on: date | None = None
    granted: pl.DataFrame = field(default_factory=nothing_granted)
    started: frozenset[date] = frozenset()
    scored: Scores | None = None

    def question(self, today: date, parameters: Parameters) -> Question:
        """What to ask the planner.

        A row of the problem is a *part* of a customer: its locations that are released in the same
        week and, where they have one, share a promise and the due week of an escalation. So what is
        released does not wait for what is not, a kept promise stays apart from a broken one, who
        was escalated does not take the others along, and a location that joins a customer later
        moves nobody.

        A feature has the day it was released on or else its target; a target that passed without
        a release says nothing, as no target does, and who needs the feature waits. There is no
        limit over all CSAs beyond what each can do, and a horizon too short for what was promised
        is extended to it. Nobody is put into a week whose wave was started: that is fixed.
        """
        first_monday = week_zero(today)
        told, scoring = self.weighed(today, parameters)
        locations = self._with_states(told, today, first_monday)
        planned = locations.filter(~pl.col("migrated"))
        active = planned.filter(pl.col("status") != OFFBOARDED)
        going = _in_parts(planned.filter(pl.col("why").is_null()))
        may_pilot, by_size_alone = pilots(locations, parameters)
        parts = _parts(going)
        problem, usual = self._problem(parts, may_pilot, first_monday, parameters)
        return Question(
            first_monday=first_monday,
            problem=problem,
            parts=parts.select("part", *PART, "regions"),
            going=going.select(GOING),
            left_out=planned.filter(pl.col("why").is_not_null()).select(
                "location_id", "customer_id", "promised", "why"
            ),
            begun=locations.height - planned.height,
            defaults=Defaults(
                csas_with_usual_capacity=usual,
                locations_without_figures=active.filter(~pl.col("has_figures")).height,
                locations_without_region=active.filter(pl.col("region") == "").height,
                pilots_by_size_alone=by_size_alone,
            ),
            scoring=scoring,
        )

    def weighed(self, today: date, parameters: Parameters) -> tuple[pl.DataFrame, Scoring]:
        """The locations with their weights, see `rules.weighing.weighed`, and their scores."""
        first_monday = week_zero(today)
        most = parameters.priority.most_bump
        known = with_waves(self.locations)
        told = with_grants(known, self.granted, today=today, most=most)
        return weighed(
            told.with_columns(
                migrated=has_begun(first_monday),
                due=(pl.col("due_on") - first_monday).dt.total_days() // DAYS,
            ),
            taken_on=min(self.taken_on or today, today),
            today=today,
            parameters=parameters,
            before=self.scored,
        )

    def _with_states(
        self, locations: pl.DataFrame, today: date, first_monday: date
    ) -> pl.DataFrame:
        """The locations with the week of their `release`, and `why` they are not planned, if so."""
        releases = [
            release_of(requires, self.features, today)
            for requires in locations["requires"].unique()
        ]
        known = pl.DataFrame(
            {
                "requires": [release.requires for release in releases],
                "release": [
                    first_week_from(release.from_day or today, first_monday) for release in releases
                ],
                "waits": [release.waits for release in releases],
            },
            schema={"requires": pl.String, "release": pl.Int64, "waits": pl.String},
        )
        return locations.join(known, on="requires", how="left").with_columns(
            why=pl.when("migrated")
            .then(pl.lit(BEGUN))
            .when(pl.col("status") == OFFBOARDED)
            .then(pl.lit(OFFBOARDED))
            .when("is_churned")
            .then(pl.lit(CHURNED))
            .otherwise("waits")
        )

    def _problem(
        self, parts: pl.DataFrame, pilots: pl.DataFrame, first_monday: date, parameters: Parameters
    ) -> tuple[Problem, int]:
        """The problem, and for how many CSAs the usual capacity was assumed."""
        parts = parts.join(pilots, on="customer_id", how="left", maintain_order="left")
        parts = parts.with_columns(week=(pl.col("promised") - first_monday).dt.total_days() // DAYS)
        weeks = max([parameters.weeks, *(parts["week"].drop_nulls() + 1).unique()])
        pilot_weeks = max(0, parameters.pilot_weeks - self.waves_run)
        owners = parts["csa_email"].unique().sort()
        capacity = self._capacity(owners.to_list(), first_monday, weeks, parameters)
        region, blackout = self._closed(parts["regions"], first_monday, weeks, parameters)
        promised = parts.with_row_index("row").filter(pl.col("week") >= 0)
        problem = Problem(
            size=parts["size"].cast(pl.Int64).to_numpy(),
            owner=(parts["csa_email"].rank("dense").cast(pl.Int64) - 1).to_numpy(),
            weight=parts["weight"].to_numpy(),
            release=parts["release"].to_numpy(),
            due=parts["due"].fill_null(NO_DUE).to_numpy(),
            region=region,
            # Who was promised a pilot week stays a pilot, whatever its figures say by now.
            pilot=parts.select(
                (pl.col("pilot") & pl.col("due").is_null())
                | pl.col("week").is_between(0, pilot_weeks - 1).fill_null(value=False)
            )["pilot"].to_numpy(),
            promised=Allocations(
                customer=promised["row"].cast(pl.Int64).to_numpy(),
                week=promised["week"].cast(pl.Int64).to_numpy(),
                count=promised["size"].cast(pl.Int64).to_numpy(),
            ),
            capacity=capacity,
            ramp=capacity.sum(axis=0),
            blackout=blackout,
            pilot_weeks=pilot_weeks,
            tardiness=parameters.tardiness,
            move_cost=parameters.move_cost,
            frozen_weeks=parameters.frozen_weeks,
        )
        return problem, sum(owner not in self.capacity for owner in owners)

    def _capacity(
        self, owners: list[str], first_monday: date, weeks: int, parameters: Parameters
    ) -> npt.NDArray[np.int64]:
        each = [self.capacity.get(owner, parameters.default_capacity) for owner in owners]
        capacity = np.repeat(np.array(each, dtype=np.int64)[:, None], weeks, axis=1)
        row_of = {owner: row for row, owner in enumerate(owners)}
        for email, monday in self.leave:
            week = week_of(monday, first_monday)
            if email in row_of and 0 <= week < weeks:
                capacity[row_of[email], week] = 0
        begun = [week_of(monday, first_monday) for monday in self.started]
        capacity[:, [week for week in begun if 0 <= week < weeks]] = 0
        return capacity

    def _closed(
        self, regions: pl.Series, first_monday: date, weeks: int, parameters: Parameters
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        names = regions.explode().unique().sort()
        closed = closed_weeks(
            self.blackouts, names.to_list(), first_monday, weeks, parameters.blackout_days
        )
        row_of = {name: row for row, name in enumerate(names)}
        together = regions.list.join(APART)
        some = together.unique().sort()
        lived_in = [frozenset(row_of[name] for name in each.split(APART)) for each in some]
        region, blackout = closed_to_all_of(closed, lived_in)
        return region[together.rank("dense").cast(pl.Int64).to_numpy() - 1], blackout


def _in_parts(eligible: pl.DataFrame) -> pl.DataFrame:
    """The locations, sorted, with the number of their `part`."""
    return eligible.sort(*PART, "location_id").with_columns(
        part=pl.struct(PART).rle_id().cast(pl.Int64)
    )


def _parts(going: pl.DataFrame) -> pl.DataFrame:
    """The parts in order, each with its size, mean weight and regions."""
    return going.group_by("part", *PART, maintain_order=True).agg(
        pl.len().alias("size"),
        pl.col("weight").mean(),
        pl.col("region").unique().sort().alias("regions"),
    )


def _weeks(problem: Problem, answer: Plan) -> Counts:
    """The week of each location that goes, in the order of `Question.going`, or NO_WEEK."""
    placed, unplaced = answer.placed, answer.unplaced
    part = np.concatenate([placed.customer, unplaced])
    week = np.concatenate([placed.week, np.full(unplaced.size, NO_WEEK)])
    count = np.concatenate([placed.count, problem.size[unplaced]])
    order = np.lexsort((week, part))
    return np.repeat(week[order], count[order])
