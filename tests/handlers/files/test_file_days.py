"""The days of files: who is reminded, what a day that has come changes, and when bytes go for good."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.embedded_s3 import EmbeddedS3
from bot.sandbox.person import Person
from handlers.files import file_days_knock
from handlers.files.taking import held, take
from rules.file_days import KEPT_AFTER
from rules.file_life import State, Step, Who
from rules.receipts import Kind
from store.file_streams import keep_stream
from store.files import FileMissing, Files
from store.shared_files import SharedFile
from tests.handlers.files.release_world import House, heard_by, messages
from tests.world import counted


async def knocked(house: House, files: Files | None = None) -> None:
    """As three replicas do at once."""
    await asyncio.gather(*(file_days_knock.knock(house.store, files) for _ in range(3)))


async def opened(house: House, file: SharedFile, key: str) -> None:
    """Somebody proves who they are, and opens a file."""
    async with house.changing() as tx:
        recipient = await tx.spaces.recipient_of_person(house.ids[key])
        assert recipient
        delivery = await tx.deliveries.of(file.id, recipient.id)
        assert delivery
        now = await tx.clock.now()
        await tx.evidence.note(delivery.id, Kind.opened, now, by=recipient.id)


async def test_who_did_not_open_is_reminded_once_for_each_time_and_the_sender_never(
    house: House, sue: Person, gus: Person
) -> None:
    await house.joined("sue")
    first, prices = await house.sent("Menus", "Prices")
    await opened(house, prices, "gus")
    await house.on(22)
    await knocked(house)
    assert await heard_by(gus, "sent you 2 files") == 1
    assert len(await messages(gus)) == 1
    await house.on(24)
    for _ in range(2):
        await knocked(house)
    assert await heard_by(gus, "was not opened yet, and can soon be had no more") == 1
    assert "*Prices*" not in (await messages(gus))[-1]
    assert not any("not opened yet" in each for each in await messages(sue))

    await opened(house, first, "gus")
    await house.on(29)
    await knocked(house)
    assert await heard_by(gus, "not opened yet") == 1


async def test_what_was_slept_through_is_one_reminder_and_no_flood(
    house: House, gus: Person
) -> None:
    await house.sent("Menus")
    await house.on(29)
    await knocked(house)
    await knocked(house)
    assert await heard_by(gus, "not opened yet") == 1


async def test_a_file_whose_day_has_come_offers_to_ask_and_its_sender_hears_who_never_opened_it(
    house: House, sue: Person, gus: Person
) -> None:
    [file] = await house.sent("Menus")
    await house.on(31)
    for _ in range(2):
        await knocked(house)
    assert (await house.file(file.id)).state is State.expired
    assert await gus.sees("Ask for a new link", in_="DM")
    assert "file_open" not in str(await messages(gus))
    assert await heard_by(sue, "*Nobody opened it:* chef, gus.") == 1


async def menus() -> AsyncIterator[bytes]:
    yield b"menus"


async def stored(house: House, files: Files, **columns: Any) -> SharedFile:
    """A released file whose bytes are in the bucket."""
    [file] = await house.sent("Menus", **columns)
    await keep_stream(files, file.row.key, menus(), content_type="text/csv")
    return file


async def revoked(house: House, file: SharedFile) -> None:
    async with house.changing("sue") as tx:
        found, now = await held(tx, file.id), await tx.clock.now()
        by = house.ids["sue"]
        await take(tx, found, Step.revoke, by=by, who=Who.sender, now=now, words="Wrong")


async def test_bytes_go_for_good_a_month_after_the_end_and_are_audited(
    house: House, files: Files
) -> None:
    file = await stored(house, files)
    await revoked(house, file)
    await house.on(KEPT_AFTER.days - 1)
    await knocked(house, files)
    assert await files.get(file.row.key) == b"menus"
    await house.on(KEPT_AFTER.days + 1)
    await knocked(house, files)
    with pytest.raises(FileMissing):
        await files.get(file.row.key)
    assert (await house.file(file.id)).row.removed_at
    audited = await counted(house.store, "audit WHERE action = 'file: bytes removed'")
    assert audited == 1


async def test_what_is_held_or_retained_stays_whatever_day_comes(
    house: House, files: Files
) -> None:
    on_hold = await stored(house, files, is_held=True)
    day = (await house.on(0)).date()
    retained = await stored(house, files, retained_until=day + timedelta(days=90))
    for file in (on_hold, retained):
        await revoked(house, file)
    await house.on(80)
    await knocked(house, files)
    assert await files.get(retained.row.key) == b"menus"
    await house.on(400)
    await knocked(house, files)
    assert await files.get(on_hold.row.key) == b"menus"
    with pytest.raises(FileMissing):
        await files.get(retained.row.key)


async def test_a_store_that_is_away_costs_nothing_and_is_asked_again(
    house: House, files: Files
) -> None:
    file = await stored(house, files)
    await revoked(house, file)
    await house.on(40)
    away = Files(
        endpoint="http://127.0.0.1:9",
        region="us-east-1",
        bucket="none",
        access_key="x",
        secret_key="y",
    )
    await file_days_knock.knock(house.store, away)
    assert (await house.file(file.id)).row.wiped_at is None
    await knocked(house, files)
    assert (await house.file(file.id)).row.wiped_at


class Killed(BaseException):
    """The process ends here."""


class KilledOnceGone(Files):
    """The real store; whoever removes from it is killed before they can keep that they did."""

    async def remove(self, key: str) -> None:
        """Remove it, and die."""
        await super().remove(key)
        raise Killed


async def test_a_file_whose_bytes_are_gone_is_never_out_again_wherever_who_removed_them_died(
    house: House, files: Files, s3_server: EmbeddedS3, sue: Person
) -> None:
    deadly = KilledOnceGone(
        endpoint=s3_server.endpoint,
        region="us-east-1",
        bucket=files.bucket,
        access_key=s3_server.access_key,
        secret_key=s3_server.secret_key,
    )
    file = await stored(house, files)
    await house.on(31)
    await knocked(house)
    assert await sue.sees("Let them have it again", in_="DM")
    await house.on(31 + KEPT_AFTER.days + 1)
    with pytest.raises(Killed):
        await file_days_knock.knock(house.store, deadly)
    with pytest.raises(FileMissing):
        await files.get(file.row.key)
    assert "removed for good" in await sue.press("Let them have it again", in_="DM")
    stands = await house.file(file.id)
    assert (stands.state, stands.row.wiped_at) == (State.expired, None)
    # Whoever comes next does what is left to do.
    await knocked(house, files)
    assert (await house.file(file.id)).row.wiped_at
    assert await counted(house.store, "audit WHERE action = 'file: bytes removed'") == 1


async def test_a_draft_that_nobody_sends_is_dropped_after_a_month(house: House) -> None:
    [file] = await house.sent("Menus", is_encrypted=True)
    async with house.changing("sue") as tx:
        by, now = house.ids["sue"], await tx.clock.now()
        await take(tx, await held(tx, file.id), Step.take_back, by=by, who=Who.sender, now=now)
    await house.on(31)
    await knocked(house)
    assert (await house.file(file.id)).state is State.dropped
