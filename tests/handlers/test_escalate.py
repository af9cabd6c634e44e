"""/escalate, as people in a workspace use it: asking, joining, answering, withdrawing."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.escalating import Wish, escalate, take_step
from rules.escalation import Category, Step, Taken, Who
from store.session import Store
from tests.typography import glued
from tests.world import FIRST_MONDAY, World, counted, run

WEEK = timedelta(weeks=1)
FEBRUARY, MARCH = date(2022, 2, 9), date(2022, 3, 9)
OMAR = "omar@northwind.example"
WHY = "Why should they move sooner?"
WHAT, ABOUT, BY = "Customer or locations", "What is it about?", "Moved by"


@pytest.fixture
async def omar(sandbox: Sandbox, wavepost: Wavepost) -> Person:
    """Another CSA."""
    return await sandbox.person("omar")


@pytest.fixture(autouse=True)
async def world(store: Store) -> None:
    world = World()
    world.csa()
    world.feature("kiosk", "Kiosk mode")
    later = FIRST_MONDAY + 9 * WEEK
    world.customer(
        "Joe's Pizza", id="C-JOE", weeks={later: 2}, unplaced=1, locations=("Dock", "Mill", "Park")
    )
    world.customer("Joey Burger", id="JOEY", csa=OMAR, weeks={later: 1})
    world.customer("Noodle Bar", id="NOODLE", weeks={FIRST_MONDAY - WEEK: 1})
    world.customer("Casa Azteca", id="CASA", requires=["kiosk"], unplaced=1)
    world.customer("Taco Stop", id="C-TACO", weeks={later: 1})
    world.blackout(date(2022, 2, 14), date(2022, 2, 18), "Winter fair")
    await world.keep(store)
    await run(
        store,
        "INSERT INTO waves SELECT '2021-12-06'::date + 7 * n, 'closed' FROM generate_series(0, 2) n",
    )


async def fill(person: Person, **values: Any) -> None:
    usual: dict[str, Any] = {"escalation_category": "Partner launch", "escalation_wished": FEBRUARY}
    await person.modal.fill(**(usual | values))


async def take(store: Store, number: int, step: Step, words: str = "") -> None:
    """What triage decides, as its own buttons do it."""
    async with store.transaction(actor="ULEA") as tx:
        row = await tx.escalations.get(number)
        assert row
        now = await tx.clock.now()
        await take_step(tx, number, Taken(step, "ULEA", Who.triage, row.version, now, words))


async def test_a_customer_is_escalated_answered_for_and_withdrawn(
    ana: Person, store: Store
) -> None:
    await ana.command("/escalate joes piza")
    form = await ana.modal.opened()
    assert form.title == "Escalate"
    assert glued("in the week of *Mon 21 Mar 2022*") in form.text
    chosen: Any = form.holds("escalation_what")
    assert [option["value"] for option in chosen] == ["customer|C-JOE"]

    await fill(ana, escalation_explanation="Their partner opens in March")
    assert await form.submit() is None
    assert form.title == "Escalation 1"
    assert "with triage" in form.text
    assert "Their partner opens in March" in form.text
    await ana.modal.close()
    await ana.sees("Your escalation 1 is with triage", in_="DM")
    await ana.home()
    await ana.sees("My escalations", in_="home")
    listed = await ana.command("/escalate mine")
    assert "Joe's Pizza" in listed
    assert "1 escalation" in glued(listed.text).replace("\N{NO-BREAK SPACE}", " ")

    await take(store, 1, Step.ask, "Which day do they open?")
    await ana.sees("Which day do they open?", in_="DM")
    await ana.press("Answer", in_="DM")
    assert "Which day do they open?" in ana.modal.text
    await ana.modal.submit(words="On 1 March")
    assert "Your answer is with triage" in ana.modal.text
    await ana.modal.close()
    late = await ana.press("Answer", in_="DM")
    assert "by now" in late.text

    await ana.command("/escalate 1")
    shown = await ana.modal.opened()
    assert "On 1 March" in shown.text
    await ana.press("Withdraw", in_="modal")
    await take(store, 1, Step.decline, "No room before April")
    refused = await ana.modal.submit(words="They put it off")
    assert refused
    assert "was faster" in "".join(refused.values())
    assert "No room before April" in "".join(refused.values())
    assert await counted(store, "escalation_steps") == 4


async def test_what_was_typed_is_kept_until_it_is_sent_or_thrown_away(
    ana: Person, store: Store
) -> None:
    await ana.command("/escalate Joe's Pizza")
    await ana.modal.fill(escalation_explanation="Their partner opens in March")
    await ana.modal.close()

    await ana.command("/escalate")
    form = await ana.modal.opened()
    assert form.holds("escalation_explanation") == "Their partner opens in March"
    assert "typed before" in form.text
    await ana.press("Start over", in_="modal")
    assert not form.holds("escalation_explanation")
    assert not form.holds("escalation_what")
    assert await counted(store, "form_drafts") == 0

    await ana.modal.fill(escalation_what="Joe's Pizza (C-JOE)", escalation_wished=date(2022, 2, 16))
    assert "Winter fair" in form.text
    refused = await form.submit(
        escalation_category="Something else", escalation_explanation="Their partner opens"
    )
    assert refused
    assert "Possible are the weeks of" in refused[BY]
    assert await counted(store, "form_drafts") == 1
    assert await form.submit(escalation_wished=FEBRUARY) is None
    assert await counted(store, "form_drafts") == 0
    assert await counted(store, "escalations") == 1


async def test_who_asks_for_the_same_is_shown_it_and_can_join(
    ana: Person, omar: Person, store: Store
) -> None:
    await ana.command("/escalate Joe's Pizza")
    await fill(ana, escalation_explanation="Their partner opens")
    await ana.modal.submit()

    await omar.command("/escalate")
    form = await omar.modal.opened()
    # Somebody else sends theirs while this form is open and knows of none.
    await fill(omar, escalation_explanation="They called me", escalation_what="Dock (C-JOE-L1)")
    assert "asked for this already" in form.text
    await omar.press("Join it", in_="modal")
    assert "You joined escalation 1" in form.text
    assert "They called me" in form.text
    await take(store, 1, Step.decline, "No room before April")
    await omar.sees("No room before April", in_="DM")
    assert await counted(store, "escalations") == 1

    await omar.modal.close()
    await omar.command("/escalate Dock")
    await fill(omar, escalation_explanation="Now it is open again")
    assert "already" not in form.text
    assert await form.submit() is None
    assert await counted(store, "escalations") == 2


async def test_what_cannot_be_asked_for_is_said_under_its_field(ana: Person, store: Store) -> None:
    await ana.command("/escalate Noodle Bar")
    form = await ana.modal.opened()
    assert "begun or is over" in form.text
    refused = await form.submit(
        escalation_category="Something else",
        escalation_explanation="x",
        escalation_wished=date(2022, 1, 14),
    )
    assert refused
    assert "nothing to bring forward" in refused[WHAT]
    await form.fill(escalation_what=["Joe's Pizza (C-JOE)", "Taco Stop (C-TACO)"])
    refused = await form.submit()
    assert refused
    assert "2 customers" in refused[WHAT]
    await form.fill(escalation_what=["Joe's Pizza (C-JOE)", "Dock (C-JOE-L1)"])
    refused = await form.submit()
    assert refused
    assert "as a whole and some of its locations" in refused[WHAT]
    await form.fill(escalation_what=["Casa Azteca (CASA)"])
    refused = await form.submit()
    assert refused
    assert "Kiosk mode, which has no date yet" in refused[WHAT]
    await form.fill(
        escalation_what=["Dock (C-JOE-L1)", "Mill (C-JOE-L2)"],
        escalation_urgency="Drop everything: within 1 hour",
    )
    refused = await form.submit()
    assert refused
    assert glued("The next possible week is that of Mon 17 Jan 2022.") in refused[BY]
    refused = await form.submit(escalation_wished=FIRST_MONDAY + 9 * WEEK)
    assert refused
    assert "They move by then as it is" in refused[BY]
    refused = await form.submit(escalation_wished=FEBRUARY)
    assert refused == {
        "Why it cannot wait": "Say why it cannot wait: whoever is on duty is called for it."
    }
    assert await form.submit(escalation_because="They leave tomorrow") is None
    assert "2 locations" in form.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "They leave tomorrow" in form.text
    assert await counted(store, "escalations") == 1


async def test_a_message_is_escalated_with_its_words_and_the_way_to_it(
    ana: Person, omar: Person
) -> None:
    said = await omar.says("When does Joe's Pizza move? Their <partner> is angry", in_="#general")
    await ana.message_shortcut("Escalate this", said, in_="#general")
    form = await ana.modal.opened()
    assert (
        form.holds("escalation_explanation")
        == "When does Joe's Pizza move? Their <partner> is angry"
    )
    assert str(form.holds("escalation_link")).endswith(f"/p{said['ts'].replace('.', '')}")
    chosen: Any = form.holds("escalation_what")
    assert [option["value"] for option in chosen] == ["customer|C-JOE"]


async def test_ones_own_customers_are_offered_first(ana: Person, omar: Person) -> None:
    await omar.command("/escalate")
    form = await omar.modal.opened()
    assert await form.typeahead("escalation_what", "") == ["Joey Burger (JOEY)"]
    assert await form.typeahead("escalation_what", "joe") == [
        "Joey Burger (JOEY)",
        "Joe's Pizza (C-JOE)",
    ]
    await form.fill(escalation_what="Joe's Pizza (C-JOE)")
    assert await form.typeahead("escalation_what", "m") == ["Mill (C-JOE-L2)"]

    await ana.command("/escalate")
    form = await ana.modal.opened()
    assert await form.typeahead("escalation_what", "joe") == [
        "Joe's Pizza (C-JOE)",
        "Joey Burger (JOEY)",
    ]


async def test_an_answer_about_a_customer_leads_to_the_form(ana: Person) -> None:
    answer = await ana.command("/schedule Joe's Pizza")
    assert answer.ok
    await ana.press("Escalate", in_="DM")
    form = await ana.modal.opened()
    assert "Joe's Pizza" in form.text
    chosen: Any = form.holds("escalation_what")
    assert [option["value"] for option in chosen] == ["customer|C-JOE"]


async def test_a_long_list_is_turned_from_home_and_from_a_message(
    ana: Person, store: Store
) -> None:
    async with store.transaction(actor=ana.id) as tx:
        for day in range(20):
            wish = Wish(["C-TACO-L1"], Category.other, f"Reason {day}", FEBRUARY)
            await escalate(tx, wish, by=ana.id, today=date(2022, 1, 15))

    await ana.home()
    await ana.press("See all (20)", in_="home")
    listed = await ana.modal.opened()
    assert "1–15 of 20" in listed.text
    await ana.press("Next", in_="modal")
    assert "16–20 of 20" in listed.text
    await ana.choose("5 · Taco Stop", in_="modal")
    assert listed.title == "Escalation 5"
    assert listed.depth == 2

    answer = await ana.command("/escalate open")
    assert "1–15 of 20" in answer
    turned = await ana.press("Next", in_="DM")
    assert turned.ok
    await ana.sees("16–20 of 20", in_="DM")
