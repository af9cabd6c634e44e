"""/wavepost: what is this, who to ask, what the words mean, and every command under one name."""

import re

import pytest

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers import register
from handlers.doors import ROOT, Door
from handlers.glossary import known
from handlers.roles import give
from rules.roles import ALWAYS, Role
from store.session import Store
from tests.typography import glued
from tests.world import FIRST_MONDAY, World


@pytest.fixture
async def _joes(store: Store) -> None:
    world = World()
    world.csa()
    world.customer("Joe's Pizza", weeks={FIRST_MONDAY: 1})
    world.customer("Glossy Grill", csa="omar@northwind.example", weeks={FIRST_MONDAY: 1})
    await world.keep(store)


async def lead(store: Store, email: str = "lea@northwind.example") -> None:
    async with store.transaction(actor="test") as tx:
        await give(tx, email, Role.lead)


async def test_it_says_what_migration_is_and_who_decides(ana: Person, store: Store) -> None:
    await lead(store)

    answer = await ana.command("/wavepost")

    assert answer.is_private
    assert "moves each restaurant from the old ordering system to the new one" in answer
    assert len(answer.lines[0].splitlines()[0]) <= 120
    assert "have you waited too long?" in answer
    assert "tell @Lea Lindqvist, who leads the migration and can decide" in answer


async def test_who_is_angry_before_anybody_leads_is_told_whom_to_ask(ana: Person) -> None:
    assert "ask whoever set Wavepost up: nobody was named lead yet" in await ana.command(
        "/wavepost"
    )


async def test_only_who_is_in_the_channel_of_the_leads_is_sent_there(
    ana: Person, sandbox: Sandbox, store: Store
) -> None:
    await lead(store)

    assert "#migration-triage" not in await ana.command("/wavepost")
    assert "#migration-triage" in await (await sandbox.person("lea")).command("/wavepost")


@pytest.mark.usefixtures("_joes")
async def test_one_reads_who_one_is_to_it(ana: Person, sandbox: Sandbox, store: Store) -> None:
    await lead(store)

    own = await ana.command("/wavepost")
    assert "You are *a CSA*" in own
    assert glued("You own 1 customer.") in own
    assert "You are *a lead*." in await (await sandbox.person("lea")).command("/wavepost")
    assert "You can look everything up" in await (await sandbox.person("vic")).command("/wavepost")


@pytest.mark.usefixtures("_joes")
async def test_its_buttons_lead_on_and_it_stays(ana: Person) -> None:
    await ana.command("/wavepost")

    assert glued("You have *1 customer*") in await ana.press("My customers", in_="DM")
    assert "What you can ask" in await ana.press("Help", in_="DM")
    await ana.press("Look up a date", in_="DM")
    assert ana.modal.title == "Look up dates"
    assert await ana.sees("moves each restaurant", in_="DM")


async def test_who_owns_nobody_is_shown_the_next_wave(sandbox: Sandbox, wavepost: Wavepost) -> None:
    vic = await sandbox.person("vic")
    await vic.command("/wavepost")

    assert "Nobody has a date yet" in await vic.press("Next wave", in_="DM")


@pytest.mark.usefixtures("_joes")
async def test_every_command_is_answered_under_it(ana: Person) -> None:
    for typed in ("schedule Joe's Pizza", "  Schedule   Joe's Pizza ", "/schedule Joe's Pizza"):
        assert glued("week of *Mon 17 Jan 2022") in await ana.command(f"/wavepost {typed}")


@pytest.mark.usefixtures("_joes")
@pytest.mark.parametrize(
    "typed", ["Joe's Pizza", "joes piza", "C-1", "when is Joe's Pizza moving?"]
)
async def test_a_name_alone_is_answered_with_its_date(ana: Person, typed: str) -> None:
    assert glued("week of *Mon 17 Jan 2022") in await ana.command(f"/wavepost {typed}")


@pytest.mark.usefixtures("_joes")
async def test_what_else_schedule_understands_is_understood_too(ana: Person) -> None:
    assert "Joe's Pizza" in await ana.command("/wavepost mine")
    assert glued("The next wave is the week of") in await ana.command("/wavepost next wave")


@pytest.mark.usefixtures("_joes")
async def test_a_topic_with_a_slip_is_offered_unless_somebody_is_called_so(ana: Person) -> None:
    for slip in ("glosary", "glossry wave", "Hlep"):
        assert "Did you mean `/wavepost" in await ana.command(f"/wavepost {slip}")
    assert "*Glossy Grill* moves" in await ana.command("/wavepost glossy grill")


