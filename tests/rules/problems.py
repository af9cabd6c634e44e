"""Planning problems for the tests: small ones by hand, and any at all by hypothesis."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st

from rules.waves import NO_DUE, Allocations, Problem


def problem(sizes: Sequence[int], weeks: int = 4, a_week: int = 10, **changes: object) -> Problem:
    """One CSA, one region, no pilot weeks, equal weights; `changes` are fields of Problem."""
    n = len(sizes)
    fields: dict[str, Any] = {
        "size": np.array(sizes, dtype=np.int64),
        "owner": np.zeros(n, dtype=np.int64),
        "weight": np.ones(n),
        "release": np.zeros(n, dtype=np.int64),
        "due": np.full(n, NO_DUE),
        "region": np.zeros(n, dtype=np.int64),
        "pilot": np.ones(n, dtype=np.bool_),
        "promised": Allocations.none(),
        "capacity": np.full((1, weeks), a_week),
        "ramp": np.full(weeks, 1000),
        "blackout": np.zeros((1, weeks), dtype=np.bool_),
    }
    fields.update(changes)
    return Problem(**fields)


def promised(*rows: tuple[int, int, int]) -> Allocations:
    """Promises as (customer, week, count)."""
    table = np.array(rows, dtype=np.int64).reshape(len(rows), 3)
    return Allocations(table[:, 0], table[:, 1], table[:, 2])


@st.composite
def problems(draw: st.DrawFn, *, with_promises: bool = True) -> Problem:
    """Any small problem: tight or idle, closed weeks, releases, escalations, promises."""
    n, o, g, w = (draw(st.integers(low, high)) for low, high in ((0, 12), (1, 3), (1, 2), (1, 7)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    largest, room = draw(st.sampled_from([1, 4, 12, 30])), draw(st.sampled_from([0, 3, 8, 20]))
    idle = draw(st.sampled_from([0.0, 0.2, 1.0]))
    fields: dict[str, Any] = {
        "size": rng.integers(0, largest + 1, n),
        "owner": rng.integers(0, o, n),
        "weight": rng.choice([0.0, 1.0, 37.5, 99.9], n) * draw(st.sampled_from([0.0, 1.0, 0.1])),
        "release": rng.integers(-2, w + 2, n) * (rng.random(n) < idle),
        "due": np.where(rng.random(n) < idle, rng.integers(-1, w, n), NO_DUE),
        "region": rng.integers(0, g, n),
        "pilot": rng.random(n) < draw(st.sampled_from([0.0, 0.5])),
        "capacity": rng.integers(0, room + 1, (o, w)) * (rng.random((o, w)) >= idle / 2),
        "ramp": rng.integers(0, 2 * room + 2, w),
        "blackout": rng.random((g, w)) < idle / 2,
    }
    k = draw(st.integers(0, 8)) if with_promises and n else 0
    counts = rng.integers(1, largest + 1, k)
    announced = Allocations(rng.integers(0, max(n, 1), k), rng.integers(0, w, k), counts)
    return Problem(
        **fields,
        promised=announced,
        pilot_weeks=draw(st.integers(0, 3)),
        tardiness=draw(st.sampled_from([0.0, 6.0])),
        move_cost=draw(st.sampled_from([0.0, 4.0])),
        frozen_weeks=draw(st.integers(0, 2)),
    )
