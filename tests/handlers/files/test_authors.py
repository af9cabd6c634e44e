"""Nobody lets out what they wrote, by whatever way their sender named them, and through whichever door."""

import pytest

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.errors import Refused
from handlers.files.authors import unclear_author
from handlers.files.draft_changes import change
from handlers.files.needs import needs
from handlers.files.receiving import NewFile, Via, draft
from handlers.files.second_persons import approval_of, may_decide, second_persons
from handlers.interaction import GivenFile
from rules.clearance import Need
from rules.roles import Kind
from store.people import PersonRow
from store.shared_files import SharedFile
from tests.handlers.files.release_world import SEALED, House

MENUS = GivenFile("F1", "menus.csv", 18)


async def drafted(house: House, author: str) -> SharedFile:
    async with house.changing("sue") as tx:
        new = NewFile(space_ids=(house.space.id,), author=author)
        now = await tx.clock.now()
        [row] = await draft(tx, [(MENUS, new)], by=house.ids["sue"], via=Via.page, now=now)
    return await house.file(row.id)


@pytest.mark.parametrize(
    "way",
    [
        "<@{id}>",
        "<@{id}|ben>",
        "{id}",
        "{lower}",
        "@{lower}",
        "ben@northwind.example",
        "BEN@Northwind.example",
        "Ben Approver <ben@northwind.example>",
        "Ben Approver",
        " bén  APPROVER ",
        "@Ben Approver",
        "Ben Approver <ben@home.example>",
        "Ben <BEN@northwind.example>",
        "<mailto:ben@northwind.example|ben@northwind.example>",
        "B\u200ben Approver\u202e",
    ],
)
async def test_who_is_in_slack_is_that_person_however_they_are_named(
    house: House, way: str
) -> None:
    ben = house.ids["ben"]
    written = way.format(id=ben, lower=ben.lower())
    file = await drafted(house, written)
    assert file.row.author == ben
    assert ben in file.involved


@pytest.mark.parametrize(
    "name", ["Zoe Young", "zoe@elsewhere.example", "Ursula", "Benedict", "W. Young"]
)
async def test_who_is_not_in_slack_stays_a_name(house: House, name: str) -> None:
    assert (await drafted(house, name)).row.author == name


@pytest.mark.parametrize(
    ("way", "asked"),
    [
        ("Dr. Ben Approver", "Is this Ben Approver, of this Slack"),
        ("Ben Approver (Legal)", "Is this Ben Approver, of this Slack"),
        ("Ben Approver, Legal", "Is this Ben Approver, of this Slack"),
        ("Ben Approver and Zoe", "Is this Ben Approver, of this Slack"),
        ("Approver, Ben J.", "Is this Ben Approver, of this Slack"),
        ("B\u200ben Approver and Zoe", "Is this Ben Approver, of this Slack"),
        ("<@{id}> and Zoe", "Is this Ben Approver, of this Slack"),
        ("{lower}, of Legal", "Is this Ben Approver, of this Slack"),
        ("Zoe <ben@northwind.example>", "Is this Ben Approver, of this Slack"),
        ("sue@northwind.example, ben@northwind.example", "Write one author"),
        ("zoe@elsewhere.example, ben@northwind.example", "Write one author"),
        ("zoe@elsewhere.example, max@elsewhere.example", "Write one author"),
        ("<@{id}> <@{sue}>", "Write one author"),
        ("{sue_name} and Ben Approver", "Write one author"),
        ("<@U0NOBODY>", "mentions somebody whom I do not know"),
        ("Zoe Young <@U0NOBODY>", "mentions somebody whom I do not know"),
        ("\u202e\u200b", "Nobody can read that"),
    ],
)
async def test_who_is_named_with_something_beside_them_is_asked_about(
    house: House, way: str, asked: str
) -> None:
    ben, sue = house.ids["ben"], house.ids["sue"]
    async with house.store.reading() as reading:
        sue_name = (await reading.people.names())[sue]
        typed = way.format(id=ben, lower=ben.lower(), sue=sue, sue_name=sue_name)
        assert asked in await unclear_author(reading, typed)
    with pytest.raises(Refused, match=asked):
        await drafted(house, typed)


