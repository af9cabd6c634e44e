"""Open in Slack, as a guest, a colleague and a stranger press it."""

import re

import pytest

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.files.opening import NOT_YOURS
from handlers.files.parcel_told import Given, message
from rules.file_life import Step, Who
from rules.receipts import Grade, Receipt, receipt
from store.session import Store
from store.shared_file_rows import SharedFileRow
from store.space_rows import RecipientRow
from tests.bot.web_browser import own, web_browser
from tests.store.parcels_given import delivered, released, space, step
from tests.world import counted


@pytest.fixture
async def gus(sandbox: Sandbox, wavepost: Wavepost) -> Person:
    """A guest of the workspace, who is of Acme."""
    return await sandbox.person("gus")


async def sent(store: Store, to: Person, *, shown_to: Person | None = None) -> SharedFileRow:
    """A file for somebody of Acme, and the message that tells of it; or another reads that message."""
    async with store.transaction(actor="test") as tx:
        at = await space(tx)
        kept = await tx.spaces.keep_recipient(at.organisation_id, person_id=to.id, name="Gus")
        await tx.spaces.add(at.id, kept.id, "U0SENDER")
        sender = (await tx.people.by_email("sue@northwind.example")) or kept
        file = await released(
            tx,
            at,
            title="<!channel> *Prices*",
            file_name="prices.csv",
            size=1_500_000,
            sha256="ab" * 32,
            media_type="text/csv",
            note="For your till.",
            uploaded_by=str(sender.id),
        )
        (made,) = await delivered(tx, file, at, kept)
        whole = await tx.shared_files.get(file.id)
        assert whole
        tx.say(message((shown_to or to).id, [Given(made, whole)]))
    return file


async def proven(store: Store, file: SharedFileRow) -> tuple[Receipt, RecipientRow]:
    async with store.reading() as reading:
        (delivery,) = await reading.deliveries.of_file(file.id)
        evidence = (await reading.evidence.of_files([file.id]))[delivery.id]
        recipient = await reading.spaces.recipient(delivery.recipient_id)
    assert recipient
    return receipt(str(recipient.id), evidence), recipient


async def test_a_guest_opens_their_file_and_goes_on_in_their_browser(
    gus: Person, wavepost: Wavepost, store: Store
) -> None:
    file = await sent(store, gus)
    await gus.press("Open")

    card = (await gus.modal.opened()).text
    for fact in ("prices.csv", "1.5 MB", "Sue Sender", "ab" * 32, "For your till."):
        assert fact in card, fact
    assert "<!channel>" in card
    assert (await proven(store, file))[0].grade is Grade.opened

    link = re.search(r"http://[^\s\"]+/portal/enter/[\w-]+", str(gus.modal.blocks))
    assert link
    await gus.press("Download in your browser")
    async with web_browser(wavepost) as browser:
        assert "Continue as <bdi>Gus</bdi>" in (await browser.get(link[0])).text
        used = await browser.post(link[0], headers=own(browser))
        assert used.headers["location"] == f"/portal/files/{file.id}"
        page = await browser.get(used.headers["location"])
    assert "*Prices*" in page.text
    assert "&lt;!channel&gt;" in page.text
    assert await counted(store, "audit WHERE action = 'refused'") == 0


async def test_who_is_no_recipient_learns_nothing_from_somebody_s_message(
    gus: Person, sandbox: Sandbox, store: Store
) -> None:
    vic = await sandbox.person("vic")
    file = await sent(store, gus, shown_to=vic)
    answer = await vic.press("Open")
    assert NOT_YOURS in answer
    assert (await proven(store, file))[0].grade <= Grade.notified


async def test_what_was_taken_back_is_told_with_nothing_to_press(gus: Person, store: Store) -> None:
    file = await sent(store, gus)
    assert await gus.sees("Open")
    async with store.transaction(actor="test") as tx:
        await step(tx, file.id, Step.revoke, Who.sender)
    await gus.press("Open")
    assert "took this file back" in (await gus.modal.opened()).text
    assert "/portal/enter/" not in str(gus.modal.blocks)
    found, _ = await proven(store, file)
    assert [str(each.why) for each in found.refusals] == ["revoked"]
    assert not found.grade.is_seen


async def test_who_was_removed_from_the_space_finds_nothing(gus: Person, store: Store) -> None:
    file = await sent(store, gus)
    assert await gus.sees("Open")
    _, recipient = await proven(store, file)
    async with store.transaction(actor="test") as tx:
        whole = await tx.shared_files.get(file.id)
        assert whole
        await tx.spaces.remove(whole.spaces[0].id, recipient.id, "U0SENDER")
    answer = await gus.press("Open")
    assert NOT_YOURS in answer
    assert [str(each.why) for each in (await proven(store, file))[0].refusals] == ["no member"]


async def test_what_was_taken_back_comes_to_no_colleague_by_somebody_s_message(
    gus: Person, sandbox: Sandbox, store: Store
) -> None:
    vic = await sandbox.person("vic")
    file = await sent(store, gus, shown_to=vic)
    assert await vic.sees("Open")
    async with store.transaction(actor="test") as tx:
        await step(tx, file.id, Step.revoke, Who.sender)
        whole = await tx.shared_files.get(file.id)
        assert whole
        (at,) = whole.spaces
        colleague = await tx.spaces.keep_recipient(at.organisation_id, person_id=vic.id, name="Vic")
        await tx.spaces.add(at.id, colleague.id, "U0SENDER")
    assert NOT_YOURS in await vic.press("Open")
    assert [str(each.why) for each in (await proven(store, file))[0].refusals] == ["revoked"]
