"""Leads who bring sheets in, and what they see."""

import asyncio
from pathlib import Path

from sqlalchemy import text

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.importing import import_sheets
from store.session import Store
from tests.conftest import TODAY

PATIENCE = 60.0


async def patient(sandbox: Sandbox, name: str) -> Person:
    person = await sandbox.person(name)
    person.patience = PATIENCE
    return person


async def shown(person: Person) -> str:
    return "\n".join(await person.reads("DM"))


async def names(store: Store) -> list[str]:
    async with store.reading() as reading:
        rows = await reading.connection.execute(text("SELECT name FROM customers ORDER BY id"))
        return list(rows.scalars())


async def imported_elsewhere(store: Store, path: Path, content: bytes) -> None:
    await asyncio.to_thread(path.write_bytes, content)
    async with store.transaction(actor="Omar") as tx:
        await import_sheets(tx, [path], today=TODAY)
