"""/schedule, as people in a workspace use it."""

from datetime import date, timedelta

import pytest

from bot.assembly import Wavepost
from bot.sandbox.json_types import Json
from bot.sandbox.person import Answer, Person
from bot.sandbox.server import Sandbox
from bot.sandbox.visible import lines_of_message
from store.session import Store
from tests.world import FIRST_MONDAY, World, counted, run

FIRST, SECOND, FAR = (FIRST_MONDAY + timedelta(weeks=weeks) for weeks in (0, 2, 20))
OMAR = "omar@northwind.example"
MOST = 120


@pytest.fixture
async def vic(sandbox: Sandbox, wavepost: Wavepost) -> Person:
    """A member who owns no customers."""
    return await sandbox.person("vic")


@pytest.fixture
async def omar(sandbox: Sandbox, wavepost: Wavepost) -> Person:
    """Another CSA."""
    return await sandbox.person("omar")


def first_line(answer: Answer) -> str:
    return answer.lines[0].replace("*", "")


def buttons(answer: Answer) -> list[str]:
    return [
        element["text"]["text"]
        for block in answer.blocks
        for element in block.get("elements", [])
        if element["type"] == "button"
    ]


def offered(answer: Answer) -> list[str]:
    return [
        option["text"]["text"]
        for block in answer.blocks
        for element in block.get("elements", [])
        for option in element.get("options", [])
    ]


async def fifteen_a_page(store: Store, customers: int) -> None:
    world = World()
    for number in range(customers):
        week = FIRST + timedelta(weeks=number % 3)
        world.customer(f"Shop {number:02}", weeks={week: 1})
    await world.keep(store)


# Without an argument


