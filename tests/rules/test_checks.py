"""Checks: verdicts next to controls, what makes them inconclusive, and how they are revised."""

from dataclasses import replace
from datetime import date
from typing import TypedDict, Unpack

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.checks import Checks, Portfolio, Silences, judge
from rules.controls import NOBODY, Controls, controls
from rules.figures import Amounts, Flags, ImpossibleFigures
from rules.looks import Period, compared
from rules.parameters import Parameters
from rules.verdicts import Check, Counts, Verdict, Why, revision

MONDAY = date(2022, 1, 17)
NAN = float("nan")
BUDGET = settings(max_examples=100, deadline=None)
Told = tuple[float, float, float, float]
"""Orders and missed of four weeks before, and of the weeks after."""


class More(TypedDict, total=False):
    """What else a check is made from."""

    silences: Silences
    lost_orders: Flags
    parameters: Parameters


def period(orders: list[float], missed: list[float], weeks: int) -> Period:
    known = np.array(orders, dtype=np.float64)
    return Period(
        known, np.array(missed, dtype=np.float64), np.where(np.isnan(known), 0.0, float(weeks))
    )


def checks(own: Told, others: list[Told], look: int = 1, **more: Unpack[More]) -> Checks:
    """One location that moved, next to the others."""
    rows = [own, *others]
    portfolio = Portfolio(
        region=np.zeros(len(rows), dtype=np.int64),
        before=period([row[0] for row in rows], [row[1] for row in rows], 4),
        after=period([row[2] for row in rows], [row[3] for row in rows], look),
        unmoved=np.arange(len(rows)) > 0,
    )
    nearest = np.arange(1, 6)
    nearest = np.where(nearest < len(rows), nearest, NOBODY)[None, :]
    matched = Controls(nearest, np.where(nearest == NOBODY, np.inf, 0.1))
    return judge(portfolio, np.array([0]), matched, look, **more)


def check(own: Told, others: list[Told], look: int = 1, **more: Unpack[More]) -> Check:
    ids = pl.Series([f"L{row}" for row in range(1 + len(others))])
    return checks(own, others, look, **more).of(0, ids, compared(MONDAY, look))


ALIKE: list[Told] = [(8000, 320, 2000, 80)] * 5


def test_a_busy_location_that_is_as_well_off_as_its_controls_passes() -> None:
    told = check((8000, 320, 2000, 76), ALIKE)
    assert (told.verdict, told.why) == (Verdict.passed, Why.no_worse)
    assert told.high is not None
    assert told.high < 0.01
    assert told.volume == pytest.approx(1.0)


def test_a_location_that_misses_many_more_orders_than_its_controls_fails() -> None:
    told = check((800, 32, 200, 30), ALIKE)
    assert (told.verdict, told.why) == (Verdict.failed, Why.worse)
    assert told.low is not None
    assert told.low > 0.02


def test_what_went_wrong_for_everybody_is_not_the_fault_of_the_move() -> None:
    bad_week: list[Told] = [(32_000, 1280, 8000, 640)] * 5
    assert check((32_000, 1280, 8000, 640), bad_week).verdict is Verdict.passed
    assert check((32_000, 1280, 8000, 640), ALIKE).verdict is Verdict.failed


def test_a_small_location_is_not_judged_by_a_week() -> None:
    told = check((80, 3, 20, 1), ALIKE)
    assert (told.verdict, told.why) == (Verdict.inconclusive, Why.not_sure_yet)
    assert not told.is_for_a_person


def test_after_the_last_look_a_person_decides() -> None:
    told = check((80, 3, 80, 4), ALIKE, look=4)
    assert told.verdict is Verdict.inconclusive
    assert told.is_for_a_person
    assert not check((8000, 320, 8000, 320), ALIKE, look=4).is_for_a_person


def test_a_location_that_lost_a_fifth_of_its_orders_does_not_pass() -> None:
    told = check((8000, 320, 1500, 60), ALIKE)
    assert (told.verdict, told.why) == (Verdict.inconclusive, Why.fewer_orders)
    quiet: list[Told] = [(8000, 320, 1500, 60)] * 5
    assert check((8000, 320, 1500, 60), quiet).verdict is Verdict.passed


@pytest.mark.parametrize(
    "own", [(NAN, NAN, 2000, 80), (8000, 320, NAN, NAN), (8000, 320, 0, 0), (0, 0, 2000, 80)]
)
def test_no_data_is_inconclusive_and_never_a_pass(own: Told) -> None:
    told = check(own, ALIKE)
    assert (told.verdict, told.why) == (Verdict.inconclusive, Why.no_data)


