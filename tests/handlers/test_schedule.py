"""/schedule, as people in a workspace use it."""

from datetime import date, timedelta

import pytest

from bot.assembly import Wavepost
from bot.sandbox.json_types import Json
from bot.sandbox.person import Answer, Person
from bot.sandbox.server import Sandbox
from bot.sandbox.visible import lines_of_message
from store.session import Store
from tests.typography import glued
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
        if not element.get("action_id", "").startswith("follow")
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

    assert first_line(answer) == glued("You have 3 customers with 4 locations, by date:")
    order = [answer.text.index(name) for name in ("Early Eggs", "Late Lunch", "Never Noodles")]
    assert order == sorted(order)
    assert glued("Mon 17 Jan 2022") in answer
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
    row, button = next(
        (block, element)
        for block in newest["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        if element.get("text", {}).get("text") == words
    )
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

    assert await ana.sees(glued("Late Lunch* moves in the week of *Mon 31 Jan 2022*"), in_="DM")


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

    assert first_line(answer) == glued(
        "The next wave is the week of Mon 17 Jan 2022, with 2 locations of 1 customer."
    )
    assert offered(answer) == ["Early Eggs"]


async def test_before_any_plan_people_are_told_what_will_happen(vic: Person) -> None:
    answer = await vic.command("/schedule")

    assert "Nobody has a date yet" in answer
    assert answer.ok


async def test_a_long_list_has_a_way_to_its_ends(ana: Person, store: Store) -> None:
    await fifteen_a_page(store, 70)
    first = await ana.command("/schedule mine")

    await press(ana, "Last")
    last = await shown(ana)
    await press(ana, "First")

    assert buttons(first) == ["Next", "Last", "Look up another"]
    assert glued("61–70 of 70") in last
    assert buttons(last) == ["First", "Previous", "Look up another"]
    assert "1–15 of 70" in await shown(ana)


# Waves


async def waves(store: Store, *weeks: date) -> None:
    world = World()
    for number, week in enumerate(weeks):
        world.customer(f"Shop {number}", weeks={week: 1})
    await world.keep(store)


@pytest.mark.parametrize("typed", ["mine", "my customers", "Mine?"])
async def test_mine_are_one_s_own_customers_whoever_asks(
    typed: str, ana: Person, vic: Person, store: Store
) -> None:
    await waves(store, FIRST, SECOND)

    mine, nobody_s = await ana.command(f"/schedule {typed}"), await vic.command("/schedule mine")

    assert first_line(mine) == glued("You have 2 customers with 2 locations, by date:")
    assert "You have no customers yet" in nobody_s


async def test_next_is_the_next_wave_also_for_a_csa(ana: Person, store: Store) -> None:
    await waves(store, FIRST, SECOND)

    answer = await ana.command("/schedule next")

    assert first_line(answer) == glued(
        "The next wave is the week of Mon 17 Jan 2022, with 1 location of 1 customer."
    )


@pytest.mark.parametrize(
    "typed", ["2022-01-31", "week of 31 January", "Mon 31 Jan 2022", "wave of Feb 2"]
)
async def test_a_day_shows_the_wave_of_its_week(typed: str, ana: Person, store: Store) -> None:
    await waves(store, FIRST, SECOND)

    answer = await ana.command(f"/schedule {typed}")

    assert first_line(answer) == glued(
        "The wave in the week of Mon 31 Jan 2022 has 1 location of 1 customer."
    )
    assert offered(answer) == ["Shop 1"]
    ways = ["Follow this wave", "What to tell them", "Look up another"]
    assert buttons(answer) == ["‹ Week of 17 Jan", *ways]


async def test_a_week_in_which_nobody_moves_leads_to_those_around_it(
    vic: Person, store: Store
) -> None:
    await waves(store, FIRST, SECOND)

    answer = await vic.command("/schedule week of 24 January")

    assert first_line(answer) == glued("Nobody moves in the week of Mon 24 Jan 2022.")
    assert buttons(answer) == ["‹ Week of 17 Jan", "Next: week of 31 Jan", "Look up another"]


async def test_one_goes_from_wave_to_wave_and_back(vic: Person, store: Store) -> None:
    await waves(store, FIRST - timedelta(weeks=1), FIRST, SECOND)
    begun = await vic.command("/schedule")

    await press(vic, "Next: week of 31 Jan")
    after = await shown(vic)
    await press(vic, "‹ Week of 17 Jan")

    ways = ["‹ Week of 10 Jan", "Next: week of 31 Jan"]
    of_this = ["Follow this wave", "See the wave", "What to tell them"]
    assert buttons(begun) == [*ways, *of_this, "Look up another"]
    assert offered(after) == ["Shop 2"]
    assert first_line(await shown(vic)) == first_line(begun)
    assert len(await vic.messages("DM")) == 1


async def test_of_many_waves_any_can_be_chosen(vic: Person, store: Store) -> None:
    await waves(store, *(FIRST + timedelta(weeks=number) for number in range(130)))
    answer = await vic.command("/schedule")

    await vic.choose("Week of Mon 11 Apr 2022", in_="DM")

    assert len(offered(answer)) == 1 + 100
    assert first_line(await shown(vic)) == glued(
        "The wave in the week of Mon 11 Apr 2022 has 1 location of 1 customer."
    )


async def test_when_all_waves_are_past_the_last_one_is_in_reach(vic: Person, store: Store) -> None:
    past = FIRST - timedelta(weeks=2)
    await waves(store, past)

    answer = await vic.command("/schedule")
    await press(vic, "‹ Week of 3 Jan")

    assert first_line(answer) == glued(
        "No wave is planned from now on. The last one was the week of Mon 3 Jan 2022."
    )
    assert offered(await shown(vic)) == ["Shop 0"]


async def test_the_pages_of_a_wave_are_turned_within_it(vic: Person, store: Store) -> None:
    await waves(store, FIRST, *[SECOND] * 20)
    await vic.command("/schedule 2022-01-31")

    await press(vic, "Next")

    page = await shown(vic)
    assert first_line(page) == glued(
        "The wave in the week of Mon 31 Jan 2022 has 20 locations of 20 customers."
    )
    assert "16–20 of 20" in page


# Asking in words


IN_WORDS = (
    *(
        "when is Joe's Pizza moving?",
        "when does Joe's Pizza move",
        "Joe's Pizza?",
        "for Joe's Pizza",
    ),
    *('"Joe\'s Pizza"', "“Joe's Pizza”", "'joes pizza'", "what about jo pi?"),
)


async def test_a_question_is_understood(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST: 2})
    world.customer("Burger Barn", weeks={FIRST: 2})
    await world.keep(store)

    for typed in IN_WORDS:
        answer = await ana.command(f"/schedule {typed}")

        assert first_line(answer).startswith("Joe's Pizza moves"), typed
        assert "I read" not in answer


