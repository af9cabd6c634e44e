"""The list of what a person follows, its paces and its hours."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.sandbox.person import Person
from handlers.lists import PAGE
from rules.following import Kind, Pace, Subject
from store.session import Store
from tests.handlers.following.heard import JOE, SAM, moved, paces, zone
from tests.world import World


async def test_the_list_of_who_follows_nothing_says_how_to_begin(vic: Person) -> None:
    answer = await vic.command("/wavepost following")
    assert "You follow nothing yet. Press “Follow” under any answer" in answer
    await vic.press("Follow something")
    await vic.modal.opened()


async def test_the_list_shows_each_pace_and_changes_it(owner: Person, store: Store) -> None:
    await owner.command("/wavepost follow Sam's Diner")
    await owner.command("/wavepost follow every wave")
    answer = await owner.command("/wavepost following")
    rows = [block["text"]["text"] for block in answer.blocks if block["type"] == "section"]
    assert rows == [
        "You follow *3\N{NO-BREAK SPACE}things*. Your digest comes at 09:00.",
        "*Your own customers*",
        "*Every wave*",
        "*Sam's Diner* · customer",
    ]
    await owner.choose(f"stop|0|customer|{SAM}")
    assert await paces(store, owner) == {"Ana Reyes": "daily", "every": "daily"}
    await owner.sees("*2\N{NO-BREAK SPACE}things*", "DM")


async def test_a_long_list_pages_and_stays_on_its_page(
    vic: Person, store: Store, world: World
) -> None:
    customers = [f"C-{number:02}" for number in range(PAGE + 2)]
    for customer in customers:
        world.customer(f"Shop {customer}", id=customer)
    await world.keep(store)
    async with store.transaction(actor="test") as tx:
        for customer in customers:
            await tx.subscriptions.choose(vic.id, Subject(Kind.customer, customer), Pace.daily)
    await vic.command("/wavepost following")
    await vic.press("Next")
    await vic.sees("16–17 of 17", "DM")
    await vic.choose("muted|1|customer|C-16")
    await vic.sees("16–17 of 17", "DM")
    assert (await paces(store, vic))["Shop C-16"] == "muted"


async def test_the_hours_are_changed_and_what_waits_comes_at_them(
    vic: Person, store: Store
) -> None:
    await zone(store, vic, "Asia/Tokyo")
    await vic.command("/wavepost follow Joe's Pizza")
    await moved(store, "plan 2", JOE, at=datetime(2022, 1, 17, 1, tzinfo=UTC))
    await vic.command("/wavepost following")
    await vic.sees("your time zone in Slack", "DM")
    await vic.press("When news comes")
    errors = await vic.modal.submit(digest="07:30", **{"from": "20:00"})
    assert errors == {"My digest comes at": "This is in your quiet hours, 20:00 to 08:00."}
    assert await vic.modal.submit(nothing_until="07:00") is None
    assert "daily at *07:30*" in str(vic.modal.view)
    async with store.reading() as reading:
        (tiding,) = await reading.tidings.untold(vic.id)
    assert tiding.due_at == datetime(2022, 1, 18, 7, 30, tzinfo=ZoneInfo("Asia/Tokyo"))
