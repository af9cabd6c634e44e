"""Finding customers and locations by what people type."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.finding import Matches
from store.session import Store, StoreUnavailable
from tests.world import World


async def find(store: Store, typed: str, *, most: int = 200) -> Matches:
    async with store.reading() as reading:
        return await reading.names.find(typed, most=most)


async def names(store: Store, typed: str) -> list[str]:
    return [found.name for found in (await find(store, typed)).found]


@pytest.fixture
async def kept(store: Store) -> Store:
    """A handful of customers; locations are called as their customers unless named."""
    world = World()
    world.customer("Pizza Palace", id="C-PALACE", locations=["Harbour Street"])
    world.customer("Joe's Pizza", id="C-JOE")
    world.customer("Giovanni's Pizzeria", id="C-GIO")
    world.customer("Café Zürich", id="C-CAFE")
    world.customer("Corner Cafe", id="C-A")
    world.customer("Corner Cafe", id="C-B")
    world.customer("😀🍕", id="C-SMILE")
    world.customer("مطعم السلام", id="C-ARAB")
    world.customer("北京烤鸭", id="C-DUCK")
    world.customer("7-Eleven", id="C-711")
    await world.keep(store)
    return store


async def test_each_is_found_by_its_id_whatever_its_case(kept: Store) -> None:
    assert await names(kept, "C-JOE") == ["Joe's Pizza"]
    assert await names(kept, " c-joe ") == ["Joe's Pizza"]
    assert await names(kept, "C-PALACE-L1") == ["Harbour Street"]


async def test_a_whole_name_is_meant_before_beginnings(kept: Store) -> None:
    world = World()
    world.customer("Joe's Pizza Too", id="C-TOO")
    await world.keep(kept)

    assert await names(kept, "joes pizza") == ["Joe's Pizza"]


async def test_accents_marks_and_case_do_not_matter(kept: Store) -> None:
    for typed in ("café zürich", "CAFE ZURICH", "cafe, zurich!", "zürich café", "caf zur"):
        assert await names(kept, typed) == ["Café Zürich"], typed


async def test_a_word_is_found_wherever_it_stands_and_first_where_it_begins_the_name(
    kept: Store,
) -> None:
    assert await names(kept, "pizz") == ["Pizza Palace", "Joe's Pizza", "Giovanni's Pizzeria"]
    assert (await find(kept, "pizz")).only is None


async def test_one_or_two_letters_begin_a_name_or_else_a_word(kept: Store) -> None:
    assert set(await names(kept, "jo")) == {"Joe's Pizza"}
    assert await names(kept, "zu") == ["Café Zürich"]
    assert await names(kept, "7") == ["7-Eleven", "7-Eleven"]
    assert await names(kept, "jo pi") == ["Joe's Pizza"]


async def test_names_without_letters_and_in_any_script_are_found(kept: Store) -> None:
    assert await names(kept, "😀🍕") == ["😀🍕"]
    assert "😀🍕" in await names(kept, "😀")
    assert await names(kept, "مطعم السلام") == ["مطعم السلام"]
    assert "北京烤鸭" in await names(kept, "北京")


async def test_typos_are_guessed_and_said_to_be_guessed(kept: Store) -> None:
    for typed in ("Geovannis", "Giovannis Pizerria", "giovanis", "goivannis pizzeria"):
        matches = await find(kept, typed)
        assert [found.name for found in matches.found] == ["Giovanni's Pizzeria"], typed
        assert matches.guessed
    assert not (await find(kept, "giovannis")).guessed


async def test_a_location_is_found_where_no_customer_is(kept: Store) -> None:
    matches = await find(kept, "harbour")

    assert [(found.kind, found.name) for found in matches.found] == [("location", "Harbour Street")]


async def test_two_customers_of_one_name_leave_a_doubt(kept: Store) -> None:
    matches = await find(kept, "corner cafe")

    assert matches.total == 2
    assert matches.only is None


async def test_all_there_are_is_counted_though_not_all_are_listed(kept: Store) -> None:
    assert (await find(kept, "pizz", most=1)).total == 3
    assert (await find(kept, "corner cafe", most=1)).total == 2
    assert (await find(kept, "c", most=1)).total == 3


async def test_new_names_are_spelled_right_after_the_next_import(kept: Store) -> None:
    assert not (await find(kept, "Xanaduu")).found
    world = World()
    world.customer("Xanadu", id="C-X")
    await world.keep(kept)

    assert await names(kept, "Xanaduu") == ["Xanadu"]


async def test_nothing_typed_finds_nothing(kept: Store) -> None:
    for typed in ("", "   ", "\t\n", "\x00", "\x1c", "\u200b", "\u0301"):
        assert await find(kept, typed) == Matches((), 0), repr(typed)


async def test_no_mark_is_read_as_an_operator(kept: Store) -> None:
    marks = ("'", "\\", "a'b", "joe:*", "joe & | !", "!", "(joe", "<->", "joe' | 'pizza", "%")
    for typed in (*marks, "x" * 5_000, "𝕏" * 2_000, "ж ж " * 500):
        assert (await find(kept, typed)).total <= 3, typed[:20]


def test_any_text_can_be_looked_for(database_url: str) -> None:
    with asyncio.Runner() as runner:
        store = Store(database_url)
        world = World()
        world.customer("Joe's Pizza", id="C-JOE")
        runner.run(world.keep(store))

        @settings(max_examples=60, deadline=None)
        @given(st.text(max_size=300) | st.text("jo'\\&|!:*() <>-", max_size=20))
        def look(typed: str) -> None:
            matches = runner.run(find(store, typed))
            assert matches.total >= len(matches.found)

        try:
            look()
        finally:
            runner.run(store.close())


async def test_the_likeliest_of_several_guesses_is_taken(store: Store) -> None:
    world = World()
    world.customer("Joe's Pizza")
    world.customer("Joel's Plaza Pizza")
    await world.keep(store)
    async with store.reading() as reading:
        matches = await reading.names.find("joes piza")
    assert matches.guessed
    assert matches.only
    assert matches.only.name == "Joe's Pizza"


async def test_what_is_far_from_every_name_is_not_guessed(store: Store) -> None:
    world = World()
    world.customer("Rye & Salt Doughnuts - Ann Arbor")
    await world.keep(store)
    async with store.reading() as reading:
        matches = await reading.names.find("anna rye")
    assert matches.guessed
    assert [named.name for named in matches.found] == ["Rye & Salt Doughnuts - Ann Arbor"]
    assert matches.only is None


async def test_searches_during_the_first_reading_wait_for_it_together(kept: Store) -> None:
    found = await asyncio.gather(*(names(kept, "joe's pizza") for _ in range(20)))

    assert found == [["Joe's Pizza"]] * 20


async def test_who_gives_up_waiting_leaves_the_reading_to_the_others(kept: Store) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await find(kept, "joe")

    assert await names(kept, "joe's pizza") == ["Joe's Pizza"]


async def test_a_reading_that_failed_is_told_and_made_again(kept: Store) -> None:
    broken = Store("postgresql+asyncpg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(StoreUnavailable):
        await find(broken, "joe")
    await broken.close()

    assert await names(kept, "joe's pizza") == ["Joe's Pizza"]
