"""Matched controls: who is nearest, who may not be one, and that too few are told."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.controls import NOBODY, controls
from rules.figures import ImpossibleFigures
from rules.parameters import Parameters

CHOSEN = Parameters().checks


@dataclass
class Portfolio:
    """Locations as rows of (region, health, volume), and which of them have moved."""

    rows: list[tuple[int, float, float]]
    moved: list[int]

    def matched(self) -> list[list[int]]:
        found = controls(
            np.array([region for region, _, _ in self.rows], dtype=np.int64),
            np.array([health for _, health, _ in self.rows]),
            np.array([volume for _, _, volume in self.rows]),
            np.array(self.moved, dtype=np.int64),
            ~np.isin(np.arange(len(self.rows)), self.moved),
        )
        assert found.count.tolist() == [sum(row != NOBODY for row in rows) for rows in found.row]
        return [[row for row in rows if row != NOBODY] for rows in found.row.tolist()]

    def nearest(self, judged: int) -> list[int]:
        """The same, one after the other in plain Python."""
        region, health, volume = self.rows[judged]
        near = []
        for row, (other_region, other_health, other_volume) in enumerate(self.rows):
            if row in self.moved or other_region != region:
                continue
            points = other_health / CHOSEN.health_apart - health / CHOSEN.health_apart
            scale = np.log(CHOSEN.volume_apart)
            times = np.log1p(other_volume) / scale - np.log1p(volume) / scale
            if max(abs(points), abs(times)) <= 1:
                near.append((np.hypot(points, times), (row - judged) % len(self.rows), row))
        return [row for _, _, row in sorted(near)[: CHOSEN.controls]]


def test_the_nearest_in_health_and_volume_of_the_same_region_are_the_controls() -> None:
    rows = [
        (1, 80.0, 100.0),
        (1, 74.0, 100.0),  # too ill
        (1, 79.0, 101.0),
        (2, 80.0, 100.0),  # elsewhere
        (1, 80.0, 100.0),  # moved too
        (1, 80.0, 300.0),  # too busy
        (1, 84.0, 100.0),
    ]
    assert Portfolio(rows, [0, 4]).matched() == [[2, 6], [2, 6]]


def test_locations_that_are_all_alike_do_not_all_have_the_same_controls() -> None:
    alike = Portfolio([(0, 50.0, 10.0)] * 20, [0, 10])
    assert alike.matched() == [[1, 2, 3, 4, 5], [11, 12, 13, 14, 15]]


def test_at_most_five_are_taken() -> None:
    assert Portfolio([(0, 50.0, 10.0)] * 9, [4]).matched() == [[5, 6, 7, 8, 0]]


@pytest.mark.parametrize("unknown", [(0, np.nan, 10.0), (0, 50.0, np.nan)])
def test_without_health_or_volume_there_is_no_control(unknown: tuple[int, float, float]) -> None:
    rows = [unknown, (0, 50.0, 10.0), unknown, (0, 50.0, 10.0)]
    assert Portfolio(rows, [0, 1]).matched() == [[], [3]]


def test_where_nobody_is_left_to_compare_with_it_says_so() -> None:
    assert Portfolio([(0, 50.0, 10.0)] * 2, [0, 1]).matched() == [[], []]


def test_columns_of_another_length_are_refused() -> None:
    with pytest.raises(ImpossibleFigures, match="volume must have 2 rows, not 1"):
        controls(
            np.zeros(2, np.int64), np.zeros(2), np.zeros(1), np.zeros(0, np.int64), np.ones(2, bool)
        )


def test_a_crowd_of_equals_is_matched_without_looking_at_each() -> None:
    count, judged = 200_000, np.arange(0, 200_000, 50)
    may_be = np.ones(count, np.bool_)
    may_be[judged] = False
    found = controls(
        np.zeros(count, dtype=np.int64), np.full(count, 100.0), np.ones(count), judged, may_be
    )
    assert (found.row == judged[:, None] + np.arange(1, 6)).all()


def test_a_location_that_may_be_a_control_is_none_of_its_own() -> None:
    found = controls(
        np.zeros(2, dtype=np.int64),
        np.full(2, 80.0),
        np.ones(2),
        np.array([0, 1]),
        np.ones(2, np.bool_),
    )
    assert found.row[:, 0].tolist() == [1, 0]
    assert found.count.tolist() == [1, 1]


places = st.tuples(
    st.integers(0, 1),
    st.one_of(st.floats(0, 100), st.sampled_from([0.0, 50.0, 55.0, 100.0])),
    st.one_of(st.floats(0, 3000), st.integers(0, 60).map(float)),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(places, min_size=1, max_size=60), st.data())
def test_they_are_whom_a_search_of_everybody_finds(
    rows: list[tuple[int, float, float]], data: st.DataObject
) -> None:
    moved = data.draw(st.lists(st.sampled_from(range(len(rows))), unique=True, max_size=8))
    portfolio = Portfolio(rows, moved)
    assert portfolio.matched() == [portfolio.nearest(row) for row in moved]


def test_a_crowded_portfolio_is_matched_as_a_search_of_everybody_does() -> None:
    rng = np.random.default_rng(0)
    rows = list(
        zip(
            rng.integers(0, 3, 3000).tolist(),
            rng.beta(8, 2, 3000).__mul__(100).tolist(),
            np.rint(rng.lognormal(3, 1.2, 3000)).tolist(),
            strict=True,
        )
    )
    portfolio = Portfolio(rows, list(range(0, 3000, 100)))
    assert portfolio.matched() == [portfolio.nearest(row) for row in portfolio.moved]
