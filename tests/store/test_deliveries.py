"""Deliveries: one to a recipient, counted and proven, reached by links that open nothing else."""

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
from tests.store.parcels_given import NOW, SENDER, delivered, member, released, space
from tests.world import run


async def test_a_file_is_delivered_to_each_recipient_once(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        at = await space(tx)
        other = await space(tx, "menus")
        kept = await released(tx, at, other)
        dana, emil = (
            await member(tx, at, "dana@acme.example"),
            await member(tx, at, "e@acme.example"),
        )
        made = await tx.deliveries.make(kept.id, {dana.id: at.id}, NOW)
        again = await tx.deliveries.make(kept.id, {dana.id: other.id, emil.id: other.id}, NOW)

        assert [each.recipient_id for each in made] == [dana.id]
        assert [each.recipient_id for each in again] == [emil.id]
        assert await tx.deliveries.get(made[0].id) == made[0]
        assert await tx.deliveries.of(kept.id, dana.id) == made[0]
        assert len(await tx.deliveries.of_file(kept.id)) == 2
        [(delivery, file)] = await tx.deliveries.to(dana.id)
        assert (delivery, file.id) == (made[0], kept.id)


async def test_of_fifty_fetches_at_once_one_passes_a_limit_of_one(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        at = await space(tx)
        dana = await member(tx, at, "dana@acme.example")
        [delivery] = await delivered(tx, await released(tx, at), at, dana)
    connections = asyncio.Semaphore(10)

    async def fetch(_: int) -> bool:
        async with connections, store.transaction(actor="test") as tx:
            return await tx.deliveries.count_fetch(delivery.id, 1)

    async with asyncio.timeout(60):
        assert sum(await asyncio.gather(*map(fetch, range(50)))) == 1
    async with store.transaction(actor="test") as tx:
        assert await tx.deliveries.count_fetch(delivery.id, 2)
        assert not await tx.deliveries.count_fetch(delivery.id, 2)
        assert await tx.deliveries.count_fetch(delivery.id, None)


async def test_what_was_noted_is_the_receipt(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        at = await space(tx)
        dana, emil = (
            await member(tx, at, "dana@acme.example"),
            await member(tx, at, "e@acme.example"),
        )
        kept = await released(tx, at)
        first, second = await delivered(tx, kept, at, dana, emil)
        notes = tx.deliveries.note
        await notes(first.id, Kind.fetched, NOW, via="link", agent="Slackbot-LinkExpanding 1.0")
        await notes(first.id, Kind.opened, NOW, by=emil.id, via="link")
        await notes(first.id, Kind.refused, NOW, why=Refusal.limit_reached)
        found = await tx.deliveries.evidence([kept.id])
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
            now, notes = NOW + timedelta(hours=hours), tx.deliveries.note
            await notes(delivery.id, Kind.opened, now, by=dana.id)
            await notes(delivery.id, Kind.refused, now, by=dana.id, why=Refusal.limit_reached)
            await tx.deliveries.note_fetched(delivery.id, now)

    await asyncio.gather(*[note(0) for _ in range(20)])
    await note(48)
    async with store.reading() as reading:
        found = (await reading.deliveries.evidence([kept.id]))[delivery.id]
        assert not await reading.deliveries.was_issued(delivery.id, dana.id)
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


async def test_a_fetch_that_came_to_nothing_is_given_back_a_few_times(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        at = await space(tx)
        dana = await member(tx, at, "dana@acme.example")
        [delivery] = await delivered(tx, await released(tx, at), at, dana)
        assert not await tx.deliveries.give_back(delivery.id, most=2)
        for _ in range(2):
            assert await tx.deliveries.count_fetch(delivery.id, 1)
            assert await tx.deliveries.give_back(delivery.id, most=2)
        assert await tx.deliveries.count_fetch(delivery.id, 1)
        assert not await tx.deliveries.give_back(delivery.id, most=2)


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
            found = await reading.deliveries.evidence([kept.id])
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


async def test_a_link_leads_to_one_delivery_and_no_other_token_does(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        at = await space(tx)
        dana = await member(tx, at, "dana@acme.example")
        [delivery] = await delivered(tx, await released(tx, at), at, dana)
        tokens = [await tx.deliveries.new_link(delivery.id, SENDER) for _ in range(2)]

        for token in tokens:
            found = await tx.deliveries.by_link(token)
            assert found
            assert found.id == delivery.id
            for place, sign in enumerate(token):
                other = "A" if sign != "A" else "B"
                tampered = token[:place] + other + token[place + 1 :]
                assert await tx.deliveries.by_link(tampered) is None
        for token in ("", "\0", "\ud800", "é" * 500, tokens[0][:-1], tokens[0] + "="):
            assert await tx.deliveries.by_link(token) is None


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
