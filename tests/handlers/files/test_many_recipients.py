"""A space with very many members: a press on its files is as quick as ever, and all of them are told."""

from collections import Counter

import pytest
from sqlalchemy import text

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from rules.file_life import State
from rules.roles import Kind
from store.people import PersonRow
from tests.handlers.files.release_world import SEALED, House
from tests.post_office import until

MANY = 1_000
SAID = text(
    "SELECT lane FROM outbox WHERE cause = :cause AND lane LIKE 'UMANY%' AND updates IS NULL"
)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The deadline is the one that holds in life."""
    return settings.model_copy(update={"deadline": Settings.model_fields["deadline"].default})


async def test_files_for_very_many_are_released_and_revoked_with_one_press(
    house: House, sandbox: Sandbox, wavepost: Wavepost, ben: Person
) -> None:
    assert wavepost.settings.deadline == 2
    await _many_join(house)
    [file] = await house.sent("Menus", **SEALED)
    assert await ben.sees("You decide", in_="DM")
    assert (await ben.press("Release", in_="DM")).ok
    assert (await house.file(file.id)).state is State.released
    assert await _told_once(house, "file")

    lea = await sandbox.person("lea")
    assert (await lea.command(f"/share {file.number}")).ok
    await lea.modal.opened()
    await lea.press("Revoke it", in_="modal")
    assert await lea.modal.submit(words="Wrong prices in it") is None
    assert (await house.file(file.id)).state is State.revoked
    assert await _told_once(house, "file revoked")


async def _many_join(house: House) -> None:
    people = [
        PersonRow(id=f"UMANY{number:04}", name=f"Many {number}", kind=Kind.guest)
        for number in range(MANY)
    ]
    async with house.changing() as tx:
        await tx.people.keep(people)
        for person in people:
            row = await tx.spaces.keep_recipient(
                house.space.organisation_id, person_id=person.id, name=person.name
            )
            await tx.spaces.add(house.space.id, row.id, "test")


async def _told_once(house: House, cause: str) -> bool:
    """Whether all of them are told, once each, when nothing is left to do."""

    async def is_over() -> bool:
        async with house.store.reading() as reading:
            jobs = "SELECT count(*) FROM jobs WHERE state IN ('waiting', 'running')"
            return not (await reading.connection.execute(text(jobs))).scalar_one()

    await until(is_over)
    async with house.store.reading() as reading:
        said = Counter((await reading.connection.execute(SAID, {"cause": cause})).scalars())
    return len(said) == MANY and set(said.values()) == {1}
