from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.activity import State
from rules.figures import ImpossibleFigures
from rules.parameters import Parameters
from rules.priority import Priorities, Priority
from rules.scoring import Scores, scores
from tests.rules.figures_given import TODAY, sheet, sheets
from tests.rules.plain_scoring import plain_scores

budget = settings(max_examples=100, deadline=None)

BUSY: dict[str, list[Any]] = {
    "silent": [0, 0, 0, 0],
    "orders_28d": [100, 200, 300, 400],
    "missed_orders_28d": [40, 10, 10, 10],
}


def scored(locations: pl.DataFrame, parameters: Parameters | None = None) -> Scores:
    return scores(locations, taken_on=TODAY, today=TODAY, parameters=parameters)


def priorities(locations: pl.DataFrame, parameters: Parameters | None = None) -> Priorities:
    return scored(locations, parameters).priority


def told(locations: pl.DataFrame, row: int = 0) -> Priority:
    priority = priorities(locations).of(row)
    assert priority is not None
    return priority


def with_bump(*bumps: float | None, until: int | None = None) -> pl.DataFrame:
    ends = None if until is None else TODAY + timedelta(days=until)
    return sheet(**BUSY).with_columns(
        bump=pl.Series(bumps, dtype=pl.Float64), bump_until=pl.lit(ends, dtype=pl.Date)
    )


def test_a_priority_is_the_sum_of_its_weighted_parts() -> None:
    made = scored(sheet(**BUSY))
    # Missed orders avoided: 100/4 x 42/150, 200/4 x 12/250, 300/4 x 12/350, 400/4 x 12/450.
    assert made.priority.benefit_rank.tolist() == [0.875, 0.125, 0.375, 0.625]
    assert made.priority.volume.tolist() == pytest.approx([2.5, 7.5, 12.5, 17.5])
    health = made.health.score
    assert made.priority.health == pytest.approx(25 * (1 - health / 100))
    assert made.priority.score[0] == pytest.approx(
        100 * (0.55 * 0.875 + 0.25 * (1 - health[0] / 100) + 0.20 * 0.125)
    )


def test_a_bump_is_added_and_the_sum_is_cut_at_a_hundred() -> None:
    plain, bumped = told(sheet(**BUSY)), told(with_bump(25, None, None, None))
    assert bumped.bump == 25
    assert bumped.score == pytest.approx(plain.score + 25)
    most = Parameters.model_validate({"priority": {"most_bump": 90}})
    assert priorities(with_bump(90, None, None, None), most).score[0] == 100


@pytest.mark.parametrize(("until", "bump"), [(1, 25.0), (0, 25.0), (-1, 0.0), (None, 25.0)])
def test_a_bump_counts_up_to_its_due_date(until: int | None, bump: float) -> None:
    assert told(with_bump(25, None, None, None, until=until)).bump == bump


@pytest.mark.parametrize(("bump", "rows"), [(25.5, "1"), (float("nan"), "1"), (-1, "1")])
def test_a_bump_that_cannot_be_is_refused(bump: float, rows: str) -> None:
    with pytest.raises(ImpossibleFigures, match=f"bump must be .*: see rows {rows},"):
        priorities(with_bump(None, bump, None, None))


def test_the_inactive_keep_a_quarter_also_of_a_bump() -> None:
    locations = with_bump(None, 20, None, None).with_columns(
        last_order_on=pl.Series([TODAY, TODAY - timedelta(days=20), TODAY, TODAY])
    )
    priority = told(locations, 1)
    before = priority.benefit + priority.health + priority.volume + 20
    assert priority.factor == 0.25
    assert priority.score == pytest.approx(before / 4)


@pytest.mark.parametrize(("punts", "floor"), [(0, None), (1, None), (2, 80.0), (7, 80.0)])
def test_a_customer_that_we_moved_back_twice_gets_a_floor(punts: int, floor: float | None) -> None:
    locations = sheet(**BUSY).with_columns(punts=pl.lit(punts))
    priority = told(locations, 1)
    assert priority.floor == floor
    assert priority.score == (80 if floor else pytest.approx(told(sheet(**BUSY), 1).score))


def test_a_floor_lowers_nobody_and_lifts_no_inactive_one() -> None:
    locations = with_bump(25, None, None, None).with_columns(
        punts=pl.lit(2),
        last_order_on=pl.Series([TODAY, TODAY - timedelta(days=20), TODAY, TODAY]),
    )
    made = priorities(locations)
    assert made.score[0] > 80
    assert made.score[1] < 25
    assert np.isnan(made.floor[1])


def test_who_is_churned_or_moved_has_no_priority_and_no_rank() -> None:
    locations = sheet(**BUSY).with_columns(
        status=pl.Series(["offboarded", "active", None, "active"]),
        migrated=pl.Series([False, False, True, None]),
    )
    made = priorities(locations)
    assert [made.of(row) is None for row in range(4)] == [True, False, True, False]
    assert made.benefit_rank[[1, 3]].tolist() == [0.25, 0.75]
    assert np.isnan(made.benefit_rank[[0, 2]]).all()
    assert made.in_order(pl.Series(list("abcd"))).tolist() == [3, 1]


