"""From what was imported to a plan: whom it places, whom it leaves out, and that it is one."""

import asyncio
from datetime import date

import pytest

from handlers.errors import Refused
from handlers.planning import publish_first_plan
from rules.parameters import Parameters
from store.customers import CsaLeaveRow, CsaRow, CustomerRow, LocationRow
from store.features import BlackoutRow, FeatureRow
from store.session import Store
from store.tables import Table
from tests.handlers.planning.planned import (
    ANA,
    NO_PILOTS,
    TODAY,
    WEEK_0,
    WEEK_1,
    WEEK_2,
    brand,
    joes,
    keep,
    publish,
    rows,
    weeks_of,
)


async def test_nothing_imported_is_refused_in_words(store: Store) -> None:
    with pytest.raises(Refused, match="Import a master sheet first"):
        await publish(store)
    assert not await rows(store, "SELECT id FROM plans")


async def test_four_columns_alone_give_a_plan_that_names_its_defaults(store: Store) -> None:
    await keep(store, *joes(3))

    published = await publish(store, parameters=Parameters())

    assert published.is_new
    assert published.placed == published.promised == 3
    assert published.first_week == published.last_week == WEEK_0
    assert published.defaults.csas_with_usual_capacity == 1
    assert published.defaults.locations_without_figures == 3
    assert published.defaults.locations_without_region == 3
    assert published.defaults.pilots_by_size_alone
    assert set((await weeks_of(store)).values()) == {WEEK_0}


async def test_a_plan_is_kept_with_its_placements_parameters_waves_and_timeline(
    store: Store,
) -> None:
    await keep(store, CsaRow(email=ANA, weekly_capacity=2), *joes(3))

    published = await publish(store)

    (plan,) = await rows(store, "SELECT * FROM plans")
    assert (plan.id, plan.made_on, plan.made_by) == (published.plan_id, TODAY, "U_LEAD")
    assert (plan.first_monday, plan.placed, plan.unplaced) == (WEEK_0, 3, 0)
    assert Parameters(**plan.parameters) == NO_PILOTS
    assert (plan.cost, plan.bound) == (published.cost, published.bound)
    placements = await rows(store, "SELECT week, locations FROM placements ORDER BY week")
    assert [tuple(row) for row in placements] == [(WEEK_0, 2), (WEEK_1, 1)]
    waves = await rows(store, "SELECT week, state FROM waves ORDER BY week")
    assert [tuple(row) for row in waves] == [(WEEK_0, "planned"), (WEEK_1, "planned")]
    (entry,) = await rows(store, "SELECT * FROM timeline")
    assert (entry.customer_id, entry.event, entry.actor) == ("joes", "promised", "U_LEAD")
    assert entry.happened_at.date() == TODAY
    assert entry.facts == {
        "plan": published.plan_id,
        "weeks": [
            {"week": "2022-01-17", "locations": 2, "ids": ["joes-00", "joes-01"]},
            {"week": "2022-01-24", "locations": 1, "ids": ["joes-02"]},
        ],
    }
    (audited,) = await rows(store, "SELECT action, subject, after FROM audit")
    assert audited.action == "plan published"
    assert audited.after == {"placed": 3, "unplaced": 0, "promised": 3, "moved": 0}


async def test_the_first_locations_by_id_take_the_first_weeks(store: Store) -> None:
    await keep(store, CsaRow(email=ANA, weekly_capacity=2), *joes(5))

    await publish(store)

    assert await weeks_of(store) == {
        "joes-00": WEEK_0,
        "joes-01": WEEK_0,
        "joes-02": WEEK_1,
        "joes-03": WEEK_1,
        "joes-04": WEEK_2,
    }


