"""/schedule asked in words: what is understood, and of whom."""

from bot.sandbox.person import Person
from store.session import Store
from tests.handlers.schedule.answered import FIRST, SECOND, first_line, offered
from tests.typography import glued
from tests.world import World

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
