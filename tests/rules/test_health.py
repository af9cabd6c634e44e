from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.activity import activities
from rules.figures import Figures, ImpossibleFigures
from rules.health import Colour, Component, HealthScore, HealthScores, health
from rules.parameters import Parameters
from tests.rules.figures_given import TODAY, figures, sheets

budget = settings(max_examples=100, deadline=None)


def scored(given: Figures, parameters: Parameters | None = None) -> HealthScores:
    return health(given, activities(given, parameters=parameters), parameters)


def of_sheet(sheet: pl.DataFrame, parameters: Parameters | None = None) -> HealthScores:
    return scored(Figures.of(sheet, taken_on=TODAY), parameters)


def one(
    orders: float, missed: float, cancelled: float, before: float, **others: list[float]
) -> HealthScore:
    columns = {
        "orders_28d": [orders],
        "missed_orders_28d": [missed],
        "cancelled_orders_28d": [cancelled],
        "orders_prev_28d": [before],
    }
    return scored(figures(**columns, **others)).of(0)


def hours(online: float) -> dict[str, list[float]]:
    return {"open_hours_28d": [100.0], "online_hours_28d": [100 * online]}


def test_a_healthy_location() -> None:
    told = one(800, 8, 16, 790, silent=[0], **hours(0.97))
    assert told.score == pytest.approx(96.0, abs=0.05)
    assert (told.colour, told.is_sure) == (Colour.green, True)
    assert sum(part.lost for part in told.parts.values()) == pytest.approx(4.0, abs=0.05)


def test_many_missed_orders_are_not_hidden_by_volume() -> None:
    told = one(1000, 150, 30, 1100, silent=[0], **hours(0.90))
    assert told.score == pytest.approx(55.9, abs=0.05)
    assert told.colour is Colour.amber
    assert told.parts[Component.reliability].score == pytest.approx(27.6, abs=0.05)
    lost = {component: part.lost for component, part in told.parts.items()}
    assert lost == pytest.approx(
        {
            Component.reliability: 39.0,
            Component.cancellations: 1.9,
            Component.activity: 0.0,
            Component.trend: 2.3,
            Component.availability: 0.9,
        },
        abs=0.05,
    )
    assert told.largest_loss is Component.reliability


def test_a_location_that_lost_most_of_its_orders() -> None:
    given = figures(
        orders_28d=[60],
        missed_orders_28d=[1],
        cancelled_orders_28d=[1],
        orders_prev_28d=[200],
        silent=[4],
    )
    told = activities(given)
    told.log10_chance[:] = -2
    score = health(given, told).of(0)
    assert score.score == pytest.approx(39.7, abs=0.05)
    assert score.colour is Colour.red
    assert score.largest_loss is Component.trend
    assert score.parts[Component.trend].lost == pytest.approx(50.1, abs=0.05)
    assert Component.availability not in score.parts


def test_a_flawless_location_loses_nothing() -> None:
    given = figures(orders_prev_28d=[10], orders_28d=[10], silent=[0])
    told = scored(given).of(0)
    assert told.score == 100
    assert told.largest_loss is None
    assert {part.lost for part in told.parts.values()} == {0.0}


def test_without_any_figure_there_is_no_score() -> None:
    told = scored(figures(orders_28d=[None])).of(0)
    assert told == HealthScore(None, Colour.no_data, is_sure=False, parts={})


@pytest.mark.parametrize(
    ("columns", "missing"),
    [
        ({"orders_28d": [0], "missed_orders_28d": [0]}, Component.reliability),
        ({"orders_28d": [0], "cancelled_orders_28d": [0]}, Component.cancellations),
        ({"orders_28d": [9], "cancelled_orders_28d": [None]}, Component.cancellations),
        ({"orders_28d": [0], "orders_prev_28d": [0]}, Component.trend),
        ({"orders_28d": [9], "orders_prev_28d": [None]}, Component.trend),
        ({"open_hours_28d": [0], "online_hours_28d": [0]}, Component.availability),
        ({"open_hours_28d": [10]}, Component.availability),
        ({"silent": [40]}, Component.activity),
    ],
)
def test_no_evidence_is_no_component(columns: dict[str, list[Any]], missing: Component) -> None:
    assert missing not in scored(figures(**columns)).of(0).parts