async def test_whom_moving_helps_most_goes_first_and_no_figures_count_as_the_median(
    store: Store,
) -> None:
    few = brand("few", 1, orders_28d=100, missed_orders_28d=0)
    many = brand("many", 1, orders_28d=100, missed_orders_28d=40)
    await keep(store, CsaRow(email=ANA, weekly_capacity=1), *few, *brand("unknown", 1), *many)

    published = await publish(store)

    assert await weeks_of(store) == {"many-00": WEEK_0, "unknown-00": WEEK_1, "few-00": WEEK_2}
    assert published.defaults.locations_without_figures == 1


async def test_the_same_plan_again_changes_nothing(store: Store) -> None:
    await keep(
        store,
        CsaRow(email=ANA, weekly_capacity=2),
        FeatureRow(key="loyalty", name="Loyalty"),
        *joes(7),
        *brand("bobs", 3, orders_28d=50, missed_orders_28d=5),
        *brand("fionas", 2, requires=["loyalty"]),
        *brand("gone", 2, status="offboarded"),
    )
    parameters = Parameters(pilot_weeks=1, weeks=4)
    first = await publish(store, parameters=parameters)
    before = await weeks_of(store)

    again = await publish(store, parameters=parameters)

    assert first.is_new
    assert not again.is_new
    assert (again.plan_id, again.promised, again.moves) == (first.plan_id, 0, {})
    assert again.unplaced == first.unplaced
    assert await weeks_of(store) == before
    assert len(await rows(store, "SELECT id FROM plans")) == 1
    assert len(await rows(store, "SELECT id FROM audit")) == 1


async def test_other_parameters_are_another_version_even_when_no_date_changes(store: Store) -> None:
    await keep(store, *joes(2))
    first = await publish(store)

    second = await publish(store, parameters=NO_PILOTS.model_copy(update={"move_cost": 5.0}))

    assert second.is_new
    assert second.plan_id > first.plan_id
    assert second.moves == {}


async def test_offboarded_locations_are_not_planned(store: Store) -> None:
    await keep(store, *joes(2), *brand("gone", 2, status="offboarded"))

    published = await publish(store)

    assert (published.placed, published.offboarded, published.unplaced) == (2, 2, {})
    placements = await rows(store, "SELECT DISTINCT customer_id FROM placements")
    assert [row.customer_id for row in placements] == ["joes"]


@pytest.mark.parametrize(
    "feature",
    [
        [],
        [FeatureRow(key="loyalty", name="Loyalty")],
        [FeatureRow(key="loyalty", name="Loyalty", target_release_on=date(2022, 1, 14))],
    ],
    ids=["unknown", "without a date", "overdue"],
)
async def test_a_location_waits_for_a_feature_that_has_no_date(
    store: Store, feature: list[Table]
) -> None:
    await keep(store, *feature, *joes(2, requires=["loyalty"]))

    published = await publish(store)

    assert published.unplaced == {"waiting for feature loyalty": 2}
    assert published.first_week is None
    assert not await weeks_of(store)
    (placement,) = await rows(store, "SELECT week, locations, binding FROM placements")
    assert tuple(placement) == (None, 2, "waiting for feature loyalty")


async def test_what_is_released_does_not_wait_for_what_is_not(store: Store) -> None:
    await keep(
        store,
        FeatureRow(
            key="printing",
            name="Printing",
            target_release_on=date(2022, 3, 1),
            released_on=date(2022, 1, 5),
        ),
        FeatureRow(key="loyalty", name="Loyalty", target_release_on=date(2022, 1, 25)),
        *joes(1, requires=["printing"]),
        LocationRow(id="joes-90", name="Joe", customer_id="joes", requires=["printing", "loyalty"]),
        LocationRow(id="joes-91", name="Joe", customer_id="joes", requires=["loyalty", "wine"]),
    )

    published = await publish(store)

    assert await weeks_of(store) == {"joes-00": WEEK_0, "joes-90": WEEK_2}
    assert published.unplaced == {"waiting for feature wine": 1}