def test_what_is_not_known_is_assumed_as_the_median_and_said() -> None:
    columns = {name: [*values, None] for name, values in BUSY.items()}
    made = priorities(sheet(**columns))
    assumed = made.of(4)
    assert assumed is not None
    assert (assumed.benefit, assumed.volume) == pytest.approx((55 / 2, 20 / 2))
    assert assumed.health == pytest.approx(np.median(made.health[:4]))
    assert made.is_complete.tolist() == [True, True, True, True, False]


def test_missed_orders_that_are_not_known_are_taken_at_the_usual_rate() -> None:
    columns: dict[str, list[Any]] = {
        "orders_28d": [100, 1000, 100],
        "missed_orders_28d": [8, None, 0],
    }
    assert np.argsort(priorities(sheet(**columns)).benefit_rank).tolist() == [2, 0, 1]


def test_the_required_columns_alone_give_everybody_the_same_priority() -> None:
    made = priorities(pl.DataFrame({"location_id": ["a", "b"]}))
    assert made.score.tolist() == [50, 50]


def test_equals_go_by_benefit_and_then_by_id() -> None:
    floored = sheet(**BUSY).with_columns(punts=pl.lit(2))
    made = priorities(floored)
    assert made.score.tolist() == [80] * 4
    assert made.in_order(pl.Series(["d", "c", "b", "a"])).tolist() == [0, 3, 2, 1]
    same = priorities(sheet(silent=[0, 0, 0]))
    assert same.in_order(pl.Series(["b", "c", "a"])).tolist() == [2, 0, 1]


def test_ids_of_other_locations_are_refused() -> None:
    with pytest.raises(ImpossibleFigures, match="location_id must have 4 rows, not 1"):
        priorities(sheet(**BUSY)).in_order(pl.Series(["a"]))


def test_a_score_tells_all_there_is_of_a_location() -> None:
    score = scored(sheet(**BUSY)).of(0)
    assert score.activity.state is State.active
    assert score.health.score is not None
    assert score.priority is not None


@budget
@given(sheets())
def test_scores_are_those_of_a_plain_count(locations: pl.DataFrame) -> None:
    made = scored(locations)
    expected = plain_scores(locations.to_dicts(), TODAY)
    assert [State(code).name for code in made.activity.state] == [state for state, _, _ in expected]
    healths = [np.nan if health is None else health for _, health, _ in expected]
    assert made.health.score == pytest.approx(healths, nan_ok=True)
    priorities_of = [np.nan if p is None else p for _, _, p in expected]
    assert made.priority.score == pytest.approx(priorities_of, nan_ok=True)


@budget
@given(sheets(), st.data())
def test_the_parts_of_a_priority_give_the_priority(
    locations: pl.DataFrame, data: st.DataObject
) -> None:
    n = locations.height
    bumps = data.draw(st.lists(st.sampled_from([None, 0.0, 10.0, 25.0]), min_size=n, max_size=n))
    punts = data.draw(st.lists(st.sampled_from([None, 0, 2]), min_size=n, max_size=n))
    made = priorities(
        locations.with_columns(
            bump=pl.Series(bumps, dtype=pl.Float64), punts=pl.Series(punts, dtype=pl.Int64)
        )
    )
    for row in range(n):
        priority = made.of(row)
        if priority is not None:
            parts = priority.benefit + priority.health + priority.volume + priority.bump
            score = max(min(100.0, parts) * priority.factor, priority.floor or 0.0)
            assert priority.score == pytest.approx(score)
            assert 0 <= priority.score <= 100


@budget
@given(sheets(least=1))
def test_ranks_average_a_half(locations: pl.DataFrame) -> None:
    known = locations.drop_nulls("orders_28d")
    ranks = priorities(known).benefit_rank
    going = ranks[~np.isnan(ranks)]
    if going.size:
        assert going.mean() == pytest.approx(0.5)
        assert ((going > 0) & (going < 1)).all()


@budget
@given(sheets(), st.integers(0, 2**32))
def test_the_order_of_the_rows_does_not_matter(locations: pl.DataFrame, seed: int) -> None:
    ids = [f"L{row:03}" for row in range(locations.height)]
    locations = locations.with_columns(location_id=pl.Series(ids, dtype=pl.String))
    shuffled = locations.sample(fraction=1, shuffle=True, seed=seed % 2**31)
    one, other = priorities(locations), priorities(shuffled)
    by_id = dict(zip(shuffled["location_id"], other.score.tolist(), strict=True))
    assert one.score == pytest.approx([by_id[name] for name in ids], nan_ok=True)
    first = locations["location_id"].gather(one.in_order(locations["location_id"]))
    again = shuffled["location_id"].gather(other.in_order(shuffled["location_id"]))
    assert first.to_list() == again.to_list()


@budget
@given(sheets(least=1), st.data())
def test_more_missed_orders_never_lower_a_benefit(
    locations: pl.DataFrame, data: st.DataObject
) -> None:
    row = data.draw(st.integers(0, locations.height - 1))
    orders, missed = locations["orders_28d"][row], locations["missed_orders_28d"][row]
    if orders is None or missed is None:
        return
    more = data.draw(st.integers(int(missed), int(orders)))
    worse = locations["missed_orders_28d"].clone()
    worse[row] = float(more)
    before, after = priorities(locations), priorities(locations.with_columns(worse))
    assert np.isnan(before.score[row]) or after.benefit[row] >= before.benefit[row]
