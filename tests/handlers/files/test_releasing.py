"""Releasing files: each recipient is told once, by the way that there is; the sender reads who it reached."""

import asyncio

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.files.encryption_form import tell_encryption
from handlers.files.taking import held
from handlers.roles import give
from handlers.roles import take as take_role
from rules.clearance import Classification, Encryption, Scan
from rules.file_life import State, Who
from rules.roles import Role
from tests.handlers.files.release_world import SEALED, House, heard_by, messages
from tests.store import parcels_given
from tests.world import counted


async def test_what_misses_nothing_is_released_and_each_is_told_once_of_the_whole_parcel(
    house: House, sue: Person, gus: Person
) -> None:
    files = await house.sent("Menus", "Prices", note="For your new tills.")
    assert [file.state for file in files] == [State.released, State.released]
    assert await heard_by(gus, "sent you 2 files for *Acme Foods · Menus*") == 1
    [told] = await messages(gus)
    assert "*Menus*" in told
    assert "*Prices*" in told
    assert "2.3 MB" in told
    assert files[0].row.sha256
    assert files[0].row.sha256 in told
    assert told.count("file_open") == 2
    assert told.count("> For your new tills.") == 1
    assert await sue.sees("files* are released to *Acme Foods · Menus*: 1")
    assert await sue.sees("Menus (file 1) and Prices (file 2)")
    # No mail is set up: the sender is told whom to tell.
    assert await sue.sees("I cannot tell chef@acme.example")
    assert await counted(house.store, "deliveries") == 4
    assert await counted(house.store, "mails") == 0


async def test_an_encrypted_file_waits_for_a_second_person_who_lets_it_out(
    house: House, sue: Person, ben: Person, gus: Person
) -> None:
    [file] = await house.sent("Menus", **SEALED)
    assert file.state is State.in_review
    assert await sue.sees("it is encrypted, so a second person has to agree")
    assert await ben.sees("wants to send a file to *Acme Foods · Menus*")
    [asked] = await messages(ben)
    assert "Release “Menus”?" in asked
    assert "It goes to Acme Foods · Menus, where 2 people are so far" in asked.replace("\\xa0", " ")
    assert await messages(gus) == []
    assert (await ben.press("Release", in_="DM")).ok
    assert (await house.file(file.id)).state is State.released
    assert await gus.sees("ZIP with AES-256", in_="DM")
    assert await sue.sees("agreed to what you sent to Acme Foods · Menus")
    assert await ben.sees("released it", in_="DM")
    assert "Nothing of it waits for you now. How it stands:" in str(await messages(ben))
    assert "file_release" not in str(await messages(ben))


async def test_a_declined_file_is_a_draft_again_and_its_sender_reads_why(
    house: House, sue: Person, ben: Person, gus: Person
) -> None:
    [file] = await house.sent("Menus", **SEALED)
    await ben.sees("Decline", in_="DM")
    await ben.press("Decline", in_="DM")
    await ben.modal.opened()
    problems = await ben.modal.submit(words=" ")
    assert problems
    assert await ben.modal.submit(words="Use the new key.") is None
    assert (await house.file(file.id)).state is State.draft
    assert await sue.sees("Use the new key.")
    assert await messages(gus) == []
    await sue.press("Change it", in_="DM")
    await sue.modal.opened()
    assert sue.modal.holds("title.0") == "Menus"
    await sue.modal.close(everything=True)
    assert "It is dropped" in await sue.press("Drop it", in_="DM")
    assert (await house.file(file.id)).state is State.dropped


async def test_of_several_declined_files_each_has_its_own_way_on(
    house: House, sue: Person, ben: Person
) -> None:
    await house.sent("Menus", "Prices", **SEALED)
    await ben.sees("Decline", in_="DM")
    await ben.press("Decline", in_="DM")
    assert await ben.modal.submit(words="Use the new key.") is None
    assert await sue.sees("Use the new key.")
    told = (await messages(sue))[-1]
    assert told.count("file_change") == told.count("file_drop") == 2
    assert "They are drafts again" in told


async def test_data_of_persons_takes_a_privacy_approver_and_no_other(
    house: House, sandbox: Sandbox, ben: Person
) -> None:
    [file] = await house.sent("Guests", classification=Classification.personal)
    ana = await sandbox.person("ana")
    assert await ana.sees("it holds data of persons", in_="DM")
    assert await messages(ben) == []
    assert (await ana.press("Release", in_="DM")).ok
    assert (await house.file(file.id)).state is State.released


async def test_what_the_scanner_found_encrypted_waits_for_its_sender_to_say_how(
    house: House, sue: Person, ben: Person
) -> None:
    [file] = await house.sent("Menus", scan=Scan.unreadable)
    assert await sue.sees("the scanner says that it is encrypted")
    assert await messages(ben) == []
    await sue.press("Say how it is encrypted", in_="DM")
    await sue.modal.opened()
    told = {"method": "GPG", "holder": "Omar", "reach": "omar@northwind.example"}
    assert await sue.modal.submit(**told) is None
    assert await ben.sees("it is encrypted, so no scanner can look into it: GPG", in_="DM")
    assert (await house.file(file.id)).row.is_encrypted
    # What was said of it before says so as well, and offers nothing that was done.
    assert await sue.sees("it is encrypted, so a second person has to agree")
    [before] = await messages(sue)
    assert "file_encryption" not in before
    assert (await ben.press("Release", in_="DM")).ok
    assert await sue.sees("agreed to what you sent")
    after, _ = await messages(sue)
    assert "released it" in after
    assert "file_take_back" not in after
    assert "not released yet" not in after


