"""Customers with their stores, and what a plan promises them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, text

from handlers.plan_outcome import Outcome
from handlers.planning import publish_first_plan
from rules.parameters import Parameters
from store.customers import CustomerRow, LocationRow
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
