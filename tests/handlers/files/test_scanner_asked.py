"""What a virus scanner says of files, and what becomes of them while it says nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.assembly import Wavepost
from bot.embedded_s3 import EmbeddedS3
from bot.sandbox.server import Sandbox
from bot.scanner import Scanner
from bot.settings import Settings
from handlers.files.receiving import NewFile
from handlers.files.scanner_knock import knock
from rules.clearance import Scan
from rules.file_life import State
from store.files import Files
from store.session import Store
from tests.clamd import EICAR, FOUND, address, clamd_folder, running_clamd
from tests.handlers.files.sending import Sender, keys_in, sender
from tests.sheets_given import with_bucket
from tests.world import counted

AWAY = "the virus scanner does not answer"
MENUS = b"dish,price\nsoup,4\n"


@pytest.fixture
def folder() -> Iterator[Path]:
    with clamd_folder() as folder:
        yield folder


@pytest.fixture
def settings(settings: Settings, s3_server: EmbeddedS3, folder: Path) -> Settings:
    return with_bucket(settings, s3_server).model_copy(update={"scanner": address(folder)})


@pytest.fixture
async def sue(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> Sender:
    return await sender(sandbox, store)


async def test_what_the_scanner_finds_goes_no_further_and_is_not_kept(
    sue: Sender, new: NewFile, bucket: Files, store: Store, folder: Path
) -> None:
    async with running_clamd(folder):
        bad, good = await sue.sends(("menus.com", EICAR), ("menus.csv", MENUS), new=new)
        await sue.person.sees(f"The virus scanner found {FOUND} in it", in_="DM")
        released = await sue.stands(good, State.released)
    refused = await sue.stands_without_bytes(bad, bucket)
    assert (refused.row.scan, refused.row.scan_found) == (Scan.infected, FOUND)
    assert released.row.scan is Scan.clean
    assert await keys_in(bucket) == [released.row.key]
    assert await counted(store, "deliveries") == 1


async def test_while_the_scanner_is_away_nobody_gets_the_file_and_the_sender_hears_it_once(
    sue: Sender, new: NewFile, store: Store, folder: Path
) -> None:
    [sent] = await sue.sends(("menus.csv", MENUS), new=new)
    await sue.person.sees(AWAY, in_="DM")
    for _ in range(3):
        await knock(store, Scanner(address(folder)))
    assert await counted(store, "jobs WHERE kind = 'file_check_again'") == 0
    assert (await sue.file(sent)).state is State.scanning
    assert await counted(store, "deliveries") == 0
    assert (await sue.reads()).count(AWAY) == 1

    async with running_clamd(folder) as scanner:
        await knock(store, scanner)
        file = await sue.stands(sent, State.released)
    assert file.row.scan is Scan.clean
    assert await sue.person.sees("is released", in_="DM")


async def test_what_is_too_large_for_the_scanner_needs_a_second_person(
    sue: Sender, new: NewFile, folder: Path
) -> None:
    async with running_clamd(folder):
        [sent] = await sue.sends(("survey.bin", bytes(3_000_000)), new=new)
        file = await sue.stands(sent, State.in_review)
    assert file.row.scan is Scan.too_large


async def test_what_waits_goes_on_where_the_scanner_is_taken_out_of_the_settings(
    sue: Sender, new: NewFile, store: Store
) -> None:
    await sue.sends(("menus.csv", MENUS), new=new)
    await sue.person.sees(AWAY, in_="DM")
    for _ in range(2):
        await knock(store, None)
    assert await counted(store, "jobs WHERE kind = 'file_check_again'") >= 1
