"""What the doctor looks at in the database: tables, rights, the audit's sealing, the clock."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.doctor_clock import clock_finding
from bot.reasons import reason
from handlers.blocks import count
from store.files import Finding
from store.migrate import is_current
from store.rights import owner_may_seal, owns_tables
from store.seals import Seals
from store.session import Store, StoreUnavailable

SEALED_WITHIN = timedelta(minutes=5)
"""Rows are sealed each minute; those that are older than this say that something is wrong."""

A_ROLE_OF_ITS_OWN = (
    "Use a role of its own in WAVEPOST_DATABASE_URL, and the owner's only in WAVEPOST_OWNER_URL; "
    "then run wavepost migrate."
)
MAY_REWRITE = text("SELECT has_table_privilege(current_user, 'audit', 'UPDATE, DELETE')")


async def database_findings(url: str) -> list[Finding]:
    """What was found in the database at this address."""
    store = Store(url)
    try:
        async with store.reading() as reading:
            return await _look(reading.connection)
    except (StoreUnavailable, DBAPIError) as trouble:
        words = reason(trouble, url="WAVEPOST_DATABASE_URL")
        return [Finding("Wavepost cannot use it.", words or f"The database says: {trouble}.")]
    finally:
        await store.close()


async def _look(connection: AsyncConnection) -> list[Finding]:
    if not await connection.run_sync(is_current):
        return [Finding("Its tables are not those of this version.", "Run wavepost migrate.")]
    now = (await connection.execute(text("SELECT now()"))).scalar_one()
    return [
        Finding("It answers, with this version's tables."),
        await _rights(connection),
        await _sealing(connection),
        clock_finding(now),
    ]


async def _rights(connection: AsyncConnection) -> Finding:
    """Whether the application runs with lesser rights, so that it cannot rewrite the audit."""
    if await connection.run_sync(owns_tables):
        return Finding(
            "It connects as a role that owns the tables, and so can rewrite the audit.",
            A_ROLE_OF_ITS_OWN,
        )
    if (await connection.execute(MAY_REWRITE)).scalar_one():
        return Finding("It connects as a role that can rewrite the audit.", A_ROLE_OF_ITS_OWN)
    return Finding("It connects as a lesser role, which cannot rewrite the audit.")


async def _sealing(connection: AsyncConnection) -> Finding:
    """Whether the audit's rows are sealed soon after they were written."""
    if not await connection.run_sync(owner_may_seal):
        return Finding(
            "The tables' owner lacks rights on them, so the audit cannot be sealed.",
            "Run wavepost migrate, which gives them back.",
        )
    waiting = await Seals(connection).waiting()
    if waiting and datetime.now(UTC) - waiting.since > SEALED_WITHIN:
        return Finding(
            f"Not sealed yet: {count(waiting.rows, 'row')} of the audit, the oldest since "
            f"{waiting.since:%Y-%m-%d %H:%M} UTC.",
            "wavepost serve seals them each minute. Start it; where it runs, look for its words "
            "about sealing in the log.",
        )
    return Finding("The audit is sealed up to the last minutes.")
