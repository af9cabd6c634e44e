"""/migration with a name: its date, and all that happened to it."""

import pytest

from bot.sandbox.person import Person
from store.session import Store
from tests.typography import glued
from tests.world import counted, run


@pytest.mark.usefixtures("_story")
@pytest.mark.parametrize("typed", ["Joe's Pizza", "joes piza", "C-1", "what about Joe's Pizza?"])
async def test_a_name_gives_its_date_and_all_that_happened_to_it(ana: Person, typed: str) -> None:
    answer = await ana.command(f"/migration {typed}")

    assert answer.is_private
    assert glued("*Joe's Pizza* moves in the week of *Mon 17 Jan 2022*.") in answer.lines[0]
    assert glued("*Sat 20 Nov 2021* · Is now called") in answer
    assert "1–15 of 20, the newest first" in answer


@pytest.mark.usefixtures("_story")
async def test_a_long_story_is_paged_and_the_date_stays_above_it(ana: Person) -> None:
    await ana.command("/migration Joe's Pizza")

    await ana.press("Next", in_="DM")

    assert await ana.sees("16–20 of 20", in_="DM")
    assert await ana.sees(glued("*Mon 1 Nov 2021* · Is now called"), in_="DM")
    assert await ana.sees("*Joe's Pizza* moves", in_="DM")


@pytest.mark.usefixtures("_story")
async def test_following_from_a_story_leaves_it_where_it_is(ana: Person, store: Store) -> None:
    await ana.command("/migration Joe's Pizza")
    await ana.press("Next", in_="DM")
    await ana.sees("16–20 of 20", in_="DM")

    await ana.choose("Following: at once", in_="DM")

    assert await ana.sees("Following: at once", in_="DM")
    assert await ana.sees("16–20 of 20", in_="DM")
    assert await counted(store, "subscriptions WHERE pace = 'instant'") == 1


@pytest.mark.usefixtures("_story")
async def test_a_location_has_a_story_too(ana: Person) -> None:
    assert "*Harbour* moves" in await ana.command("/migration harbour")


@pytest.mark.usefixtures("_story")
async def test_several_matches_give_a_choice_that_opens_the_story(ana: Person) -> None:
    assert "Which one do you mean?" in await ana.command("/migration joes")

    answer = await ana.choose("Joe's Pizza (C-1)", in_="DM")

    assert "the newest first" in answer


@pytest.mark.usefixtures("_story")
async def test_several_names_get_a_line_each_and_open_their_stories(ana: Person) -> None:
    answer = await ana.command("/migration Joe's Pizza, Joe's Burgers")
    assert answer.text.count("moves in the week of") == 2

    assert "Nothing is known of it yet." in await ana.choose("Joe's Burgers (C-2)", in_="DM")


@pytest.mark.usefixtures("_story")
async def test_what_nobody_knows_is_said(ana: Person) -> None:
    assert "I know no customer or location called `zebra`" in await ana.command("/migration zebra")


@pytest.mark.usefixtures("_story")
async def test_one_that_is_gone_meanwhile_is_said(ana: Person, store: Store) -> None:
    await ana.command("/migration joes")
    await run(store, "DELETE FROM customers WHERE id = 'C-1'")

    assert "It is gone since you looked it up" in await ana.choose("Joe's Pizza (C-1)", in_="DM")