def test_a_month_without_orders_after_one_with_orders_is_a_trend() -> None:
    told = scored(figures(orders_28d=[0], orders_prev_28d=[700])).of(0)
    assert told.parts[Component.trend].score == 0
    assert told.score == pytest.approx(1)


@pytest.mark.parametrize(
    ("orders", "columns", "confidence"),
    [
        (29, {"orders_prev_28d": [30]}, "low"),
        (30, {"orders_prev_28d": [30]}, "sure"),
        (30, {}, "low"),
    ],
)
def test_few_orders_or_few_components_are_said_to_be_unsure(
    orders: float, columns: dict[str, list[Any]], confidence: str
) -> None:
    rates = {"missed_orders_28d": [0], "cancelled_orders_28d": [0]}
    told = scored(figures(orders_28d=[orders], **rates, **columns)).of(0)
    assert told.is_sure is (confidence == "sure")


def test_a_component_without_weight_is_none() -> None:
    weights = {
        "reliability": 1,
        "cancellations": 0,
        "activity": 0,
        "trend": 0,
        "availability": 0,
    }
    alone = Parameters.model_validate({"health": {"weights": weights}})
    scores = scored(figures(orders_28d=[50, 0], missed_orders_28d=[3, 0]), alone)
    assert list(scores.of(0).parts) == [Component.reliability]
    assert scores.of(0).score == pytest.approx(75)
    assert scores.of(1).colour is Colour.no_data


def test_colours_are_counted() -> None:
    given = figures(orders_28d=[100, 100, 100, None], orders_prev_28d=[100, 145, 300, None])
    assert scored(given).counts == {
        Colour.green: 1,
        Colour.amber: 0,
        Colour.red: 2,
        Colour.no_data: 1,
    }


def test_scores_of_other_locations_are_refused() -> None:
    with pytest.raises(ImpossibleFigures, match="activities must have 1 rows, not 2"):
        health(figures(silent=[1]), activities(figures(silent=[1, 2])))


@budget
@given(sheets())
def test_scores_and_what_is_lost_add_up_to_a_hundred(sheet: pl.DataFrame) -> None:
    scores = of_sheet(sheet)
    known = ~np.isnan(scores.score)
    assert ((scores.score[known] > 0) & (scores.score[known] <= 100 + 1e-9)).all()
    assert np.nansum(scores.lost, axis=0)[known] == pytest.approx(100 - scores.score[known])
    assert (np.isnan(scores.component) == np.isnan(scores.lost)).all()
    assert (np.isnan(scores.component).all(axis=0) == ~known).all()
    assert sum(scores.counts.values()) == sheet.height


@budget
@given(sheets())
def test_a_score_is_between_its_worst_and_its_best_component(sheet: pl.DataFrame) -> None:
    scores = of_sheet(sheet)
    for row in range(sheet.height):
        told = scores.of(row)
        if told.score is not None:
            each = [max(part.score, 1) for part in told.parts.values()]
            assert min(each) - 1e-9 <= told.score <= max(each) + 1e-9


@budget
@given(sheets(), st.integers(0, 2**32))
def test_the_order_of_locations_does_not_matter(sheet: pl.DataFrame, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(sheet.height)
    shuffled = of_sheet(sheet[order.tolist()] if sheet.height else sheet)
    assert shuffled.score == pytest.approx(of_sheet(sheet).score[order], nan_ok=True)


@budget
@given(st.integers(1, 2000), st.data())
def test_more_missed_orders_never_raise_health(orders: int, data: st.DataObject) -> None:
    missed = sorted(data.draw(st.lists(st.integers(0, orders), min_size=2, max_size=2)))
    scores = scored(figures(orders_28d=[orders] * 2, missed_orders_28d=missed, silent=[3, 3]))
    assert scores.component[0, 0] >= scores.component[0, 1]
    assert scores.score[0] >= scores.score[1]
    assert scores.lost[0, 0] <= scores.lost[0, 1] + 1e-9
