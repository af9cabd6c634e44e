import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.activity import Activity, Reason, State, activities, log10_chance
from rules.figures import ImpossibleFigures
from rules.parameters import Parameters
from tests.rules.figures_given import figures

ONE_A_DAY, TWO_A_WEEK = 56.0, 16.0


def by_history(orders: float, silent: int) -> Activity:
    given = figures(silent=[silent], cadence_orders=[orders], cadence_days=[56])
    return activities(given).of(0)


@pytest.mark.parametrize(
    ("orders", "silent", "chance", "state"),
    [
        (ONE_A_DAY, 7, 0.001438, State.active),
        (ONE_A_DAY, 8, 0.000599, State.inactive),
        (TWO_A_WEEK, 29, 0.001129, State.active),
        (TWO_A_WEEK, 30, 0.000933, State.inactive),
    ],
)
def test_silence_is_judged_by_each_locations_own_pace(
    orders: float, silent: int, chance: float, state: State
) -> None:
    told = by_history(orders, silent)
    assert told.chance == pytest.approx(chance, abs=5e-7)
    assert told.state is state


def test_churned_takes_a_less_likely_silence_of_at_least_28_days() -> None:
    assert by_history(ONE_A_DAY, 27).state is State.inactive
    assert by_history(ONE_A_DAY, 28).state is State.churned
    assert by_history(TWO_A_WEEK, 41).state is State.inactive
    assert by_history(TWO_A_WEEK, 45).state is State.churned


def test_the_busiest_are_not_inactive_before_a_week() -> None:
    assert by_history(10_000, 6).state is State.active
    assert by_history(10_000, 7).state is State.inactive


@pytest.mark.parametrize(
    ("silent", "state", "reason"),
    [
        (59, State.active, Reason.as_usual),
        (60, State.inactive, Reason.long_silence),
        (179, State.inactive, Reason.long_silence),
        (180, State.churned, Reason.long_silence),
    ],
)
def test_however_rare_orders_were_a_long_silence_is_one(
    silent: int, state: State, reason: Reason
) -> None:
    told = by_history(1, silent)
    assert (told.state, told.reason) == (state, reason)


def test_without_a_history_the_sheets_own_days_show_the_pace() -> None:
    told = activities(figures(silent=[8, 8], orders_28d=[200, 2]))
    assert told.state.tolist() == [State.inactive, State.active]
    expected = (21 / 29) ** 200.5
    assert told.of(0).chance == pytest.approx(expected)


@pytest.mark.parametrize(
    ("silent", "state"),
    [(13, State.active), (14, State.inactive), (59, State.inactive), (60, State.churned)],
)
def test_without_any_pace_days_alone_decide(silent: int, state: State) -> None:
    told = activities(figures(silent=[silent])).of(0)
    assert (told.state, told.reason) == (state, Reason.from_a_snapshot)
    assert told.chance is None


def test_28_days_without_an_order_hide_the_pace_and_are_judged_by_days() -> None:
    told = activities(figures(silent=[28, 60], orders_28d=[0, 0]))
    assert told.state.tolist() == [State.inactive, State.churned]
    assert told.of(0).reason is Reason.from_a_snapshot


@pytest.mark.parametrize(
    ("signed_up", "state", "reason"),
    [
        (27, State.active, Reason.new),
        (28, State.inactive, Reason.never_ordered),
        (None, State.inactive, Reason.from_a_snapshot),
    ],
)
def test_who_never_ordered_is_new_for_four_weeks(
    signed_up: int | None, state: State, reason: Reason
) -> None:
    given = figures(silent=[None], orders_28d=[0], signed_up=[signed_up])
    told = activities(given).of(0)
    assert (told.state, told.reason) == (state, reason)


def test_who_nothing_is_known_of_is_active() -> None:
    assert activities(figures(orders_28d=[None])).of(0) == Activity(
        State.active, Reason.nothing_known, None, None
    )


