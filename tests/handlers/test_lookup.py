"""Look up another: the modal, its typeahead, and what it answers."""

from datetime import timedelta

import pytest

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from store.session import Store
from tests.typography import glued
from tests.world import FIRST_MONDAY, World, run

FIRST, SECOND = FIRST_MONDAY, FIRST_MONDAY + timedelta(weeks=2)
EMPTY = "Type a name or an id here, or choose one above."
SEVERAL = "Or names or ids, one per line"


@pytest.fixture
async def looking(ana: Person, store: Store) -> Person:
    """Ana with the look-up open, and three customers."""
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST: 1}, locations=["Harbour"])
    world.customer("Burger Barn", weeks={SECOND: 1})
    world.customer("Corner Cafe", id="C-A", weeks={FIRST: 1})
    world.customer("Corner Cafe", id="C-B", weeks={SECOND: 1})
    await world.keep(store)
    await ana.command("/schedule help")
    await ana.press("Look one up", in_="DM")
    return ana


async def test_letters_offer_customers_and_locations(looking: Person) -> None:
    assert await looking.modal.typeahead("name", "joe") == ["Joe's Pizza (C-1)"]
    assert await looking.modal.typeahead("name", "harb") == ["Harbour (C-1-L1)"]
    assert await looking.modal.typeahead("name", "corner") == [
        "Corner Cafe (C-A)",
        "Corner Cafe (C-B)",
    ]
    assert await looking.modal.typeahead("name", "zzz") == []


async def test_what_was_chosen_is_answered_in_the_modal_at_once(looking: Person) -> None:
    await looking.modal.fill(name="Joe's Pizza")

    assert looking.modal.title == "Dates"
    assert glued("Joe's Pizza* moves in the week of *Mon 17 Jan 2022") in looking.modal.text
    assert "Firm: the week is fixed" in looking.modal.text


async def test_no_field_is_called_optional_and_the_empty_one_says_what_is_missing(
    looking: Person,
) -> None:
    fields = [block for block in looking.modal.blocks if block["type"] == "input"]
    assert [field.get("optional", False) for field in fields] == [False]

    refused = await looking.modal.submit()
    blank = await looking.modal.submit(names=" \n ")

    assert list(refused or {}) == [SEVERAL]
    assert blank == {SEVERAL: EMPTY}
    assert await looking.modal.submit(names="C-B") is None
    assert glued("Corner Cafe* moves in the week of *Mon 31 Jan 2022") in looking.modal.text


async def test_what_was_chosen_and_is_gone_is_said(looking: Person, store: Store) -> None:
    assert await looking.modal.typeahead("name", "burger") == ["Burger Barn (C-2)"]
    await run(store, "DELETE FROM customers WHERE name = 'Burger Barn'")

    await looking.modal.fill(name="Burger Barn")

    assert await looking.sees("It is gone since you looked it up", in_="modal")


async def test_several_names_get_a_line_each_and_each_only_once(looking: Person) -> None:
    await looking.modal.submit(names="joes pizza\n\n  Burger Barn \nC-1\nharbour")

    assert looking.modal.text.count("moves in the week of") == 3
    assert "Burger Barn" in looking.modal.text


async def test_a_line_may_hold_several_names_and_be_a_question(looking: Person) -> None:
    await looking.modal.submit(names="C-A, when does Joe's Pizza move?\n“Burger Barn”")

    assert looking.modal.text.count("moves in the week of") == 3


async def test_where_no_name_is_clear_each_is_named_and_what_was_typed_stays(
    looking: Person,
) -> None:
    typed = "Corner Cafe\nZebra Xylophones"

    errors = await looking.modal.submit(names=typed)

    assert errors == {
        SEVERAL: (
            "“Corner Cafe” is not clear: did you mean “Corner Cafe (C-A)” or “Corner Cafe (C-B)”? "
            "I know no “Zebra Xylophones”."
        )
    }
    assert looking.modal.holds("names") == typed