async def test_a_guess_in_a_question_names_only_what_was_taken_for_a_name(
    ana: Person, store: Store
) -> None:
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST: 2})
    await world.keep(store)

    answer = await ana.command("/schedule when is Jeos Piza moving?")
    unknown = await ana.command("/schedule when is Zebra Xylophones moving?")

    assert "I read `Jeos Piza` as Joe's Pizza." in answer
    assert first_line(unknown) == "I know no customer or location called `Zebra Xylophones`."


NAMES_OF_WORDS = (
    *("For Goodness Shakes", "When Pigs Fly", "Smith, Jones & Co", "Right Move", "Next", "Mine"),
    *("24 January", "Sons and Daughters", "Is It Pizza?"),
)


async def test_names_made_of_our_words_are_found_all_the_same(ana: Person, store: Store) -> None:
    world = World()
    for number, name in enumerate(NAMES_OF_WORDS):
        world.customer(name, id=f"C-W{number}", weeks={FIRST: 1})
    world.customer("Shakes", weeks={SECOND: 1})
    world.customer("Smith", weeks={SECOND: 1})
    await world.keep(store)

    for name in NAMES_OF_WORDS:
        for typed in (name, f"when does {name} move?", f"“{name}”"):
            answer = await ana.command(f"/schedule {typed}")

            assert first_line(answer) == glued(f"{name} moves in the week of Mon 17 Jan 2022."), (
                typed
            )


