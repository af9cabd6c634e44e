"""/share find, /share sent and a file's card: as far as each person may know of a file."""

import pytest

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.roles import give as give_role
from rules.receipts import Kind
from rules.roles import Role
from store.session import Store
from tests.store.parcels_given import NOW, delivered, file, member, released, space

ROLES = {"sue": Role.sender, "omar": Role.sender, "ben": Role.approver, "lea": Role.lead}


@pytest.fixture
async def people(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> dict[str, Person]:
    """Who sends, who approves, who leads, and who does none of these."""
    async with store.transaction(actor="test") as tx:
        for name, role in ROLES.items():
            await give_role(tx, f"{name}@northwind.example", role)
    return {name: await sandbox.person(name) for name in (*ROLES, "vic")}


@pytest.fixture(autouse=True)
async def files(store: Store, people: dict[str, Person]) -> None:
    sue = people["sue"].id
    own = {"uploaded_by": sue, "author": sue}
    async with store.transaction(actor="test") as tx:
        acme, acme2 = (
            await space(tx, "Menus", "Acme Foods"),
            await space(tx, "Menus", "Acme2 Foods"),
        )
        dana, eli = [await member(tx, acme, f"{name}@acme.example") for name in ("dana", "eli")]
        out = await released(tx, acme, title="Summer menus", tags=["pilot"], **own)
        [of_dana, of_eli] = await delivered(tx, out, acme, dana, eli)
        await tx.evidence.note(of_dana.id, Kind.opened, NOW, by=dana.id)
        await tx.evidence.note(of_eli.id, Kind.fetched, NOW)
        await file(tx, acme2, title="Winter menus", tags=["later"], **own)


async def test_words_tags_spaces_and_people_narrow_what_is_found(
    people: dict[str, Person],
) -> None:
    sue = people["sue"]
    for typed in ("menu", "tag:pilot", 'space:"Acme Foods"', "from:@sue summ", "  SUMMER  "):
        found = await sue.command(f"/share find {typed}")
        assert "Summer menus" in found, typed
    for typed in ("tag:later", 'space:"Acme2 Foods"', "winter"):
        found = await sue.command(f"/share find {typed}")
        assert "Winter menus" in found, typed
        assert "Summer menus" not in found, typed
    assert "No file fits" in await sue.command("/share find summer from:@omar")
    told = await sue.command("/share find tags:pilot")
    assert "`tags:` is none of these" in told


async def test_each_finds_and_sees_what_they_may_know_of(people: dict[str, Person]) -> None:
    knows = {"sue": (1, 2), "omar": (1,), "ben": (1, 2), "lea": (1, 2), "vic": ()}
    for name, numbers in knows.items():
        person = people[name]
        found = await person.command("/share find")
        for number, title in ((1, "Summer menus"), (2, "Winter menus")):
            assert (title in found) == (number in numbers), (name, title)
            answer = await person.command(f"/share {number}")
            assert ("that you may see" in answer) == (number not in numbers), (name, number)
            if number in numbers:
                assert (await person.modal.opened()).title == f"File {number}"
                await person.modal.close()


async def test_who_has_not_opened_a_file_is_named_and_a_fetched_link_is_no_proof(
    people: dict[str, Person],
) -> None:
    sue = people["sue"]
    sent = (await sue.command("/share sent")).text.replace("*", "")
    assert "1 of 2 has not opened it: eli" in sent
    assert "fetched" not in sent
    assert sent.index("Winter menus") < sent.index("Summer menus"), "the newest first"
    await sue.home()
    await sue.sees("has not opened it", in_="home")

    await sue.command("/share 1")
    card = sue.modal.text.replace("*", "").replace("\N{NO-BREAK SPACE}", " ")
    assert "told, their link was fetched" in card
    assert card.index("eli (eli@acme.example)") < card.index("dana (dana@acme.example)")
    assert card.index("Who has it: 2 recipients, first those") < card.index("Size and kind")
    assert card.index("Size and kind") < card.index("What happened")
    row = next(each["elements"] for each in sue.modal.blocks if each["type"] == "actions")
    assert (row[0]["text"]["text"], row[0]["style"]) == ("New edition", "primary")
    assert (row[-1]["text"]["text"], row[-1]["style"]) == ("Revoke it", "danger")


async def test_each_recipient_is_counted_once_in_what_was_sent(
    people: dict[str, Person], store: Store
) -> None:
    async def told(kind: Kind, name: str) -> str:
        async with store.transaction(actor="test") as tx:
            sent = await tx.shared_files.by_number(1)
            assert sent
            deliveries = await tx.deliveries.of_file(sent.id)
            recipients = await tx.spaces.recipients({each.recipient_id for each in deliveries})
            [theirs] = [d for d in deliveries if recipients[d.recipient_id].name == name]
            await tx.evidence.note(theirs.id, kind, NOW, by=theirs.recipient_id)
        return (await people["sue"].command("/share sent")).text.replace("*", "")

    assert "eli\nOf the others, 1 downloaded it" in await told(Kind.completed, "dana")
    assert "Both opened it; of them, 1 downloaded it\n" in await told(Kind.opened, "eli")
    assert "Both opened it; of them, 1 checked it and 1 downloaded it" in await told(
        Kind.confirmed, "eli"
    )


async def test_only_who_may_act_on_a_file_gets_buttons_for_it(people: dict[str, Person]) -> None:
    offered = {}
    for name in ("sue", "omar", "ben", "lea"):
        person = people[name]
        await person.command("/share 1")
        offered[name] = person.modal.text
        await person.modal.close()
    assert all(words in offered["sue"] for words in ("New edition", "Revoke it", "Change the day"))
    assert "Revoke it" in offered["lea"]
    assert "New edition" not in offered["lea"], "she may not send"
    assert not any(
        words in offered[name]
        for name in ("omar", "ben")
        for words in ("New edition", "Revoke it", "Links to copy", "Hold it")
    )
