"""A mail that no server takes: who sent the files of which it told reads so, and the receipt says so."""

from handlers.files.unsent_mail import notices
from rules.receipts import Kind
from store.mails import Mail
from store.outbox import Message
from store.session import Store
from tests.store import parcels_given

WHY = "the mail server says: 550 5.1.1 No such user here"


async def unsent(store: Store, *titles: str) -> tuple[list[Message], set[Kind]]:
    """What is said of a mail about files with these titles that was given up, and what is then proven."""
    async with store.transaction(actor="test") as tx:
        space = await parcels_given.space(tx)
        ivy = await parcels_given.member(tx, space, "ivy@acme.example")
        mail = await tx.mails.say(Mail("ivy@acme.example", "Files & more", "Open them", "file"))
        files = [await parcels_given.released(tx, space, title=title) for title in titles]
        for file in files:
            (delivery,) = await parcels_given.delivered(tx, file, space, ivy)
            await tx.deliveries.told([delivery.id], mail_id=mail)
    async with store.transaction(actor="test") as tx:
        (leased,) = await tx.mails.lease(most=1, duration=parcels_given.MONTH)
        assert await tx.mails.failed(leased.row, why=WHY)
        said = await notices(tx, leased.row, WHY, leads_channel="migration-triage")
        evidence = await tx.evidence.of_files([file.id for file in files])
    return said, {each.kind for some in evidence.values() for each in some}


async def test_the_sender_reads_which_files_are_not_known_and_why(store: Store) -> None:
    (said,), proven = await unsent(store, "Menus", "Prices <of> 2022", "Fields", "Orders", "Guide")
    assert said.to == parcels_given.SENDER
    words = str(said.blocks)
    assert "ivy@acme.example" in words
    assert "No such user here" in words
    assert "“Menus”, “Prices &lt;of&gt; 2022”, “Fields” and 2 more files" in words.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "`/share " in words
    assert proven == {Kind.undelivered}


async def test_one_file_is_named_alone(store: Store) -> None:
    (said,), _ = await unsent(store, "Menus")
    assert "They do not know yet of “Menus”. Ask for" in str(said.blocks)
    assert said.fallback == "A mail to ivy@acme.example did not arrive"
