"""From what was imported to what is promised."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Row, text

from handlers.errors import Refused
from handlers.plan_outcome import Outcome
from handlers.planning import publish_first_plan
from rules.parameters import Parameters
from store.customers import CsaLeaveRow, CsaRow, CustomerRow, LocationRow
from store.features import BlackoutRow, FeatureRow
from store.session import Store
from store.tables import Table

TODAY = date(2022, 1, 15)
WEEK_0, WEEK_1, WEEK_2 = date(2022, 1, 17), date(2022, 1, 24), date(2022, 1, 31)
NO_PILOTS = Parameters(pilot_weeks=0)
ANA = "ana@northwind.example"


async def publish(store: Store, today: date = TODAY, parameters: Parameters = NO_PILOTS) -> Outcome:
    async with store.transaction(actor="U_LEAD") as tx:
        return await publish_first_plan(tx, today=today, parameters=parameters)


async def keep(store: Store, *rows: Table) -> None:
    async with store.transaction(actor="test") as tx:
        for row in rows:
            await tx.connection.execute(row.__table__.insert(), row.model_dump())  # type: ignore[attr-defined]  # SQLModel's own attribute


async def run(store: Store, statement: str, **values: object) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.connection.execute(text(statement), values)


async def rows(store: Store, query: str) -> Sequence[Row[Any]]:
    async with store.reading() as reading:
        return (await reading.connection.execute(text(query))).all()


async def weeks_of(store: Store) -> dict[str, date]:
    return {row.location_id: row.week for row in await rows(store, "SELECT * FROM promises")}


def joes(locations: int, csa: str = ANA, **facts: object) -> list[Table]:
    return brand("joes", locations, csa, **facts)


def brand(name: str, locations: int, csa: str = ANA, **facts: object) -> list[Table]:
    stores = [
        LocationRow.model_validate(
            {"id": f"{name}-{number:02}", "name": name, "customer_id": name, **facts}
        )
        for number in range(locations)
    ]
    return [CustomerRow(id=name, name=name.title(), csa_email=csa), *stores]


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


async def test_a_lost_capacity_moves_a_promise_with_its_reason(store: Store) -> None:
    await keep(store, CsaRow(email=ANA, weekly_capacity=2), *joes(4))
    await publish(store)
    await keep(store, CsaLeaveRow(email=ANA, week=WEEK_1))

    published = await publish(store)

    assert published.moves == {"capacity": 2}
    assert published.frozen_moves == 0
    weeks = await weeks_of(store)
    assert (weeks["joes-01"], weeks["joes-02"]) == (WEEK_0, WEEK_2)
    (move,) = await rows(store, "SELECT * FROM moves")
    assert (move.customer_id, move.from_week, move.to_week) == ("joes", WEEK_1, WEEK_2)
    assert (move.locations, move.reason, move.actor) == (2, "capacity", "U_LEAD")
    assert move.moved_on == TODAY
    (entry,) = await rows(store, "SELECT facts FROM timeline WHERE event = 'moved'")
    assert entry.facts == {
        "plan": published.plan_id,
        "moves": [
            {
                "from_week": "2022-01-24",
                "to_week": "2022-01-31",
                "reason": "capacity",
                "locations": 2,
                "ids": ["joes-02", "joes-03"],
            }
        ],
    }
    (audited,) = await rows(store, "SELECT * FROM audit WHERE action = 'promise moved'")
    assert (audited.subject, audited.actor, audited.reason) == (
        "customer joes",
        "U_LEAD",
        "capacity",
    )
    assert audited.before == {"week": "2022-01-24", "locations": 2}
    assert audited.after == {"week": "2022-01-31", "locations": 2}
    waves = await rows(store, "SELECT week FROM waves ORDER BY week")
    assert [row.week for row in waves] == [WEEK_0, WEEK_2]


async def test_a_new_blackout_moves_a_promise_with_that_reason(store: Store) -> None:
    await keep(store, *joes(2, region="uk"))
    await publish(store)
    await keep(store, BlackoutRow(region="*", from_date=WEEK_0, to_date=date(2022, 1, 20)))

    published = await publish(store)

    assert published.moves == {"blackout": 2}
    assert published.frozen_moves == 2
    assert set((await weeks_of(store)).values()) == {WEEK_1}


@pytest.mark.parametrize(
    ("target", "week"), [(date(2022, 1, 31), WEEK_2), (None, None)], ids=["later", "no date"]
)
async def test_a_feature_that_slips_moves_or_withdraws_a_promise(
    store: Store, target: date | None, week: date | None
) -> None:
    feature = FeatureRow(key="loyalty", name="Loyalty", target_release_on=date(2022, 1, 20))
    await keep(store, feature, *joes(2, requires=["loyalty"]))
    await publish(store)
    await run(store, "UPDATE features SET target_release_on = :target", target=target)

    assert (await publish(store)).moves == {"feature slipped": 2}

    (move,) = await rows(store, "SELECT from_week, to_week FROM moves")
    assert tuple(move) == (WEEK_1, week)
    assert set((await weeks_of(store)).values()) == ({week} if week else set())


async def test_an_offboarded_location_gives_its_promise_back(store: Store) -> None:
    await keep(store, *joes(2))
    await publish(store)
    await run(store, "UPDATE locations SET status = 'offboarded' WHERE id = 'joes-01'")

    published = await publish(store)

    assert published.moves == {"corrected data": 1}
    assert await weeks_of(store) == {"joes-00": WEEK_0}
    (audited,) = await rows(store, "SELECT after FROM audit WHERE action = 'promise moved'")
    assert audited.after is None


async def test_a_location_that_joins_later_moves_nobody(store: Store) -> None:
    await keep(store, CsaRow(email=ANA, weekly_capacity=2), *joes(2), *brand("bobs", 2))
    await publish(store)
    before = await weeks_of(store)
    await keep(store, LocationRow(id="bobs-90", name="Bob", customer_id="bobs", orders_28d=900))

    published = await publish(store)

    after = await weeks_of(store)
    assert published.moves == {}
    assert published.promised == 1
    assert after.pop("bobs-90") == WEEK_2
    assert after == before


async def test_a_released_feature_does_not_merge_what_was_promised_apart(store: Store) -> None:
    feature = FeatureRow(key="loyalty", name="Loyalty", target_release_on=date(2022, 1, 31))
    apart = LocationRow(id="joes-90", name="Joe", customer_id="joes", requires=["loyalty"])
    await keep(store, feature, *joes(2), apart)
    await publish(store)
    before = await weeks_of(store)
    await run(store, "UPDATE features SET released_on = :day", day=date(2022, 1, 14))

    assert (await publish(store)).moves == {}
    assert await weeks_of(store) == before


async def test_a_location_that_changed_hands_keeps_its_week(store: Store) -> None:
    await keep(store, *joes(2), *brand("bobs", 1))
    await publish(store)
    await run(store, "UPDATE locations SET customer_id = 'bobs' WHERE id = 'joes-01'")

    published = await publish(store)

    assert published.moves == {}
    owners = await rows(store, "SELECT customer_id FROM promises WHERE location_id = 'joes-01'")
    assert [row.customer_id for row in owners] == ["bobs"]


async def test_a_week_that_has_begun_is_not_planned_again(store: Store) -> None:
    await keep(store, CsaRow(email=ANA, weekly_capacity=2), *joes(3))
    await publish(store)

    published = await publish(store, today=date(2022, 1, 18))

    assert (published.begun, published.placed, published.moves) == (2, 1, {})
    assert Counter((await weeks_of(store)).values()) == {WEEK_0: 2, WEEK_1: 1}


async def test_a_shorter_horizon_breaks_no_promise(store: Store) -> None:
    await keep(store, CsaRow(email=ANA, weekly_capacity=1), *joes(3))
    await publish(store)

    published = await publish(store, parameters=Parameters(pilot_weeks=0, weeks=1))

    assert published.moves == {}
    assert published.last_week == WEEK_2


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
