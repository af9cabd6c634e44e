"""Somebody who writes sheets and imports them, and what is kept then."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Row, text

from handlers.import_files import read_files
from handlers.importing import ImportReport, import_sheets, preview
from store.session import Store

TODAY = date(2022, 1, 15)
TRACES = ("imports", "audit", "timeline", "feature_slips")
MASTER = "location_id,customer_id,customer_name,csa_email"


async def rows(store: Store, query: str) -> Sequence[Row[Any]]:
    async with store.reading() as reading:
        return (await reading.connection.execute(text(query))).all()


async def counts(store: Store, *tables: str) -> dict[str, int]:
    found = {}
    for table in tables:
        query = f"SELECT count(*) FROM {table}"
        found[table] = (await rows(store, query))[0][0]
    return found


async def digest_of(store: Store, path: Path) -> str:
    async with store.reading() as reading:
        return (await preview(reading, read_files([path], today=TODAY), by="U_ANA")).digest()


async def bring(store: Store, *files: Path, actor: str = "U_ANA") -> ImportReport:
    async with store.transaction(actor=actor) as tx:
        return await import_sheets(tx, files, today=TODAY)


class Desk:
    """A folder in which somebody writes sheets and imports them."""

    def __init__(self, folder: Path, store: Store) -> None:
        self._folder, self._store = folder, store

    def write(self, name: str, *lines: str) -> Path:
        path = self._folder / name
        path.write_text("\n".join(lines) + "\n")
        return path

    async def bring(self, name: str, *lines: str) -> ImportReport:
        return await bring(self._store, self.write(name, *lines))