@pytest.mark.parametrize("others", [[], [(NAN, NAN, NAN, NAN)], [(8000, 320, NAN, NAN)]])
def test_too_few_controls_say_so(others: list[Told]) -> None:
    told = check((8000, 320, 2000, 80), others)
    assert (told.verdict, told.why) == (Verdict.inconclusive, Why.no_controls)
    assert (told.change, told.volume, told.data.controls) == (None, None, ())


def test_one_control_is_enough_and_makes_it_less_sure() -> None:
    one, five = (check((8000, 320, 2000, 60), ALIKE[:count]) for count in (1, 5))
    assert one.high is not None
    assert five.high is not None
    assert one.high > five.high
    assert one.data.controls == ("L1",)


def test_reported_lost_orders_fail_whatever_the_figures_say() -> None:
    for own in ((8000, 320, 2000, 60), (NAN, NAN, NAN, NAN)):
        told = check(own, ALIKE, lost_orders=np.array([True]))
        assert (told.verdict, told.why) == (Verdict.failed, Why.lost_orders)
        assert told.why.is_hard


def silences(orders: float, before: float, since: float) -> Silences:
    columns = (orders, 56.0, before, since)
    return Silences(*(np.array([column]) for column in columns))


@pytest.mark.parametrize(
    ("orders", "before", "since", "why"),
    [
        (56, 0, 7, Why.no_worse),  # one order a day: P = 0.001438
        (56, 0, 8, Why.orders_stopped),  # 0.000599
        (16, 0, 29, Why.no_worse),  # two a week: P = 0.001129
        (16, 0, 30, Why.orders_stopped),  # 0.000933
        (16, 40, 30, Why.no_worse),  # it had been silent for forty days when it moved
        (NAN, 0, 30, Why.no_worse),
    ],
)
def test_orders_that_stopped_fail_by_the_pace_of_the_location(
    orders: float, before: float, since: float, why: Why
) -> None:
    told = check((8000, 320, 2000, 60), ALIKE, silences=silences(orders, before, since))
    assert told.why is why
    assert (told.verdict is Verdict.failed) == why.is_hard


def test_a_verdict_keeps_the_numbers_it_was_made_from() -> None:
    told = check((8000, 320, 2000, 76), ALIKE)
    data = told.data
    assert data.compared == compared(MONDAY, 1)
    assert (data.before, data.after) == (Counts(8000, 320), Counts(2000, 76))
    assert (data.controls_before, data.controls_after) == (
        Counts(40_000, 1600),
        Counts(10_000, 400),
    )
    assert data.controls == ("L1", "L2", "L3", "L4", "L5")
    assert (data.usual, data.alike) == ((2.0, 50.0), 1.0)
    assert data.after.rate == pytest.approx(0.038)
    assert Parameters.model_validate({"checks": {}}).checks.model_dump_json() == data.rules


def test_the_change_is_that_of_the_shrunk_rates() -> None:
    told = check((800, 8, 200, 10), ALIKE[:1])
    own = 12 / 250 - 10 / 850
    theirs = 82 / 2050 - 322 / 8050
    assert told.change == pytest.approx(own - theirs)


def test_a_portfolio_that_is_all_alike_does_not_hide_what_a_move_did() -> None:
    others: list[Told] = [(8000, 320, 2000, 80)] * 400
    told = check((8000, 320, 2000, 180), others)
    assert told.data.usual == pytest.approx((2.0, 50.0))
    assert told.verdict is Verdict.failed


def test_corrected_figures_revise_a_verdict_in_the_open() -> None:
    before = check((8000, 320, 2000, 76), ALIKE)
    after = check((8000, 320, 2000, 260), ALIKE)
    revised = revision(before, after)
    assert revised is not None
    assert revised.is_another
    [changed] = revised.changed
    assert (changed.name, changed.old, changed.new) == (
        "after",
        Counts(2000, 76),
        Counts(2000, 260),
    )
    assert before.data.name != after.data.name


def test_the_same_figures_revise_nothing() -> None:
    first, second = (check((8000, 320, 2000, 76), ALIKE) for _ in range(2))
    assert revision(first, second) is None
    assert first.data.name == second.data.name


def test_a_correction_that_changes_no_verdict_says_so() -> None:
    revised = revision(
        check((8000, 320, 2000, 76), ALIKE),
        check((8000, 320, 2000, 76), [*ALIKE[:4], (8000, 320, 2000, 81)]),
    )
    assert revised is not None
    assert not revised.is_another
    assert [changed.name for changed in revised.changed] == ["controls_after"]


def test_a_later_look_is_no_revision() -> None:
    first = check((8000, 320, 2000, 76), ALIKE)
    with pytest.raises(ValueError, match="Look 2 does not revise look 1"):
        revision(first, replace(first, look=2))


