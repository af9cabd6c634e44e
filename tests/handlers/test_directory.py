"""The directory follows what happens in the workspace."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Row, text

from bot.assembly import Wavepost
from bot.directory import refresh
from bot.sandbox.seed import Kind as SeedKind
from bot.sandbox.seed import UserSeed
from bot.sandbox.server import Sandbox
from handlers.directory import person_of
from rules.roles import Kind
from store.outbox import Message
from store.session import Store


async def rows(store: Store, query: str, **values: object) -> Sequence[Row[Any]]:
    async with store.reading() as reading:
        return (await reading.connection.execute(text(query), values)).all()


async def channel(store: Store, identity: str) -> Row[Any] | None:
    found = await rows(store, "SELECT * FROM channels WHERE id = :id", id=identity)
    return found[0] if found else None


async def members(store: Store, identity: str) -> set[str]:
    query = "SELECT person_id FROM channel_members WHERE channel_id = :id"
    return {row.person_id for row in await rows(store, query, id=identity)}


async def test_people_channels_and_groups_are_read_at_the_start(
    sandbox: Sandbox, wavepost: Wavepost, store: Store
) -> None:
    kinds = {
        row.name: (row.kind, row.active)
        for row in await rows(store, "SELECT name, kind, active FROM people")
    }
    general = sandbox.people.channel("general").id

    assert kinds["Ana Reyes"] == (Kind.member, True)
    assert kinds["Gus Guest"] == (Kind.guest, True)
    assert kinds["Sam Stranger"] == (Kind.stranger, True)
    assert kinds["dan"] == (Kind.member, False)
    assert sandbox.people.user("ana").id in await members(store, general)
    assert (await rows(store, "SELECT handle FROM user_groups"))[0].handle == "leads"


async def test_who_joins_changes_or_leaves_is_known_so(
    sandbox: Sandbox, wavepost: Wavepost, store: Store
) -> None:
    seed = UserSeed("new", "new", "New Person", "New@Northwind.example", kind=SeedKind.member)
    hired = sandbox.people.hire(seed)
    await sandbox.world.events.settle()
    sandbox.people.edit("new", email="other@northwind.example")
    await sandbox.world.events.settle()
    sandbox.people.deactivate("new")
    await sandbox.world.events.settle()

    person = (await rows(store, "SELECT * FROM people WHERE id = :id", id=hired.id))[0]
    assert person.email == "other@northwind.example"
    assert not person.active


@pytest.mark.parametrize("private", [False, True])
async def test_channels_are_made_renamed_archived_brought_back_and_shared(
    sandbox: Sandbox, wavepost: Wavepost, store: Store, *, private: bool
) -> None:
    made = sandbox.people.create_channel("pilots", by="ana", private=private)
    sandbox.people.invite_app("pilots", by="ana")
    await sandbox.world.events.settle()
    sandbox.people.rename_channel("pilots", "pilots-2022")
    await sandbox.world.events.settle()
    sandbox.people.archive("pilots-2022", by="ana")
    await sandbox.world.events.settle()

    archived = await channel(store, made.id)
    assert archived
    assert (archived.name, archived.archived) == ("pilots-2022", True)

    sandbox.people.unarchive("pilots-2022", by="ana")
    await sandbox.world.events.settle()

    back = await channel(store, made.id)
    assert back
    assert not back.archived

    sandbox.people.share("pilots-2022")
    await sandbox.world.events.settle()
    shared = await channel(store, made.id)
    sandbox.people.unshare("pilots-2022")
    await sandbox.world.events.settle()
    ours_again = await channel(store, made.id)

    assert shared
    assert shared.shared
    assert ours_again
    assert not ours_again.shared


async def test_what_waits_for_a_channel_is_held_back_once_others_are_found_to_read_it(
    sandbox: Sandbox, wavepost: Wavepost, store: Store
) -> None:
    made = sandbox.people.create_channel("pilots", by="ana", private=False)
    sandbox.people.invite_app("pilots", by="ana")
    await sandbox.world.events.settle()
    async with store.transaction(actor="test") as tx:
        query = text(
            "INSERT INTO lanes (channel, last_number, free_at) VALUES (:id, 0, 'infinity')"
        )
        await tx.connection.execute(query, {"id": made.id})

    async def say(words: str) -> None:
        async with store.transaction(actor="test") as tx:
            tx.say(Message(made.id, words, [], cause="announcement"))

    async def ended() -> dict[str, str]:
        query = "SELECT fallback, state FROM outbox WHERE lane = :id"
        return {row.fallback: row.state for row in await rows(store, query, id=made.id)}

    await say("ours alone")
    assert await ended() == {"ours alone": "waiting"}
    sandbox.people.share("pilots")
    await sandbox.world.events.settle()
    assert await ended() == {"ours alone": "failed"}

    await say("found at night")
    leads = wavepost.settings.leads_channel
    await refresh(store, wavepost.client, leads_channel=leads)
    assert await ended() == {"ours alone": "failed", "found at night": "failed"}

    sandbox.people.unshare("pilots")
    await sandbox.world.events.settle()
    await say("a stranger enters")
    sandbox.people.invite("sam", "pilots", by="ana")
    await sandbox.world.events.settle()
    assert (await ended())["a stranger enters"] == "failed"


async def test_a_private_channel_is_known_once_wavepost_is_invited(
    sandbox: Sandbox, wavepost: Wavepost, store: Store
) -> None:
    made = sandbox.people.create_channel("secret-plans", by="ana", private=True)
    await sandbox.world.events.settle()
    assert await channel(store, made.id) is None

    sandbox.people.invite_app("secret-plans", by="ana")
    await sandbox.world.events.settle()
    known = await channel(store, made.id)
    sandbox.people.remove_app("secret-plans")
    await sandbox.world.events.settle()
    after = await channel(store, made.id)

    assert known
    assert (known.name, known.private, known.joined) == ("secret-plans", True, True)
    assert after
    assert not after.joined


async def test_members_come_and_go(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> None:
    general = sandbox.people.channel("general").id
    dan = sandbox.people.user("vic").id

    sandbox.people.remove("vic", "general")
    await sandbox.world.events.settle()
    gone = await members(store, general)
    sandbox.people.invite("vic", "general", by="ana")
    await sandbox.world.events.settle()

    assert dan not in gone
    assert dan in await members(store, general)


async def test_groups_follow_their_members(
    sandbox: Sandbox, wavepost: Wavepost, store: Store
) -> None:
    sandbox.people.create_group("pilots", "Pilot team", ["ana"])
    await sandbox.world.events.settle()
    sandbox.people.set_group("pilots", ["ana", "omar"])
    await sandbox.world.events.settle()

    query = "SELECT members FROM user_groups WHERE handle = 'pilots'"
    people = [sandbox.people.user(name).id for name in ("ana", "omar")]
    assert (await rows(store, query))[0].members == people


def test_what_a_person_is_follows_from_slack_s_words() -> None:
    def kind(**facts: object) -> Kind:
        return person_of({"id": "U1", "team_id": "T1", "name": "x"} | facts, "T1").kind

    assert kind() is Kind.member
    assert kind(is_restricted=True) is Kind.guest
    assert kind(is_ultra_restricted=True, is_restricted=True) is Kind.guest
    assert kind(team_id="T2") is Kind.stranger
    assert kind(is_stranger=True) is Kind.stranger
    assert kind(is_bot=True) is Kind.bot
    assert kind(id="USLACKBOT") is Kind.bot
