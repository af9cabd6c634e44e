"""Roles given and taken, by whichever door."""

import asyncio
from itertools import chain

import pytest

from bot.assembly import Wavepost
from bot.sandbox.person import Answer, Person
from bot.sandbox.server import Sandbox
from handlers.errors import Refused
from handlers.roles import give, take
from rules.roles import Role
from store.session import Store
from tests.world import counted, run


async def roles_of(store: Store, email: str) -> frozenset[Role]:
    async with store.reading() as reading:
        person = await reading.people.by_email(email)
        assert person
        asking = await reading.people.asking(person.id)
    assert asking.person
    return asking.person.roles


async def test_a_role_given_counts_at_once_and_is_in_the_audit(
    wavepost: Wavepost, store: Store
) -> None:
    async with store.transaction(actor="U_ADMIN") as tx:
        await give(tx, "Lea@Northwind.Example", Role.lead)

    assert Role.lead in await roles_of(store, "lea@northwind.example")
    assert await counted(store, "audit") == 1


async def test_giving_again_changes_nothing(wavepost: Wavepost, store: Store) -> None:
    for _ in range(2):
        async with store.transaction(actor="U_ADMIN") as tx:
            await give(tx, "lea@northwind.example", Role.lead)

    assert await counted(store, "roles") == 1
    assert await counted(store, "audit") == 1


async def test_a_role_taken_is_gone_and_taking_again_is_refused(
    wavepost: Wavepost, store: Store
) -> None:
    async with store.transaction(actor="U_ADMIN") as tx:
        await give(tx, "lea@northwind.example", Role.lead)
    async with store.transaction(actor="U_ADMIN") as tx:
        await take(tx, "lea@northwind.example", Role.lead)

    assert Role.lead not in await roles_of(store, "lea@northwind.example")
    with pytest.raises(Refused, match="was not given the role lead, so nothing changed"):
        async with store.transaction(actor="U_ADMIN") as tx:
            await take(tx, "lea@northwind.example", Role.lead)
    assert await counted(store, "audit") == 2


async def test_nobody_of_that_address_is_said(wavepost: Wavepost, store: Store) -> None:
    with pytest.raises(Refused, match="I know nobody with the address"):
        async with store.transaction(actor="U_ADMIN") as tx:
            await give(tx, "nobody@northwind.example", Role.lead)

    assert await counted(store, "roles") == 0


# In Slack