async def test_what_is_clear_is_answered_and_what_is_not_is_asked_back(looking: Person) -> None:
    typed = "joes pizza\nCorner Cafe\nBurgr Barn\nZebra Xylophones"

    assert await looking.modal.submit(names=typed) is None

    said = looking.modal.text
    assert glued("*Joe's Pizza* moves in the week of *Mon 17 Jan 2022*.") in said
    assert glued("*Burger Barn* moves in the week of *Mon 31 Jan 2022*.") in said
    assert "I read `Burgr Barn` as Burger Barn." in said
    assert glued("`Corner Cafe` could be 2 customers. Which one do you mean?") in said
    assert "I know no customer or location called `Zebra Xylophones`." in said


async def test_the_one_that_was_meant_lies_over_the_list_which_stays(looking: Person) -> None:
    await looking.modal.submit(names="joes pizza\nCorner Cafe")

    await looking.choose("Corner Cafe (C-B)", in_="modal")

    assert looking.modal.depth == 2
    assert glued("*Corner Cafe* moves in the week of *Mon 31 Jan 2022*.") in looking.modal.text
    assert "Look up another" not in looking.modal.text
    await looking.choose("Muted", in_="modal")
    assert "Look up another" not in looking.modal.text
    await looking.press("What to tell them", in_="modal")
    assert looking.modal.depth == 3
    await looking.modal.close()
    await looking.modal.close()
    assert "*Joe's Pizza*" in looking.modal.text


async def test_one_of_several_opens_over_the_list(looking: Person) -> None:
    await looking.modal.submit(names="joes pizza\nBurger Barn")

    await looking.choose("Burger Barn (C-2)", in_="modal")

    assert glued("*Burger Barn* moves in the week of") in looking.modal.text
    assert "Firm: the week is fixed" in looking.modal.text or "Likely" in looking.modal.text


async def test_a_date_has_the_words_to_tell_the_customer(looking: Person) -> None:
    await looking.modal.fill(name="Joe's Pizza")

    await looking.press("What to tell them", in_="modal")

    assert "Joe's Pizza is planned to move to the new system" in looking.modal.text


async def test_names_on_few_lines_are_counted_too(looking: Person) -> None:
    line = ", ".join(["C-1", "C-2", "C-A", "C-B"] * 3)

    errors = await looking.modal.submit(names=f"{line}\n{line}")

    assert list((errors or {}).values()) == ["Please look up at most 20 at once; here are 24."]


async def test_more_names_than_fit_are_refused_with_their_number(looking: Person) -> None:
    errors = await looking.modal.submit(names="\n".join(f"name {n}" for n in range(21)))

    assert list((errors or {}).values()) == ["Please look up at most 20 at once; here are 21."]


async def test_two_thousand_characters_in_one_line_are_answered(looking: Person) -> None:
    errors = await looking.modal.submit(names="ж" * 2_000)

    assert next(iter((errors or {}).values())).startswith("I know no “жжж")


async def test_the_answer_leads_to_the_next_look_up(looking: Person) -> None:
    await looking.modal.fill(name="Burger Barn")
    await looking.press("Look up another", in_="modal")

    assert looking.modal.title == "Look up dates"
    await looking.modal.fill(name="Joe's Pizza")
    assert "Joe's Pizza" in looking.modal.text
    assert looking.modal.depth == 1


async def test_a_guess_is_said_to_be_one(looking: Person) -> None:
    await looking.modal.submit(names="Burgr Barn")

    assert "I read `Burgr Barn` as Burger Barn." in looking.modal.text


async def test_when_slack_does_not_take_a_window_slack_is_named(
    looking: Person, sandbox: Sandbox
) -> None:
    await looking.modal.close()
    sandbox.faults.refuse("internal_error", method="views.open")

    answer = await looking.press("Look one up")

    assert "Slack did not take what belongs to this (internal_error)" in answer.text