async def test_a_list_has_a_line_for_each_and_names_what_is_not_known(
    ana: Person, store: Store
) -> None:
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST: 1})
    world.customer("Sam's Diner", weeks={SECOND: 1})
    world.customer("Corner Cafe", id="C-A", weeks={FIRST: 1})
    world.customer("Corner Cafe", id="C-B", weeks={FIRST: 1})
    await world.keep(store)

    answer = await ana.command("/schedule Joe's Pizza, sams dinner, Corner Cafe, Zebra, joes pizza")
    lines = answer.lines[0].split("\n")

    assert lines == [
        glued("• *Joe's Pizza* moves in the week of *Mon 17 Jan 2022*."),
        glued("• *Sam's Diner* moves in the week of *Mon 31 Jan 2022*.")
        + " I read `sams dinner` as Sam's Diner.",
        glued("• `Corner Cafe` could be 2 customers: ask for it alone to choose."),
        "• I know no customer or location called `Zebra`.",
    ]
    assert offered(answer) == ["Joe's Pizza (C-1)", "Sam's Diner (C-2)"]
    await ana.choose("Sam's Diner (C-2)", in_="DM")
    assert await ana.sees("Likely", in_="DM")


async def test_more_names_than_fit_are_refused_with_their_number(ana: Person, store: Store) -> None:
    answer = await ana.command(f"/schedule {', '.join(f'name {n}' for n in range(21))}")

    assert "at most 20 at once; here are 21" in answer


async def test_what_was_typed_cannot_look_like_an_answer(ana: Person) -> None:
    typed = "*Joe* `moves` on <!channel> _Monday_"

    answer = await ana.command(f"/schedule {typed}")

    block = answer.messages[0]["blocks"][0]["text"]["text"]
    assert block == (
        "I know no customer or location called `*Joe* ’moves’ on &lt;!channel&gt; _Monday_`."
    )


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

        assert first_line(answer) == glued("Joe's Pizza moves in the week of Mon 17 Jan 2022."), (
            typed
        )
        assert "I read" not in answer
        assert answer.is_private


async def test_one_guess_is_answered_and_says_so(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST: 2})
    await world.keep(store)

    answer = await ana.command("/schedule Jeos Piza")

    assert first_line(answer).startswith("Joe's Pizza moves")
    assert "I read `Jeos Piza` as Joe's Pizza." in answer


