"""What a published plan writes, and what it reads back."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from sqlalchemy import Row, text
from sqlalchemy.exc import ProgrammingError

from rules.groups import Priority, PriorityWeights
from rules.parameters import Parameters
from store.copying import copied_in, copied_out
from store.planning import Planning
from store.plans import PlanRow, PlanState
from store.promises import Promises, Publication
from store.session import Store

TODAY = date(2022, 1, 15)
NOW = datetime(2022, 1, 15, 9, 30, tzinfo=UTC)
WEEK_0, WEEK_1 = date(2022, 1, 17), date(2022, 1, 24)
WAITING = """
    SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE NOT granted AND datname = current_database()
"""

Dated = tuple[str, str, date | None, str | None, date | None]


def publication(dates: list[Dated], moves: list[tuple[Any, ...]] | None = None) -> Publication:
    columns = ["location_id", "customer_id", "promised", "promised_to", "week"]
    types = [pl.String, pl.String, pl.Date, pl.String, pl.Date]
    dated = pl.DataFrame(dates, schema=dict(zip(columns, types, strict=True)), orient="row")
    placements = dated.group_by("customer_id", "week").agg(
        locations=pl.len().cast(pl.Int64), binding=pl.lit("first open week")
    )
    return Publication(
        first_monday=WEEK_0,
        placements=placements.sort("customer_id", "week", nulls_last=True),
        dates=dated,
        moves=pl.DataFrame(
            moves or [],
            schema={
                "customer_id": pl.String,
                "from_week": pl.Date,
                "to_week": pl.Date,
                "reason": pl.String,
                "locations": pl.Int64,
                "ids": pl.List(pl.String),
            },
            orient="row",
        ),
    )


def plan(state: PlanState = PlanState.published) -> PlanRow:
    return PlanRow(
        state=state,
        made_on=TODAY,
        first_monday=WEEK_0,
        made_by="U_LEAD",
        parameters=Parameters().model_dump(),
        cost=2.0,
        bound=1.0,
        placed=1,
        unplaced=0,
    )


async def publish(store: Store, new: Publication) -> int:
    async with store.transaction(actor="U_LEAD") as tx:
        plan_id = await tx.plans.add(plan())
        await Promises(tx.connection).publish(plan_id, new, actor="U_LEAD", at=NOW)
        return plan_id


async def rows(store: Store, query: str) -> Sequence[Row[Any]]:
    async with store.reading() as reading:
        return (await reading.connection.execute(text(query))).all()


async def test_before_the_first_plan_none_stands(store: Store) -> None:
    async with store.transaction(actor="U_LEAD") as tx:
        assert await Promises(tx.connection).standing() is None


async def test_the_newest_published_plan_stands_as_it_was_published(store: Store) -> None:
    old = publication([("L1", "C1", None, None, WEEK_0)])
    new = publication([("L1", "C1", WEEK_0, "C1", WEEK_0), ("L2", "C1", None, None, None)])
    await publish(store, old)
    newest = await publish(store, new)

    async with store.transaction(actor="U_LEAD") as tx:
        await tx.plans.add(plan(PlanState.draft))
        standing = await Promises(tx.connection).standing()

    assert standing
    assert (standing.plan_id, standing.first_monday) == (newest, WEEK_0)
    assert standing.parameters == Parameters().model_dump()
    said = ["customer_id", "week", "locations", "binding"]
    assert standing.placements.rows() == new.placements.select(said).rows()


async def test_a_kept_promise_names_the_plan_that_made_it(store: Store) -> None:
    first = await publish(store, publication([("L1", "C1", None, None, WEEK_0)]))
    second = await publish(
        store,
        publication([("L1", "C1", WEEK_0, "C1", WEEK_0), ("L2", "C1", None, None, WEEK_1)]),
    )

    promises = await rows(store, "SELECT location_id, week, plan_id FROM promises ORDER BY 1")

    assert [tuple(row) for row in promises] == [("L1", WEEK_0, first), ("L2", WEEK_1, second)]


async def test_dates_are_changed_and_withdrawn_in_place(store: Store) -> None:
    await publish(store, publication([(f"L{n}", "C1", None, None, WEEK_0) for n in range(4)]))

    await publish(
        store,
        publication(
            [
                ("L0", "C1", WEEK_0, "C1", WEEK_0),
                ("L1", "C1", WEEK_0, "C1", WEEK_1),
                ("L2", "C2", WEEK_0, "C1", WEEK_0),
                ("L3", "C1", WEEK_0, "C1", None),
            ],
            moves=[
                ("C1", WEEK_0, WEEK_1, "capacity", 1, ["L1"]),
                ("C1", WEEK_0, None, "blackout", 1, ["L3"]),
            ],
        ),
    )

    promises = await rows(store, "SELECT location_id, customer_id, week FROM promises ORDER BY 1")
    assert [tuple(row) for row in promises] == [
        ("L0", "C1", WEEK_0),
        ("L1", "C1", WEEK_1),
        ("L2", "C2", WEEK_0),
    ]
    moves = await rows(store, "SELECT to_week, reason, moved_on, actor FROM moves ORDER BY 2")
    assert [tuple(row) for row in moves] == [
        (None, "blackout", TODAY, "U_LEAD"),
        (WEEK_1, "capacity", TODAY, "U_LEAD"),
    ]


async def test_a_wave_that_lost_its_locations_goes_unless_it_was_announced(store: Store) -> None:
    await publish(
        store,
        publication([("L1", "C1", None, None, WEEK_0), ("L2", "C1", None, None, WEEK_1)]),
    )
    async with store.transaction(actor="test") as tx:
        await tx.connection.execute(
            text("UPDATE waves SET state = 'announced' WHERE week = :week"), {"week": WEEK_0}
        )

    await publish(
        store,
        publication([("L1", "C1", WEEK_0, "C1", None), ("L2", "C1", WEEK_1, "C1", None)]),
    )

    waves = await rows(store, "SELECT week, state FROM waves")
    assert [tuple(row) for row in waves] == [(WEEK_0, "announced")]


async def test_the_timeline_has_one_entry_for_each_customer_at_business_time(store: Store) -> None:
    await publish(
        store,
        publication(
            [
                ("L1", "C1", None, None, WEEK_0),
                ("L2", "C1", None, None, WEEK_1),
                ("L3", "C2", None, None, WEEK_0),
                ("L4", "C3", None, None, None),
            ]
        ),
    )

    entries = await rows(store, "SELECT * FROM timeline ORDER BY customer_id")

    assert [(row.customer_id, row.event) for row in entries] == [
        ("C1", "promised"),
        ("C2", "promised"),
    ]
    assert {row.happened_at for row in entries} == {NOW}
    assert [len(row.facts["weeks"]) for row in entries] == [2, 1]


async def test_who_plans_waits_for_whom_plans_and_readers_do_not(store: Store) -> None:
    order: list[str] = []

    async def second() -> None:
        async with store.transaction(actor="U_2") as tx:
            await Promises(tx.connection).lock()
            order.append("second")

    async with store.transaction(actor="U_1") as tx:
        await Promises(tx.connection).lock()
        waiting = asyncio.create_task(second())
        async with asyncio.timeout(10):
            while not await rows(store, WAITING):
                pass
        assert not await rows(store, "SELECT id FROM plans")
        order.append("first")
    await waiting

    assert order == ["first", "second"]


async def test_copying_keeps_nothing_apart_from_an_empty_text(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        table = await copied_out(
            tx.connection,
            "SELECT * FROM (VALUES (NULL, 1), ('', 2), ($1, 3)) AS _ (word, number) ORDER BY 2",
            {"word": pl.String, "number": pl.Int64},
            'a,"b"\n',
        )

    assert table.rows() == [(None, 1), ("", 2), ('a,"b"\n', 3)]


async def test_what_was_copied_in_goes_with_the_transaction(store: Store) -> None:
    customer = pl.DataFrame({"id": ["C1"], "name": ["Joe"], "csa_email": ["ana@example.com"]})

    async def copy_and_fail() -> None:
        async with store.transaction(actor="test") as tx:
            await copied_in(tx.connection, "customers", customer)
            await tx.connection.execute(text("SELECT nothing"))

    with pytest.raises(ProgrammingError):
        await copy_and_fail()

    assert not await rows(store, "SELECT id FROM customers")


async def test_a_question_without_locations_is_empty(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        question = await Planning(tx.connection).question(TODAY, Parameters())

    assert question.is_empty
    assert question.problem.customers == 0


async def test_nobody_weighs_less_than_the_floor(store: Store) -> None:
    stores = 200
    async with store.transaction(actor="test") as tx:
        await tx.connection.execute(
            text("INSERT INTO customers (id, name, csa_email) VALUES ('C1', 'Joe', 'a@b.example')")
        )
        await tx.connection.execute(
            text("""
                INSERT INTO locations (id, name, customer_id, requires, orders_28d, missed_orders_28d)
                SELECT 'L' || n, 'Joe', 'C1', ARRAY['f' || n], n, n FROM generate_series(1, :n) AS n
            """),
            {"n": stores},
        )
        await tx.connection.execute(
            text("""
                INSERT INTO features (key, name, target_release_on)
                SELECT 'f' || n, 'F', date '2022-01-15' + 7 * n FROM generate_series(1, :n) AS n
            """),
            {"n": stores},
        )
        alone = PriorityWeights(benefit=1, health=0, volume=0)
        parameters = Parameters(priority=Priority(weights=alone))
        problem = (await Planning(tx.connection).question(TODAY, parameters)).problem

    assert problem.customers == stores
    assert problem.weight.min() == 1.0
    assert problem.weight.max() == pytest.approx(100 * (stores - 0.5) / stores)
