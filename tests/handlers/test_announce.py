"""Weekly announcements set up in Slack: each test a whole conversation."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.roles import give as give_role
from rules.roles import Role
from store.announcement_lines import Line
from store.announcement_schedules import AnnouncementSchedule
from store.session import Store
from tests.conftest import patient as patient_with_slack
from tests.world import World, run

SATURDAY = datetime(2022, 1, 15, 12, tzinfo=UTC)
PATIENCE = 60.0


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """With more patience for Slack: a small machine may read the directory slowly."""
    return patient_with_slack(settings)


@pytest.fixture
async def lea(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> Person:
    """A lead in a world with a CSA, whose customers are somewhere, and a feature."""
    world = World()
    world.csa()
    world.customer("Joe's Pizza")
    world.feature("cards", "Gift cards")
    await world.keep(store)
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(SATURDAY)
        await give_role(tx, "lea@northwind.example", Role.lead)
        await give_role(tx, "ada@northwind.example", Role.admin)
    return await patient(sandbox, "lea")


async def patient(sandbox: Sandbox, name: str) -> Person:
    person = await sandbox.person(name)
    person.patience = PATIENCE
    return person


async def schedules(store: Store) -> list[AnnouncementSchedule]:
    async with store.reading() as reading:
        return await reading.announcement_schedules.all()


async def audited(store: Store) -> list[str]:
    async with store.reading() as reading:
        query = text("SELECT action FROM audit WHERE subject LIKE 'announcement %' ORDER BY id")
        return list((await reading.connection.execute(query)).scalars())


async def announced(store: Store) -> list[Line]:
    (only,) = await schedules(store)
    async with store.reading() as reading:
        return (
            await reading.announcement_lines.page(only.id, [only.current.channel], skip=0, most=9)
        )[0]


def plain(words: str) -> str:
    return words.replace("\N{NO-BREAK SPACE}", " ").replace("*", "")


async def shown(person: Person) -> str:
    """What the modal says now."""
    return plain((await person.modal.look()).text)


async def open_first(person: Person) -> None:
    await person.command("/wavepost announce")
    await person.press("Open", in_="DM")
    await person.modal.opened()


async def begin(lea: Person, **fields: str) -> dict[str, str] | None:
    await lea.command("/wavepost announce")
    await lea.press("Announce something", in_="DM")
    usual = {"channel": "#general", "zone": "America/New_York"}
    return await lea.modal.submit(**(usual | fields))


async def test_a_lead_announces_something_weekly_and_others_read_of_it(
    lea: Person, sandbox: Sandbox, store: Store
) -> None:
    assert "Nothing is announced yet. Choose a channel" in plain(
        (await lea.command("/wavepost announce")).text
    )

    # The form offers what there is, says when it would come, and keeps what was filled in.
    await lea.press("Announce something", in_="DM")
    modal = await lea.modal.opened()
    assert await modal.typeahead("channel", "") == ["#general", "#migration-triage"]
    assert await modal.typeahead("scope", "") == [
        "All customers",
        "Customers of Ana Reyes",
        "Those who need Gift cards",
        "Locations in north",
    ]
    assert await modal.typeahead("scope", "gift") == ["Those who need Gift cards"]
    assert "New York (America/New_York)" in await modal.typeahead("zone", "new y")
    await modal.fill(channel="#general", topic="This wave and the next", scope="Ana Reyes")
    await modal.fill(weekday="Friday", at="16:30", zone="America/New_York")
    assert "It comes on Fri 21 Jan 2022 at 16:30" in await shown(lea)
    assert await modal.submit() is None
    assert "Saved. The first one is due" in await shown(lea)
    assert "Fridays at 16:30, New York" in await shown(lea)
    assert "Customers of Ana Reyes" in await shown(lea)

    # The same a second time is refused.
    again = {"topic": "This wave and the next", "scope": "Ana Reyes"}
    refused = await begin(lea, **again)
    assert "#general hears this already: Fridays at 16:30" in (refused or {})["Of whom"]
    await lea.modal.close(everything=True)

    # Whoever is no lead reads it, and finds no way to change it.
    vic = await patient(sandbox, "vic")
    answer = await vic.command("/wavepost announce")
    assert "1 announcement goes out every week" in plain(answer.text)
    assert "Announce something" not in str(answer.blocks)
    await vic.press("Open", in_="DM")
    assert "Fridays at 16:30" in await shown(vic)
    assert "Remove" not in str(vic.modal.view)
    await vic.press("History")
    assert "Nothing was announced yet. The first one is due" in await shown(vic)


async def test_leads_change_pause_and_remove_it_without_overwriting_each_other(
    lea: Person, sandbox: Sandbox, store: Store
) -> None:
    assert await begin(lea) is None
    await lea.modal.close()

    # Two leads change it at once: the second is told, and nothing is overwritten.
    ada = await patient(sandbox, "ada")
    for person in (lea, ada):
        await open_first(person)
        await person.press("announce_change")
    assert await lea.modal.submit(weekday="Wednesday", at="08:15") is None
    assert "Saved. The next one is due" in await shown(lea)
    refused = await ada.modal.submit(weekday="Tuesday")
    assert "Lea Lindqvist changed this while you had it open" in " ".join((refused or {}).values())
    await ada.modal.close(everything=True)
    (kept,) = await schedules(store)
    assert (kept.version, kept.current.weekday) == (2, 2)

    # A note, taken back again; a pause, and going on.
    await lea.press("Add a note")
    assert await lea.modal.submit(words="Ana is away on Thursday.") is None
    assert "Kept. The next one says your note" in await shown(lea)
    assert "> Ana is away on Thursday." in await shown(lea)
    await lea.press("Change the note")
    assert await lea.modal.submit(words="") is None
    assert "Taken back" in await shown(lea)
    await lea.press("Pause")
    assert "Paused. Nothing is said there" in await shown(lea)
    assert "it is paused" in plain((await ada.command("/wavepost announce")).text)
    await lea.press("Go on")
    assert "It goes on, next" in await shown(lea)

    # Removed, after it was asked once more.
    await lea.press("Remove")
    assert "To stop for a while, pause it instead" in await shown(lea)
    await lea.press("Back")
    await lea.press("Remove")
    assert await lea.modal.submit() is None
    assert "Removed." in await shown(lea)
    assert await schedules(store) == []
    await ada.press("Open", in_="DM")
    assert await ada.sees("This announcement was removed", in_="DM")
    assert await audited(store) == [
        "announcement scheduled",
        "announcement changed",
        "announcement note written",
        "announcement note taken back",
        "announcement paused",
        "announcement goes on",
        "announcement removed",
    ]


async def test_where_nothing_can_be_said_leads_see_it_and_others_see_no_private_channel(
    lea: Person, sandbox: Sandbox, store: Store
) -> None:
    assert await begin(lea) is None
    assert await begin(lea, channel="#migration-triage", topic="The roadmap") is None
    await lea.modal.close(everything=True)
    vic = await patient(sandbox, "vic")
    assert "#migration-triage" not in await vic.command("/wavepost announce")

    # Guests and people of other companies read along: the form says so.
    await run(store, "UPDATE people SET kind = 'guest' WHERE name = 'Vic Viewer'")
    await lea.command("/wavepost announce")
    await lea.press("Announce something", in_="DM")
    await lea.modal.fill(channel="#general")
    assert "Guests read #general" in await shown(lea)
    assert lea.modal.view["submit"]["text"] == "Save anyway"
    await run(store, "UPDATE channels SET shared = true WHERE name = 'general'")
    await lea.modal.fill(weekday="Tuesday")
    assert "Another company reads #general" in await shown(lea)
    await lea.modal.close(everything=True)

    # The channel is archived: it comes first, in the list and on Home.
    await run(store, "UPDATE channels SET archived = true WHERE name = 'general'")
    answer = await lea.command("/wavepost announce")
    assert "1 of 2 announcements would be skipped" in plain(answer.lines[0])
    assert "#general is archived. Bring it back" in plain(answer.text)
    await lea.home()
    assert await lea.sees("Announcements that would be skipped", in_="home")
    await open_first(lea)
    await lea.press("announce_change")
    refused = await lea.modal.submit(weekday="Sunday")
    assert "#general was archived" in " ".join((refused or {}).values())


async def test_a_lead_tries_it_sends_it_once_and_reads_what_was_said(
    lea: Person, sandbox: Sandbox, store: Store
) -> None:
    assert await begin(lea, topic="This wave and the next") is None
    await lea.press("Add a note")
    await lea.modal.submit(words="Ana is away on Thursday.")

    # A preview shows it to her alone, with her note.
    await lea.press("Preview")
    assert "As #general would read it now" in await shown(lea)
    assert "> Ana is away on Thursday." in await shown(lea)
    await lea.modal.close()

    # Two leads press at once: it is said once, and the second is asked whether that is meant.
    ada = await patient(sandbox, "ada")
    await open_first(ada)
    for person in (lea, ada):
        await person.press("Send now")
        assert "Say it in #general now?" in await shown(person)
        assert "It says the note of @Lea Lindqvist" in await shown(person)
    assert await lea.modal.submit() is None
    assert "It is on its way to #general" in await shown(lea)
    assert "Ana is away" not in await shown(lea)
    assert await lea.sees("Waves, week of Mon 10 Jan 2022", in_="#general")
    assert await ada.modal.submit() is None
    assert "It was announced there just now: less than a minute ago" in await shown(ada)
    assert ada.modal.view["submit"]["text"] == "Send it again"
    assert len(await announced(store)) == 1

    # What was said can be read again, by whoever can read the channel.
    vic = await patient(sandbox, "vic")
    await open_first(vic)
    await vic.press("History")
    assert "1 announcement so far" in await shown(vic)
    assert "Said on Sat 15 Jan 2022 to 7 people. _Out of turn._" in await shown(vic)
    await vic.choose("Sat 15 Jan 2022")
    assert "> Ana is away on Thursday." in await shown(vic)

    # Where nothing can be said, it says why, and there is nothing to press.
    await run(store, "UPDATE channels SET archived = true WHERE name = 'general'")
    await ada.press("Back")
    await ada.press("Send now")
    assert "It cannot be said now: #general is archived" in await shown(ada)
    assert not ada.modal.view.get("submit")