@pytest.fixture
async def lea(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> Person:
    """A lead, and Ada, an admin."""
    async with store.transaction(actor="test") as tx:
        await give(tx, "lea@northwind.example", Role.lead)
        await give(tx, "ada@northwind.example", Role.admin)
    return await sandbox.person("lea")


async def give_in_slack(giver: Person, who: str, role: str, why: str = "") -> dict[str, str] | None:
    """Give a role through the modal; what is wrong with the fields, if anything."""
    await giver.command("/wavepost roles", in_="DM")
    await giver.press("Give a role", in_="DM")
    await giver.modal.fill(who=who, role=role)
    return await giver.modal.submit(why=why)


def taking(sandbox: Sandbox, who: str, role: Role) -> str:
    """The button that takes a role from somebody, by its action_id."""
    return f"roles_take:{sandbox.people.user(who).id}|{role}"


def action_ids(answer: Answer) -> list[str]:
    """The action_ids of all buttons of an answer."""
    rows = [block["elements"] for block in answer.blocks if block["type"] == "actions"]
    beside = [block["accessory"] for block in answer.blocks if "accessory" in block]
    return [element["action_id"] for element in chain(*rows, beside)]


async def test_a_lead_gives_a_role_and_its_holder_is_told_why(
    lea: Person, sandbox: Sandbox, store: Store
) -> None:
    omar = await sandbox.person("omar")

    assert await give_in_slack(lea, "omar", "Approver", why="Stands in for Ben") is None

    assert "Omar Haddad is now an approver and is told." in lea.modal.text
    assert await omar.sees("made you *an approver*: Stands in for Ben", in_="DM")
    assert Role.approver in await roles_of(store, "omar@northwind.example")
    assert await counted(store, "audit WHERE reason = 'Stands in for Ben'") == 1


async def test_a_role_taken_away_is_told_to_who_had_it(
    lea: Person, sandbox: Sandbox, store: Store
) -> None:
    omar = await sandbox.person("omar")
    await give_in_slack(lea, "omar", "Sender")
    listed = await lea.command("/wavepost roles", in_="DM")
    assert "*Omar Haddad* is *a sender*" in listed

    await lea.press(taking(sandbox, "omar", Role.sender), in_="DM")
    await lea.modal.submit(why="Left the team")

    assert "Omar Haddad is no longer a sender" in lea.modal.text
    assert await omar.sees("You are no longer *a sender*", in_="DM")
    assert await omar.sees("took the role from you: Left the team", in_="DM")
    assert Role.sender not in await roles_of(store, "omar@northwind.example")


async def test_nobody_gives_a_role_to_themselves(lea: Person) -> None:
    wrong = await give_in_slack(lea, "Lea Lindqvist", "Approver")

    assert wrong == {
        "Who": "Nobody gives a role to themselves. Please ask another lead or an admin."
    }


async def test_a_lead_can_make_no_admin_and_unmake_none(lea: Person, sandbox: Sandbox) -> None:
    await lea.command("/wavepost roles", in_="DM")
    await lea.press("Give a role", in_="DM")

    assert "Admin" not in lea.modal.text
    listed = await lea.command("/wavepost roles", in_="DM")
    assert [each for each in action_ids(listed) if each.startswith("roles_take")] == [
        taking(sandbox, "lea", Role.lead)
    ]


async def test_only_an_admin_gives_a_role_to_a_user_group_and_its_members_hold_it(
    lea: Person, sandbox: Sandbox, store: Store
) -> None:
    wrong = await give_in_slack(lea, "@leads", "Lead")
    assert "Only an admin can give a role to a whole user group" in (wrong or {})["Who"]

    ada = await sandbox.person("ada")
    assert await give_in_slack(ada, "@leads", "Approver") is None

    assert "is now an approver" in ada.modal.text
    listed = await ada.command("/wavepost roles", in_="DM")
    assert "Whoever is in *Migration leads* (@leads, 1\u00a0member) is *an approver*" in listed
    assert Role.approver in await roles_of(store, "lea@northwind.example")
    assert "through the user group @leads" in await lea.command("/wavepost roles", in_="DM")
    assert Role.approver not in await roles_of(store, "omar@northwind.example")


async def test_who_leaves_the_group_loses_its_role_at_once(
    lea: Person, wavepost: Wavepost, store: Store
) -> None:
    async with store.transaction(actor="test") as tx:
        await give(tx, "@leads", Role.approver)
    await run(store, "UPDATE user_groups SET members = '{}'")

    assert Role.approver not in await roles_of(store, "lea@northwind.example")


async def test_giving_twice_is_said_under_the_field(lea: Person) -> None:
    await give_in_slack(lea, "omar", "Sender")

    wrong = await give_in_slack(lea, "omar", "Sender")

    assert wrong == {"Role": "Omar Haddad is a sender already."}


async def test_who_has_several_roles_is_listed_once_and_each_can_be_taken(
    lea: Person, sandbox: Sandbox, store: Store
) -> None:
    await give_in_slack(lea, "omar", "Sender")
    await give_in_slack(lea, "omar", "Lead")
    listed = await lea.command("/wavepost roles", in_="DM")
    assert "*Omar Haddad* is *a lead and a sender*" in listed
    assert listed.text.count("Omar Haddad") == 1

    await lea.choose("No longer a sender", in_="DM")
    await lea.modal.submit()

    assert await roles_of(store, "omar@northwind.example") >= {Role.lead}
    assert Role.sender not in await roles_of(store, "omar@northwind.example")


# Who is refused


async def test_who_is_refused_is_told_whom_to_ask(lea: Person, sandbox: Sandbox) -> None:
    vic = await sandbox.person("vic")

    answer = await vic.command("/wavepost import", in_="DM")

    assert "This needs the role lead. Please ask @Lea Lindqvist or @Ada Admin," in answer
    assert "who can give it to you with `/wavepost roles`." in answer


async def test_where_nobody_gives_roles_yet_it_is_said_how_one_begins(
    sandbox: Sandbox, wavepost: Wavepost
) -> None:
    vic = await sandbox.person("vic")

    assert "`wavepost roles give ADDRESS admin`" in await vic.command("/wavepost import", in_="DM")


async def test_under_a_field_who_gives_roles_is_a_name(
    lea: Person, sandbox: Sandbox, store: Store
) -> None:
    await lea.command("/wavepost roles", in_="DM")
    await lea.press("Give a role", in_="DM")
    await lea.modal.fill(who="omar", role="Sender")
    async with store.transaction(actor="test") as tx:
        await take(tx, "lea@northwind.example", Role.lead)

    wrong = await lea.modal.submit()

    assert "Please ask Ada Admin, who can give it to you with /wavepost roles." in str(wrong)


async def test_the_last_admin_stays(lea: Person, sandbox: Sandbox, store: Store) -> None:
    ada = await sandbox.person("ada")
    await ada.command("/wavepost roles", in_="DM")
    await ada.press(taking(sandbox, "ada", Role.admin), in_="DM")
    wrong = await ada.modal.submit()

    assert "is the last admin, so nothing was changed" in (wrong or {})["Why"]
    assert Role.admin in await roles_of(store, "ada@northwind.example")


async def test_a_role_that_another_took_meanwhile_is_not_taken_twice(
    lea: Person, sandbox: Sandbox, store: Store
) -> None:
    await give_in_slack(lea, "omar", "Sender")
    await lea.command("/wavepost roles", in_="DM")
    await lea.press(taking(sandbox, "omar", Role.sender), in_="DM")
    async with store.transaction(actor="test") as tx:
        await take(tx, "omar@northwind.example", Role.sender)

    wrong = await lea.modal.submit()

    assert "was not given the role sender, so nothing changed" in (wrong or {})["Why"]
    assert await counted(store, "outbox WHERE cause = 'role changed'") == 1


async def test_a_member_sees_their_own_roles_and_who_gives_them(
    lea: Person, sandbox: Sandbox, store: Store
) -> None:
    vic = await sandbox.person("vic")

    answer = await vic.command("/wavepost roles", in_="DM")

    assert "You can look everything up, as every member can" in answer
    assert "Roles are given by" in answer
    assert not action_ids(answer)


async def test_two_admins_who_take_the_role_from_each_other_leave_one(
    lea: Person, sandbox: Sandbox, store: Store
) -> None:
    async with store.transaction(actor="test") as tx:
        await give(tx, "omar@northwind.example", Role.admin)
    ada, omar = await sandbox.person("ada"), await sandbox.person("omar")
    for taker, other in ((ada, "omar"), (omar, "ada")):
        await taker.command("/wavepost roles", in_="DM")
        await taker.press(taking(sandbox, other, Role.admin), in_="DM")

    await asyncio.gather(ada.modal.submit(), omar.modal.submit())

    async with store.reading() as reading:
        assert len(await reading.roles.people_with(Role.admin)) == 1
