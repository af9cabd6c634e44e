"""What becomes of a file whose bytes and whose sender say different things of its encryption."""

from dataclasses import replace
from pathlib import Path

import pytest

import tests.rules
from bot.assembly import Wavepost
from bot.embedded_s3 import EmbeddedS3
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.files.receiving import NewFile
from handlers.roles import give
from rules.clearance import Encryption
from rules.file_life import State
from rules.roles import Role
from rules.seal import Seal
from store.session import Store
from tests.handlers.files.sending import PATIENCE, Sender, sender
from tests.sheets_given import with_bucket
from tests.world import counted

MADE = Path(tests.rules.__path__[0]) / "sealed_files"
MENUS = b"dish,price\nsoup,4\n"
TOLD = Encryption("ZIP with AES-256", "Omar", "omar@northwind.example")


@pytest.fixture
def settings(settings: Settings, s3_server: EmbeddedS3) -> Settings:
    return with_bucket(settings, s3_server)


@pytest.fixture
async def sue(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> Sender:
    async with store.transaction(actor="test") as tx:
        await give(tx, "ben@northwind.example", Role.approver)
    return await sender(sandbox, store)


async def test_what_is_encrypted_is_not_released_however_its_sender_calls_it(
    sue: Sender, new: NewFile, sandbox: Sandbox, store: Store
) -> None:
    data = (MADE / "zip-aes.zip").read_bytes()
    [sent] = await sue.sends(("menu.zip", data), new=new)
    file = await sue.stands(sent, State.in_review)
    assert file.row.seal is Seal.zip
    assert await sue.person.sees(
        "is not released yet: it is a ZIP archive that is protected", in_="DM"
    )
    assert "you said that it is not encrypted" in await sue.reads()
    assert await counted(store, "deliveries") == 0

    async with await sandbox.person("ben") as ben:
        ben.patience = PATIENCE
        assert await ben.messages("DM") == []
        await sue.person.press("Say how it is encrypted", in_="DM")
        await sue.person.modal.opened()
        assert "Who has the key" in sue.person.modal.text
        assert "Send it on" in sue.person.modal.text
        facts = {"method": "AES", "holder": "Omar", "reach": "omar@northwind.example"}
        assert await sue.person.modal.submit(**facts) is None
        assert await ben.sees("Its bytes say so too: it is a ZIP archive", in_="DM")
        assert await sue.person.sees("it is encrypted, so a second person has to agree", in_="DM")
        assert "you said that it is not encrypted" not in await sue.reads()
        assert (await ben.press("Release", in_="DM")).ok
    await sue.stands(sent, State.released)


async def test_it_can_be_taken_back_from_where_it_is_told(sue: Sender, new: NewFile) -> None:
    [sent] = await sue.sends(("menu.pdf", (MADE / "stream.pdf").read_bytes()), new=new)
    assert await sue.person.sees("is an encrypted PDF", in_="DM")
    await sue.person.press("Take it back", in_="DM")
    file = await sue.stands(sent, State.draft)
    assert file.row.seal is Seal.pdf


async def test_what_is_said_to_be_encrypted_and_is_not_is_doubted_and_decided_by_another(
    sue: Sender, new: NewFile, sandbox: Sandbox
) -> None:
    said = replace(new, encryption=TOLD)
    [sent] = await sue.sends(("menus.csv", MENUS), new=said)
    file = await sue.stands(sent, State.in_review)
    assert file.row.seal is Seal.open
    assert await sue.person.sees("but I can read its bytes: is it the right file?", in_="DM")
    async with await sandbox.person("ben") as ben:
        ben.patience = PATIENCE
        assert await ben.sees("but I can read its bytes.* Is it the right file?", in_="DM")


async def test_of_what_cannot_be_told_nothing_is_said(sue: Sender, new: NewFile) -> None:
    noise = bytes(range(255, -1, -1)) * 20
    [sent] = await sue.sends(("noise.bin", noise), new=replace(new, encryption=TOLD))
    file = await sue.stands(sent, State.in_review)
    assert file.row.seal is Seal.unknown
    await sue.person.sees("a second person has to agree", in_="DM")
    assert "right file" not in await sue.reads()


async def test_an_archive_of_which_it_cannot_be_told_is_looked_at_by_another(
    sue: Sender, new: NewFile, sandbox: Sandbox
) -> None:
    broken = (MADE / "open.zip").read_bytes()[:-30]
    [sent] = await sue.sends(("menus.zip", broken), new=new)
    file = await sue.stands(sent, State.in_review)
    assert file.row.seal is Seal.unclear
    assert await sue.person.sees("I cannot see in this archive whether it is encrypted", in_="DM")
    async with await sandbox.person("ben") as ben:
        ben.patience = PATIENCE
        assert await ben.sees("its sender says that it is not", in_="DM")
        assert (await ben.press("Release", in_="DM")).ok
    await sue.stands(sent, State.released)


async def test_what_runs_is_warned_of_and_not_refused(
    sue: Sender, new: NewFile, sandbox: Sandbox
) -> None:
    [sent] = await sue.sends(("menu.pdf", b"MZ\x90\0" + bytes(300)), new=new)
    await sue.stands(sent, State.released)
    assert await sue.person.sees("menu.pdf is a program, which runs on the machine", in_="DM")
    said = replace(new, encryption=TOLD)
    [held] = await sue.sends(("setup.dat", b"MZ\x90\0" + bytes(301)), new=said)
    await sue.stands(held, State.in_review)
    async with await sandbox.person("ben") as ben:
        ben.patience = PATIENCE
        assert await ben.sees("Windows program", in_="DM")
        assert await ben.sees("It is a program, which runs on the machine", in_="DM")
