"""Home: one's customers and their dates, as each of the people concerned sees it."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from bot.assembly import Wavepost
from bot.sandbox.json_types import Json
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.roles import give
from rules.roles import Role
from store.session import Store
from tests.bot.front_door import Press, front_door
from tests.typography import glued
from tests.world import FIRST_MONDAY, World, run

LATER = FIRST_MONDAY + timedelta(weeks=2)


async def home_of(person: Person, words: str) -> str:
    """Open Home until these words are there, and read all of it.

    Each opening is answered by itself: of two close together the first may be shown last.
    """

    async def shown() -> bool:
        await person.home()
        return any(words in line for line in await person.reads("home"))

    await person.wire.until(shown, person.patience)
    await person.sees(words, in_="home")
    return "\n".join(await person.reads("home"))


@pytest.fixture
async def _customers(store: Store) -> None:
    world = World()
    world.csa()
    world.feature("loyalty", "Loyalty points", date(2022, 5, 2))
    world.customer("Noodle House", weeks={LATER: 1})
    world.customer("Joe's Pizza", weeks={FIRST_MONDAY: 2})
    world.customer("Casa Azteca", requires=["loyalty"], binding="waiting for feature loyalty")
    world.customer("Closed Cafe", status="offboarded", requires=["loyalty"], binding=None)
    world.customer("Somebody Else", csa="omar@northwind.example", weeks={FIRST_MONDAY: 1})
    await world.keep(store)


@pytest.fixture
async def _many(store: Store) -> None:
    world = World()
    for number in range(31):
        world.customer(f"Cafe {number:02}", weeks={FIRST_MONDAY: 1})
    for number in range(4):
        world.customer(f"Waiting {number}", binding=None)
    await world.keep(store)


@pytest.mark.usefixtures("_customers")
async def test_a_csa_sees_their_customers_by_date_and_what_the_others_wait_for(
    ana: Person,
) -> None:
    seen = await home_of(ana, "My customers by date")

    assert glued("You have *4 customers*: 2 with a date, 2 without.") in seen
    assert glued("the week of *Mon 17 Jan 2022*: 1 customer.") in seen
    names = ["Joe's Pizza", "Noodle House", "Without a date", "Casa Azteca"]
    assert sorted(names, key=seen.index) == names
    assert glued("*Casa Azteca* · 1 location · waits for Loyalty points") in seen
    assert glued("*Closed Cafe* · 1 location · offboarded") in seen
    assert "Somebody Else" not in seen


@pytest.mark.usefixtures("_many")
async def test_the_list_is_paged_in_home_and_nothing_is_cut(ana: Person) -> None:
    seen = await home_of(ana, "1–15 of 35")
    assert "Without a date (4)" in seen

    await ana.press("Next", in_="home")
    await ana.sees("16–30 of 35", in_="home")
    await ana.press("Without a date (4)", in_="home")
    await ana.sees("31–35 of 35", in_="home")
    await ana.sees("Waiting 3", in_="home")
    await ana.press("First", in_="home")
    await ana.sees("1–15 of 35", in_="home")


@pytest.mark.usefixtures("_many")
async def test_a_press_on_a_home_that_was_renewed_meanwhile_still_works(
    ana: Person, store: Store
) -> None:
    await home_of(ana, "1–15 of 35")
    old = await ana.home()
    assert old
    await run(store, "DELETE FROM customers WHERE name = 'Cafe 00'")
    await home_of(ana, "1–15 of 34")

    rows = [block for block in old["blocks"] if block["type"] == "actions"]
    pressed = [(row, each) for row in rows for each in row["elements"] if each["type"] == "button"]

    assert {"Look up a date", "Next"} <= {each["text"]["text"] for _, each in pressed}
    for row, each in pressed:
        answer = await ana.act({"view_id": old["id"]}, row, each, {"type": "button"}, {})
        assert answer["ok"], each["text"]["text"]
        while (await ana.modal.look()).is_open:
            await ana.modal.close()
        await home_of(ana, "1–15 of 34")


@pytest.mark.usefixtures("_many")
async def test_the_page_that_is_gone_meanwhile_gives_the_last_one(
    ana: Person, store: Store
) -> None:
    await home_of(ana, "1–15 of 35")
    await run(store, "DELETE FROM customers WHERE name > 'Cafe 03'")

    await ana.press("Last", in_="home")

    await ana.sees("1–4 of 4", in_="home")


@pytest.mark.usefixtures("_customers")
async def test_a_customer_opens_over_home(ana: Person) -> None:
    await home_of(ana, "My customers by date")

    await ana.choose("Joe's Pizza", in_="home")

    await ana.modal.opened()
    assert glued("Joe's Pizza* moves in the week of *Mon 17 Jan 2022") in ana.modal.text
    await ana.press("Look up another", in_="modal")
    assert ana.modal.title == "Look up dates"


@pytest.mark.usefixtures("_customers")
async def test_a_customer_that_is_gone_is_said_over_home(ana: Person, store: Store) -> None:
    await home_of(ana, "My customers by date")
    await run(store, "DELETE FROM customers WHERE name = 'Joe''s Pizza'")

    await ana.choose("Joe's Pizza", in_="home")

    await ana.sees("It is gone since you looked it up", in_="modal")


@pytest.mark.usefixtures("_customers")
async def test_home_leads_to_a_look_up_and_to_the_help(ana: Person) -> None:
    await home_of(ana, "My customers by date")

    await ana.press("Look up a date", in_="home")
    assert ana.modal.title == "Look up dates"
    await ana.modal.close()
    await ana.press("What you can ask", in_="home")
    assert "/wavepost glossary" in ana.modal.text


async def test_a_csa_without_customers_reads_how_they_get_some(ana: Person, store: Store) -> None:
    world = World()
    world.csa()
    await world.keep(store)

    seen = await home_of(ana, "You have no customers yet")

    assert "your e-mail address, ana@northwind.example" in seen
    assert "No wave is planned from now on." in seen
    assert "My customers" not in seen


@pytest.mark.usefixtures("_customers")
async def test_who_owns_nobody_is_offered_a_look_up(sandbox: Sandbox, wavepost: Wavepost) -> None:
    seen = await home_of(await sandbox.person("vic"), "When does a customer move")

    assert glued("The next wave is the week of *Mon 17 Jan 2022*.") in seen
    assert "Joe's Pizza" not in seen


@pytest.mark.usefixtures("_customers")
@pytest.mark.parametrize("name", ["gus", "sam"])
async def test_who_is_no_member_reads_a_kind_word_and_nothing_of_ours(
    sandbox: Sandbox, wavepost: Wavepost, name: str
) -> None:
    person = await sandbox.person(name)

    seen = await home_of(person, "When somebody sends you a file")

    assert not any(word in seen for word in ("Joe", "wave", "Look up", "2022"))
    assert [block["type"] for block in blocks_of(await person.home())] == ["section"]


@pytest.mark.usefixtures("_customers")
async def test_a_lead_sees_what_did_not_arrive(
    sandbox: Sandbox, wavepost: Wavepost, store: Store, ana: Person
) -> None:
    async with store.transaction(actor="test") as tx:
        await give(tx, "lea@northwind.example", Role.lead)
    await run(store, "INSERT INTO lanes (channel, last_number, done_number) VALUES ('C1', 7, 7)")
    await run(
        store,
        """INSERT INTO outbox (id, lane, number, fallback, blocks, cause, said_by, state, problem,
                               ended_at)
           SELECT gen_random_uuid(), 'C1', number, 'x', '[]', 'test', 'U1',
                  CASE number WHEN 1 THEN 'uncertain' ELSE 'failed' END, 'is_archived',
                  now() - make_interval(hours => number, days => CASE number WHEN 7 THEN 8 ELSE 0 END)
           FROM generate_series(1, 7) AS number""",
    )

    seen = await home_of(await sandbox.person("lea"), "Needs a lead")

    assert glued("*6 messages") + " did not arrive in the last 7 days*" in seen
    assert "may not have arrived (is_archived)" in seen
    assert "and 1 more" in seen
    assert "Needs a lead" not in await home_of(ana, "My customers by date")


# What can go wrong


@pytest.mark.usefixtures("_many")
async def test_an_opening_that_is_answered_late_does_not_turn_the_page_back(
    ana: Person, wavepost: Wavepost, settings: Settings
) -> None:
    await home_of(ana, "1–15 of 35")
    old = await ana.home()
    await ana.press("Next", in_="home")
    await ana.sees("16–30 of 35", in_="home")

    async with front_door(settings, wavepost.store, *wavepost.listeners) as door:
        late = await door.post(Press(ana.id).event("app_home_opened", tab="home", view=old))

    assert late.status_code == 200
    assert await ana.sees("16–30 of 35", in_="home")


def blocks_of(view: Json | None) -> Sequence[Json]:
    """The blocks of a Home that is there."""
    assert view
    blocks: list[Json] = view["blocks"]
    return blocks


@pytest.mark.usefixtures("_customers")
async def test_what_one_follows_and_has_asked_for_is_there(
    ana: Person, store: Store, wavepost: Wavepost
) -> None:
    await ana.command("/wavepost follow loyalty points")
    async with store.transaction(actor=ana.id) as tx:
        await tx.jobs.start("nobody does this", {}, by=ana.id, about="Reading stores.csv")

    seen = await home_of(ana, "You follow")

    assert "You follow *your own customers*, *Loyalty points*." in seen
    assert "Reading stores.csv: waits for its turn" in seen


@pytest.mark.usefixtures("_customers")
async def test_a_lead_sees_what_could_not_be_done(
    sandbox: Sandbox, wavepost: Wavepost, store: Store
) -> None:
    async with store.transaction(actor="test") as tx:
        await give(tx, "lea@northwind.example", Role.lead)
        await tx.jobs.start("nobody does this", {}, by="U1", about="Reading stores.csv")
    await run(store, "UPDATE jobs SET state = 'failed', ended_at = now(), problem = 'No memory.'")

    seen = await home_of(await sandbox.person("lea"), "Needs a lead")

    assert "could not be done in the last 7 days" in seen
    assert "Reading stores.csv: No memory." in seen


@pytest.mark.usefixtures("_customers")
async def test_a_home_that_slack_does_not_take_is_published_when_slack_tells_of_it_again(
    ana: Person, sandbox: Sandbox
) -> None:
    fault = sandbox.faults.server_error(method="views.publish")

    assert "My customers by date" in await home_of(ana, "My customers by date")
    assert fault not in sandbox.faults.active