async def test_several_guesses_give_a_choice(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Maria Nord", weeks={FIRST: 1})
    world.customer("Maria Sued", weeks={SECOND: 1})
    await world.keep(store)

    answer = await ana.command("/schedule Mraia")
    await ana.choose("Maria Sued (C-2)", in_="DM")

    assert first_line(answer) == "I know no `Mraia`. Did you mean one of these?"
    assert await ana.sees(glued("*Maria Sued* moves in the week of *Mon 31 Jan 2022*"), in_="DM")


async def test_two_customers_with_one_name_are_told_apart(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Corner Cafe", id="C-A", weeks={FIRST: 1})
    world.customer("Corner Cafe", id="C-B", weeks={SECOND: 1})
    await world.keep(store)

    answer = await ana.command("/schedule corner cafe")
    await ana.choose("Corner Cafe (C-B)", in_="DM")

    assert first_line(answer) == glued("`corner cafe` could be 2 customers. Which one do you mean?")
    assert await ana.sees(glued("Mon 31 Jan 2022"), in_="DM")


async def test_a_location_has_an_answer_of_its_own(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST: 1, SECOND: 1}, locations=["Harbour", "Old Town"])
    await world.keep(store)

    answer = await ana.command("/schedule old town")

    assert first_line(answer) == glued("Old Town moves in the week of Mon 31 Jan 2022.")
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
    assert await ana.sees(glued("*St John* moves in the week of *Mon 31 Jan 2022*"), in_="DM")


async def test_more_than_can_be_offered_says_how_many_there_are(ana: Person, store: Store) -> None:
    world = World()
    for number in range(230):
        world.customer(f"Ab {number:03}")
    await world.keep(store)

    answer = await ana.command("/schedule ab")

    assert glued("`ab` could be 230 customers") in answer
    assert "Only the first 100 of 230 are offered" in answer
    assert len(offered(answer)) == 100


async def test_nobody_of_that_name_is_said(ana: Person, store: Store) -> None:
    answer = await ana.command("/schedule Zebra Xylophones")

    assert first_line(answer) == "I know no customer or location called `Zebra Xylophones`."
    assert "Try part of the name, or an id." in answer


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


ALIKE = str.maketrans("∗▁∼‵", "*_~`")
"""What stands for marks in names, so that Slack takes none of them for its own."""
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
    answers = [
        await ana.command(f"/schedule C-ODD-{number}", in_="#general")
        for number in range(len(ODD_NAMES))
    ]
    for name, answer in zip(ODD_NAMES, answers, strict=True):
        await press(ana, "Post here for all", "#general", on=answer.messages[-1])

        as_shown = " ".join(name.split())[:20]
        assert as_shown in listed.text.translate(ALIKE)
        assert as_shown.replace("*", "") in answer.lines[0].translate(ALIKE).replace("*", "")
        assert len(answer.lines[0].replace("*", "")) <= MOST
        assert "<" not in answer.messages[0]["blocks"][0]["text"]["text"]
    assert await counted(store, "outbox") == len(ODD_NAMES)


# What is said in each state


async def test_several_weeks_say_the_first_and_the_last(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Big Chain", id="C-BIG", weeks={FIRST: 3, SECOND: 2}, unplaced=1)
    await world.keep(store)

    answer = await ana.command("/schedule C-BIG")

    assert first_line(answer) == glued(
        "Big Chain moves in 2 waves, from Mon 17 Jan 2022 to Mon 31 Jan 2022."
    )
    assert glued("Mon 17 Jan 2022 · 3 locations") in answer
    assert glued("6 locations; 5 with a date") in answer
    assert "if one is late, so are those after it" in answer


async def test_who_waits_is_told_for_what_and_until_when(ana: Person, store: Store) -> None:
    world = World()
    world.feature("F1", "Kitchen display", target=date(2022, 3, 1), slips=2)
    world.customer("Joe's Pizza", unplaced=1, requires=["F1"])
    await world.keep(store)

    answer = await ana.command("/schedule joes pizza")

    assert "Joe's Pizza has no date yet" in first_line(answer)
    assert "Kitchen display" in first_line(answer)
    assert glued("Tue 1 Mar 2022") in first_line(answer)


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

    assert glued("the plan of Wed 12 Jan 2022 found no week for it") in first_line(answer)
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

    waiting = glued("Kitchen display is not released; planned for Mon 2 May 2022")
    assert f"{waiting}, after it was put off twice" in answer
    assert glued("Stocktaking (Tue 8 Feb 2022 to Wed 9 Feb 2022) comes soon after") in answer
    assert glued("Moved on Fri 14 Jan 2022 from the week of Mon 17 Jan 2022: capacity.") in answer


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


async def test_a_posted_answer_is_seen_by_others_once(
    ana: Person, omar: Person, store: Store
) -> None:
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST: 1})
    await world.keep(store)
    answer = await ana.command("/schedule joes pizza", in_="#general")
    assert await omar.messages("#general") == []

    await ana.press("Post here for all", in_="#general")

    assert "Post here for all" in buttons(answer)
    assert await omar.sees("Looked up by @Ana Reyes", in_="#general")
    assert len(await omar.messages("#general")) == 1
    assert "On its way to #general" in "\n".join(await ana.reads("#general"))
    assert not buttons(await shown(ana, "#general"))


async def test_an_answer_cannot_be_posted_where_wavepost_is_not_a_member(
    ana: Person, omar: Person, store: Store
) -> None:
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST: 1})
    await world.keep(store)
    await ana.command("/schedule joes pizza", in_="#random")

    await ana.press("Post here for all", in_="#random")

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

    await ana.press("Post here for all", in_="#random")

    assert await omar.sees(
        glued("*Joe's Pizza* moves in the week of *Mon 17 Jan 2022*"), in_="#random"
    )


async def test_dates_are_not_posted_to_a_channel_shared_with_others(
    ana: Person, sandbox: Sandbox, store: Store
) -> None:
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST: 1})
    await world.keep(store)
    general = sandbox.people.channel("general").id
    await run(store, "UPDATE channels SET shared = true WHERE id = :id", id=general)
    await ana.command("/schedule joes pizza", in_="#general")

    await ana.press("Post here for all", in_="#general")

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
