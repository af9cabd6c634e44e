"""What to follow, as people type and choose it."""

import pytest

from bot.sandbox.person import Person
from store.session import Store
from tests.handlers.following.heard import NEXT, OMAR, paces
from tests.world import FIRST_MONDAY, World


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
