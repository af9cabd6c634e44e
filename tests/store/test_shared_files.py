"""Files for customers: kept whole, stepped one at a time."""

import asyncio
from datetime import date

import pytest

from rules.clearance import Encryption, Scan
from rules.file_life import LIFE, State, Step, Taken, Who
from rules.life import Outdated
from store.session import Store
from tests.store.parcels_given import NOW, SENDER, file, released, space, step


async def test_a_file_is_kept_with_all_that_was_said_of_it(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        acme, other = await space(tx), await space(tx, "menus")
        kept = await file(
            tx,
            acme,
            other,
            tags=["Pilot", "É"],
            facts={"contract": "12 §3"},
            is_encrypted=True,
            encryption_method="age",
            key_holder="Ana",
            key_reach="+49 30",
            retained_until=date(2024, 1, 1),
            most_fetches=3,
            promised_size=5 * 2**40,
        )
        await tx.shared_files.change(
            kept.id, size=2**33, sha256="ab" * 32, scan=Scan.unreadable, object_version="v1"
        )
        found = await tx.shared_files.get(kept.id)

    assert found
    assert found.row == kept.model_copy(
        update={
            "size": 2**33,
            "sha256": "ab" * 32,
            "scan": "unreadable",
            "object_version": "v1",
            "words": found.row.words,
            "tag_words": ["e", "pilot"],
        }
    )
    assert found.row.encryption == Encryption("age", "Ana", "+49 30")
    assert [each.name for each in found.spaces] == ["menus", "reports"]
    assert found.organisation_ids == {acme.organisation_id}
    assert found.standing.state is State.draft
    assert found.number >= 1
    async with store.reading() as reading:
        assert await reading.shared_files.by_number(found.number) == found
        assert await reading.shared_files.of_parcel(kept.parcel_id) == [found]
        assert await reading.shared_files.by_number(found.number + 1) is None


async def test_its_steps_replay_to_where_it_stands(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        kept = await released(tx, await space(tx))
        await step(tx, kept.id, Step.revoke, Who.lead, words="wrong prices")
        found = await tx.shared_files.get(kept.id)
        steps = await tx.shared_files.steps(kept.id)

    assert found
    assert LIFE.replay(State.draft, steps) == found.standing
    assert (found.state, found.row.released_at) == (State.revoked, NOW)
    assert found.last == steps[-1]
    assert steps[-1].words == "wrong prices"


async def test_of_many_who_step_at_the_same_version_one_wins(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        kept = await released(tx, await space(tx))
        found = await tx.shared_files.get(kept.id)
    assert found

    async def revoke(number: int) -> Outdated | None:
        standing = LIFE.take(
            found.standing,
            Taken(Step.revoke, f"U{number}", Who.lead, found.row.version, NOW, "wrong"),
        )
        try:
            async with store.transaction(actor="test") as tx:
                await tx.shared_files.take(kept.id, standing)
        except Outdated as refused:
            return refused
        return None

    async with asyncio.timeout(30):
        ends = await asyncio.gather(*map(revoke, range(15)))
    assert [each.standing.state for each in ends if each] == [State.revoked] * 14
    async with store.reading() as reading:
        steps = await reading.shared_files.steps(kept.id)
    assert [each.step for each in steps].count(Step.revoke) == 1
    assert steps[-1].by == f"U{ends.index(None)}"


async def test_the_same_bytes_are_found_in_the_same_space_only(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        acme, other = await space(tx), await space(tx, "menus")
        first = await released(tx, acme, other, sha256="aa")
        await released(tx, acme, sha256="bb")
        gone = await released(tx, acme, sha256="aa")
        await step(tx, gone.id, Step.revoke, Who.sender)
        mine = await file(tx, acme, sha256="aa")

        twins = await tx.shared_files.twins("aa", [acme.id, other.id], but=mine.id)
        assert [each.id for each in twins] == [first.id]
        assert await tx.shared_files.twins("aa", [], but=mine.id) == []


async def test_the_edition_that_was_released_is_the_successor(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        at = await space(tx)
        first = await released(tx, at)
        draft = await file(tx, at, supersedes=first.id, edition=2)
        assert await tx.shared_files.successor(first.id) is None
        second = await released(tx, at, supersedes=first.id, edition=2)
        found = await tx.shared_files.successor(first.id)
        assert found
        assert found.id == second.id

        page, total = await tx.shared_files.sent_by(SENDER, most=2)
        assert ([each.id for each in page], total) == ([second.id, draft.id], 3)


async def test_a_file_without_a_step_cannot_be_taken_anywhere(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        kept = await file(tx, await space(tx))
        found = await tx.shared_files.get(kept.id)
        assert found
        with pytest.raises(ValueError, match="no step"):
            await tx.shared_files.take(kept.id, found.standing)