async def test_what_its_sender_was_told_of_files_that_wait_changes_as_each_goes_on(
    house: House, sue: Person, ben: Person
) -> None:
    files = await house.sent("Menus", "Prices", scan=Scan.unreadable)
    assert await sue.sees("*Prices* (file 2) is not released yet")
    await sue.press("Take it back", in_="DM")
    assert await sue.sees("took it back", in_="DM")
    [waits] = [each.id for each in files if (await house.file(each.id)).state is State.in_review]
    [told] = [each for each in await messages(sue) if "took it back" in each]
    assert told.count("is not released yet") == 1
    assert told.count("file_encryption") == told.count("file_take_back") == 1
    assert told.count(str(waits)) == 2


async def test_who_was_shown_other_answers_about_encryption_decides_nothing_by_them(
    house: House, ben: Person
) -> None:
    [file] = await house.sent("Menus", **SEALED)
    assert await ben.sees("Release", in_="DM")
    async with house.changing("sue") as tx:
        other = Encryption("GPG", "Eve", "eve@elsewhere.example")
        now = await tx.clock.now()
        await tell_encryption(tx, await held(tx, file.id), other, who=Who.sender, now=now)
    answer = await ben.press("Release", in_="DM")
    assert "how it is encrypted, so nothing was changed. Look at it again" in str(answer)
    file = await house.file(file.id)
    assert (file.state, file.row.key_holder) == (State.in_review, "Eve")


async def test_of_two_second_persons_who_press_at_once_one_releases_and_all_are_told_once(
    house: House, sandbox: Sandbox, ben: Person, gus: Person
) -> None:
    async with house.changing() as tx:
        await give(tx, "ada@northwind.example", Role.approver)
    await house.sent("Menus", **SEALED)
    ada = await sandbox.person("ada")
    for each in (ada, ben):
        assert await each.sees("Release", in_="DM")
    answers = await asyncio.gather(ada.press("Release", in_="DM"), ben.press("Release", in_="DM"))
    assert await heard_by(gus, "sent you a file") == 1
    refused = [str(each) for each in answers if "released it" in str(each)]
    assert len(refused) == 1
    assert "nothing was changed" in refused[0]
    assert await counted(house.store, "deliveries") == 2


async def test_nobody_lets_out_what_they_wrote_whatever_their_role(
    house: House, sandbox: Sandbox, ben: Person
) -> None:
    async with house.changing() as tx:
        await give(tx, "ada@northwind.example", Role.approver)
    [file] = await house.sent("Menus", author=house.ids["ben"], **SEALED)
    ada = await sandbox.person("ada")
    assert await ada.sees("Release", in_="DM")
    assert await messages(ben) == []
    assert (await ben.command(f"/share {file.number}")).ok
    await ben.modal.opened()
    assert "Release" not in ben.modal.text.split("\n")


async def test_who_is_in_two_spaces_gets_one_delivery_and_one_message(
    house: House, gus: Person
) -> None:
    async with house.changing() as tx:
        tills = await parcels_given.space(tx, "Tills", "Acme Foods")
    await house.joined("gus", tills)
    await house.sent("Menus", spaces=[house.space, tills])
    assert await heard_by(gus, "sent you a file") == 1
    assert await counted(house.store, "deliveries") == 2


async def test_who_is_deactivated_in_slack_is_not_told_and_the_sender_reads_so(
    house: House, sue: Person, gus: Person
) -> None:
    await house.joined("dan")
    await house.sent("Menus")
    assert await sue.sees("Not told, because deactivated in Slack: dan.")
    assert await heard_by(gus, "sent you a file") == 1
    async with house.store.reading() as reading:
        assert await reading.undelivered(days=9, most=9) == ([], 0)


async def test_a_new_edition_takes_the_place_of_the_old_and_who_had_that_hears_it_once(
    house: House, gus: Person, sue: Person
) -> None:
    [old] = await house.sent("Menus")
    assert await heard_by(gus, "sent you a file") == 1
    await house.sent("Menus", supersedes=old.id, edition=2)
    assert (await house.file(old.id)).state is State.superseded
    assert await gus.sees("It takes the place of edition 1, which you have.", in_="DM")
    # The first message says so too, and has no way to open the old one any more.
    assert await gus.sees("A newer edition took its place.", in_="DM")
    told = await messages(gus)
    assert len(told) == 2
    assert "file_open" not in told[0]
    assert "file_open" in told[1]


async def test_of_two_editions_made_of_the_same_one_the_later_released_counts(house: House) -> None:
    [old] = await house.sent("Menus")
    [second] = await house.sent("Menus", supersedes=old.id, edition=2)
    [third] = await house.sent("Menus", supersedes=old.id, edition=2)
    states = [(await house.file(each.id)).state for each in (old, second, third)]
    assert states == [State.superseded, State.superseded, State.released]


async def test_what_was_checked_while_its_sender_lost_the_role_goes_nowhere_and_leads_hear(
    house: House, sandbox: Sandbox
) -> None:
    async with house.changing() as tx:
        await take_role(tx, "sue@northwind.example", Role.sender)
    [file] = await house.sent("Menus")
    assert file.state is State.draft
    assert await counted(house.store, "deliveries") == 0
    async with await sandbox.person("lea") as lea:
        assert await heard_by(lea, "may not send files any more") == 1
