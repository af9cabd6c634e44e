"""Following, as it is pressed on answers and said by name."""

import pytest

from bot.sandbox.json_types import Json
from bot.sandbox.person import Answer, Person
from bot.sandbox.server import Sandbox
from store.session import Store
from tests.handlers.following.heard import JOE, moved, paces, untold
from tests.world import FIRST_MONDAY


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
