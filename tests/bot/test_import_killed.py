"""Whole Waveposts, killed at random moments of imports: each is whole or absent, and told once.

`make test` runs a short form. The long one: `WAVEPOST_IMPORT_KILLS=50 make test
ARGS="-s tests/bot/test_import_killed.py"`.
"""

import asyncio
import os
import random
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import text

from bot.embedded_s3 import EmbeddedS3
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.roles import give as give_role
from rules.roles import Role
from store.people import PersonRow
from store.session import Store
from tests.post_office import PostOffice, until
from tests.replica import Replicas
from tests.sheets_given import give, master, with_bucket

KILLS = int(os.environ.get("WAVEPOST_IMPORT_KILLS", "3"))
LOCATIONS = 900
"""As many in each import, so that one takes a while to write."""

WHILE_LOOKING = 0.3
"""The share of kills that fall into the look at what an import would do."""

ONE_KILL = 60.0
"""Seconds that an import may take on a busy machine, killed once."""


@pytest.fixture
def settings(settings: Settings, s3_server: EmbeddedS3) -> Settings:
    worker = settings.worker.model_copy(update={"lease": 1.5, "most_tries": 10})
    return with_bucket(settings.model_copy(update={"worker": worker}), s3_server)


@pytest.fixture
async def lea(sandbox: Sandbox, replicas: Replicas, store: Store) -> Person:
    """A lead, once somebody answers."""
    lea = await sandbox.person("lea")
    lea.patience = ONE_KILL

    async def listed() -> bool:
        async with store.reading() as reading:
            person: PersonRow | None = await reading.people.by_email("lea@northwind.example")
        return person is not None

    await until(listed)
    async with store.transaction(actor="test") as tx:
        await give_role(tx, "lea@northwind.example", Role.lead)

    return lea


async def answered(person: Person) -> None:
    """Wait until somebody answers."""

    async def answers() -> bool:
        return (await person.command("/schedule help")).ok

    await until(answers)


def batch(number: int) -> bytes:
    """A sheet of locations that no other import brings."""
    rows = (
        f"L{number}-{at},C{number}-{at},Diner {number} {at},ana@northwind.example"
        for at in range(LOCATIONS)
    )
    return master(*rows)


async def test_killed_imports_are_whole_or_absent_and_told_once(
    lea: Person, replicas: Replicas, store: Store, sandbox: Sandbox, chance: random.Random
) -> None:
    office = PostOffice(store, sandbox)
    killed_while = Counter[str]()
    for number in range(KILLS):
        await given(lea, f"batch{number}.csv", batch(number))
        early = chance.random() < WHILE_LOOKING
        if early:
            killed_while[await kill_both(replicas, store, chance)] += 1
        await lea.sees("Nothing is imported yet", in_="DM")
        await agreed(lea, store, number)
        watching = asyncio.create_task(ended(store, number))
        if not early:
            killed_while[await kill_both(replicas, store, chance)] += 1
        seen = await watching
        whole = await counts(store, number)
        assert whole == {"imported": LOCATIONS, "noted": 1, "audited": 1}, seen
    await office.all_ended()

    every = await rows(store, "SELECT * FROM jobs ORDER BY asked_at")
    jobs = [job for job in every if job.kind == "import"]
    assert [job.state for job in jobs] == ["done"] * KILLS
    assert len(every) == 2 * KILLS
    told = await rows(
        store, "SELECT updates FROM outbox WHERE fallback LIKE '%Imported:%' AND state <> 'failed'"
    )
    assert sorted(each.updates for each in told) == sorted(job.message for job in jobs)
    shown = "\n".join(office.heard_by("lea"))
    assert shown.count(f"Imported: {LOCATIONS} locations new.") == KILLS
    again = sum(job.tries - 1 for job in every)
    print(
        f"{KILLS} imports, each with all its workers killed once; {again} jobs begun again by "
        f"another; killed while {dict(killed_while)}"
    )


async def given(lea: Person, name: str, content: bytes) -> None:
    """Give a file, as soon as one of those who replace the killed answers."""
    await answered(lea)
    await give(lea, (name, content))


async def agreed(lea: Person, store: Store, number: int) -> None:
    """Press Import until somebody has heard it."""

    async def begun() -> bool:
        if await jobs_begun(store) > number:
            return True
        await lea.press("import_yes", in_="DM")
        return await jobs_begun(store) > number

    await until(begun)


async def jobs_begun(store: Store) -> int:
    [counted] = await rows(store, "SELECT count(*) AS number FROM jobs WHERE kind = 'import'")
    return int(counted.number)


async def kill_both(replicas: Replicas, store: Store, chance: random.Random) -> str:
    """Kill both at some moment, so that it was one of them that worked; says what was done then."""
    # Any moment is one at which a process may die.
    await asyncio.sleep(chance.uniform(0, 1.5))
    [job] = await rows(store, "SELECT * FROM jobs ORDER BY asked_at DESC LIMIT 1")
    await replicas.kill_one(chance)
    await replicas.kill_one(chance)
    return f"{job.kind} {job.state}"


async def ended(store: Store, number: int) -> str:
    """Wait for the end of the newest import; what was seen of it meanwhile must be all or nothing."""
    seen: set[int] = set()
    async with asyncio.timeout(ONE_KILL):
        while True:
            seen.add((await counts(store, number))["imported"])
            assert seen <= {0, LOCATIONS}
            [job] = await rows(
                store, "SELECT state FROM jobs WHERE kind = 'import' ORDER BY asked_at DESC LIMIT 1"
            )
            if job.state in ("done", "failed"):
                return f"{job.state}, {seen}"
            await asyncio.sleep(0.01)


async def counts(store: Store, number: int) -> dict[str, int]:
    """What is there of one import."""
    [row] = await rows(
        store,
        f"""SELECT (SELECT count(*) FROM locations WHERE id LIKE 'L{number}-%') AS imported,
            (SELECT count(*) FROM imports WHERE file = 'batch{number}.csv') AS noted,
            (SELECT count(*) FROM audit WHERE subject LIKE '%batch{number}.csv') AS audited""",
    )
    return {"imported": row.imported, "noted": row.noted, "audited": row.audited}


async def rows(store: Store, query: str) -> list[Any]:
    async with store.reading() as reading:
        return list(await reading.connection.execute(text(query)))
