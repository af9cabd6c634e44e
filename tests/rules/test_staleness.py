"""What makes a draft stale, and what does not."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from rules.calendar import Blackout
from rules.parameters import Parameters
from rules.question import Material, Question
from rules.staleness import Changes, changes_between

TODAY = date(2022, 1, 15)
ANA, BOB = "ana@example.com", "bob@example.com"
WEEK_2 = date(2022, 1, 31)
LOCATIONS = pl.DataFrame(
    {
        "location_id": ["L1", "L2", "L3", "L4"],
        "customer_id": ["joes", "joes", "cleos", "wims"],
        "csa_email": [ANA, ANA, ANA, BOB],
        "region": ["north", "north", "south", "north"],
        "requires": ["", "", "", "wine"],
        "status": ["active"] * 4,
        "orders_28d": [100, 200, 300, 400],
        "missed_orders_28d": [1, 2, 3, 4],
        "promised": pl.Series([None] * 4, dtype=pl.Date),
        "promised_to": pl.Series([None] * 4, dtype=pl.String),
    }
)
MATERIAL = Material(
    locations=LOCATIONS, features={}, capacity={ANA: 3}, leave=[], blackouts=[], waves_run=0
)


def question(material: Material, today: date = TODAY) -> Question:
    return material.question(today, Parameters())


def where(location: str, **columns: object) -> Material:
    """The material with other facts of one location."""
    mine = pl.col("location_id") == location
    return replace(
        MATERIAL,
        locations=LOCATIONS.with_columns(
            pl.when(mine).then(pl.lit(value)).otherwise(name).alias(name)
            for name, value in columns.items()
        ),
    )


def changes(now: Material, today: date = TODAY) -> Changes:
    return changes_between(question(MATERIAL), question(now, today))


def test_nothing_changed_is_nothing() -> None:
    assert not changes(MATERIAL).is_any


@pytest.mark.parametrize(
    ("now", "customers"),
    [
        (where("L3", csa_email=BOB), ("cleos",)),
        (where("L2", status="offboarded"), ("joes",)),
        (where("L2", customer_id="cleos"), ("cleos", "joes")),
        (where("L1", requires="wine"), ("joes",)),
        (where("L1", promised=WEEK_2), ("joes",)),
        (replace(MATERIAL, features={"wine": (WEEK_2, None)}), ("wims",)),
        (replace(MATERIAL, locations=LOCATIONS.head(3)), ("wims",)),
    ],
    ids=[
        "another CSA",
        "offboarded",
        "another customer's",
        "waits",
        "promised",
        "released",
        "gone",
    ],
)
def test_customers_that_are_not_as_they_were_are_named(
    now: Material, customers: tuple[str, ...]
) -> None:
    found = changes(now)
    assert set(customers) <= set(found.customers)
    assert found.is_any


def test_who_weighs_a_little_more_is_as_before() -> None:
    assert not changes(where("L3", orders_28d=301)).is_any


def test_who_weighs_much_more_is_not() -> None:
    assert changes(where("L1", orders_28d=500, missed_orders_28d=400)).customers


def test_csas_with_another_capacity_or_leave_are_named() -> None:
    assert changes(replace(MATERIAL, capacity={ANA: 4})).csas == (ANA,)
    assert changes(replace(MATERIAL, leave=[(BOB, WEEK_2)])).csas == ()
    assert changes(replace(MATERIAL, leave=[(ANA, WEEK_2)])).csas == (ANA,)


def test_weeks_that_close_are_told_apart_from_other_changes() -> None:
    closed = Blackout("south", WEEK_2, date(2022, 2, 4), "stocktaking")
    found = changes(replace(MATERIAL, blackouts=[closed]))
    assert (found.customers, found.closed) == ((), ("cleos",))


def test_a_new_week_says_all_there_is_to_say() -> None:
    found = changes(replace(MATERIAL, capacity={ANA: 4}), date(2022, 1, 18))
    assert found == Changes(a_week_began=True)


def test_a_question_without_locations_can_be_compared() -> None:
    nobody = replace(MATERIAL, locations=LOCATIONS.clear())
    assert not changes_between(question(nobody), question(nobody)).is_any
    assert set(changes(nobody).customers) == {"cleos", "joes", "wims"}