def test_columns_of_another_length_are_refused() -> None:
    with pytest.raises(ImpossibleFigures, match="lost_orders must have 1 rows, not 2"):
        check((8000, 320, 2000, 76), ALIKE, lost_orders=np.zeros(2, np.bool_))


def test_a_stricter_team_passes_less() -> None:
    strict = Parameters.model_validate({"checks": {"pass_below": 0.001, "certainty": 0.99}})
    assert check((8000, 320, 2000, 76), ALIKE, parameters=strict).why is Why.not_sure_yet


counted = st.one_of(
    st.just((NAN, NAN)),
    st.integers(0, 3000).flatmap(
        lambda orders: st.tuples(st.just(float(orders)), st.integers(0, orders).map(float))
    ),
)
rows = st.tuples(counted, counted).map(lambda pair: (*pair[0], *pair[1]))


@BUDGET
@given(rows, st.lists(rows, max_size=6), st.integers(1, 4))
def test_whatever_is_known_a_pass_has_limits_controls_and_orders(
    own: Told, others: list[Told], look: int
) -> None:
    told = check(own, others, look)
    assert told.is_for_a_person == (told.verdict is Verdict.inconclusive and look == 4)
    if told.verdict is Verdict.passed:
        assert told.high is not None
        assert told.high < 0.01
        assert told.volume is not None
        assert told.volume >= 0.8
        assert told.data.controls
        assert told.data.after.orders
    if told.verdict is Verdict.failed:
        assert told.low is not None
        assert told.low > 0.02
    if told.change is not None and told.low is not None and told.high is not None:
        assert told.low <= told.change <= told.high


@BUDGET
@given(rows, st.lists(rows, min_size=1, max_size=5), st.integers(1, 500))
def test_more_missed_orders_never_make_a_verdict_better(
    own: Told, others: list[Told], more: int
) -> None:
    orders_before, missed_before, orders, missed = own
    worse = min(orders, missed + more) if orders >= 0 else missed
    first = check(own, others)
    second = check((orders_before, missed_before, orders, worse), others)
    order = [Verdict.failed, Verdict.inconclusive, Verdict.passed]
    assert order.index(second.verdict) <= order.index(first.verdict)


def drawn(orders: int, rate: Amounts, weeks: int, rng: np.random.Generator) -> Period:
    missed: Amounts = rng.binomial(weeks * orders, rate).astype(np.float64)
    return Period(
        np.full(rate.size, float(weeks * orders)), missed, np.full(rate.size, float(weeks))
    )


@pytest.mark.parametrize(("orders", "passing"), [(200, 0.22), (800, 0.44)])
def test_a_week_alone_passes_few_even_where_nothing_changed(orders: int, passing: float) -> None:
    rng, count = np.random.default_rng(0), 3000
    rate = np.full(6 * count, 0.04)
    unmoved = np.arange(rate.size) >= count
    nearest = np.flatnonzero(unmoved).reshape(count, 5)
    told = judge(
        Portfolio(
            np.zeros(rate.size, dtype=np.int64),
            drawn(orders, rate, 4, rng),
            drawn(orders, rate, 1, rng),
            unmoved,
        ),
        np.arange(count),
        Controls(nearest, np.zeros(nearest.shape)),
        look=1,
    )
    assert (told.verdict == Verdict.passed).mean() == pytest.approx(passing, abs=0.03)
    assert (told.verdict == Verdict.failed).mean() < 0.005


@pytest.mark.parametrize(("orders", "seeming"), [(50, 0.34), (100, 0.22), (200, 0.12)])
def test_the_worst_get_better_by_themselves_and_not_next_to_their_controls(
    orders: int, seeming: float
) -> None:
    rng, count = np.random.default_rng(0), 80_000
    rate = rng.beta(2, 48, count)
    before, after = (drawn(orders, rate, 1, rng) for _ in range(2))
    worst = np.argsort(-before.missed, kind="stable")[: count // 10]
    alone = 1 - after.missed[worst].sum() / before.missed[worst].sum()
    assert alone == pytest.approx(seeming, abs=0.015)

    judged = worst[::4]
    unmoved = ~np.isin(np.arange(count), judged)
    region = np.zeros(count, dtype=np.int64)
    health = 100 * (1 - before.missed / before.orders)
    matched = controls(region, health, before.weekly, judged, unmoved)
    told = judge(Portfolio(region, before, after, unmoved), judged, matched, look=1)
    fell = (before.missed - after.missed)[judged].mean() / orders
    assert abs(np.nanmean(told.difference.change)) < fell / 5
