"""What was promised stays promised, and moves only for a reason that is kept with it."""

from collections import Counter
from datetime import date

import pytest

from rules.parameters import Parameters
from store.customers import CsaLeaveRow, CsaRow, LocationRow
from store.features import BlackoutRow, FeatureRow
from store.session import Store
from tests.handlers.planning.planned import (
    ANA,
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
from tests.world import run


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
