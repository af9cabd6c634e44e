"""Leads at work on plans, and what becomes of these."""

from datetime import date

from sqlalchemy import text

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.planning import publish_first_plan
from rules.parameters import Parameters
from store.customers import CsaLeaveRow
from store.session import Store
from tests.conftest import TODAY
from tests.world import ANA

PATIENCE = 60.0
WEEK_0, WEEK_1 = date(2022, 1, 17), date(2022, 1, 24)


async def patient(sandbox: Sandbox, name: str) -> Person:
    person = await sandbox.person(name)
    person.patience = PATIENCE
    return person


async def published(store: Store) -> int:
    async with store.transaction(actor="U_ELSE") as tx:
        done = await publish_first_plan(tx, today=TODAY, parameters=Parameters())
    return done.plan_id


async def on_leave(store: Store, week: date = WEEK_0) -> None:
    """Ana is away, so whoever was promised that week has to move."""
    async with store.transaction(actor="test") as tx:
        row = CsaLeaveRow(email=ANA, week=week)
        await tx.connection.execute(row.__table__.insert(), row.model_dump())  # type: ignore[attr-defined]  # SQLModel's own attribute


async def shown(person: Person, where: str = "DM") -> str:
    return plain("\n".join(await person.reads(where)))


def plain(said: object) -> str:
    """What was said, without what marks it up."""
    return str(said).replace("\N{NO-BREAK SPACE}", " ").replace("*", "")


async def states(store: Store) -> list[tuple[int, str]]:
    async with store.reading() as reading:
        rows = await reading.connection.execute(text("SELECT id, state FROM plans ORDER BY id"))
        return [(row.id, row.state) for row in rows]
