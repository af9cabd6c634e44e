"""What is proven of deliveries: noted, counted, read from what became of messages, and never rewritten."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from rules.receipts import Grade, Kind, Refusal, UnprovenEvidence, receipt
from store.mails import Mail
from store.outbox import Message
from store.session import Store
from tests.store.parcels_given import NOW, delivered, member, released, space
from tests.world import run


async def test_what_was_noted_is_the_receipt(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        at = await space(tx)
        dana, emil = (
            await member(tx, at, "dana@acme.example"),
            await member(tx, at, "e@acme.example"),
        )
        kept = await released(tx, at)
        first, second = await delivered(tx, kept, at, dana, emil)
        notes = tx.evidence.note
        await notes(first.id, Kind.fetched, NOW, via="link", agent="Slackbot-LinkExpanding 1.0")
        await notes(first.id, Kind.opened, NOW, by=emil.id, via="link")
        await notes(first.id, Kind.refused, NOW, why=Refusal.limit_reached)
        found = await tx.evidence.of_files([kept.id])
        with pytest.raises(UnprovenEvidence):
            await notes(first.id, Kind.opened, NOW)

    said = receipt(str(dana.id), found[first.id])
    assert said.grade is Grade.fetched
    assert said.others == {str(emil.id): Grade.opened}
    assert [each.why for each in said.refusals] == [Refusal.limit_reached]
    assert found[second.id] == []


async def test_what_happens_again_is_counted_of_refusals_by_the_day(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        at = await space(tx)
        dana = await member(tx, at, "dana@acme.example")
        kept = await released(tx, at)
        [delivery] = await delivered(tx, kept, at, dana)

    async def note(hours: int) -> None:
        async with store.transaction(actor="test") as tx:
            now, notes = NOW + timedelta(hours=hours), tx.evidence.note
            await notes(delivery.id, Kind.opened, now, by=dana.id)
            await notes(delivery.id, Kind.refused, now, by=dana.id, why=Refusal.limit_reached)
            await tx.evidence.note_fetched(delivery.id, now)

    await asyncio.gather(*[note(0) for _ in range(20)])
    await note(48)
    async with store.reading() as reading:
        found = (await reading.evidence.of_files([kept.id]))[delivery.id]
        assert not await reading.evidence.was_issued(delivery.id, dana.id)
    rows = [(each.kind, each.times, each.at, each.newest_at) for each in found]
    later = NOW + timedelta(hours=48)
    assert sorted(rows) == [
        (Kind.fetched, 1, NOW, NOW),
        (Kind.fetched, 1, later, later),
        (Kind.opened, 21, NOW, later),
        (Kind.refused, 1, later, later),
        (Kind.refused, 20, NOW, NOW),
    ]
    said = receipt(str(dana.id), found)
    assert said.refused == 21
    assert said.last_refusal
    assert said.last_refusal.newest_at == later


async def test_when_they_were_told_stays_where_business_time_moves(store: Store) -> None:
    said = Message("U1", "a file", [], cause="file")
    async with store.transaction(actor="test") as tx:
        at = await space(tx)
        kept = await released(tx, at)
        ivy, ann = await member(tx, at, "ivy@acme.example"), await member(tx, at, "a@acme.example")
        slack, mailed = await delivered(tx, kept, at, ivy, ann)
        tx.say(said)
        await tx.deliveries.told([slack.id], message_id=said.id)
        mail = await tx.mails.say(Mail("a@acme.example", "A file", "…", "file"))
        await tx.deliveries.told([mailed.id], mail_id=mail)
    await run(
        store, "UPDATE outbox SET state = 'delivered', ended_at = said_at + interval '1 minute'"
    )
    await run(store, "UPDATE mails SET sent_at = made_at + interval '1 minute'")
    for days in (0, 1):
        async with store.transaction(actor="test") as tx:
            await tx.clock.set_now(NOW + timedelta(days=days))
            found = await tx.evidence.of_files([kept.id])
        assert [each.at for id_ in (slack.id, mailed.id) for each in found[id_]] == [
            NOW + timedelta(minutes=1)
        ] * 2


async def test_whether_they_were_told_is_read_from_what_became_of_the_message(
    store: Store,
) -> None:
    said, better = Message("U1", "a file", [], cause="file"), uuid4()
    async with store.transaction(actor="test") as tx:
        at = await space(tx)
        kept = await released(tx, at)
        people = [await member(tx, at, f"{name}@acme.example") for name in "abcd"]
        slack, mailed, failed, waiting = await delivered(tx, kept, at, *people)
        tx.say(said)
        await tx.deliveries.told([slack.id], message_id=said.id)
        mails = [
            await tx.mails.say(Mail(f"{name}@acme.example", "A file", "…", "file"))
            for name in "bcd"
        ]
        for delivery, mail in zip((mailed, failed, waiting), mails, strict=True):
            await tx.deliveries.told([delivery.id], mail_id=mail)

    async def grades() -> list[tuple[Grade, bool]]:
        async with store.reading() as reading:
            found = await reading.evidence.of_files([kept.id])
        receipts = [receipt("", found[each.id]) for each in (slack, mailed, failed, waiting)]
        return [(each.grade, each.is_undelivered) for each in receipts]

    assert await grades() == [(Grade.untold, False)] * 4
    await run(store, "UPDATE outbox SET state = 'failed', ended_at = now()")
    await run(store, "UPDATE mails SET sent_at = now() WHERE id = :id", id=mails[0])
    await run(
        store, "UPDATE mails SET failed_why = 'x', failed_at = now() WHERE id = :id", id=mails[1]
    )
    assert await grades() == [
        (Grade.untold, True),
        (Grade.notified, False),
        (Grade.untold, True),
        (Grade.untold, False),
    ]

    await run(store, "UPDATE outbox SET state = 'superseded', ended_at = now()")
    async with store.transaction(actor="test") as tx:
        tx.say(Message("U1", "a file, better", [], cause="file", updates=said.id, id=better))
    assert (await grades())[0] == (Grade.untold, False)
    await run(
        store, "UPDATE outbox SET state = 'delivered', ended_at = now() WHERE id = :id", id=better
    )
    assert (await grades())[0] == (Grade.notified, False)


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE delivery_evidence SET kind = 'opened'",
        "UPDATE delivery_evidence SET at = now()",
        "DELETE FROM delivery_evidence",
        "TRUNCATE delivery_evidence",
        "UPDATE file_steps SET by = 'U0'",
        "DELETE FROM file_steps",
    ],
)
async def test_the_application_cannot_rewrite_what_happened(store: Store, attempt: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with store.transaction(actor="test") as tx:
            await tx.connection.execute(text(attempt))
