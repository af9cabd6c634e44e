"""What recipients see in Slack: exactly what was delivered to them, by /share and on Home."""

import pytest

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from rules.file_life import Step, Who
from store.session import Store
from store.space_rows import RecipientRow, SpaceRow
from tests.store.parcels_given import SENDER, delivered, file, released, space, step


@pytest.fixture
async def gus(sandbox: Sandbox, wavepost: Wavepost) -> Person:
    """A guest, of Acme."""
    return await sandbox.person("gus")


@pytest.fixture
async def sam(sandbox: Sandbox, wavepost: Wavepost) -> Person:
    """A stranger in a shared channel, of Acme2."""
    return await sandbox.person("sam")


async def joined(
    store: Store, person: Person, organisation: str, *, name: str = "reports"
) -> tuple[SpaceRow, RecipientRow]:
    """A space of an organisation in which this person is."""
    async with store.transaction(actor="test") as tx:
        at = await space(tx, name, organisation)
        kept = await tx.spaces.keep_recipient(
            at.organisation_id, person_id=person.id, name=person.id
        )
        await tx.spaces.add(at.id, kept.id, SENDER)
        return at, kept


async def test_each_sees_their_own_and_nothing_of_another_organisation_of_a_like_name(
    store: Store, gus: Person, sam: Person
) -> None:
    acme, of_gus = await joined(store, gus, "Acme")
    acme2, of_sam = await joined(store, sam, "Acme2")
    async with store.transaction(actor="test") as tx:
        menus = await released(tx, acme, title="Menus of Acme", size=2_349_000)
        tills = await released(tx, acme2, title="Tills of Acme2")
        await file(tx, acme, title="A draft of Acme")
        await delivered(tx, menus, acme, of_gus)
        await delivered(tx, tills, acme2, of_sam)

    for person, own, others in ((gus, menus, tills), (sam, tills, menus)):
        for line in ("/share", "/share mine", "/wavepost share"):
            seen = await person.command(line)
            assert seen.is_private
            assert own.title in seen
            assert others.title not in seen
            assert "draft" not in seen
        assert f"There is no file {others.number} that you may see." in await person.command(
            f"/share {others.number}"
        )
        found = await person.command("/share find")
        assert own.title in found
        assert others.title not in found
        assert "A draft" not in found
        await person.home()
        await person.sees(own.title, in_="home")
        assert others.title not in "\n".join(await person.reads("home"))
    assert "2.3 MB" in await gus.command("/share")


async def test_what_is_taken_away_is_gone_from_every_list_at_once(
    store: Store, gus: Person
) -> None:
    acme, of_gus = await joined(store, gus, "Acme")
    async with store.transaction(actor="test") as tx:
        kept = await released(tx, acme, title="Menus")
        await delivered(tx, kept, acme, of_gus)
        revoked = await released(tx, acme, title="Wrong tills")
        await delivered(tx, revoked, acme, of_gus)
        await step(tx, revoked.id, Step.revoke, Who.sender, words="Another customer's")

    shown = await gus.command("/share")
    assert "Taken back by its sender" in shown
    assert "Another customer's" not in shown
    async with store.transaction(actor="test") as tx:
        await tx.spaces.remove(acme.id, of_gus.id, SENDER)
    assert "There are no files for you." in await gus.command("/share")
    assert "There is no file" in await gus.command(f"/share {kept.number}")


async def test_a_long_list_is_turned_by_pages(store: Store, gus: Person) -> None:
    acme, of_gus = await joined(store, gus, "Acme")
    async with store.transaction(actor="test") as tx:
        for number in range(17):
            await delivered(tx, await released(tx, acme, title=f"File-{number:02}"), acme, of_gus)

    first = await gus.command("/share")
    assert "1–15 of 17" in first
    assert "File-01" not in first
    await gus.press("Next", in_="DM")
    await gus.sees("File-01", in_="DM")


@pytest.mark.parametrize(
    "line", ["/share sent", "/share 99999999999999", "/share spaces", "/share help"]
)
async def test_a_guest_who_types_what_staff_type_learns_nothing(
    store: Store, gus: Person, line: str
) -> None:
    acme, _ = await joined(store, gus, "Acme")
    async with store.transaction(actor="test") as tx:
        await released(tx, acme, title="Not delivered to anybody")

    answer = await gus.command(line)
    assert answer.ok
    assert "Acme" not in answer
    assert "Not delivered" not in answer
