"""Editions of a file: whoever releases them, and however many at once, one is out in the end."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

from bot.sandbox.person import Person
from handlers.files.releasing import let_out
from handlers.files.rounds import hand_out_in_rounds
from handlers.files.taking import hold
from rules.file_life import State
from store.shared_files import SharedFile
from tests.handlers.files.release_world import SEALED, House, heard_by, messages
from tests.store import parcels_given
from tests.world import counted

TRIES = 4
"""Each may be another order in which the same things happen; a hundred were well."""


async def released(house: House, *file_ids: UUID) -> None:
    """Ben lets files go out together, as his press does."""
    async with house.changing("ben") as tx:
        await hold(tx, file_ids)
        files, now = await tx.shared_files.all_of(file_ids), await tx.clock.now()
        out = await let_out(tx, files, by=house.ids["ben"], now=now)
        await hand_out_in_rounds(tx, out, by=house.ids["ben"])


async def released_in_quick_succession(house: House, *files: SharedFile) -> None:
    """Ben lets files go out one after the other, and all of it is kept before a round begins."""
    async with house.changing("ben") as tx:
        for each in files:
            await hold(tx, [each.id])
            files_now, now = await tx.shared_files.all_of([each.id]), await tx.clock.now()
            out = await let_out(tx, files_now, by=house.ids["ben"], now=now)
            await hand_out_in_rounds(tx, out, by=house.ids["ben"])


async def next_edition(house: House, title: str, of: SharedFile, **columns: Any) -> SharedFile:
    """An edition that waits for Ben."""
    said = SEALED | {"supersedes": of.id, "edition": of.row.edition + 1} | columns
    [file] = await house.sent(title, **said)
    assert file.state is State.in_review
    return file


async def states(house: House, *files: SharedFile) -> Counter[State]:
    return Counter([(await house.file(each.id)).state for each in files])


async def test_of_editions_of_the_same_one_that_are_released_at_once_one_is_out(
    house: House,
) -> None:
    for number in range(TRIES):
        [old] = await house.sent(f"Menus {number}")
        editions = [await next_edition(house, f"Menus {number} {each}", old) for each in "bce"]
        await asyncio.gather(*(released(house, each.id) for each in editions))
        stand = await states(house, old, *editions)
        assert stand == {State.released: 1, State.superseded: 3}
        numbers = [(await house.file(each.id)).row.edition for each in editions]
        assert sorted(numbers) == [2, 3, 4]


async def test_an_edition_of_an_edition_and_one_of_the_first_leave_one_out(house: House) -> None:
    for number in range(TRIES):
        [old] = await house.sent(f"Menus {number}")
        [second] = await house.sent(f"Menus {number} b", supersedes=old.id, edition=2)
        late = await next_edition(house, f"Menus {number} c", old)
        third = await next_edition(house, f"Menus {number} d", second)
        await asyncio.gather(released(house, late.id), released(house, third.id))
        assert (await states(house, old, second, late, third))[State.released] == 1


async def test_editions_that_are_released_in_one_press_are_told_of_as_one(
    house: House, gus: Person
) -> None:
    [old] = await house.sent("Menus")
    assert await heard_by(gus, "sent you a file") == 1
    both = await house.sent("First", "Second", **SEALED, supersedes=old.id, edition=2)
    await released(house, *(each.id for each in both))
    assert [await states(house, each) for each in (old, *both)] == [
        {State.superseded: 1},
        {State.superseded: 1},
        {State.released: 1},
    ]
    assert await heard_by(gus, "It takes the place of edition") == 1
    assert await counted(house.store, f"deliveries WHERE file_id = '{both[0].id}'") == 0


async def test_an_edition_that_is_replaced_before_it_came_to_anybody_is_told_of_to_nobody(
    house: House, gus: Person, sue: Person
) -> None:
    [one] = await house.sent("One")
    assert await heard_by(gus, "sent you a file") == 1
    two = await next_edition(house, "Two", one)
    three = await next_edition(house, "Three", two)
    await released_in_quick_succession(house, two, three)
    assert await heard_by(sue, "before it came to anybody") == 1
    assert await heard_by(sue, "*Three* (file 3) is released to") == 1
    assert await heard_by(gus, "It takes the place of edition 1, which you have") == 1
    said = str(await messages(gus))
    assert "did not go to you" not in said
    assert "Two" not in said
    assert await counted(house.store, f"deliveries WHERE file_id = '{two.id}'") == 0


async def test_who_is_not_sent_the_newest_edition_hears_once_that_theirs_was_replaced(
    house: House, gus: Person
) -> None:
    [one] = await house.sent("One")
    assert await heard_by(gus, "sent you a file") == 1
    async with house.changing() as tx:
        other = await parcels_given.space(tx, "Prices", "Acme Prices")
    two = await next_edition(house, "Two", one)
    [three] = await house.sent("Three", **SEALED, spaces=[other], supersedes=two.id, edition=3)
    await released_in_quick_succession(house, two, three)
    assert await heard_by(gus, "did not go to you") == 1


async def test_releases_that_take_the_place_of_what_the_other_sent_do_not_wait_for_each_other(
    house: House,
) -> None:
    for number in range(TRIES):
        one = await house.sent(f"One {number}", f"Next two {number}", **SEALED)
        two = await house.sent(f"Two {number}", f"Next one {number}", **SEALED)
        for old, newer in ((one[0], two[1]), (two[0], one[1])):
            await released(house, old.id)
            async with house.changing() as tx:
                await tx.shared_files.change(newer.id, supersedes=old.id, edition=2)
        await asyncio.gather(released(house, one[1].id), released(house, two[1].id))
        stand = await states(house, *one, *two)
        assert stand == {State.superseded: 2, State.released: 2}