async def test_nobody_named_is_who_sends_it(house: House) -> None:
    assert (await drafted(house, "  ")).row.author == house.ids["sue"]


async def test_a_name_that_several_have_or_somebody_in_part_is_asked_about(house: House) -> None:
    with pytest.raises(Refused, match=r"Ben may be Ben Approver, of this Slack"):
        await drafted(house, "Ben")
    async with house.changing() as tx:
        await tx.people.keep([PersonRow(id="U0BEN2", name="Ben Approver", kind=Kind.member)])
    with pytest.raises(Refused, match="2 people in Slack are called Ben Approver"):
        await drafted(house, "Ben Approver")


async def test_who_is_named_as_author_of_a_draft_later_is_no_second_person(
    house: House, sandbox: Sandbox, ben: Person
) -> None:
    file = await drafted(house, "")
    async with house.changing("sue") as tx:
        now = await tx.clock.now()
        new = NewFile(
            title="Menus",
            space_ids=(house.space.id,),
            author="ben approver",
            expires_at=file.row.expires_at,
        )
        await change(tx, file, new, now)
    assert house.ids["ben"] in (await house.file(file.id)).involved


async def test_who_was_once_named_as_author_stays_no_second_person(
    house: House, sue: Person, ben: Person
) -> None:
    [file] = await house.sent("Menus", **SEALED, author=house.ids["ben"])
    await sue.command(f"/share {file.number}")
    await sue.press("Take it back", in_="modal")
    await sue.press("Change it", in_="modal")
    assert await sue.modal.submit(author=house.ids["ada"]) is None
    assert await sue.modal.submit() is None
    file = await house.file(file.id)
    assert file.row.author == house.ids["ada"]
    assert file.row.authors == [house.ids["ben"], house.ids["ada"]]
    async with house.store.reading() as reading:
        person = (await reading.people.asking(house.ids["ben"])).person
        assert person
        assert house.ids["ben"] not in (await second_persons(reading, file)).people
    assert not may_decide(file, person)
    assert Need.second_person in needs(file, file.row.uploaded_at, approval_of(person))


async def test_who_wrote_any_edition_before_is_no_second_person_to_those_after_it(
    house: House, sandbox: Sandbox, sue: Person, ben: Person
) -> None:
    [file] = await house.sent("Menus", author=house.ids["ben"])
    [second] = await house.sent("Menus b", supersedes=file.id, edition=2)
    [third] = await house.sent("Menus c", **SEALED, supersedes=second.id, edition=3)
    assert third.row.authors == [house.ids["ben"], house.ids["sue"]]
    assert third.makers == {house.ids["sue"]}
    async with house.store.reading() as reading:
        person = (await reading.people.asking(house.ids["ben"])).person
        assert person
        assert house.ids["ben"] not in (await second_persons(reading, third)).people
    assert not may_decide(third, person)
    await ben.command(f"/share {third.number}")
    assert "Release" not in str(ben.modal.view)


async def test_in_the_form_of_slack_it_is_asked_under_its_field(
    house: House, sue: Person, ben: Person
) -> None:
    await sue.command("/share menus")
    await sue.modal.attach("Files", ("menus.csv", b"dish,price\n"))
    await sue.press("More: keep longer, limit downloads, add facts")
    problems = await sue.modal.submit(**{"Author, if not in Slack": "Ben"})
    assert problems
    assert "Ben may be Ben Approver" in str(problems)
    assert await sue.modal.submit(**{"Author, if not in Slack": "ben approver"}) is None
    assert await sue.modal.submit() is None
    async with house.store.reading() as reading:
        file = await reading.shared_files.by_number(1)
    assert file
    assert file.row.author == house.ids["ben"]
