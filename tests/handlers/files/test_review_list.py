"""What waits for somebody's decision, by /share waiting and on Home: for who can decide, and nobody else."""

from typing import Any

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.files.review_list import MOST_ON_HOME, SIZE
from rules.clearance import Classification
from tests.handlers.files.release_world import SEALED, House

PERSONAL: dict[str, Any] = {"classification": Classification.personal}
HEADER = "Files that wait for my decision"


async def waiting(person: Person) -> str:
    told = (await person.command("/share waiting")).text
    return told.replace("*", "").replace("\N{NO-BREAK SPACE}", " ")


async def home_of(person: Person, words: str) -> str:
    await person.home()
    await person.sees(words, in_="home")
    return "\n".join(await person.reads("home"))


async def test_each_is_asked_about_what_they_can_decide_the_oldest_first(
    sandbox: Sandbox, house: House, ben: Person
) -> None:
    ana, lea, sue = [await sandbox.person(key) for key in ("ana", "lea", "sue")]
    await house.sent("Newer", **SEALED)
    await house.on(1)
    await house.sent("Later still", **SEALED)
    await house.sent("Guests", **PERSONAL)

    await ben.sees("Later still", in_="DM")
    for person in (ben, lea):
        told = await waiting(person)
        assert "2 files wait for your decision, the oldest first." in told
        assert told.index("Newer") < told.index("Later still")
        assert "encrypted" in told
        assert "For Acme Foods: Menus" in told
        assert "Guests" not in told
        assert (await person.command("/share")).text.startswith("*2")
    await ana.sees("Guests", in_="DM")
    told = await waiting(ana)
    assert "1 file waits for your decision" in told
    assert "data of persons" in told
    assert "you are neither" in await waiting(sue)
    assert "Guests" in await home_of(ana, HEADER)


async def test_from_home_one_comes_to_the_decision_and_then_nothing_waits(
    house: House, ben: Person
) -> None:
    assert "None waits for you now" in await home_of(ben, HEADER)
    await house.sent("Menus", **SEALED)
    assert "Menus" in await home_of(ben, "1\N{NO-BREAK SPACE}file.")

    await ben.press("Decide", in_="home")
    assert "Menus" in (await ben.modal.opened()).text
    await ben.press("Release", in_="modal")

    assert "No file waits for your decision." in await waiting(ben)
    assert "None waits for you now" in await home_of(ben, "None waits")


async def test_more_than_fit_are_counted_and_turned_by_pages(house: House, ben: Person) -> None:
    await house.sent(*(f"Menu-{number:02}" for number in range(SIZE + 1)), **SEALED)
    seen = await home_of(ben, f"See all ({SIZE + 1})")
    assert f"Menu-{MOST_ON_HOME:02}" not in seen
    assert f"1\N{EN DASH}{SIZE} of {SIZE + 1}" in await waiting(ben)
    await ben.press("Next", in_="DM")
    await ben.sees(f"Menu-{SIZE:02}", in_="DM")


async def test_what_its_day_has_passed_over_waits_for_its_sender_and_for_no_second_person(
    house: House, ben: Person
) -> None:
    await house.sent("Menus", **SEALED)
    assert "Menus" in await waiting(ben)
    await house.on(40)
    assert "No file waits for your decision." in await waiting(ben)


async def test_a_lead_is_told_on_home_of_what_waits_and_not_that_nothing_does(
    sandbox: Sandbox, house: House
) -> None:
    lea = await sandbox.person("lea")
    assert HEADER not in await home_of(lea, "Look up a date")
    await house.sent("Menus", **SEALED)
    assert "Decide" in await home_of(lea, HEADER)
