"""What a sender says of a file after a second person saw it: it takes as many people as before."""

from typing import Any

import pytest

from bot.sandbox.person import Person
from handlers.files.clearing import settle
from handlers.files.draft_changes import change
from handlers.files.receiving import NewFile
from handlers.files.taking import held, take
from rules.clearance import Classification, Scan
from rules.file_life import State, Step, Who
from store.shared_files import SharedFile
from tests.handlers.files.release_world import SEALED, House, messages

PERSONAL = {"classification": Classification.personal}


async def said_anew(house: House, file: SharedFile) -> SharedFile:
    """A file whose sender says that nothing is special about it, looked into and settled again."""
    plain = NewFile(
        title=file.row.title,
        author=file.row.author,
        space_ids=tuple(file.space_ids),
        classification=Classification.customer,
        expires_at=file.row.expires_at,
    )
    async with house.changing("sue") as tx:
        now = await tx.clock.now()
        await change(tx, await held(tx, file.id), plain, now)
    async with house.changing("sue") as tx:
        await tx.shared_files.change(file.id, scan=Scan.clean)
        await settle(tx, [await held(tx, file.id)], now)
    return await house.file(file.id)


@pytest.mark.parametrize(("said", "by"), [(PERSONAL, "ana"), (SEALED, "ben")])
async def test_what_was_declined_is_not_released_without_a_second_person(
    house: House, gus: Person, said: dict[str, Any], by: str
) -> None:
    [file] = await house.sent("Guests", **said)
    async with house.changing(by) as tx:
        now, found = await tx.clock.now(), await held(tx, file.id)
        who = Who.second
        await take(tx, found, Step.decline, by=house.ids[by], who=who, now=now, words="No")
    for _ in range(2):
        again = await said_anew(house, await house.file(file.id))
        assert again.state is State.in_review
        assert again.row.was_personal is (said is PERSONAL)
        async with house.changing("sue") as tx:
            again, by = await held(tx, file.id), house.ids["sue"]
            await take(tx, again, Step.take_back, by=by, who=Who.sender, now=now)
    assert await messages(gus) == []
