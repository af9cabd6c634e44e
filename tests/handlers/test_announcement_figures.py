"""What is known when an announcement is due: counted for whom it speaks of, and for nobody else."""

from datetime import UTC, date, datetime, timedelta

import pytest

from handlers.announcement_figures import Gathered, gathered
from rules.announced import Breadth, Scope
from rules.announcement import Empty, Section, Topic
from rules.location_life import Step
from rules.wave_life import State
from store.session import Store
from tests.waves_given import LATER, NOW, WEEK, given_wave, taken
from tests.world import FIRST_MONDAY, World, run

BEN = "ben@northwind.example"
EVERYBODY = Scope()
BENS = Scope(Breadth.csa, BEN)
SOUTH = Scope(Breadth.region, "south")
KIOSK = Scope(Breadth.feature, "kiosk")
TODAY = date(2022, 1, 15)


async def known(store: Store, scope: Scope, today: date = WEEK, since: int = 7) -> Gathered:
    async with store.reading(consistent=True) as reading:
        moment = NOW + timedelta(days=7 - since)
        return await gathered(reading, scope, today=today, since=moment - timedelta(days=7))


@pytest.fixture
async def _wave(store: Store) -> None:
    """Joe's wave runs: one moved, one failed by a cause, one waits. Ben's kiosk waits for a feature."""
    await given_wave(store)
    world = World()
    world.csa(BEN, "Ben Ito")
    world.feature("kiosk", "Kiosk", date(2022, 3, 15))
    world.customer("Ready Rolls", id="rolls", csa=BEN, weeks={LATER: 2}, unplaced=2)
    world.customer("Kiosk King", id="king", csa=BEN, unplaced=3, requires=["kiosk"])
    await world.keep(store)
    await run(store, "UPDATE locations SET region = 'south' WHERE id = 'rolls-L1'")
    await taken(store, "joes-L1", Step.migrate)
    await taken(store, "joes-L2", Step.fail, "No network")


@pytest.mark.usefixtures("_wave")
async def test_everybody_is_counted_where_all_are_spoken_of(store: Store) -> None:
    all_of_them = await known(store, EVERYBODY)
    figures = all_of_them.figures
    assert (figures.week, figures.moved, figures.has_plan) == (WEEK, 1, True)
    assert [(wave.week, wave.state) for wave in figures.waves] == [
        (WEEK, State.running),
        (LATER, State.planned),
    ]
    assert [(each.name, each.locations) for each in EVERYBODY.of_wave(figures.this_wave)] == [
        ("Joe's Pizza", 3)
    ]
    assert [(each.words, each.failures, each.open) for each in figures.causes] == [
        ("No network", 1, 1)
    ]
    assert (figures.tried, all_of_them.about) == (2, "")
    assert [(each.name, each.locations) for each in figures.features] == [("Kiosk", 3)]
    assert [share for share, _ in figures.finishes] == [0.5, 0.8]
    assert all_of_them.picture
    assert all_of_them.picture["fan"]


@pytest.mark.usefixtures("_wave")
async def test_a_csa_hears_of_their_own_alone_under_their_name(store: Store) -> None:
    bens = await known(store, BENS)
    figures = bens.figures
    assert bens.about == "Ben Ito"
    assert (figures.to_move, figures.moved, figures.waiting, figures.tried) == (7, 0, 3, 0)
    assert not figures.causes
    this_wave, next_wave = bens.content(Topic.waves).announcement.parts
    assert this_wave.empty is Empty.not_in_scope
    assert [(each.name, each.locations) for each in next_wave.customers] == [("Ready Rolls", 2)]
    assert bens.picture
    assert bens.picture["total"] == 7


@pytest.mark.usefixtures("_wave")
async def test_a_region_and_a_feature_cut_through_customers(store: Store) -> None:
    south = await known(store, SOUTH)
    assert (south.about, south.figures.to_move) == ("south", 1)
    assert [each.locations for each in SOUTH.of_wave(south.figures.next_wave(SOUTH))] == [1]
    kiosk = await known(store, KIOSK)
    assert (kiosk.about, kiosk.figures.to_move, kiosk.figures.waiting) == ("Kiosk", 3, 3)
    assert kiosk.figures.next_wave(KIOSK) is None
    waiting = kiosk.content(Topic.waves).announcement.part(Section.this_wave)
    assert waiting
    assert waiting.empty is Empty.all_wait


@pytest.mark.usefixtures("_wave")
async def test_how_last_week_went_is_told_of_those_in_scope(store: Store) -> None:
    a_week_later = WEEK + timedelta(weeks=1)
    for scope in (EVERYBODY, Scope(Breadth.region, "north")):
        (past,) = (await known(store, scope, today=a_week_later)).figures.past
        assert (past.week, past.locations, past.moved) == (WEEK, 3, 1)
        assert (past.failed, past.to_move, past.was_started) == (1, 1, True)
    assert (await known(store, BENS, today=a_week_later)).figures.past == ()
    assert (await known(store, EVERYBODY)).figures.past == ()


@pytest.mark.usefixtures("_wave")
async def test_what_was_told_before_the_last_announcement_is_not_told_again(store: Store) -> None:
    async with store.reading() as reading:
        after = datetime.now(UTC) + timedelta(days=3_650)
        figures = (await gathered(reading, EVERYBODY, today=WEEK, since=after)).figures
    assert (figures.tried, figures.causes) == (0, ())


async def test_nothing_is_known_before_the_first_import(store: Store) -> None:
    for scope in (EVERYBODY, BENS, SOUTH, KIOSK):
        found = await known(store, scope)
        assert (found.figures.to_move, found.figures.waves, found.picture) == (0, (), None)


async def test_a_week_that_is_closed_to_all_in_scope_says_why(store: Store) -> None:
    world = World()
    world.csa()
    world.csa(BEN, "Ben Ito")
    world.customer("Ready Rolls", weeks={LATER: 1})
    world.customer("South Sea", id="sea", csa=BEN, weeks={LATER: 1})
    world.blackout(FIRST_MONDAY, FIRST_MONDAY + timedelta(days=4), "Founders’ week")
    await world.keep(store)
    await run(store, "UPDATE locations SET region = 'south' WHERE customer_id = 'sea'")
    north = await known(store, Scope(Breadth.region, "north"))
    assert north.figures.closed == {WEEK: "Founders’ week"}
    assert (await known(store, EVERYBODY)).figures.closed == {}
    assert (await known(store, BENS)).figures.closed == {}
