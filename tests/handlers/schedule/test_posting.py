"""The buttons under an answer: words to copy, and an answer for all to see."""

import pytest

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from store.session import Store
from tests.handlers.schedule.answered import FIRST, SECOND, buttons, shown
from tests.typography import glued
from tests.world import World, counted, run


@pytest.fixture
async def omar(sandbox: Sandbox, wavepost: Wavepost) -> Person:
    """Another CSA."""
    return await sandbox.person("omar")


async def test_what_to_tell_them_gives_words_to_copy(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST: 1, SECOND: 2})
    await world.keep(store)
    await ana.command("/schedule joes pizza")

    await ana.press("What to tell them", in_="DM")

    assert ana.modal.title == "Tell Joe's Pizza"
    assert (
        "Joe's Pizza is planned to move to the new system over 2 weeks, "
        "from the week of Mon 17 Jan 2022 to the week of Mon 31 Jan 2022."
    ) in ana.modal.text


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Joe's Pizza", "Tell Joe's Pizza"),
        ("The Little Harbour Kitchen & Bar", "Tell The Little Harbour…"),
        ("Donaudampfschifffahrtsgesellschaft", "Tell Donaudampfschifffa…"),
        ("A Donaudampfschifffahrtsgesellschaft", "Tell A Donaudampfschiff…"),
    ],
)
async def test_words_to_tell_are_titled_with_the_customer_they_are_for(
    name: str, title: str, ana: Person, store: Store
) -> None:
    world = World()
    world.customer(name, id="C-1", weeks={FIRST: 1})
    await world.keep(store)
    await ana.command("/schedule C-1")

    await ana.press("What to tell them", in_="DM")

    assert ana.modal.title == title
    assert name in ana.modal.text


@pytest.mark.usefixtures("joes")
async def test_a_posted_answer_is_seen_by_others_once(ana: Person, omar: Person) -> None:
    answer = await ana.command("/schedule joes pizza", in_="#general")
    assert await omar.messages("#general") == []

    await ana.press("Post here for all", in_="#general")

    assert "Post here for all" in buttons(answer)
    assert await omar.sees("Looked up by @Ana Reyes", in_="#general")
    assert len(await omar.messages("#general")) == 1
    assert "On its way to #general" in "\n".join(await ana.reads("#general"))
    assert not buttons(await shown(ana, "#general"))


@pytest.mark.usefixtures("joes")
async def test_an_answer_cannot_be_posted_where_wavepost_is_not_a_member(
    ana: Person, omar: Person, store: Store
) -> None:
    await ana.command("/schedule joes pizza", in_="#random")

    await ana.press("Post here for all", in_="#random")

    assert await ana.sees("Invite me with /invite", in_="#random")
    assert await omar.messages("#random") == []
    assert await counted(store, "outbox") == 0
    assert await counted(store, "interactions") == 0


@pytest.mark.usefixtures("joes")
async def test_once_invited_wavepost_posts(sandbox: Sandbox, ana: Person, omar: Person) -> None:
    await ana.command("/schedule joes pizza", in_="#random")
    sandbox.people.invite_app("random", by="ana")
    await sandbox.world.events.settle()

    await ana.press("Post here for all", in_="#random")

    assert await omar.sees(
        glued("*Joe's Pizza* moves in the week of *Mon 17 Jan 2022*"), in_="#random"
    )


@pytest.mark.usefixtures("joes")
async def test_dates_are_not_posted_to_a_channel_shared_with_others(
    ana: Person, sandbox: Sandbox, store: Store
) -> None:
    general = sandbox.people.channel("general").id
    await run(store, "UPDATE channels SET shared = true WHERE id = :id", id=general)
    await ana.command("/schedule joes pizza", in_="#general")

    await ana.press("Post here for all", in_="#general")

    assert await ana.sees("shared with another company", in_="#general")
    assert await counted(store, "outbox") == 0


@pytest.mark.usefixtures("joes")
async def test_answers_of_one_person_are_not_seen_by_another(ana: Person, omar: Person) -> None:
    await ana.command("/schedule", in_="#general")
    await ana.command("/schedule joes pizza", in_="#general")

    assert len(await ana.messages("#general")) == 2
    assert await omar.messages("#general") == []


async def test_what_was_looked_up_and_is_gone_is_said(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST: 1})
    world.customer("Late Lunch", weeks={SECOND: 1})
    await world.keep(store)
    await ana.command("/schedule")
    await run(store, "DELETE FROM locations")
    await run(store, "DELETE FROM customers")

    await ana.choose("Late Lunch", in_="DM")

    assert await ana.sees("It is gone since you looked it up", in_="DM")


async def test_dates_are_not_posted_where_guests_read_along(
    ana: Person, store: Store, sandbox: Sandbox
) -> None:
    world = World()
    world.customer("Joe's Pizza")
    await world.keep(store)
    guest = sandbox.people.user("gus").id
    general = sandbox.people.channel("general").id
    async with store.transaction(actor="test") as tx:
        await tx.channels.enter(general, guest)

    await ana.command("/schedule Joe's Pizza", in_="#general")
    answer = await ana.press("Post here for all", in_="#general")

    assert "Guests read along in this channel" in answer
    assert await counted(store, "outbox") == 0
