"""Organisations, spaces and recipients: who belongs where, and stays there."""

import asyncio

import pytest

from rules.roles import Kind
from store.people import PersonRow
from store.recipients import OtherOrganisation
from store.session import Store
from store.spaces import NameTaken
from tests.store.parcels_given import SENDER, member, space


async def test_a_space_is_found_by_the_beginnings_of_its_words(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        reports = await space(tx, "Monthly reports", "Café Nord")
        await space(tx, "Monthly reports 2", "Café Nord")
        await space(tx, "Menus", "Acme")

        assert [each.name for each in await tx.spaces.named("cafe mon")] == [
            "Monthly reports",
            "Monthly reports 2",
        ]
        assert [each.organisation for each in await tx.spaces.named("menus")] == ["Acme"]
        assert await tx.spaces.named("enus") == []
        assert [each.organisation for each in await tx.spaces.all()] == [
            "Acme",
            "Café Nord",
            "Café Nord",
        ]

        await tx.spaces.close(reports.id)

        assert [each.name for each in await tx.spaces.named("cafe mon")] == ["Monthly reports 2"]
        assert len(await tx.spaces.all()) == 2
        assert len(await tx.spaces.all(open_only=False)) == 3
        closed = await tx.spaces.get(reports.id)
        assert closed
        assert not closed.is_open


async def test_names_that_differ_by_no_letter_are_one(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        first = await space(tx, "Reports", "Joe's Pizza")
        with pytest.raises(NameTaken, match="Joe's Pizza"):
            await tx.spaces.make_organisation("JOES PIZZA", SENDER)
        with pytest.raises(NameTaken, match="Reports"):
            await tx.spaces.make_space(first.organisation_id, "  reports ", SENDER)
        await space(tx, "Reports", "Acme")


async def test_who_is_removed_is_no_member_and_may_come_back(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        at = await space(tx)
        dana = await member(tx, at, "dana@acme.example")
        assert await tx.spaces.is_member(dana.id, [at.id])
        assert not await tx.spaces.add(at.id, dana.id, SENDER)
        assert [each.id for each in await tx.spaces.of_recipient(dana.id)] == [at.id]

        assert await tx.spaces.remove(at.id, dana.id, SENDER)
        assert not await tx.spaces.remove(at.id, dana.id, SENDER)
        assert not await tx.spaces.is_member(dana.id, [at.id])
        assert await tx.spaces.members(at.id) == []
        assert await tx.spaces.of_recipient(dana.id) == []

        assert await tx.spaces.add(at.id, dana.id, SENDER)
        assert [each.name for each in await tx.spaces.members(at.id)] == ["dana"]

        await tx.spaces.close(at.id)
        assert not await tx.spaces.is_member(dana.id, [at.id])


async def test_nobody_of_another_organisation_becomes_a_member(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        acme, acme2 = await space(tx, "files", "Acme"), await space(tx, "files", "Acme2")
        dana = await member(tx, acme, "dana@acme.example")

        assert not await tx.spaces.add(acme2.id, dana.id, SENDER)
        assert await tx.spaces.members(acme2.id) == []
        with pytest.raises(OtherOrganisation) as refused:
            await tx.spaces.keep_recipient(
                acme2.organisation_id, email="Dana@ACME.example", name="Dana"
            )
        assert refused.value.organisation.name == "Acme"


async def test_a_guest_with_the_same_address_is_the_same_recipient(store: Store) -> None:
    guest = PersonRow(id="U0DANA", name="Dana", email="Dana@acme.example", kind=Kind.guest)
    async with store.transaction(actor="test") as tx:
        acme, acme2 = await space(tx, "files", "Acme"), await space(tx, "files", "Acme2")
        by_mail = await member(tx, acme, "dana@ACME.example")
        await tx.people.keep([guest])

        in_slack = await tx.spaces.keep_recipient(
            acme.organisation_id, person_id="U0DANA", name="Dana"
        )
        assert (in_slack.id, in_slack.email) == (by_mail.id, "dana@acme.example")
        assert await tx.spaces.recipient_of_person("U0DANA") == in_slack
        assert await tx.spaces.recipient_by_email(" Dana@Acme.Example") == in_slack
        with pytest.raises(OtherOrganisation):
            await tx.spaces.keep_recipient(acme2.organisation_id, person_id="U0DANA", name="Dana")


async def test_an_address_that_is_typed_finds_the_person_in_slack(store: Store) -> None:
    guest = PersonRow(id="U0DANA", name="Dana", email="Dana@acme.example", kind=Kind.guest)
    async with store.transaction(actor="test") as tx:
        await tx.people.keep([guest])
        dana = await member(tx, await space(tx), "dana@acme.example")
        assert dana.person_id == "U0DANA"


async def test_a_stranger_is_not_taken_for_the_owner_of_an_address(store: Store) -> None:
    stranger = PersonRow(id="U0EVE", name="Eve", email="dana@acme.example", kind=Kind.stranger)
    async with store.transaction(actor="test") as tx:
        acme, acme2 = await space(tx, "files", "Acme"), await space(tx, "files", "Acme2")
        await tx.people.keep([stranger])
        eve = await tx.spaces.keep_recipient(acme2.organisation_id, person_id="U0EVE", name="Eve")
        dana = await member(tx, acme, "dana@acme.example")

    assert (eve.email, dana.person_id) == (None, None)


async def test_many_who_keep_one_person_at_once_keep_them_in_one_organisation(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        of = [(await space(tx, "files", name)).organisation_id for name in ("Acme", "Acme2")]

    async def keep(number: int) -> object:
        try:
            async with store.transaction(actor="test") as tx:
                return (
                    await tx.spaces.keep_recipient(of[number % 2], email="d@a.example", name="D")
                ).organisation_id
        except OtherOrganisation as refused:
            return refused

    async with asyncio.timeout(30):
        ends = await asyncio.gather(*map(keep, range(12)))
    kept = {each for each in ends if not isinstance(each, OtherOrganisation)}
    assert len(kept) == 1
    assert len([each for each in ends if isinstance(each, OtherOrganisation)]) == 6
