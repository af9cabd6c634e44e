"""The parameters in versions: the newest counts, none is lost, and one that cannot be used says so."""

from datetime import UTC, datetime

import pytest

from rules.parameters import Parameters
from store.parameters import UnreadableParameters
from store.session import Store
from tests.world import run_as_owner

NOW = datetime(2022, 1, 15, 9, 30, tzinfo=UTC)


async def save(store: Store, note: str = "", **changed: object) -> int:
    async with store.transaction(actor="lea") as tx:
        return await tx.parameters.save(
            Parameters.model_validate(changed), by="lea", at=NOW, note=note
        )


async def test_where_nobody_saved_any_the_defaults_count(store: Store) -> None:
    async with store.reading() as reading:
        assert await reading.parameters.current() == Parameters()
        assert await reading.parameters.newest() is None
        assert await reading.parameters.page(skip=0, most=10) == ([], 0)


async def test_the_newest_saved_count_and_all_are_kept(store: Store) -> None:
    first = await save(store, "a year is too long", weeks=26)
    second = await save(store, weeks=30, health={"green": 80.0})

    async with store.reading() as reading:
        current = await reading.parameters.current()
        assert (current.weeks, current.health.green) == (30, 80.0)
        versions, total = await reading.parameters.page(skip=0, most=1)
        assert ([version.id for version in versions], total) == ([second], 2)
        (older,), _ = await reading.parameters.page(skip=1, most=1)
        assert (older.id, older.parameters.weeks, older.note) == (first, 26, "a year is too long")
        assert (older.saved_by, older.saved_at) == ("lea", NOW)


async def test_a_parameter_that_is_newer_than_what_was_saved_has_its_default(store: Store) -> None:
    await save(store, weeks=26)
    await run_as_owner(store, "UPDATE parameter_versions SET parameters = parameters - 'health'")
    async with store.reading() as reading:
        assert await reading.parameters.current() == Parameters(weeks=26)


async def test_a_version_of_another_wavepost_says_what_cannot_be_used(store: Store) -> None:
    version = await save(store)
    await run_as_owner(
        store,
        """UPDATE parameter_versions SET parameters = parameters || '{"moon": 1, "weeks": 0}'""",
    )
    async with store.reading() as reading:
        with pytest.raises(UnreadableParameters) as told:
            await reading.parameters.current()
        newest = await reading.parameters.newest()
    assert f"Version {version} of the parameters, saved on 15 Jan 2022" in str(told.value)
    assert "(weeks, moon)" in str(told.value)
    assert "wavepost parameters reset" in str(told.value)
    assert newest
    assert newest.kept["moon"] == 1