@pytest.mark.usefixtures("_joes")
async def test_what_nobody_knows_is_said_and_leads_on(ana: Person) -> None:
    answer = await ana.command("/wavepost xylophone quartet")

    assert "I know no customer or location called `xylophone quartet`" in answer
    assert "Try part of the name" in answer


@pytest.mark.usefixtures("_joes")
async def test_the_questions_of_a_newcomer_are_answered(ana: Person, store: Store) -> None:
    await lead(store)

    for typed in ("what is this", "What's this?", "who is responsible?"):
        answer = await ana.command(f"/wavepost {typed}")
        assert "moves each restaurant" in answer
        assert "@Lea Lindqvist, who leads the migration" in answer
    assert "*wave* – " in await ana.command("/wavepost what is a wave?")
    assert "@Ana Reyes" in await ana.command("/wavepost who is responsible for Joe's Pizza?")


@pytest.mark.usefixtures("_joes")
async def test_digest_leads_to_when_it_comes(ana: Person) -> None:
    await ana.command("/wavepost digest")

    assert ana.modal.title == "When news comes"


async def test_a_customer_who_is_called_like_a_topic_is_found_all_the_same(
    ana: Person, store: Store
) -> None:
    world = World()
    world.customer("Stop & Shop", weeks={FIRST_MONDAY: 1})
    world.customer("Digest Bistro", weeks={FIRST_MONDAY: 1})
    await world.keep(store)

    for typed in ("stop & shop", "stop sho", "Digest", "digest bistro"):
        assert glued("week of *Mon 17 Jan 2022") in await ana.command(f"/wavepost {typed}")


# Help


@pytest.mark.usefixtures("_joes")
async def test_each_example_of_the_help_works_when_it_is_typed(ana: Person, store: Store) -> None:
    answer = await ana.command("/wavepost help")
    tried = re.findall(r": `(/[^`]+)`", answer.text)
    assert "/schedule Joe's Pizza" in tried
    assert "/wavepost glossary wave" in tried
    for example in tried:
        said = await ana.command(example)
        assert said.ok
        assert not any(no in said for no in ("I know no", "I do not", "went wrong", "needs")), said


def test_the_help_offers_everything_that_can_be_typed() -> None:
    typed = [each for each in register() if each.door in (Door.command, Door.topic)]

    assert [each.name for each in typed if not each.says] == []
    assert {ROOT, "/schedule", "help", "glossary"} <= {each.name for each in typed}


async def test_the_help_shows_what_this_person_may_use(
    sandbox: Sandbox, wavepost: Wavepost, store: Store
) -> None:
    await lead(store)
    for name, roles in (("vic", ALWAYS), ("lea", ALWAYS | {Role.csa, Role.lead})):
        help_ = await (await sandbox.person(name)).command("/wavepost help")
        for each in register():
            if each.door in (Door.command, Door.topic):
                may = not roles.isdisjoint({each.role, each.also})
                assert (each.says in help_) == may, each.name


async def test_without_any_customer_the_help_still_shows_how(ana: Person) -> None:
    assert ": `/schedule Joe's Pizza`" in await ana.command("/wavepost help")


# The glossary


def test_the_glossary_has_no_word_for_what_cannot_be_met_yet() -> None:
    assert not {"delivery", "KPI", "dashboard", "space", "escalation", "rollback"} & set(known())


async def test_the_glossary_explains_every_word(ana: Person) -> None:
    answer = await ana.command("/wavepost glossary")

    assert {"customer", "location", "CSA", "wave", "promise", "move", "feature"} <= set(known())
    for word in known():
        assert f"*{word}* – " in answer


@pytest.mark.parametrize(
    "typed", ["wave", "Waves", "wawe", "what is a wave?", "“wave”", "the wave"]
)
async def test_a_word_is_explained_however_it_is_asked_for(ana: Person, typed: str) -> None:
    answer = await ana.command(f"/wavepost glossary {typed}")

    assert "*wave* – The locations that move in one week" in answer
    assert ("I read `wawe` as wave." in answer) == (typed == "wawe")


async def test_a_word_that_is_not_explained_is_said_with_those_that_are(ana: Person) -> None:
    answer = await ana.command("/wavepost glossary blockchain")

    assert "I do not explain `blockchain` yet" in answer
    assert "customer, " in answer


async def test_a_guest_is_told_nothing_of_it(sandbox: Sandbox, wavepost: Wavepost) -> None:
    gus = await sandbox.person("gus")
    for typed in ("", " help", " glossary wave", " Joe's Pizza"):
        answer = await gus.command(f"/wavepost{typed}", in_="DM")
        assert "You are here as a guest" in answer
        assert len(answer.lines) == 1
