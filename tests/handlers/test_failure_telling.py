"""Whoever owns or follows a location hears that it failed to migrate, and by what cause."""

import pytest
from sqlalchemy import text

from handlers.digest_waves import turns
from handlers.running import start_wave, take_steps
from handlers.wave_turn import Wish
from rules import wave_life
from rules.following import News
from rules.location_life import Step, Who
from rules.roles import Kind
from store.people import PersonRow
from store.session import Store
from tests.world import ANA, FIRST_MONDAY, World

LEA, ANA_ID = "U2LEA", "U1ANA"


@pytest.fixture(autouse=True)
async def world(store: Store) -> None:
    """Ana owns Joe's, with two locations in the wave that is running."""
    world = World()
    world.csa()
    world.customer("Joe's Pizza", id="joes", weeks={FIRST_MONDAY: 2})
    await world.keep(store)
    async with store.transaction(actor=LEA) as tx:
        await tx.people.keep([PersonRow(id=ANA_ID, name="Ana", kind=Kind.member, email=ANA)])
        await start_wave(tx, FIRST_MONDAY, by=LEA, who=wave_life.Who.lead)


async def fail(store: Store, *locations: str, by: str) -> None:
    wishes = [Wish(each, Step.fail, words="Menu did not sync") for each in locations]
    async with store.transaction(actor=by) as tx:
        outcome = await take_steps(tx, FIRST_MONDAY, wishes, by=by, who=Who.csa)
        assert not outcome.refused


async def heard(store: Store) -> list[str]:
    """What Ana is to read of failures."""
    query = text("SELECT news FROM tidings WHERE person_id = :ana AND cause LIKE 'failed %'")
    async with store.reading() as reading:
        rows = (await reading.connection.execute(query, {"ana": ANA_ID})).scalars()
        news = [News.from_json(each) for kept in rows for each in kept]
    return [str(line).replace("\N{NO-BREAK SPACE}", " ") for line in turns(news, lambda id_: id_)]


async def test_the_owner_hears_of_what_a_colleague_marked_failed(store: Store) -> None:
    await fail(store, "joes-L1", "joes-L2", by=LEA)

    (line,) = await heard(store)
    assert "Locations of the wave of *Mon 17 Jan 2022* failed to migrate" in line
    assert "Menu did not sync" in line
    assert "joes" in line


async def test_nobody_is_told_what_they_marked_themselves(store: Store) -> None:
    await fail(store, "joes-L1", by=ANA_ID)

    assert await heard(store) == []
