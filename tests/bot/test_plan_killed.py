"""Whole Waveposts, killed while they publish: the plan is published once, and told once."""

import pytest
from sqlalchemy import text

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.roles import give as give_role
from rules.roles import Role
from store.promises import Promises
from store.session import Store
from tests.post_office import PostOffice, until
from tests.replica import Replicas
from tests.world import World, counted

PATIENCE = 60.0
WAITING = """
    pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE NOT granted AND datname = current_database() AND relation = 'plans'::regclass
"""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    worker = settings.worker.model_copy(update={"lease": 1.5, "most_tries": 10})
    return settings.model_copy(update={"worker": worker})


@pytest.fixture
async def lea(sandbox: Sandbox, replicas: Replicas, store: Store) -> Person:
    """A lead, once somebody answers; Joe is imported and not planned yet."""
    lea = await sandbox.person("lea")
    lea.patience = PATIENCE

    async def listed() -> bool:
        async with store.reading() as reading:
            return await reading.people.by_email("lea@northwind.example") is not None

    async def answers() -> bool:
        return (await lea.command("/schedule help")).ok

    await until(listed)
    await until(answers)
    async with store.transaction(actor="test") as tx:
        await give_role(tx, "lea@northwind.example", Role.lead)
    world = World()
    world.csa()
    world.customer("Joe's Pizza", id="joes", unplaced=4, binding=None)
    await world.keep(store, planned=False)
    return lea


async def test_a_publication_that_is_killed_in_the_middle_happens_once(
    lea: Person, replicas: Replicas, store: Store, sandbox: Sandbox
) -> None:
    await lea.command("/wavepost plan", in_="#general")
    await lea.press("Draft a new plan", in_="#general")
    await lea.sees("Draft 1 places", in_="DM")

    async def publishes() -> bool:
        return await counted(store, WAITING) > 0

    async with store.transaction(actor="test") as tx:
        # Whoever publishes gets as far as this lock, and dies there.
        await Promises(tx.connection).lock()
        await lea.press("Publish", in_="DM")
        await until(publishes)
        await replicas.kill_both()
        assert await counted(store, "promises") == 0

    await lea.sees("Plan 1 holds now", in_="DM")
    await PostOffice(store, sandbox).all_ended()
    assert await counted(store, "plans WHERE state = 'published'") == 1
    assert await counted(store, "promises") == 4
    assert await counted(store, "audit WHERE action = 'plan published'") == 1
    assert await counted(store, "timeline WHERE event = 'promised'") == 1
    async with store.reading() as reading:
        jobs = await reading.connection.execute(
            text("SELECT state, tries > 1 AS again FROM jobs WHERE kind = 'publish plan'")
        )
        assert [tuple(job) for job in jobs] == [("done", True)]
