"""Files on their days: whose reminder is due, who expires, and whose bytes go."""

from datetime import date, timedelta

from rules.file_days import KEPT_AFTER, removed_at
from rules.file_life import Step, Who
from store.session import Store
from tests.store.parcels_given import MONTH, NOW, released, space, step


async def test_files_are_found_on_their_days(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        at = await space(tx)
        kept = await released(tx, at)
        held = await released(tx, at, is_held=True)
        retained = await released(tx, at, retained_until=date(2022, 12, 31))
        files, due_files = tx.shared_files, tx.due_files
        ends = NOW + MONTH

        assert await due_files.to_remind(ends - timedelta(days=8)) == []
        assert len(await due_files.to_remind(ends - timedelta(days=6))) == 3
        assert await due_files.to_expire(ends - timedelta(seconds=1)) == []
        assert len(await due_files.to_expire(ends)) == 3

        for each in (kept, held, retained):
            await step(tx, each.id, Step.expire, Who.wavepost, at=ends)
        assert await due_files.to_expire(ends) == []
        assert await due_files.to_remove(ends + KEPT_AFTER - timedelta(seconds=1)) == []
        assert [each.id for each in await due_files.to_remove(ends + KEPT_AFTER)] == [kept.id]

        found = await files.get(retained.id)
        assert found
        assert found.row.days
        goes_at = removed_at(found.row.days, ends)
        assert goes_at
        before = await due_files.to_remove(goes_at - timedelta(seconds=1))
        assert [each.id for each in before] == [kept.id]
        due = {each.id for each in await due_files.to_remove(goes_at)}
        assert due == {kept.id, retained.id}

        await files.change(kept.id, removed_at=goes_at, wiped_at=goes_at)
        assert [each.id for each in await due_files.to_remove(goes_at)] == [retained.id]


async def test_a_reminder_is_given_once(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        kept = await released(tx, await space(tx))
        due = NOW + MONTH - timedelta(days=7)
        assert await tx.due_files.remind(kept.id, due, NOW)
        assert not await tx.due_files.remind(kept.id, due, NOW)
        assert await tx.due_files.reminded(kept.id) == [due]


async def test_what_was_reminded_of_is_found_again_on_the_day_of_its_next_reminder(
    store: Store,
) -> None:
    async with store.transaction(actor="test") as tx:
        kept = await released(tx, await space(tx))
        ends = NOW + MONTH
        first, second = ends - timedelta(days=7), ends - timedelta(days=1)
        files = tx.due_files
        assert await files.to_remind(first - timedelta(seconds=1)) == []
        assert [each.id for each in await files.to_remind(first)] == [kept.id]
        await files.remind(kept.id, first, first)
        assert await files.to_remind(second - timedelta(seconds=1)) == []
        assert [each.id for each in await files.to_remind(second)] == [kept.id]
        await files.remind(kept.id, second, second)
        assert await files.to_remind(second + timedelta(hours=1)) == []
