"""A feature's new date: who may give it, what it leaves behind, and who hears of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.digests import tell_due
from handlers.drafting import ask_for_draft
from handlers.planning import publish_first_plan
from handlers.roles import give
from rules.following import Kind, Pace, Subject
from rules.parameters import Parameters
from rules.roles import Role
from store.promises import Promises
from store.session import Store
from tests.conftest import TODAY
from tests.post_office import until
from tests.typography import glued
from tests.world import FIRST_MONDAY, World, counted, run

WEEK = timedelta(weeks=1)
PATIENCE = 60.0
NEXT_DAY = datetime(2022, 1, 16, 15, tzinfo=UTC)
OMAR = "omar@northwind.example"
WAITS_TO_KEEP = """
    pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE NOT granted AND datname = current_database() AND relation = 'plans'::regclass
"""


@pytest.fixture
async def lea(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> Person:
    """A lead, in front of a roadmap for which Ana's and Omar's customers wait."""
    world = World()
    world.csa()
    world.csa(OMAR, "Omar Haddad")
    world.feature("kiosk", "Kiosk", date(2022, 3, 15))
    world.feature("loyalty", "Loyalty points", date(2022, 5, 2))
    world.customer("Casa Azteca", unplaced=3, requires=["kiosk"], binding="waiting")
    world.customer("Joe's Pizza", weeks={FIRST_MONDAY + 9 * WEEK: 2}, requires=["kiosk"])
    world.customer("Zen Noodles", unplaced=4, requires=["kiosk", "loyalty"], csa=OMAR)
    await world.keep(store)
    async with store.transaction(actor="test") as tx:
        await give(tx, "lea@northwind.example", Role.lead)
    return await sandbox.person("lea")


async def opened(lea: Person) -> None:
    await lea.command("/roadmap kiosk")
    await lea.press("Change its date", in_="DM")


async def told(store: Store, *readers: Person) -> None:
    """It is the next day: every digest is told; a courier on a busy machine may take a while."""
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(NEXT_DAY)
    await tell_due(store)
    for reader in readers:
        reader.patience = PATIENCE


async def dates(store: Store) -> tuple[date | None, date | None]:
    async with store.reading() as reading:
        query = text("SELECT target_release_on, released_on FROM features WHERE key = 'kiosk'")
        return tuple((await reading.connection.execute(query)).one())


async def test_a_later_date_is_kept_with_its_slip_and_reason_and_told(
    lea: Person, ana: Person, store: Store
) -> None:
    await opened(lea)
    await lea.modal.fill(on=date(2022, 4, 12), reason="The payment  partner is late")
    assert await lea.modal.submit() is None

    assert await lea.sees(glued("*Kiosk* is planned for *Tue 12 Apr 2022*."), in_="modal")
    assert await lea.sees(glued("9 locations of 3 customers need it"), in_="modal")
    assert await lea.sees("I am making a draft of a new plan.", in_="modal")
    assert (
        await counted(store, "jobs WHERE kind = 'draft plan' AND given->>'why' LIKE 'Kiosk%'") == 1
    )
    assert await dates(store) == (date(2022, 4, 12), None)
    slips = "feature_slips WHERE from_date = '2022-03-15' AND to_date = '2022-04-12'"
    assert await counted(store, slips) == 1
    kept = "audit WHERE action = 'feature date changed' AND subject = 'feature kiosk'"
    assert await counted(store, f"{kept} AND reason = 'The payment partner is late'") == 1
    assert await counted(store, "timeline WHERE event = 'feature slipped'") == 3
    await told(store, ana)
    assert await ana.sees(
        glued("• *Kiosk* slipped from Tue 15 Mar 2022 to *Tue 12 Apr 2022*: The payment partner is")
        + " late · "
        + glued("2 customers need it"),
        in_="DM",
    )


async def test_a_date_that_comes_while_a_draft_is_made_has_another_made_after_it(
    lea: Person, store: Store
) -> None:
    lea.patience = PATIENCE
    await planned_anew(store)

    async def has_read() -> bool:
        return await counted(store, WAITS_TO_KEEP) > 0

    async with store.transaction(actor="test") as tx:
        # The first draft has read, and can end only when this is over.
        await Promises(tx.connection).lock()
        async with store.transaction(actor=lea.id) as asking:
            await ask_for_draft(asking, asked_by=lea.id)
        await until(has_read, patience=PATIENCE)
        for day in (date(2022, 4, 12), date(2022, 5, 10)):
            await opened(lea)
            await lea.modal.fill(on=day, reason="The payment partner is late")
            assert await lea.modal.submit() is None
        assert await counted(store, "jobs WHERE kind = 'draft plan'") == 2, (
            "one waits, and is joined"
        )

    await lea.sees("Nothing would change.", in_="DM")
    await lea.sees("Draft 2 moves", in_="DM")
    assert await counted(store, "plans WHERE id = 2 AND why = 'Kiosk comes later'") == 1
    await lea.press("Publish", in_="DM")
    assert await lea.sees("Plan 2 holds now", in_="DM"), "it is made from the newest date"
    heard = "tidings WHERE cause = 'plan 2' AND news::text LIKE '%The payment partner is late%'"
    assert await counted(store, heard) == 2, "who is moved by it hears why it slipped"


async def planned_anew(store: Store) -> None:
    """A plan is in force that the planner made."""
    for table in ("promises", "placements", "plans"):
        await run(store, f"DELETE FROM {table}")
    async with store.transaction(actor="U_ELSE") as tx:
        await publish_first_plan(tx, today=TODAY, parameters=Parameters())


async def test_who_owns_nobody_that_waits_hears_only_as_a_follower(
    lea: Person, sandbox: Sandbox, store: Store
) -> None:
    vic = await sandbox.person("vic")
    sue = await sandbox.person("sue")
    async with store.transaction(actor="test") as tx:
        kiosk = Subject(Kind.feature, "kiosk")
        await tx.subscriptions.choose(await vic.id_of("vic"), kiosk, Pace.daily)
    await opened(lea)
    await lea.modal.fill(on=date(2022, 2, 1), reason="It went well")
    assert await lea.modal.submit() is None
    await told(store, vic)

    assert await vic.sees(
        glued("comes sooner: *Tue 1 Feb 2022* instead of Tue 15 Mar 2022"), in_="DM"
    )
    assert await sue.messages("DM") == []


async def test_a_release_tells_who_can_move_now_in_one_message_each(
    lea: Person, ana: Person, sandbox: Sandbox, store: Store
) -> None:
    await opened(lea)
    await lea.modal.fill(outcome="It is released", on=date(2022, 1, 14), reason="Out since Friday")
    assert await lea.modal.submit() is None
    assert await lea.sees(glued("*Kiosk* is there since *Fri 14 Jan 2022*."), in_="modal")
    omar = await sandbox.person("omar")
    await told(store, ana, omar)

    released = glued("Kiosk was released on Fri 14 Jan 2022")
    casa = (
        f"• *Casa Azteca* · {glued('3 locations')} can move now: {released}; the next plan gives a"
    )
    assert await ana.sees(casa, in_="DM")
    joes = f"• *Joe's Pizza* · {glued('2 locations')} can move now: {released}; the date is the week of"
    assert await ana.sees(joes, in_="DM")
    assert len(await ana.messages("DM")) == 1
    assert await omar.sees("• *Kiosk* is released: Out since Friday", in_="DM")
    assert not any("can move now" in line for line in await omar.reads("DM"))


async def test_the_last_missing_feature_makes_a_customer_eligible(
    lea: Person, sandbox: Sandbox, store: Store
) -> None:
    await run(store, "UPDATE features SET released_on = '2022-01-10' WHERE key = 'loyalty'")
    await opened(lea)
    await lea.modal.fill(outcome="It is released", reason="Out today")
    assert await lea.modal.submit() is None
    omar = await sandbox.person("omar")
    await told(store, omar)

    assert await omar.sees(f"• *Zen Noodles* · {glued('4 locations')} can move now", in_="DM")


@pytest.mark.parametrize(
    ("filled", "field", "problem"),
    [
        ({"on": date(2022, 1, 14)}, "Day", "This day is past."),
        ({"on": date(2022, 3, 15)}, "Day", "It is planned for this day already."),
        ({"on": None}, "Day", "Choose the day that it is planned for."),
        (
            {"outcome": "It is released", "on": date(2022, 2, 1)},
            "Day",
            "This day is yet to come.",
        ),
    ],
)
async def test_a_date_that_cannot_be_is_refused_beside_its_field(
    filled: dict[str, Any], field: str, problem: str, lea: Person, store: Store
) -> None:
    await opened(lea)
    await lea.modal.fill(reason="Because", **filled)

    errors = await lea.modal.submit()

    assert errors
    assert problem in errors[field]
    assert await dates(store) == (date(2022, 3, 15), None)
    assert await counted(store, "audit WHERE action = 'feature date changed'") == 0


async def test_of_two_leads_the_second_is_told(lea: Person, store: Store) -> None:
    await opened(lea)
    await run(store, "UPDATE features SET target_release_on = '2022-06-01' WHERE key = 'kiosk'")
    await lea.modal.fill(on=date(2022, 4, 12), reason="Late")

    errors = await lea.modal.submit()

    assert "Kiosk was changed meanwhile, so nothing was kept." in str(errors)
    assert await dates(store) == (date(2022, 6, 1), None)


async def test_only_leads_are_offered_it_and_only_before_it_is_released(
    lea: Person, ana: Person, store: Store
) -> None:
    assert "Change its date" not in await ana.command("/roadmap kiosk")
    await run(store, "UPDATE features SET released_on = '2022-01-10' WHERE key = 'kiosk'")
    assert "Change its date" not in await lea.command("/roadmap kiosk")


async def test_a_date_that_is_given_up_is_told_without_a_new_one(
    lea: Person, ana: Person, store: Store
) -> None:
    await opened(lea)
    await lea.modal.fill(outcome="It has no date any more", reason="Being thought over")
    assert await lea.modal.submit() is None
    await told(store, ana)

    assert await dates(store) == (None, None)
    assert await ana.sees("has no date any more; it was", in_="DM")
