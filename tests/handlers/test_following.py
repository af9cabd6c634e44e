"""Follow, as people press, type and choose it; and what they hear of it."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from bot.assembly import Wavepost, tidy
from bot.sandbox.json_types import Json
from bot.sandbox.person import Answer, Person
from bot.sandbox.server import Sandbox
from handlers.concerned import concerned_by, tell_concerned
from handlers.digest_words import MOVED
from handlers.digests import tell_due
from handlers.lists import PAGE
from rules.following import Kind, News, Pace, Subject
from store.session import Store
from tests.typography import glued
from tests.world import FIRST_MONDAY, World, run

NEXT = FIRST_MONDAY + timedelta(weeks=1)
JOE, NOODLE, SAM = "C-joe", "C-noodle", "C-sam"
OMAR = "omar@northwind.example"
PATIENCE = 30
"""Seconds until a test that hangs is given up."""


@pytest.fixture
async def world(store: Store) -> World:
    """Joe's Pizza and Noodle House of Ana, Sam's Diner of Omar, two features."""
    world = World()
    world.csa()
    world.csa(OMAR, "Omar Haddad")
    world.customer("Joe's Pizza", id=JOE, weeks={FIRST_MONDAY: 2}, locations=["Main Street"])
    world.customer("Noodle House", id=NOODLE, weeks={NEXT: 1})
    world.customer("Sam's Diner", id=SAM, csa=OMAR, weeks={NEXT: 1})
    world.feature("loyalty", "Loyalty points")
    await world.keep(store)
    return world


@pytest.fixture
async def vic(sandbox: Sandbox, wavepost: Wavepost, world: World, store: Store) -> Person:
    """A member who owns no customers, at home in UTC."""
    return await in_utc(await sandbox.person("vic"), store)


@pytest.fixture
async def owner(ana: Person, world: World, store: Store) -> Person:
    """Ana, who owns customers, at home in UTC."""
    return await in_utc(ana, store)


def menu(answer: Answer) -> Json:
    """The menu that changes how one follows, wherever it is in the answer."""
    parts = [
        part
        for block in answer.blocks
        for part in [*block.get("elements", []), block.get("accessory") or {}]
    ]
    menus: list[Json] = [
        part for part in parts if str(part.get("action_id")).startswith(("follow", "following_p"))
    ]
    return next(part for part in menus if part["type"] == "static_select")


def state(answer: Answer) -> str:
    """How one follows, as the answer shows it."""
    words: str = menu(answer)["initial_option"]["text"]["text"]
    return words


async def paces(store: Store, person: Person) -> dict[str, str]:
    async with store.reading() as reading:
        followed = await reading.subscriptions.of(person.id)
    return {each.name: each.pace for each in followed}


async def moved(
    store: Store,
    cause: str,
    *customers: str,
    at: datetime | None = None,
    was: date = FIRST_MONDAY,
    becomes: date = NEXT,
) -> None:
    """Customers are moved, by a week unless said otherwise, for want of room."""
    news = [
        News(
            MOVED,
            frozenset({Subject(Kind.customer, customer), Subject(Kind.wave, becomes.isoformat())}),
            {
                "customer": customer,
                "locations": 1,
                "from": was.isoformat(),
                "week": becomes.isoformat(),
                "reason": "capacity",
            },
        )
        for customer in customers
    ]
    async with store.transaction(actor="test") as tx:
        await tell_concerned(tx, cause, news, happened_at=at)


async def now_is(store: Store, now: datetime) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(now)


async def told(store: Store) -> None:
    """All that is due was told: here, or by the clock of the Wavepost under test."""
    query = text("SELECT count(*) FROM tidings WHERE message_id IS NULL AND due_at <= :now")
    due = 1
    async with asyncio.timeout(PATIENCE):
        while due:
            await tell_due(store)
            async with store.reading() as reading:
                now = {"now": await reading.clock.now()}
                due = (await reading.connection.execute(query, now)).scalar_one()


async def heard(store: Store, person: Person) -> list[str]:
    """The first lines of what Wavepost said to somebody."""
    query = text(
        "SELECT fallback FROM outbox WHERE lane = :id AND cause = 'digest' ORDER BY number"
    )
    async with store.reading() as reading:
        return list((await reading.connection.execute(query, {"id": person.id})).scalars())


async def untold(store: Store, person: Person) -> list[str]:
    """The causes that somebody is still to hear of."""
    async with store.reading() as reading:
        return [tiding.cause for tiding in await reading.tidings.untold(person.id)]


async def in_utc(person: Person, store: Store) -> Person:
    await zone(store, person, "UTC")
    return person


async def zone(store: Store, person: Person, name: str) -> None:
    await run(store, "UPDATE people SET timezone = :zone WHERE id = :id", zone=name, id=person.id)


# Pressing


async def test_follow_is_pressed_on_an_answer_which_then_shows_it(
    vic: Person, store: Store
) -> None:
    await vic.command("/schedule Joe's Pizza", in_="#general")
    await vic.press("Follow", "#general")

    assert await paces(store, vic) == {"Joe's Pizza": "daily"}
    shown = (await vic.messages("#general"))[-1]
    assert "Joe's Pizza" in shown["blocks"][0]["text"]["text"]
    assert state(Answer([shown])) == "Following: daily"
    await vic.choose("Following: at once", "#general")
    assert await paces(store, vic) == {"Joe's Pizza": "instant"}
    await vic.choose("Stop following", "#general")
    assert await paces(store, vic) == {}
    await vic.press("Follow", "#general")
    assert await paces(store, vic) == {"Joe's Pizza": "daily"}


async def test_the_answer_about_a_location_follows_the_location(vic: Person, store: Store) -> None:
    await vic.command("/schedule Main Street")
    await vic.press("Follow")
    assert await paces(store, vic) == {"Main Street": "daily"}


async def test_the_look_up_shows_and_changes_how_one_follows(vic: Person, store: Store) -> None:
    await vic.command("/schedule help")
    await vic.press("Look one up")
    await vic.modal.fill(name="Noodle")
    await vic.press("Follow", "modal")
    assert await paces(store, vic) == {"Noodle House": "daily"}
    await vic.choose("Muted", "modal")
    assert await paces(store, vic) == {"Noodle House": "muted"}


async def test_a_wave_is_followed_from_its_list(vic: Person, store: Store) -> None:
    await vic.command("/schedule next")
    await vic.press("Follow this wave")
    assert await paces(store, vic) == {FIRST_MONDAY.isoformat(): "daily"}
    answer = await vic.command("/schedule next")
    assert state(answer) == "Following: daily"


async def test_who_owns_a_customer_follows_it_and_may_mute_it(owner: Person, store: Store) -> None:
    answer = await owner.command("/schedule Joe's Pizza")
    assert state(answer) == "Following: daily"
    assert [each["text"]["text"] for each in menu(answer)["options"]][-1] == "Muted"

    await owner.choose("Muted")

    assert await paces(store, owner) == {"Ana Reyes": "daily", "Joe's Pizza": "muted"}
    await moved(store, "plan 1", JOE)
    assert await untold(store, owner) == []
    await owner.choose("Same as the others")
    assert await paces(store, owner) == {"Ana Reyes": "daily"}


async def test_who_follows_part_of_what_they_own_is_told_so_and_may_mute_it_by_name(
    owner: Person, store: Store
) -> None:
    assert "part of what you follow already" in await owner.command("/wavepost follow Joe's Pizza")
    assert "is muted" in await owner.command("/wavepost mute joes piza")
    assert "muted" in (await paces(store, owner)).values()


@pytest.mark.parametrize("word", ["unfollow", "stop", "stop following", "unsubscribe"])
async def test_who_follows_can_stop_by_name(vic: Person, store: Store, word: str) -> None:
    await vic.command("/wavepost follow Joe's Pizza")

    answer = await vic.command(f"/wavepost {word} joes piza")

    assert "You do not follow *Joe's Pizza* any more." in answer
    assert await paces(store, vic) == {}


async def test_where_it_is_not_clear_what_to_stop_nothing_is_and_all_is_shown(
    vic: Person, store: Store
) -> None:
    await vic.command("/wavepost follow Joe's Pizza")

    answer = await vic.command("/wavepost unfollow xylophones")

    assert "I am not sure what you mean by `xylophones`, so nothing was changed." in answer
    assert "*Joe's Pizza*" in answer
    assert await paces(store, vic) == {"Joe's Pizza": "daily"}


async def test_mute_without_one_name_shows_all_that_is_followed(owner: Person) -> None:
    for typed in ("", " nobody at all"):
        assert "Your own customers" in await owner.command(f"/wavepost mute{typed}")


async def test_the_hours_open_by_their_name_too(vic: Person) -> None:
    await vic.command("/wavepost hours")
    assert vic.modal.title == "When news comes"


async def test_who_owns_customers_changes_the_pace_of_all_at_their_list(
    owner: Person, store: Store
) -> None:
    assert state(await owner.command("/schedule")) == "Following: daily"
    await owner.choose("Following: at once")
    assert await paces(store, owner) == {"Ana Reyes": "instant"}


async def test_a_second_delivery_of_a_press_follows_once(
    vic: Person, store: Store, sandbox: Sandbox
) -> None:
    await vic.command("/schedule Joe's Pizza")
    sandbox.faults.deliver_twice(kind="interaction")
    await vic.press("Follow")
    assert await paces(store, vic) == {"Joe's Pizza": "daily"}


# Typing and choosing


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("joes piza", "Joe's Pizza"),
        ("Main Street", "Main Street"),
        ("loyalty", "Loyalty points"),
        ("loyalty points", "Loyalty points"),
        ("Omar", "Omar Haddad"),
        ("everything of ana", "Ana Reyes"),
        (OMAR, "Omar Haddad"),
        ("next wave", FIRST_MONDAY.isoformat()),
        ("week of 24 January", NEXT.isoformat()),
        ("every wave", "every"),
    ],
)
async def test_whatever_can_be_followed_is_found_by_what_people_type(
    vic: Person, store: Store, typed: str, name: str
) -> None:
    answer = await vic.command(f"/wavepost follow {typed}")
    assert "You follow" in answer
    assert await paces(store, vic) == {name: "daily"}


async def test_following_again_keeps_the_pace_and_the_menu_changes_it(
    vic: Person, store: Store
) -> None:
    await vic.command("/wavepost follow Loyalty points")
    await vic.choose("Following: at once")
    answer = await vic.command("/wavepost follow Loyalty points")
    assert "at once, except in your quiet hours (19:00 to 08:00)" in answer
    await vic.choose("Stop following")
    await vic.sees("You do not follow *Loyalty points* any more", "DM")
    assert await paces(store, vic) == {}


async def test_several_that_are_called_so_are_offered(
    vic: Person, store: Store, world: World
) -> None:
    world.customer("Joe's Burgers", id="C-burgers", weeks={NEXT: 1})
    await world.keep(store)
    answer = await vic.command("/wavepost follow joe")
    assert "Which one do you want to follow?" in answer
    await vic.choose("Joe's Burgers (C-burgers)")
    assert await paces(store, vic) == {"Joe's Burgers": "daily"}


async def test_a_name_that_nobody_has_is_said_and_all_are_offered(
    vic: Person, store: Store
) -> None:
    answer = await vic.command("/wavepost follow Quetzalcoatl")
    assert "I know no customer, location, feature, wave or CSA" in answer
    await vic.press("Choose from all")
    offered = await vic.modal.typeahead("What do you want to hear of?", "")
    assert offered[0] == "Every wave"
    assert "Feature: Loyalty points" in offered
    assert "Everything of Omar Haddad" in offered
    await vic.modal.submit(what="Everything of Omar Haddad", pace="At once")
    assert await paces(store, vic) == {"Omar Haddad": "instant"}
    assert "You follow" in str(vic.modal.view)


async def test_follow_without_words_opens_the_form(vic: Person, store: Store) -> None:
    await vic.command("/wavepost follow")
    await vic.modal.submit(what="Noodle", pace="In my daily digest")
    assert await paces(store, vic) == {"Noodle House": "daily"}


async def test_follow_help_says_what_can_be_followed(vic: Person) -> None:
    assert "everything of a CSA" in await vic.command("/wavepost follow help")


# The list


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


# What is heard


async def test_one_digest_gathers_what_happened_at_the_reader_s_nine(
    vic: Person, store: Store
) -> None:
    await zone(store, vic, "America/New_York")
    for name in ("Joe's Pizza", "Noodle House", "Sam's Diner"):
        await vic.command(f"/wavepost follow {name}")
    await vic.choose("Muted")
    monday = datetime(2022, 1, 17, 15, tzinfo=UTC)
    await moved(store, "plan 2", JOE, SAM, at=monday)
    await moved(store, "plan 3", JOE, NOODLE, at=monday + timedelta(hours=2))
    nine = datetime(2022, 1, 18, 9, tzinfo=ZoneInfo("America/New_York"))
    await now_is(store, nine - timedelta(minutes=5))
    await told(store)
    assert await heard(store, vic) == []

    await now_is(store, nine)
    await told(store)
    await told(store)

    assert await heard(store, vic) == [
        glued("*News of what you follow:* 2 customers with another date")
    ]
    week = glued("*Noodle House* · 1 location from Mon 17 Jan 2022 to *Mon 24 Jan 2022*")
    await vic.sees(f"{week}: there was no room left", "DM")
    await vic.choose("Noodle House", "DM")
    await vic.sees(glued("*Noodle House* moves in the week of *Mon 24 Jan 2022*"), "DM")


async def test_who_moves_in_the_same_week_stands_in_one_line(vic: Person, store: Store) -> None:
    for name in ("Joe's Pizza", "Noodle House", "Sam's Diner"):
        await vic.command(f"/wavepost follow {name}")
    await moved(store, "plan 2", JOE, NOODLE)
    await now_is(store, datetime(2022, 1, 20, 9, tzinfo=UTC))
    await told(store)

    week = glued("• From Mon 17 Jan 2022 to *Mon 24 Jan 2022*")
    both = glued("*Joe's Pizza* (1 location), *Noodle House* (1 location)")
    await vic.sees(f"{week}: {both} · there was no room left", "DM")


async def test_who_moves_again_and_again_is_told_with_the_first_date_and_the_one_that_holds(
    vic: Person, store: Store
) -> None:
    await vic.command("/wavepost follow Joe's Pizza")
    for number in range(5):
        at = datetime(2022, 1, 17, 9 + number, tzinfo=UTC)
        was, becomes = (monday + timedelta(weeks=number) for monday in (FIRST_MONDAY, NEXT))
        await moved(store, f"plan {number}", JOE, at=at, was=was, becomes=becomes)
    await now_is(store, datetime(2022, 1, 20, 9, tzinfo=UTC))
    await told(store)

    line = glued("*Joe's Pizza* · 1 location from Mon 17 Jan 2022 to *Mon 21 Feb 2022*")
    await vic.sees(line, "DM")


async def test_who_moves_and_moves_back_is_told_with_the_date_that_holds_first(
    vic: Person, store: Store
) -> None:
    await vic.command("/wavepost follow Joe's Pizza")
    at = datetime(2022, 1, 17, 9, tzinfo=UTC)
    await moved(store, "plan 2", JOE, at=at)
    await moved(store, "plan 3", JOE, at=at + timedelta(hours=1), was=NEXT, becomes=FIRST_MONDAY)
    await now_is(store, datetime(2022, 1, 20, 9, tzinfo=UTC))
    await told(store)

    line = glued("*Joe's Pizza* · 1 location from Mon 24 Jan 2022 to *Mon 17 Jan 2022*")
    await vic.sees(line, "DM")


async def test_days_that_pass_at_once_bring_one_digest(vic: Person, store: Store) -> None:
    await vic.command("/wavepost follow Joe's Pizza")
    for day in range(17, 22):
        at = datetime(2022, 1, day, 12, tzinfo=UTC)
        await moved(store, f"plan {day}", JOE, at=at)
    await now_is(store, datetime(2022, 2, 20, 9, tzinfo=UTC))
    await told(store)
    assert len(await heard(store, vic)) == 1


async def test_what_is_followed_at_once_is_said_at_once_but_not_at_night(
    vic: Person, store: Store
) -> None:
    await vic.command("/wavepost follow Joe's Pizza")
    await vic.choose("Following: at once")
    await now_is(store, datetime(2022, 1, 17, 12, tzinfo=UTC))
    await moved(store, "plan 2", JOE)
    assert len(await heard(store, vic)) == 1
    await now_is(store, datetime(2022, 1, 17, 22, tzinfo=UTC))
    await moved(store, "plan 3", JOE)
    await told(store)
    assert len(await heard(store, vic)) == 1
    await now_is(store, datetime(2022, 1, 18, 8, tzinfo=UTC))
    await told(store)
    assert len(await heard(store, vic)) == 2


async def test_the_same_cause_is_told_once_however_many_ways_lead_to_a_person(
    owner: Person, store: Store
) -> None:
    for what in ("Joe's Pizza", "Main Street", "Ana Reyes", "every wave"):
        await owner.command(f"/wavepost follow {what}")
    await moved(store, "plan 2", JOE)
    await moved(store, "plan 2", JOE)
    await now_is(store, datetime(2022, 1, 20, 9, tzinfo=UTC))
    await told(store)
    assert len(await heard(store, owner)) == 1


async def test_what_is_muted_or_stopped_meanwhile_is_not_told(vic: Person, store: Store) -> None:
    await vic.command("/wavepost follow Joe's Pizza")
    await moved(store, "plan 2", JOE)
    await vic.command("/wavepost follow Joe's Pizza")
    await vic.choose("Stop following")
    await now_is(store, datetime(2022, 1, 20, 9, tzinfo=UTC))
    await told(store)
    assert await heard(store, vic) == []
    assert await untold(store, vic) == []


async def test_who_is_deactivated_hears_nothing_and_goes_on_later_without_the_old(
    vic: Person, store: Store
) -> None:
    await vic.command("/wavepost follow Joe's Pizza")
    await moved(store, "plan 2", JOE, at=datetime(2022, 1, 17, 12, tzinfo=UTC))
    await run(store, "UPDATE people SET active = false WHERE id = :id", id=vic.id)
    await moved(store, "plan 3", JOE, at=datetime(2022, 1, 18, 12, tzinfo=UTC))
    await now_is(store, datetime(2022, 1, 20, 9, tzinfo=UTC))
    await told(store)
    assert await untold(store, vic) == []

    await run(store, "UPDATE people SET active = true WHERE id = :id", id=vic.id)
    await told(store)
    assert await heard(store, vic) == []
    assert await paces(store, vic) == {"Joe's Pizza": "daily"}
    await moved(store, "plan 4", JOE)
    await now_is(store, datetime(2022, 1, 21, 10, tzinfo=UTC))
    await told(store)
    assert len(await heard(store, vic)) == 1


async def test_guests_and_strangers_hear_nothing_whatever_they_followed_before(
    sandbox: Sandbox, wavepost: Wavepost, store: Store, world: World
) -> None:
    ids = [(await sandbox.person(name)).id for name in ("gus", "sam", "vic")]
    async with store.transaction(actor="test") as tx:
        for person in ids:
            await tx.subscriptions.choose(person, Subject(Kind.customer, JOE), Pace.instant)
        concerned = await concerned_by(tx, {Subject(Kind.customer, JOE)})
    ana = (await sandbox.person("ana")).id
    assert concerned == {ids[-1]: Pace.instant, ana: Pace.daily}


async def test_people_concerned_by_a_location_are_all_who_chose_what_it_is_part_of(
    owner: Person, vic: Person, store: Store
) -> None:
    await vic.command("/wavepost follow Main Street")
    location = Subject(Kind.location, f"{JOE}-L1")
    async with store.reading() as reading:
        assert await concerned_by(reading, {location}) == {
            owner.id: Pace.daily,
            vic.id: Pace.daily,
        }


async def test_five_hundred_that_moved_are_one_message_with_all_to_be_seen(
    owner: Person, store: Store, world: World
) -> None:
    customers = [f"C-{number:03}" for number in range(500)]
    for customer in customers:
        world.customer(f"Shop {customer}", id=customer)
    await world.keep(store)
    await moved(store, "plan 2", *customers)
    await now_is(store, datetime(2022, 1, 20, 9, tzinfo=UTC))
    await told(store)

    assert await heard(store, owner) == [
        glued("*News of what you follow:* 500 customers with another date")
    ]
    await owner.sees("*Shop C-004* (1\N{NO-BREAK SPACE}location) and 495 more", "DM")
    await owner.press("See all 500", "DM")
    await owner.sees("1–15 of 500", "DM")
    await owner.press("Last", "DM")
    await owner.sees("496–500 of 500", "DM")
    await owner.sees("Shop C-499", "DM")


@pytest.mark.parametrize(("days", "words"), [(89, "1–15 of 20"), (91, "It is not kept any more.")])
async def test_what_was_told_is_shown_again_for_ninety_days(
    owner: Person, store: Store, world: World, days: int, words: str
) -> None:
    customers = [f"C-{number:03}" for number in range(20)]
    for customer in customers:
        world.customer(f"Shop {customer}", id=customer)
    await world.keep(store)
    await moved(store, "plan 2", *customers)
    await now_is(store, datetime(2022, 1, 20, 9, tzinfo=UTC))
    await told(store)
    await moved(store, "plan 3", JOE)
    await owner.sees("See all 20", "DM")
    await run(store, "UPDATE outbox SET said_at = now() - make_interval(days => :days)", days=days)
    await tidy(store)

    await owner.press("See all 20", "DM")

    await owner.sees(words, "DM")
    assert await untold(store, owner) == ["plan 3"]
