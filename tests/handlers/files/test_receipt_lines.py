"""Receipts of a file by recipient: the least proven first, and who cannot open it any more last."""

from handlers.files.receipt_lines import lines_of, lines_of_all
from rules.receipts import Grade, Kind
from store.session import Store
from tests.store.parcels_given import NOW, SENDER, delivered, member, released, space
from tests.world import run

NAMES = ("ana", "ben", "cem", "dana")


async def test_who_is_not_known_to_have_opened_it_comes_first(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        at = await space(tx)
        kept = await released(tx, at)
        ana, ben, cem, dana = [await member(tx, at, f"{name}@acme.example") for name in NAMES]
        of_ana, of_ben, of_cem, _ = await delivered(tx, kept, at, ana, ben, cem, dana)
        await tx.evidence.note(of_ana.id, Kind.opened, NOW, by=ana.id)
        await tx.evidence.note(of_ben.id, Kind.fetched, NOW)
        await tx.evidence.note(of_ben.id, Kind.opened, NOW, by=dana.id)
        await tx.evidence.note(of_cem.id, Kind.notified, NOW)
        await tx.spaces.remove(at.id, cem.id, SENDER)

    async with store.reading() as reading:
        file = await reading.shared_files.get(kept.id)
        assert file
        lines = await lines_of(reading, file)
    assert [(line.recipient.name, line.receipt.grade) for line in lines] == [
        ("dana", Grade.untold),
        ("ben", Grade.fetched),
        ("ana", Grade.opened),
        ("cem", Grade.notified),
    ]
    assert [line.is_waited_for for line in lines] == [True, True, False, False]
    assert [(who.name, grade) for who, grade in lines[1].others] == [("dana", Grade.opened)]
    assert {line.organisation for line in lines} == {"Acme"}


async def test_a_member_of_another_of_its_spaces_can_open_it_still(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        reports, menus = await space(tx), await space(tx, "menus")
        kept = await released(tx, reports, menus)
        alone = await released(tx, reports)
        ana = await member(tx, reports, "ana@acme.example")
        await tx.spaces.add(menus.id, ana.id, SENDER)
        await delivered(tx, kept, reports, ana)
        await delivered(tx, alone, reports, ana)
        await tx.spaces.remove(reports.id, ana.id, SENDER)
        files = await tx.shared_files.all_of([kept.id, alone.id])
        lines = await lines_of_all(tx, files)
        assert [[each.is_member for each in lines[file.id]] for file in files] == [[True], [False]]

    await run(store, "UPDATE spaces SET closed_at = now() WHERE name = 'menus'")
    async with store.reading() as reading:
        assert not (await lines_of(reading, files[0]))[0].is_member


async def test_a_file_that_went_to_nobody_has_no_lines(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        kept = await released(tx, await space(tx))
        file = await tx.shared_files.get(kept.id)
        assert file
        assert await lines_of(tx, file) == []
