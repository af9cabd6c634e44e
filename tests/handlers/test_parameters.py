"""Changing the parameters in Slack: what is allowed, what it would do, and who saved first."""

import pytest

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.parameter_preview import forget_undecided
from handlers.roles import give as give_role
from rules.parameters import Parameters
from rules.roles import Role
from store.session import Store
from tests.world import World, counted, run, run_as_owner

PATIENCE = 60.0


@pytest.fixture
async def portfolio(store: Store) -> None:
    """Joe's misses orders and is small, Taco Town is large and well."""
    world = World()
    world.customer("Joe's Pizza", id="C-JOE", unplaced=1)
    world.customer("Taco Town", id="C-TACO", unplaced=3)
    world.customer("Kiosk", id="C-KIOSK", unplaced=1)
    await world.keep(store)
    await run(
        store,
        """UPDATE locations SET last_order_on = '2022-01-15', orders_prev_28d = 400,
        orders_28d = CASE customer_id WHEN 'C-JOE' THEN 100 WHEN 'C-TACO' THEN 900 ELSE 400 END,
        missed_orders_28d = CASE customer_id WHEN 'C-JOE' THEN 60 ELSE 9 END,
        cancelled_orders_28d = 5""",
    )


@pytest.fixture
async def lea(sandbox: Sandbox, wavepost: Wavepost, store: Store, portfolio: None) -> Person:
    """A lead, who waits as long as a job may take on a busy machine."""
    async with store.transaction(actor="test") as tx:
        await give_role(tx, "lea@northwind.example", Role.lead)
        await give_role(tx, "ada@northwind.example", Role.lead)
    return await patient(sandbox, "lea")


async def patient(sandbox: Sandbox, name: str) -> Person:
    person = await sandbox.person(name)
    person.patience = PATIENCE
    return person


async def current(store: Store) -> Parameters:
    async with store.reading() as reading:
        return await reading.parameters.current()


async def change(person: Person, chapter: str, **typed: str) -> dict[str, str] | None:
    """Change numbers of a chapter, by key without its groups."""
    await person.command("/wavepost parameters")
    await person.press(f"parameters_change:{chapter}", in_="DM")
    keys = {name if name == "why" else f"{chapter}.{name}": words for name, words in typed.items()}
    return await person.modal.submit(**keys)


async def shown(person: Person) -> str:
    return "\n".join(await person.reads("DM")).replace("*", "").replace("\N{NO-BREAK SPACE}", " ")


async def test_all_numbers_are_shown_with_a_button_to_change_each_chapter(lea: Person) -> None:
    answer = await lea.command("/wavepost parameters")
    assert answer.is_private
    assert answer.lines[0] == (
        "Scores and plans use the *defaults*: nobody has changed a parameter yet."
    )
    assert "Green from *75*" in answer
    assert "Back to the defaults" not in answer


async def test_only_leads_see_or_change_them(wavepost: Wavepost, sandbox: Sandbox) -> None:
    vic = await sandbox.person("vic")
    assert "role" in await vic.command("/wavepost parameters")
    assert "Green from" not in await vic.command("/wavepost parameters")


async def test_a_change_is_shown_with_its_effect_before_it_is_saved(
    lea: Person, store: Store
) -> None:
    assert (
        await change(lea, "health", green="99.9", amber="99.8", why="Stricter for the pilot")
        is None
    )
    assert "works out what this would do" in (await lea.modal.look()).text
    await lea.sees("Other parameters: what they would do", in_="DM")
    said = await shown(lea)
    assert "• Green from: 99.9, was 75" in said
    assert "of 5 locations change colour" in said, said
    assert "The order of priority stays as it is" in said
    assert await current(store) == Parameters()

    await lea.press("Save", in_="DM")
    await lea.sees("as version 1: Green from: 99.9, was 75; Amber from: 99.8, was 50", in_="DM")
    assert (await current(store)).health.green == 99.9
    audited = f"audit WHERE action = 'parameters saved' AND actor = '{lea.id}'"
    assert await counted(store, audited) == 1
    told = f"{audited} AND reason = 'Stricter for the pilot' AND after ->> 'health.green' = '99.9'"
    assert await counted(store, told) == 1
    answer = await lea.command("/wavepost parameters")
    assert (
        "use *version 1* of the parameters; 2\N{NO-BREAK SPACE}numbers are not the default"
        in answer
    )
    assert "Green from *99.9* (default 75)" in answer


async def test_other_weights_say_who_gains_and_loses(lea: Person) -> None:
    assert await change(lea, "priority.weights", benefit="0", health="0 %", volume="1") is None
    await lea.sees("Other parameters: what they would do", in_="DM")
    said = await shown(lea)
    assert "• Priority weights, Benefit: 0, was 0.55" in said
    assert "No location changes colour." in said
    assert "get another place in the order of priority" in said
    assert "Gain most priority:\n• Taco Town:" in said
    assert "Lose most priority:\n• Joe's Pizza:" in said


async def test_what_only_plans_use_says_that_no_score_changes(lea: Person) -> None:
    await lea.command("/wavepost parameters")
    await lea.press("parameters_change:plan", in_="DM")
    assert await lea.modal.submit(weeks="26") is None
    await lea.sees("No score and no priority changes", in_="DM")


