"""/schedule for a name: who is found by it, and what is said of several and of none."""

from bot.sandbox.person import Person
from store.session import Store
from tests.handlers.schedule.answered import FIRST, MOST, SECOND, first_line, offered, press
from tests.typography import glued
from tests.world import World, counted

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
