"""Files on their way from the form of /share to who gets them, as everybody concerned sees it."""

import asyncio
from typing import Any

import pytest

from bot.assembly import Wavepost
from bot.embedded_s3 import EmbeddedS3
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.roles import give as give_role
from rules.roles import Role
from store.session import Store
from tests.handlers.files.files_given import spaces_given
from tests.sheets_given import with_bucket
from tests.world import counted, run

PATIENCE = 60.0
MENUS = ("menus.csv", b"dish,price\nsoup,4\n")
TILLS = ("tills <b>&.csv", b"till,count\n1,2\n")


@pytest.fixture
def settings(settings: Settings, s3_server: EmbeddedS3) -> Settings:
    return with_bucket(settings, s3_server)


@pytest.fixture
async def sue(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> Person:
    """Somebody who sends files, and waits as long as checking them may take on a busy machine."""
    async with store.transaction(actor="test") as tx:
        await give_role(tx, "sue@northwind.example", Role.sender)
        await give_role(tx, "ben@northwind.example", Role.approver)
    sue = await sandbox.person("sue")
    sue.patience = PATIENCE
    return sue


@pytest.fixture
async def gus(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> Person:
    """A guest, of Acme Foods."""
    gus = await sandbox.person("gus")
    gus.patience = PATIENCE
    await spaces_given(store, "Acme Foods", "Menus", "Tills", people=[(gus.id, "Gus Guest")])
    await spaces_given(store, "Acme2 Foods", "Recipes")
    return gus


async def asked(sue: Person, *files: tuple[str, bytes], **values: Any) -> None:
    """The form filled in, and the question whether to send it before her."""
    await sue.command("/share menus")
    await sue.modal.attach("Files", *files)
    assert await sue.modal.submit(**values) is None
    assert sue.modal.title == "Send this?"


async def test_before_files_go_it_is_said_what_runs_and_that_nothing_is_scanned(
    sue: Person, gus: Person
) -> None:
    await asked(sue, MENUS, ("setup.exe", b"MZ"))
    assert "setup.exe is a program, which runs on the machine" in sue.modal.text
    assert "menus.csv is" not in sue.modal.text
    assert "No virus scanner is set up here, so nobody looks for viruses in them." in sue.modal.text
    assert "Once you press Send, they are checked" in sue.modal.text


async def test_files_are_sent_once_checked_and_told_to_who_gets_them(
    sue: Person, gus: Person, store: Store
) -> None:
    await asked(sue, MENUS, TILLS, title="For Monday", note="Load these <first> & soon")
    await sue.modal.submit()
    assert "They are being checked." in sue.modal.text.replace("*", "")
    await sue.modal.close()
    assert not (await sue.modal.look()).is_open, "the form below is gone with it"

    await gus.sees("For Monday", in_="DM")
    said = "\n".join(await gus.reads("DM"))
    assert "Load these <first> & soon" in said
    assert "tills <b>&.csv" in said
    listed = await gus.command("/share")
    assert "For Monday: menus.csv" in listed
    assert await counted(store, "deliveries") == 2

    sent = await sue.command("/share sent")
    assert "Gus Guest" in sent
    await gus.press("Open", in_="DM")
    await gus.modal.opened()
    assert "Its one recipient opened it" in (await sue.command("/share sent"))


async def test_two_presses_of_send_send_once(sue: Person, gus: Person, store: Store) -> None:
    await asked(sue, MENUS)
    view = sue.modal.view
    path = f"views/{view['id']}/submit"
    await asyncio.gather(*(sue.wire.post(path, state={}) for _ in range(3)), return_exceptions=True)
    assert await counted(store, "shared_files") == 1
    assert await counted(store, "parcels") == 1


async def test_going_back_keeps_what_was_typed_and_the_files(sue: Person, gus: Person) -> None:
    await asked(sue, MENUS, title="For Monday")
    await sue.modal.close()
    assert sue.modal.title == "Deliver files"
    assert await sue.modal.submit(title="For Tuesday") is None
    assert "For Tuesday" in sue.modal.text
    assert "menus.csv" in sue.modal.text


async def test_a_space_that_is_closed_before_send_gets_nothing(
    sue: Person, gus: Person, store: Store
) -> None:
    await asked(sue, MENUS)
    await run(store, "UPDATE spaces SET closed_at = now() WHERE name = 'Menus'")
    await sue.modal.submit()
    assert "closed since you chose it" in sue.modal.text
    assert await counted(store, "shared_files") == 0


async def test_who_is_no_sender_any_more_sends_nothing(
    sue: Person, gus: Person, store: Store
) -> None:
    await asked(sue, MENUS)
    await run(store, "DELETE FROM roles WHERE holder_id = :id", id=sue.id)
    await sue.modal.submit()
    assert "sender" in sue.modal.text
    assert await counted(store, "shared_files") == 0


async def test_the_files_of_a_message_are_delivered_by_its_shortcut(
    sue: Person, gus: Person, store: Store
) -> None:
    message = await sue.says("The menus are *ready*", "#general", files=[MENUS])
    await sue.message_shortcut("Deliver this file", message, "#general")
    await sue.modal.opened()
    assert "menus.csv, 18 bytes" in sue.modal.text
    assert sue.modal.holds("note.0") == "The menus are *ready*"
    await sue.modal.fill(file_spaces=["Menus (Acme Foods)"], title="Menus")
    await sue.modal.close()
    await sue.message_shortcut("Deliver this file", message, "#general")
    assert (await sue.modal.opened()).holds("title.0") == "Menus", "as it was left"
    await sue.modal.submit()
    await sue.modal.submit()
    await gus.sees("Menus", in_="DM")

    empty = await sue.says("No file at all", "#general")
    assert "There is no file in this message" in await sue.message_shortcut(
        "file_deliver", empty, "#general"
    )


async def test_a_new_edition_takes_the_place_of_the_old_one_in_the_same_organisation(
    sue: Person, gus: Person, store: Store
) -> None:
    await asked(sue, MENUS, title="Menus")
    await sue.modal.submit()
    await sue.modal.close()
    await gus.sees("Menus", in_="DM")

    await sue.command("/share 1")
    await sue.press("New edition", in_="modal")
    assert "next edition of *file 1*" in sue.modal.text
    assert sue.modal.holds("title.0") == "Menus"
    await sue.modal.fill(file_spaces=["Recipes (Acme2 Foods)"])
    await sue.modal.attach("File", ("menus-2.csv", b"dish,price\nsoup,5\n"))
    wrong = await sue.modal.submit()
    assert wrong
    assert "went to Acme Foods" in wrong["Who gets it"]
    await sue.modal.fill(file_spaces=["Menus (Acme Foods)"])
    assert await sue.modal.submit() is None
    assert "takes the place of file 1" in sue.modal.text
    await sue.modal.submit()
    await gus.sees("menus-2.csv", in_="DM")
    listed = await gus.command("/share")
    assert "edition 2" in listed
    assert "menus.csv" not in listed


async def test_what_is_said_of_a_draft_is_changed_and_it_goes_its_way_again(
    sue: Person, gus: Person, sandbox: Sandbox, store: Store
) -> None:
    await sue.command("/share menus")
    await sue.modal.fill(file_share_sealed="Yes, before it came here")
    await sue.modal.attach("Files", MENUS)
    told = {
        "how_it_is_encrypted": "7-Zip",
        "who_has_the_key": "Sue",
        "how_to_reach_them": "555-0100",
    }
    assert await sue.modal.submit(title="Menuz", tags="pilot", **told) is None
    assert "a second person" in sue.modal.text
    await sue.modal.submit()
    await sue.modal.close()
    await sue.sees("Menuz", in_="DM")
    ben = await sandbox.person("ben")
    ben.patience = PATIENCE
    await ben.sees("Menuz", in_="DM")

    await sue.command("/share 1")
    await sue.press("Take it back", in_="modal")
    await sue.press("Change it", in_="modal")
    assert sue.modal.title == "Change a file"
    assert "menus.csv" in sue.modal.text
    assert sue.modal.holds("title.0") == "Menuz"
    assert sue.modal.holds("tags.0") == "pilot"
    await sue.modal.fill(file_share_sealed="No", title="Menus")
    assert await sue.modal.submit() is None
    await sue.modal.submit()
    await ben.sees("Menus", in_="DM")
    await ben.press("Release", in_="DM")
    await gus.sees("Menus", in_="DM")
    assert "Menuz" not in "\n".join(await gus.reads("DM"))
    assert await counted(store, "shared_files") == 1
    assert await counted(store, "audit WHERE action = 'file: changed'") == 1
    await sue.modal.close(everything=True)
    await sue.command("/share 1")
    assert "Change it" not in sue.modal.text