def test_who_left_is_churned_whatever_it_orders() -> None:
    told = activities(figures(silent=[0], orders_28d=[900]), np.array([True])).of(0)
    assert (told.state, told.reason) == (State.churned, Reason.offboarded)


def test_days_that_a_location_was_closed_are_no_silence() -> None:
    given = figures(silent=[20], cadence_orders=[56], cadence_days=[56], closed_days=[14])
    told = activities(given).of(0)
    assert (told.state, told.silent_days) == (State.active, 6)


def test_a_chance_too_small_for_a_number_is_still_compared() -> None:
    told = activities(figures(silent=[400], cadence_orders=[1e6], cadence_days=[56]))
    assert told.of(0).chance == 0
    assert told.log10_chance[0] < -300
    assert told.of(0).state is State.churned


def test_a_customer_is_churned_when_all_are_and_inactive_when_none_is_active() -> None:
    told = activities(figures(silent=[0, 30, 30, 70, 70]))
    customer = np.array([0, 0, 1, 1, 2])
    states = told.of_customers(customer, customers=4)
    assert states.tolist() == [State.active, State.inactive, State.churned, State.churned]


def test_thresholds_are_settings() -> None:
    patient = Parameters.model_validate({"silence": {"snapshot_inactive_days": 30}})
    assert activities(figures(silent=[20]), parameters=patient).of(0).state is State.active


@given(st.floats(0, 1e6), st.floats(1, 56), st.integers(0, 400), st.integers(0, 400))
def test_a_longer_silence_is_never_likelier_nor_livelier(
    orders: float, days: float, one: int, other: int
) -> None:
    pace = {"cadence_orders": [orders] * 2, "cadence_days": [days] * 2}
    told = activities(figures(silent=sorted([one, other]), **pace))
    assert told.log10_chance[0] >= told.log10_chance[1] or np.isnan(told.log10_chance).all()
    assert told.state[0] <= told.state[1]


@given(st.integers(0, 27), st.integers(0, 5000), st.integers(0, 5000))
def test_a_busier_location_is_never_less_suspicious_when_silent(
    silent: int, one: int, other: int
) -> None:
    busier = np.array([max(one, other)], dtype=np.float64)
    quieter = np.array([min(one, other)], dtype=np.float64)
    days, silence = np.array([56.0]), np.array([float(silent)])
    assert log10_chance(busier, days, silence) <= log10_chance(quieter, days, silence)


@pytest.mark.parametrize(
    ("columns", "complaint"),
    [
        ({"orders_28d": [1, float("nan")]}, "orders_28d must be a number.*see rows 1, counted"),
        ({"orders_28d": [float("inf"), 2]}, "orders_28d must be a number.*see rows 0, counted"),
        ({"open_hours_28d": [1, -2]}, "open_hours_28d must be 0 or more: see rows 1"),
        ({"silent": [3, -2]}, "last_order_on must be on or before 2022-01-15: see rows 1"),
        (
            {"orders_28d": [5, 5], "missed_orders_28d": [6, 5]},
            "missed_orders_28d must be no more than orders_28d: see rows 0",
        ),
    ],
)
def test_figures_that_cannot_be_are_refused_with_their_rows(
    columns: dict[str, list[float]], complaint: str
) -> None:
    with pytest.raises(ImpossibleFigures, match=complaint):
        figures(**columns)


def test_an_order_of_tomorrow_is_one_of_a_zone_ahead() -> None:
    assert activities(figures(silent=[-1])).of(0).silent_days == 0


def test_flags_of_another_length_are_refused() -> None:
    with pytest.raises(ImpossibleFigures, match="offboarded must have 1 rows, not 2"):
        activities(figures(silent=[1]), np.array([True, False]))


def test_no_location_is_fine() -> None:
    told = activities(figures(orders_28d=[]))
    assert told.state.tolist() == []
    assert told.of_customers(np.zeros(0, dtype=np.int64), customers=0).tolist() == []
