"""Uploads, requests to senders and mails: kept once, ended once."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.assembly import tidy
from store.access_requests import Asked, Decision
from store.mails import Mail
from store.session import Store
from tests.store.parcels_given import NOW, SENDER, delivered, file, member, released, space
from tests.world import run

LATER = NOW + timedelta(minutes=1)


async def test_a_file_has_one_upload_which_ends_once(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        kept = await file(tx, await space(tx))
        first = await tx.uploads.begin(kept.id, "s3-1", 5 * 2**40, 2**30)
        second = await tx.uploads.begin(kept.id, "s3-2", 1, 1)
        assert (second.id, second.upload_id) == (first.id, "s3-1")
        assert await tx.uploads.of_file(kept.id) == await tx.uploads.get(first.id) == first
        now = datetime.now(UTC)
        assert await tx.uploads.abandoned(now - timedelta(hours=1)) == []
        assert await tx.uploads.abandoned(now + timedelta(hours=1)) == [first]
        assert await tx.uploads.end(first.id)
        assert not await tx.uploads.end(first.id)
        assert await tx.uploads.abandoned(now + timedelta(hours=1)) == []


async def test_a_part_has_the_digest_that_was_first_said_of_it(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        kept = await file(tx, await space(tx))
        upload = await tx.uploads.begin(kept.id, "s3-1", 40, 16)
        assert await tx.uploads.keep_part(upload.id, 2, "b") == "b"
        assert await tx.uploads.keep_part(upload.id, 2, "c") == "b"
        assert await tx.uploads.keep_part(upload.id, 1, "a") == "a"
        assert await tx.uploads.digests(upload.id) == {1: "a", 2: "b"}


async def test_what_somebody_may_go_on_with_is_what_they_did_not_finish(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        at = await space(tx)
        first, done = await file(tx, at), await file(tx, at)
        upload = await tx.uploads.begin(first.id, "s3-1", 40, 16)
        await tx.uploads.end((await tx.uploads.begin(done.id, "s3-2", 40, 16)).id)
        assert await tx.uploads.unfinished(SENDER) == [upload]
        assert await tx.uploads.unfinished("U0OTHER") == []


async def test_the_same_request_is_open_once_and_decided_once(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        at = await space(tx)
        dana = await member(tx, at, "dana@acme.example")
        kept = await released(tx, at)
        [delivery] = await delivered(tx, kept, at, dana)

    async def ask(number: int) -> bool:
        async with store.transaction(actor="test") as tx:
            _, is_new = await tx.access_requests.ask(
                kept.id,
                Asked.new_link,
                NOW,
                delivery_id=delivery.id if number % 2 else None,
                recipient_id=dana.id,
            )
            return is_new

    assert sum(await asyncio.gather(*map(ask, range(8)))) == 1
    async with store.transaction(actor="test") as tx:
        requests = tx.access_requests
        stranger, is_new = await requests.ask(
            kept.id, Asked.access, LATER, email="Eve@Evil.example"
        )
        assert is_new
        assert (await requests.ask(kept.id, Asked.access, LATER, email="eve@evil.example")) == (
            stranger,
            False,
        )
        [link, access] = await requests.open_for(SENDER)
        assert (link.kind, link.delivery_id, access) == ("new link", delivery.id, stranger)
        assert await requests.open_for("U0OTHER") == []
        assert await requests.decide(link.id, SENDER, Decision.given, NOW)
        assert not await requests.decide(link.id, "U0LEAD", Decision.declined, NOW)
        decided = await requests.get(link.id, for_change=True)
        assert decided
        assert (decided.decided_by, decided.decision) == (SENDER, "given")
        _, is_new = await requests.ask(kept.id, Asked.new_link, NOW, recipient_id=dana.id)
        assert is_new, "what was decided may be asked again"


async def test_a_mail_is_kept_with_what_made_it_true(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        said = await tx.mails.say(Mail("d@a.example", "A file", "Dana,\nhere.", "file 1"))
    await run(store, "UPDATE mails SET tries = 1")
    async with store.reading() as reading:
        kept = await reading.mails.get(said)
    assert kept
    assert (kept.to_address, kept.text, kept.tries) == ("d@a.example", "Dana,\nhere.", 1)
    assert kept.sent_at is None


async def test_a_mail_that_ended_long_ago_is_forgotten_unless_it_told_of_a_delivery(
    store: Store,
) -> None:
    async with store.transaction(actor="test") as tx:
        at = await space(tx)
        dana = await member(tx, at, "dana@acme.example")
        [delivery] = await delivered(tx, await released(tx, at), at, dana)
        told, code, late, waits = [
            await tx.mails.say(Mail("dana@acme.example", words, "", "test"))
            for words in ("a file", "a code", "failed lately", "waits")
        ]
        await tx.deliveries.told([delivery.id], mail_id=told)
    await run(store, "UPDATE mails SET made_at = now() - interval '1 year'")
    for mail in (told, code):
        await run(store, "UPDATE mails SET sent_at = made_at WHERE id = :id", id=mail)
    await run(store, "UPDATE mails SET failed_why = 'x', failed_at = now() WHERE id = :id", id=late)

    await tidy(store)
    async with store.reading() as reading:
        left = [each for each in (told, code, late, waits) if await reading.mails.get(each)]
    assert left == [told, late, waits]
