"""What has changed between two questions, so that the answer to the first may not be one any more."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from rules.question import Question

LEAST_CHANGE = 1.0
"""Points of priority: who weighs a little more or less would hardly get another week."""
TOLD = ("customer_id", "csa_email", "release", "promised")
SAME = (*TOLD, "due")
LEFT = ("customer_id", "why", "promised")


@dataclass(frozen=True, slots=True)
class Changes:
    """Whom and what it concerns; ids of customers and e-mail addresses of CSAs, in order.

    Once a week has begun, everything is counted from another Monday: the rest is not compared then.
    `customers` have other locations, another CSA, other features to wait for or another priority.
    `closed` are customers for whom other weeks are closed, `csas` those who have another capacity.
    """

    a_week_began: bool
    customers: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    csas: tuple[str, ...] = ()

    @property
    def is_any(self) -> bool:
        """Whether anything changed."""
        return bool(self.a_week_began or self.customers or self.closed or self.csas)


def changes_between(before: Question, now: Question) -> Changes:
    """What a plan is made from that is not as it was."""
    if before.first_monday != now.first_monday:
        return Changes(a_week_began=True)
    was, is_ = _parts(before), _parts(now)
    both = was.join(is_, on=SAME, how="full", nulls_equal=True, coalesce=True, suffix="_now")
    other = (
        pl.col("size").ne_missing(pl.col("size_now"))
        | pl.col("pilot").ne_missing(pl.col("pilot_now"))
        | ((pl.col("weight") - pl.col("weight_now")).abs() > LEAST_CHANGE)
    )
    closed = pl.col("open").ne(pl.col("open_now"))
    customers = set(both.filter(other)["customer_id"]) | _otherwise_left_out(before, now)
    return Changes(
        a_week_began=False,
        customers=tuple(sorted(customers)),
        closed=tuple(sorted(set(both.filter(closed & ~other)["customer_id"]) - customers)),
        csas=tuple(sorted(_other_capacity(before, now))),
    )


def _parts(question: Question) -> pl.DataFrame:
    problem = question.problem
    # As text, which compares at once: a week is a 0 or a 1, whatever the horizon is.
    rows = pl.Series([row.tobytes().hex() for row in np.packbits(problem.blackout, axis=1)])
    parts = question.parts.select(TOLD).with_columns(
        size=pl.Series(problem.size),
        weight=pl.Series(problem.weight),
        pilot=pl.Series(problem.pilot),
        due=pl.Series(problem.due),
    )
    if parts.is_empty():
        return parts.with_columns(open=pl.lit("", dtype=pl.String))
    return parts.with_columns(open=rows.gather(problem.region))


def _otherwise_left_out(before: Question, now: Question) -> set[str]:
    """The customers some of whose locations are not planned, or not any more, or for another reason."""
    was, is_ = (
        question.left_out.group_by(LEFT).agg(locations=pl.len()) for question in (before, now)
    )
    both = was.join(is_, on=LEFT, how="full", nulls_equal=True, coalesce=True, suffix="_now")
    return set(both.filter(pl.col("locations").ne_missing(pl.col("locations_now")))["customer_id"])


def _other_capacity(before: Question, now: Question) -> set[str]:
    weeks = min(before.problem.weeks, now.problem.weeks)
    was = dict(zip(before.owners, before.problem.capacity[:, :weeks], strict=True))
    is_ = dict(zip(now.owners, now.problem.capacity[:, :weeks], strict=True))
    return {csa for csa in was.keys() & is_.keys() if not np.array_equal(was[csa], is_[csa])}
