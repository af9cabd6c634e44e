"""What other parameters would do: counted against each location scored alone."""

from collections import Counter

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.activity import State
from rules.adjusting import adjusted
from rules.effects import Effects, effects
from rules.health import Colour
from rules.parameters import Parameters
from rules.scoring import Scores, scores
from tests.rules.figures_given import TODAY, sheet, sheets

USUAL = Parameters()
STRICT = adjusted(USUAL, {"health.green": "90", "health.amber": "80"})
BY_VOLUME = adjusted(
    USUAL,
    {
        "priority.weights.benefit": "0",
        "priority.weights.health": "0",
        "priority.weights.volume": "1",
    },
)
IMPATIENT = adjusted(
    USUAL, {"silence.surely_inactive_days": "2", "silence.surely_churned_days": "3"}
)
FEW = sheet(
    orders_28d=[100.0, 800.0, 400.0, 400.0],
    missed_orders_28d=[50.0, 8.0, 20.0, 20.0],
    cancelled_orders_28d=[1.0, 16.0, 4.0, 4.0],
    orders_prev_28d=[110.0, 790.0, 400.0, 400.0],
    silent=[0, 0, 0, 5],
)
OF = pl.Series(["small", "large", "middle", "middle"])


def scored(locations: pl.DataFrame, parameters: Parameters) -> Scores:
    return scores(locations, taken_on=TODAY, today=TODAY, parameters=parameters)


def changed(
    locations: pl.DataFrame,
    customers: pl.Series,
    to: Parameters,
    since: Parameters = USUAL,
) -> Effects:
    return effects(customers, scored(locations, since), scored(locations, to))


def test_the_same_parameters_change_nothing() -> None:
    same = changed(FEW, OF, USUAL)
    assert not same.changes_scores
    assert same.locations == 4
    assert same.customers == 3
    assert all(before == after for before, after in same.colours.values())


def test_limits_of_the_colours_recolour_and_move_nobody() -> None:
    strict = changed(FEW, OF, STRICT)
    assert strict.recoloured
    assert strict.moved_places == strict.new_first == strict.restated == 0
    assert strict.gains == strict.losses == ()


def test_other_weights_move_the_customers_that_gain_and_lose_most() -> None:
    by_volume = changed(FEW, OF, BY_VOLUME)
    assert by_volume.recoloured == 0
    (gain, *_), (loss, *_) = by_volume.gains, by_volume.losses
    assert (gain.customer_id, gain.place_before, gain.place_after) == ("large", 3, 1)
    assert (loss.customer_id, loss.place_before, loss.place_after) == ("small", 1, 3)
    assert gain.after - gain.before > 0 > loss.after - loss.before
    assert (by_volume.first, by_volume.new_first) == (1, 1)


def test_who_becomes_churned_is_counted_and_has_no_place() -> None:
    impatient = changed(FEW, pl.Series(["a", "b", "c", "d"]), IMPATIENT)
    assert impatient.states[State.churned] == (0, 1)
    assert impatient.states[State.active] == (4, 3)
    assert impatient.restated == 1
    assert impatient.customers == 3


def test_no_location_at_all_has_no_effect() -> None:
    nothing = changed(FEW.head(0), OF.head(0), STRICT)
    assert not nothing.changes_scores
    assert nothing.first == nothing.customers == 0


@settings(max_examples=40, deadline=None)
@given(sheets(least=1), st.sampled_from([STRICT, BY_VOLUME, IMPATIENT]), st.data())
def test_every_count_is_that_of_the_locations_one_by_one(
    locations: pl.DataFrame, to: Parameters, data: st.DataObject
) -> None:
    n = locations.height
    of = pl.Series(data.draw(st.lists(st.sampled_from("abc"), min_size=n, max_size=n)))
    found = changed(locations, of, to)

    before, after = scored(locations, USUAL), scored(locations, to)
    pairs = [(before.of(row), after.of(row)) for row in range(n)]
    assert found.recoloured == sum(a.health.colour != b.health.colour for a, b in pairs)
    assert found.restated == sum(a.activity.state != b.activity.state for a, b in pairs)
    for at in (0, 1):
        colours = Counter(pair[at].health.colour for pair in pairs)
        assert {colour: found.colours[colour][at] for colour in Colour} == {
            colour: colours[colour] for colour in Colour
        }
        states = Counter(pair[at].activity.state for pair in pairs)
        assert {state: found.states[state][at] for state in State} == {
            state: states[state] for state in State
        }
    for gain in found.gains:
        assert gain.after > gain.before
    both = {
        customer
        for customer in of
        if all(
            any(
                pair[at].priority
                for pair, other in zip(pairs, of, strict=True)
                if other == customer
            )
            for at in (0, 1)
        )
    }
    assert found.customers == len(both)