async def test_a_csa_sees_her_customers_by_date(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Late Lunch", weeks={SECOND: 1})
    world.customer("Never Noodles", unplaced=1)
    world.customer("Early Eggs", weeks={FIRST: 2})
    world.customer("Somebody Else's", csa=OMAR, weeks={FIRST: 1})
    await world.keep(store)

    answer = await ana.command("/schedule")

    assert first_line(answer) == "You have 3 customers, by date:"
    order = [answer.text.index(name) for name in ("Early Eggs", "Late Lunch", "Never Noodles")]
    assert order == sorted(order)
    assert "Mon 17 Jan 2022" in answer
    assert "Without a date" in answer
    assert "Somebody Else's" not in answer
    assert answer.is_private


async def test_forty_customers_page_with_nothing_cut_and_nothing_twice(
    ana: Person, store: Store
) -> None:
    await fifteen_a_page(store, 40)

    pages = [await ana.command("/schedule")]
    assert "Previous" not in buttons(pages[0])
    for _ in range(2):
        await press(ana, "Next")
        pages.append(await shown(ana))
    assert "Next" not in buttons(pages[2])
    await press(ana, "Previous")

    seen = [name for page in pages for name in offered(page)]
    assert sorted(seen) == [f"Shop {number:02}" for number in range(40)]
    assert ["1–15 of 40" in pages[0], "16–30 of 40" in pages[1], "31–40 of 40" in pages[2]] == [
        True,
        True,
        True,
    ]
    assert offered(await shown(ana)) == offered(pages[1])


async def shown(person: Person, in_: str = "DM") -> Answer:
    """The newest message there."""
    newest = (await person.messages(in_))[-1]
    return Answer([newest], lines=person.readable(lines_of_message(newest)))


async def press(person: Person, words: str, in_: str = "DM", *, on: Json | None = None) -> None:
    """Press a button of a message (the newest, unless told), whatever small print stands above it."""
    newest = on or (await person.messages(in_))[-1]
    row = next(block for block in newest["blocks"] if block["type"] == "actions")
    button = next(e for e in row["elements"] if e.get("text", {}).get("text") == words)
    address = {"channel": await person.conversation_id(in_), "ts": newest["ts"]}
    outcome = await person.act(address, row, button, {"type": "button"}, {})
    assert outcome["ok"]


async def test_a_page_that_is_gone_meanwhile_shows_what_is_left(ana: Person, store: Store) -> None:
    await fifteen_a_page(store, 16)
    await ana.command("/schedule")
    await run(store, "UPDATE customers SET csa_email = 'omar@northwind.example' WHERE id > 'C-15'")

    await press(ana, "Next")

    left = await shown(ana)
    assert "of 7" in left
    assert len(offered(left)) == 7


async def test_a_customer_of_the_list_can_be_opened(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Early Eggs", weeks={FIRST: 2})
    world.customer("Late Lunch", weeks={SECOND: 1})
    await world.keep(store)
    await ana.command("/schedule")

    await ana.choose("Late Lunch", in_="DM")

    assert await ana.sees("Late Lunch* moves in the week of *Mon 31 Jan 2022*", in_="DM")


async def test_a_csa_without_customers_is_told_how_she_gets_some(
    sandbox: Sandbox, ana: Person, store: Store
) -> None:
    world = World()
    world.csa()
    await world.keep(store)

    answer = await ana.command("/schedule")

    assert "You have no customers yet" in answer
    assert buttons(answer) == ["Look up another"]


async def test_others_see_the_next_wave(vic: Person, store: Store) -> None:
    world = World()
    world.customer("Past Pasta", weeks={FIRST - timedelta(weeks=1): 1})
    world.customer("Early Eggs", weeks={FIRST: 2})
    world.customer("Late Lunch", weeks={SECOND: 1})
    await world.keep(store)

    answer = await vic.command("/schedule")

    assert first_line(answer) == "The next wave is the week of Mon 17 Jan 2022, with 1 customer."
    assert offered(answer) == ["Early Eggs"]


async def test_before_any_plan_people_are_told_what_will_happen(vic: Person) -> None:
    answer = await vic.command("/schedule")

    assert "Nobody has a date yet" in answer
    assert answer.ok


# Looking up


NAMES_OF_JOE = (
    *("Joe's Pizza", "joes pizza", "JOE’S  PIZZA", "C-JOE", "c-joe"),
    *("jo pi", "pizza joe", "joes"),
)


async def test_a_customer_is_found_by_name_id_or_beginnings(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Joe's Pizza", id="C-JOE", weeks={FIRST: 2})
    world.customer("Burger Barn", weeks={FIRST: 2})
    await world.keep(store)

    for typed in NAMES_OF_JOE:
        answer = await ana.command(f"/schedule {typed}")

        assert first_line(answer) == "Joe's Pizza moves in the week of Mon 17 Jan 2022.", typed
        assert "I read" not in answer
        assert answer.is_private


async def test_one_guess_is_answered_and_says_so(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST: 2})
    await world.keep(store)

    answer = await ana.command("/schedule Jeos Piza")

    assert first_line(answer).startswith("Joe's Pizza moves")
    assert "I read “Jeos Piza” as Joe's Pizza." in answer


async def test_several_guesses_give_a_choice(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Maria Nord", weeks={FIRST: 1})
    world.customer("Maria Sued", weeks={SECOND: 1})
    await world.keep(store)

    answer = await ana.command("/schedule Mraia")
    await ana.choose("Maria Sued (C-2)", in_="DM")

    assert first_line(answer) == "I know no “Mraia”. Did you mean one of these?"
    assert await ana.sees("*Maria Sued* moves in the week of *Mon 31 Jan 2022*", in_="DM")


async def test_two_customers_with_one_name_are_told_apart(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Corner Cafe", id="C-A", weeks={FIRST: 1})
    world.customer("Corner Cafe", id="C-B", weeks={SECOND: 1})
    await world.keep(store)

    answer = await ana.command("/schedule corner cafe")
    await ana.choose("Corner Cafe (C-B)", in_="DM")

    assert first_line(answer) == "“corner cafe” could be 2 customers. Which one do you mean?"
    assert await ana.sees("Mon 31 Jan 2022", in_="DM")


async def test_a_location_has_an_answer_of_its_own(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST: 1, SECOND: 1}, locations=["Harbour", "Old Town"])
    await world.keep(store)

    answer = await ana.command("/schedule old town")

    assert first_line(answer) == "Old Town moves in the week of Mon 31 Jan 2022."
    assert "of Joe's Pizza" in answer


async def test_a_customer_and_a_location_that_begin_alike_can_each_be_opened(
    ana: Person, store: Store
) -> None:
    world = World()
    world.customer("St Ella", id="C-ELLA", weeks={FIRST: 1})
    world.customer("Burger Barn", id="C-BARN", weeks={SECOND: 1}, locations=["St John"])
    await world.keep(store)

    answer = await ana.command("/schedule st")
    await ana.choose("St John (C-BARN-L1)", in_="DM")

    assert len(offered(answer)) == 3
    assert await ana.sees("*St John* moves in the week of *Mon 31 Jan 2022*", in_="DM")


async def test_more_than_can_be_offered_says_how_many_there_are(ana: Person, store: Store) -> None:
    world = World()
    for number in range(230):
        world.customer(f"Ab {number:03}")
    await world.keep(store)

    answer = await ana.command("/schedule ab")

    assert "“ab” could be 230 customers" in answer
    assert "Only the first 100 of 230 are offered" in answer
    assert len(offered(answer)) == 100


async def test_nobody_of_that_name_is_said(ana: Person, store: Store) -> None:
    answer = await ana.command("/schedule Zebra Xylophones")

    assert (
        first_line(answer)
        == "I know no customer or location called “Zebra Xylophones”. Try part of the name, or an id."
    )


async def test_five_hundred_characters_are_answered_briefly(ana: Person) -> None:
    for typed in ("x" * 500, "𝕏" * 500, "😀 " * 250, "'" * 500, "\\" * 500):
        answer = await ana.command(f"/schedule {typed}")

        assert answer.ok
        assert "I know no customer or location" in answer
        assert len(answer.lines[0]) < 200


async def test_help_is_kept_apart_from_names(ana: Person) -> None:
    for typed in ("help", "HELP", "?"):
        assert "Find out when a customer or location moves" in await ana.command(
            f"/schedule {typed}"
        )


ODD_NAMES = (
    "<!channel> & Sons",
    "*stars* _and_ ~lines~ `code`",
    "😀🍕",
    "مطعم السلام",
    "Ab " + "x" * 297,
    "&" * 299 + "b",
    "Joe's\nPizza",
)


async def test_odd_names_are_shown_as_they_are_and_ping_nobody(ana: Person, store: Store) -> None:
    world = World()
    for number, name in enumerate(ODD_NAMES):
        world.customer(name, id=f"C-ODD-{number}", weeks={FIRST: 1})
    await world.keep(store)

    listed = await ana.command("/schedule")
    for number, name in enumerate(ODD_NAMES):
        answer = await ana.command(f"/schedule C-ODD-{number}", in_="#general")
        await press(ana, "Post to channel", "#general", on=answer.messages[-1])

        as_shown = " ".join(name.split())[:20]
        assert as_shown in listed.text
        assert as_shown.replace("*", "") in first_line(answer)
        assert len(answer.lines[0].replace("*", "")) <= MOST
        assert "<" not in answer.messages[0]["blocks"][0]["text"]["text"]
    assert await counted(store, "outbox") == len(ODD_NAMES)


# What is said in each state


async def test_several_weeks_say_the_first_and_the_last(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Big Chain", id="C-BIG", weeks={FIRST: 3, SECOND: 2}, unplaced=1)
    await world.keep(store)

    answer = await ana.command("/schedule C-BIG")

    assert (
        first_line(answer) == "Big Chain moves in 2 waves, from Mon 17 Jan 2022 to Mon 31 Jan 2022."
    )
    assert "Mon 17 Jan 2022 · 3 locations" in answer
    assert "6 locations; 5 with a date" in answer
    assert "if one is late, so are those after it" in answer


async def test_who_waits_is_told_for_what_and_until_when(ana: Person, store: Store) -> None:
    world = World()
    world.feature("F1", "Kitchen display", target=date(2022, 3, 1), slips=2)
    world.customer("Joe's Pizza", unplaced=1, requires=["F1"])
    await world.keep(store)

    answer = await ana.command("/schedule joes pizza")

    assert "Joe's Pizza has no date yet" in first_line(answer)
    assert "Kitchen display" in first_line(answer)
    assert "Tue 1 Mar 2022" in first_line(answer)


async def test_a_feature_without_a_date_is_said_to_have_none(ana: Person, store: Store) -> None:
    world = World()
    world.feature("F1", "Kitchen display")
    world.customer("Joe's Pizza", unplaced=1, requires=["F1"])
    await world.keep(store)

    answer = await ana.command("/schedule joes pizza")

    assert "Kitchen display (no date yet)" in first_line(answer)


async def test_many_features_are_all_named_though_the_first_line_stays_short(
    ana: Person, store: Store
) -> None:
    world = World()
    keys = [f"F{number}" for number in range(12)]
    for number, key in enumerate(keys):
        world.feature(key, f"A rather long feature name {key}", target=date(2022, 3, 1 + number))
    world.customer("Joe's " + "Pizza " * 20, id="C-JOE", unplaced=1, requires=keys)
    await world.keep(store)

    answer = await ana.command("/schedule C-JOE")

    assert len(first_line(answer)) <= MOST
    assert all(f"feature name {key}" in answer for key in keys)


async def test_no_room_names_the_plan_that_found_none(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Joe's " + "Pizza " * 20, id="C-JOE", unplaced=1, binding="capacity")
    await world.keep(store)

    answer = await ana.command("/schedule C-JOE")

    assert "the plan of Wed 12 Jan 2022 found no week for it" in first_line(answer)
    assert len(first_line(answer)) <= MOST


async def test_who_came_after_the_plan_is_told_so(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Joe's Pizza", unplaced=1, binding=None)
    await world.keep(store)

    assert "it came after the last plan" in await ana.command("/schedule joes pizza")


async def test_who_left_does_not_move(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Joe's Pizza", unplaced=2, status="offboarded")
    await world.keep(store)

    answer = await ana.command("/schedule joes pizza")

    assert first_line(answer) == "Joe's Pizza does not move: all its locations are offboarded."


async def test_what_could_change_a_date_is_said_with_the_last_move(
    ana: Person, store: Store
) -> None:
    world = World()
    world.feature("F1", "Kitchen display", target=date(2022, 5, 2), slips=2)
    world.blackout(SECOND + timedelta(days=8), SECOND + timedelta(days=9), "Stocktaking")
    joe = world.customer("Joe's Pizza", weeks={SECOND: 1}, requires=["F1"])
    world.moved(joe, FIRST, SECOND)
    await world.keep(store)

    answer = await ana.command("/schedule joes pizza")

    assert "Kitchen display is not released; planned for Mon 2 May 2022, after 2 slips" in answer
    assert "Stocktaking (Tue 8 Feb 2022 to Wed 9 Feb 2022) is close" in answer
    assert "Moved on Fri 14 Jan 2022 from the week of Mon 17 Jan 2022: capacity." in answer


async def test_dates_far_ahead_are_tentative_and_near_ones_firm(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Near Noodles", weeks={FIRST: 1})
    world.customer("Far Falafel", weeks={FAR: 1})
    await world.keep(store)

    assert "Firm: the week is fixed" in await ana.command("/schedule near noodles")
    assert "Tentative: it is far ahead" in await ana.command("/schedule far falafel")


# The buttons under an answer


async def test_what_to_tell_them_gives_words_to_copy(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST: 1, SECOND: 2})
    await world.keep(store)
    await ana.command("/schedule joes pizza")

    await ana.press("What to tell them", in_="DM")

    assert ana.modal.title == "What to tell them"
    assert (
        "Joe's Pizza is planned to move to the new system over 2 weeks, "
        "from the week of Mon 17 Jan 2022 to the week of Mon 31 Jan 2022."
    ) in ana.modal.text


async def test_a_posted_answer_is_seen_by_others_once(
    ana: Person, omar: Person, store: Store
) -> None:
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST: 1})
    await world.keep(store)
    answer = await ana.command("/schedule joes pizza", in_="#general")
    assert await omar.messages("#general") == []

    await ana.press("Post to channel", in_="#general")

    assert "Post to channel" in buttons(answer)
    assert await omar.sees("Looked up by @Ana Reyes", in_="#general")
    assert len(await omar.messages("#general")) == 1
    assert "Posted to #general" in "\n".join(await ana.reads("#general"))
    assert not buttons(await shown(ana, "#general"))


async def test_an_answer_cannot_be_posted_where_wavepost_is_not_a_member(
    ana: Person, omar: Person, store: Store
) -> None:
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST: 1})
    await world.keep(store)
    await ana.command("/schedule joes pizza", in_="#random")

    await ana.press("Post to channel", in_="#random")

    assert await ana.sees("Invite me with /invite", in_="#random")
    assert await omar.messages("#random") == []
    assert await counted(store, "outbox") == 0
    assert await counted(store, "interactions") == 0


async def test_once_invited_wavepost_posts(
    sandbox: Sandbox, ana: Person, omar: Person, store: Store
) -> None:
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST: 1})
    await world.keep(store)
    await ana.command("/schedule joes pizza", in_="#random")
    sandbox.people.invite_app("random", by="ana")
    await sandbox.world.events.settle()

    await ana.press("Post to channel", in_="#random")

    assert await omar.sees("*Joe's Pizza* moves in the week of *Mon 17 Jan 2022*", in_="#random")


async def test_dates_are_not_posted_to_a_channel_shared_with_others(
    ana: Person, sandbox: Sandbox, store: Store
) -> None:
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST: 1})
    await world.keep(store)
    general = sandbox.people.channel("general").id
    await run(store, "UPDATE channels SET shared = true WHERE id = :id", id=general)
    await ana.command("/schedule joes pizza", in_="#general")

    await ana.press("Post to channel", in_="#general")

    assert await ana.sees("shared with another company", in_="#general")
    assert await counted(store, "outbox") == 0


async def test_answers_of_one_person_are_not_seen_by_another(
    ana: Person, omar: Person, store: Store
) -> None:
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST: 1})
    await world.keep(store)

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
