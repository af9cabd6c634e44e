"""What is said of files, in Slack and by mail: it is taken, whatever was written, and says what it should."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from bot.sandbox.limits.messages import check_message
from bot.sandbox.limits.views import check_view
from handlers.files.encryption_form import encryption_form
from handlers.files.ended import REVOKED, tell_ended
from handlers.files.handing_out import hand_out
from handlers.files.parcel_told import MOST_FILES, Given, message
from handlers.files.renewing import renew_form
from handlers.files.reviewing import decline_form
from handlers.files.revoking import revoke_form
from handlers.files.taking import held, take
from handlers.files.waiting import Seen, waiting_message
from rules.clearance import Scan
from rules.file_life import State, Step, Who
from store.delivery_rows import DeliveryRow
from store.outside import Outside
from store.session import Store
from store.shared_file_rows import SharedFileRow
from store.shared_files import SharedFile
from store.space_rows import SpaceRow
from store.spaces import Space
from tests.store.parcels_given import MONTH, NOW, SENDER, member, released, space

ROUGH = "<!channel> *x* _y_ `z` " + "&<>" * 200
HOSTILE: dict[str, Any] = {
    "title": ROUGH[:150],
    "file_name": "\u202egpj.exe" + "&" * 240,
    "note": (ROUGH + "\n") * 3,
    "is_encrypted": True,
    "encryption_method": ROUGH[:300],
    "key_holder": ROUGH[:300],
    "key_reach": ROUGH[:300],
}


def given(state: State = State.released, number: int = 1, **columns: Any) -> Given:
    """A file as somebody reads of it, without a store."""
    of = SpaceRow(id=uuid4(), organisation_id=uuid4(), name="Menus", folded="menus", made_by="U1")
    values: dict[str, Any] = {
        "number": number,
        "parcel_id": uuid4(),
        "title": "Menus",
        "file_name": "menus.csv",
        "author": SENDER,
        "uploaded_by": SENDER,
        "uploaded_at": NOW,
        "classification": "customer",
        "expires_at": NOW + MONTH,
        "state": state,
        "state_since": NOW,
        "size": 5 * 10**12,
        "media_type": "text/csv",
        "sha256": "a" * 64,
        "scan": Scan.clean,
        "key": "k",
    }
    file = SharedFile(SharedFileRow(**values | columns), (Space(of, "Acme Foods"),), None)
    row = DeliveryRow(file_id=file.id, recipient_id=uuid4(), space_id=of.id, made_at=NOW)
    return Given(row, file, had=1)


def told_of(givens: Sequence[Given], head: str = "head") -> str:
    told = message("U2", givens, head=head)
    check_message({"text": told.fallback, "blocks": list(told.blocks)})
    assert "<!channel>" not in str(told.blocks)
    return str(told.blocks)


@pytest.mark.parametrize("number", [1, 2, MOST_FILES, 3 * MOST_FILES])
@pytest.mark.parametrize("head", ["head", "reminder"])
def test_slack_takes_what_recipients_are_told_whatever_was_written(number: int, head: str) -> None:
    parcel = uuid4()
    together = [given(number=each, parcel_id=parcel, **HOSTILE) for each in range(number)]
    apart = [given(number=each, **HOSTILE) for each in range(number)]
    for givens in (together, apart):
        assert "file_open" in told_of(givens, head=head)
    if number > MOST_FILES:
        assert f"And {number - MOST_FILES}" in told_of(apart)


@pytest.mark.parametrize("number", [1, MOST_FILES])
async def test_slack_takes_what_second_persons_are_asked_whatever_was_written(
    store: Store, number: int
) -> None:
    files = [given(State.in_review, each, **HOSTILE).file for each in range(number)]
    async with store.reading() as reading:
        told = await waiting_message(reading, "U3", files, files, NOW)
    check_message({"text": told.fallback, "blocks": list(told.blocks)})
    # What a button asks once more is plain text, in which nothing is markup.
    marked = [each for each in told.blocks if each["type"] != "actions"]
    assert "<!channel>" not in str(marked)
    check_view(decline_form("file_declined", files, Seen.of(files)), kind="modal")


def test_slack_takes_the_forms_of_senders_whatever_was_written() -> None:
    file = given(**HOSTILE).file
    for view in (revoke_form(file), renew_form(file, NOW, "UTC"), encryption_form(file)):
        check_view(view, kind="modal")


def test_each_state_is_told_and_only_what_can_be_had_has_a_way_to_it() -> None:
    assert "Available until" in told_of([given()])
    assert "file_open" not in told_of([given(State.superseded)])
    expired = told_of([given(State.expired)])
    assert "file_ask" in expired
    assert "It expired" in expired
    assert "file_ask" not in told_of([given(State.expired, removed_at=NOW)])


def test_a_title_that_is_the_name_of_the_file_is_said_once() -> None:
    assert told_of([given(title="menus.csv")]).count("menus.csv") == 1
    assert "menus.csv" in told_of([given()])


@pytest.fixture
async def mailing(database_url: str, store: Store) -> AsyncIterator[Store]:
    """A store that can mail people outside."""
    mailing = Store(database_url, outside=Outside("https://files.example", is_mailed=True))
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(NOW)
    yield mailing
    await mailing.close()


async def mails(store: Store) -> list[tuple[str, str, str]]:
    async with store.reading() as reading:
        rows = await reading.connection.execute(
            text("SELECT to_address, subject, text FROM mails ORDER BY made_at, to_address")
        )
        return [(row.to_address, row.subject, row.text) for row in rows]


async def test_who_is_outside_gets_one_mail_with_a_link_of_their_own_to_each_file(
    mailing: Store,
) -> None:
    async with mailing.transaction(actor=SENDER) as tx:
        menus = await space(tx, "Menus", "Acme Foods")
        for name in ("ann", "bob"):
            await member(tx, menus, f"{name}@acme.example")
        parcel = await tx.shared_files.keep_parcel(SENDER, "test", NOW)
        facts = {"size": 18, "sha256": "b" * 64, "parcel_id": parcel, "note": "Use it\nsoon."}
        rows = [
            await released(tx, menus, title=title, **facts) for title in ("Soup\r\nBcc: x", "Fish")
        ]
        files = await tx.shared_files.all_of([row.id for row in rows], for_change=True)
        [first, _] = await hand_out(tx, files, NOW)
    assert [each.email for each in first.reached.by_mail] == [
        "ann@acme.example",
        "bob@acme.example",
    ]
    (to, subject, words), (_, _, others) = await mails(mailing)
    assert to == "ann@acme.example"
    assert "\n" not in subject
    assert "Soup Bcc: x" in subject
    assert words.count("https://files.example/d/") == 2
    assert "Use it\nsoon." in words
    assert "18 bytes, available until Mon 14 Feb 2022, 12:00 UTC" in words
    links = [line for said in (words, others) for line in said.splitlines() if "/d/" in line]
    assert len(set(links)) == 4
    async with mailing.reading() as reading:
        for link in links:
            assert await reading.deliveries.by_link(link.rsplit("/", 1)[1])


async def test_a_mail_of_a_new_edition_says_so_before_it_is_opened(mailing: Store) -> None:
    async with mailing.transaction(actor=SENDER) as tx:
        menus = await space(tx, "Menus", "Acme Foods")
        await member(tx, menus, "ann@acme.example")
        facts = {"size": 1, "sha256": "c" * 64, "title": "Menus"}
        old = await released(tx, menus, **facts)
        await hand_out(tx, [await held(tx, old.id)], NOW)
        new = await released(tx, menus, supersedes=old.id, edition=2, **facts)
        await hand_out(tx, [await held(tx, new.id)], NOW)
    (_, first, words), (_, second, words_of_new) = await mails(mailing)
    assert first.endswith("sent you “Menus”")
    assert second.endswith("sent you a new edition of “Menus”")
    assert "new edition" not in words
    assert "sent you a new edition of a file for" in words_of_new


async def test_who_is_outside_is_mailed_that_a_file_was_revoked_and_why(mailing: Store) -> None:
    async with mailing.transaction(actor=SENDER) as tx:
        menus = await space(tx, "Menus", "Acme Foods")
        await member(tx, menus, "ann@acme.example")
        row = await released(tx, menus, size=1, sha256="c" * 64)
        file = await held(tx, row.id)
        await hand_out(tx, [file], NOW)
        later = NOW + timedelta(hours=1)
        why = "Wrong prices."
        file = await take(tx, file, Step.revoke, by=tx.actor, who=Who.lead, words=why, now=later)
        await tell_ended(tx, file, REVOKED, by=tx.actor, why=why)
    (_, _, _), (to, subject, words) = await mails(mailing)
    assert to == "ann@acme.example"
    assert "was revoked" in subject
    assert "Wrong prices." in words
    assert "/d/" not in words


async def test_without_pages_nobody_outside_is_mailed_a_link_to_nowhere(
    database_url: str, store: Store
) -> None:
    nowhere = Store(database_url, outside=Outside("", is_mailed=True))
    async with nowhere.transaction(actor=SENDER) as tx:
        menus = await space(tx, "Menus", "Acme Foods")
        await member(tx, menus, "ann@acme.example")
        row = await released(tx, menus, size=1, sha256="c" * 64)
        [handed] = await hand_out(tx, [await held(tx, row.id)], NOW)
    assert [each.email for each in handed.reached.by_hand] == ["ann@acme.example"]
    assert await mails(store) == []
    await nowhere.close()