async def test_leave_and_blackouts_of_any_region_close_weeks(store: Store) -> None:
    elsewhere = LocationRow(id="joes-90", name="Joe", customer_id="joes", region="uk")
    await keep(
        store,
        CsaRow(email=ANA, weekly_capacity=9),
        CsaLeaveRow(email=ANA, week=WEEK_0),
        BlackoutRow(region="uk", from_date=WEEK_1, to_date=date(2022, 1, 25)),
        *joes(2, region="us-east"),
        elsewhere,
    )

    published = await publish(store)

    assert set((await weeks_of(store)).values()) == {WEEK_2}
    assert published.defaults.csas_with_usual_capacity == 0


async def test_only_small_healthy_customers_go_in_the_pilot_weeks(store: Store) -> None:
    await keep(
        store,
        *brand("well", 1, orders_28d=400, missed_orders_28d=1),
        *brand("ill", 1, orders_28d=400, missed_orders_28d=100),
        *brand("large", 8, orders_28d=400, missed_orders_28d=1),
        *brand("unknown", 1),
    )

    await publish(store, parameters=Parameters(pilot_weeks=1))

    weeks = await weeks_of(store)
    assert [location for location, week in weeks.items() if week == WEEK_0] == ["well-00"]
    assert set(weeks.values()) == {WEEK_0, WEEK_1}


async def test_who_finds_no_week_is_kept_with_the_reason(store: Store) -> None:
    await keep(store, CsaRow(email=ANA, weekly_capacity=2), *joes(2), *brand("more", 2))

    published = await publish(store, parameters=Parameters(pilot_weeks=0, weeks=1))

    assert published.unplaced == {"capacity of the CSA": 2}
    (left,) = await rows(store, "SELECT locations, binding FROM placements WHERE week IS NULL")
    assert tuple(left) == (2, "capacity of the CSA")
    assert len(await weeks_of(store)) == 2


async def test_no_csa_gets_more_in_a_week_than_they_can_do(store: Store) -> None:
    bob = "bob@northwind.example"
    await keep(
        store,
        CsaRow(email=ANA, weekly_capacity=7),
        CsaRow(email=bob, weekly_capacity=5),
        CsaLeaveRow(email=bob, week=WEEK_1),
        *(row for n in range(12) for row in brand(f"a{n:02}", 1 + n % 9, ANA)),
        *(row for n in range(12) for row in brand(f"b{n:02}", 1 + n % 9, bob)),
    )

    published = await publish(store)

    used = await rows(
        store,
        """
        SELECT csa_email, week, count(*) AS locations
        FROM promises JOIN customers ON customers.id = promises.customer_id GROUP BY 1, 2
        """,
    )
    assert sum(row.locations for row in used) == published.placed == 102
    assert max(row.locations for row in used if row.csa_email == ANA) == 7
    assert max(row.locations for row in used if row.csa_email == bob) == 5
    assert (bob, WEEK_1) not in {(row.csa_email, row.week) for row in used}


async def test_two_who_publish_at_once_make_one_plan(store: Store) -> None:
    await keep(store, *joes(3))

    published = await asyncio.gather(publish(store), publish(store))

    assert sorted(one.is_new for one in published) == [False, True]
    assert len(await rows(store, "SELECT id FROM plans")) == 1


async def test_what_fails_after_publishing_leaves_nothing(store: Store) -> None:
    await keep(store, *joes(3))

    async def publish_and_fail() -> None:
        async with store.transaction(actor="U_LEAD") as tx:
            await publish_first_plan(tx, today=TODAY, parameters=NO_PILOTS)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await publish_and_fail()

    assert not await weeks_of(store)
    assert not await rows(store, "SELECT id FROM plans")


async def test_names_with_commas_quotes_and_lines_survive(store: Store) -> None:
    odd = 'a,"b"\n;\\N'
    location = LocationRow(id=odd, name=odd, customer_id=odd, region=odd)
    await keep(store, CustomerRow(id=odd, name=odd, csa_email=odd), location)

    await publish(store)

    assert await weeks_of(store) == {odd: WEEK_0}
    (entry,) = await rows(store, "SELECT customer_id FROM timeline")
    assert entry.customer_id == odd