async def test_what_is_not_allowed_is_told_under_its_field_and_stays(lea: Person) -> None:
    wrong = await change(lea, "health", green="many", worst_missed="2")
    assert wrong == {
        "Green from": "Green from must be a number from 0 to 100, not many.",
        "Worst rate of missed orders": (
            "Worst rate of missed orders must be a number above 0 and of at most 1, not 2."
        ),
    }
    assert lea.modal.is_open
    assert lea.modal.state["health.green"]["health.green"]["value"] == "many"
    together = await lea.modal.submit(**{"health.green": "40", "health.worst_missed": "0.2"})
    assert together == {
        "Green from": "“Green from” (40) must be more than “Amber from” (50). Change one of them."
    }


async def test_weights_that_do_not_add_up_say_what_they_add_up_to(lea: Person) -> None:
    wrong = await change(lea, "health.weights", reliability="0.5")
    assert wrong
    assert "these add up to 1.1" in wrong["Reliability"]
    assert "together they must be 1. Now they are 1." in lea.modal.text


async def test_nothing_changed_is_said_in_the_form(lea: Person) -> None:
    assert await change(lea, "health") == {
        "Worst rate of missed orders": (
            "These are the numbers that count now, so nothing was saved."
        )
    }


async def test_what_was_shown_can_be_discarded(lea: Person, store: Store) -> None:
    await change(lea, "health", green="80")
    await lea.sees("what they would do", in_="DM")
    await lea.press("Discard", in_="DM")
    await lea.sees("discarded this. Nothing was saved.", in_="DM")
    assert await counted(store, "parameter_versions") == 0


async def test_the_second_of_two_leads_is_told_what_changed_since(
    lea: Person, sandbox: Sandbox, store: Store
) -> None:
    ada = await patient(sandbox, "ada")
    await change(lea, "health", green="80")
    await change(ada, "health", amber="60")
    for each in (lea, ada):
        await each.sees("what they would do", in_="DM")

    await lea.press("Save", in_="DM")
    await lea.sees("as version 1", in_="DM")
    await ada.press("Save", in_="DM")
    await ada.sees("saved other numbers meanwhile (Green from: 80, was 75)", in_="DM")
    assert "Lea Lindqvist saved other numbers meanwhile" in await shown(ada)
    assert (await current(store)).health.amber == 50

    await ada.press("Save", in_="DM")
    await ada.sees("as version 2: Amber from: 60, was 50", in_="DM")
    now = await current(store)
    assert (now.health.green, now.health.amber) == (80, 60)


async def test_a_form_that_was_open_meanwhile_takes_nothing_back(
    lea: Person, sandbox: Sandbox, store: Store
) -> None:
    ada = await patient(sandbox, "ada")
    await ada.command("/wavepost parameters")
    await ada.press("parameters_change:health", in_="DM")
    await change(lea, "health", green="80")
    await lea.sees("what they would do", in_="DM")
    await lea.press("Save", in_="DM")
    await lea.sees("as version 1", in_="DM")

    assert await ada.modal.submit(**{"health.amber": "60"}) is None
    await ada.sees("what they would do", in_="DM")
    assert "Green from:" not in await shown(ada)
    await ada.press("Save", in_="DM")
    await ada.sees("as version 2", in_="DM")
    assert (await current(store)).health.green == 80


async def test_the_defaults_come_back_and_every_version_stays(lea: Person, store: Store) -> None:
    await change(lea, "health", green="80", why="A test")
    await lea.sees("what they would do", in_="DM")
    await lea.press("Save", in_="DM")
    await lea.sees("as version 1", in_="DM")

    await lea.command("/wavepost parameters")
    await lea.press("Back to the defaults", in_="DM")
    await lea.sees("• Green from: 75, was 80", in_="DM")
    await lea.press("parameters_save", in_="DM")
    await lea.sees("as version 2: Green from: 75, was 80", in_="DM")
    assert await current(store) == Parameters()

    await lea.command("/wavepost parameters")
    await lea.press("Earlier versions", in_="DM")
    await lea.sees("of the parameters were saved; the newest counts.", in_="DM")
    assert "“A test”" in await shown(lea)


async def test_what_nobody_decides_is_closed_after_a_day(lea: Person, store: Store) -> None:
    await change(lea, "health", green="80")
    await lea.sees("what they would do", in_="DM")
    await run(store, "UPDATE jobs SET ended_at = ended_at - interval '25 hours'")
    assert "given up" in await lea.press("Save", in_="DM")
    await forget_undecided(store)
    await lea.sees("nobody decided within a day, so nothing was saved", in_="DM")
    assert await counted(store, "parameter_versions") == 0


async def test_a_version_that_cannot_be_used_is_told_in_words(lea: Person, store: Store) -> None:
    await change(lea, "health", green="80")
    await lea.sees("what they would do", in_="DM")
    await lea.press("Save", in_="DM")
    await lea.sees("as version 1", in_="DM")
    await run_as_owner(
        store, """UPDATE parameter_versions SET parameters = parameters || '{"moon": 1}'"""
    )
    answer = await lea.command("/wavepost parameters")
    assert "another version of Wavepost and cannot be used by this one (moon)" in answer
