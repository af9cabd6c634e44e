"""What channels hear of features: that one is released or comes later, in one post with replies below."""

from datetime import UTC, date, datetime, timedelta

import pytest

from handlers.feature_date import Wish, change_date
from rules.announced import Breadth
from rules.announcement import Topic
from rules.feature_dates import FeatureDates, Outcome
from rules.following import Kind as Of
from rules.following import Pace, Subject
from rules.roles import Kind
from store.people import PersonRow
from store.session import Store
from tests.channels_given import announced, given_channel, said
from tests.world import ANA, World

NOW = datetime(2022, 1, 17, 10, tzinfo=UTC)
OMAR = "omar@northwind.example"
MARCH, APRIL, MAY = date(2022, 3, 1), date(2022, 4, 1), date(2022, 5, 2)
EVERYBODY, ANAS, OMARS, KIOSKS, WAVES = "C1ALL", "C2ANA", "C3OMAR", "C4KIOSK", "C5WAVES"
FAY, GUS, LEA = "U1FAY", "U2GUS", "U3LEA"
BOTH = {EVERYBODY, ANAS}


@pytest.fixture(autouse=True)
async def world(store: Store) -> None:
    """Two locations of Ana's wait for Loyalty; Fay follows it and reads along in a channel, Gus in none."""
    world = World()
    world.csa()
    world.csa(OMAR, "Omar Haddad")
    world.feature("loyalty", "Loyalty <cards>", target=MARCH)
    world.feature("kiosk", "Kiosk", target=MARCH)
    world.customer("Joe's Pizza", id="joes", unplaced=2, csa=ANA, requires=["loyalty"])
    world.customer("Cleo's", id="cleos", unplaced=1, csa=OMAR)
    await world.keep(store)
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(NOW)
        await tx.people.keep(
            PersonRow(id=id_, name=id_.lower(), kind=Kind.member, timezone="UTC")
            for id_ in (FAY, GUS)
        )
        for person in (FAY, GUS):
            await tx.subscriptions.choose(person, Subject(Of.feature, "loyalty"), Pace.instant)
        csa, feature = Breadth.csa, Breadth.feature
        await given_channel(tx, EVERYBODY, [FAY], topic=Topic.everything)
        await given_channel(tx, ANAS, topic=Topic.roadmap, breadth=csa, of=ANA)
        await given_channel(tx, OMARS, topic=Topic.roadmap, breadth=csa, of=OMAR)
        await given_channel(tx, KIOSKS, topic=Topic.roadmap, breadth=feature, of="kiosk")
        await given_channel(tx, WAVES, topic=Topic.waves)


async def changed(
    store: Store, was: FeatureDates, outcome: Outcome, on: date | None, why: str = "Tests failed"
) -> dict[str, list[str]]:
    """What is said of another date of Loyalty, but for the draft of a plan that Lea gets."""
    async with store.transaction(actor=LEA) as tx:
        await change_date(tx, Wish("loyalty", was, outcome, on, why), today=NOW.date())
    await announced(store)
    return {lane: words for lane, words in (await said(store)).items() if lane != LEA}


def planned(on: date) -> FeatureDates:
    return FeatureDates(on, None)


async def test_a_feature_that_slips_and_is_released_is_one_post_where_it_is_needed(
    store: Store,
) -> None:
    told = await changed(store, planned(MARCH), Outcome.planned, APRIL)
    assert set(told) == BOTH | {GUS}, "Fay reads it in a channel"
    [post] = told[ANAS]
    assert "*Loyalty &lt;cards&gt; comes later*: Fri 1 Apr 2022 instead of Tue 1 Mar 2022." in post
    assert "> Tests failed" in post
    assert "2 locations of Ana Reyes wait for it." in post

    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(NOW + timedelta(days=1))
    post, reply = (await changed(store, planned(APRIL), Outcome.planned, MAY))[EVERYBODY]
    assert (post[0], reply[0]) == ("=", ">")
    assert "instead of Fri 1 Apr 2022" in reply

    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(NOW + timedelta(days=2))
    told = await changed(store, planned(MAY), Outcome.released, None, why="It is out")
    post, reply = told[EVERYBODY]
    assert (post[0], reply[0]) == ("=", ">")
    assert "*Loyalty &lt;cards&gt; is released*: 2 locations need it." in reply
    assert GUS in told
    assert FAY not in told


async def test_a_feature_that_comes_sooner_is_left_to_the_weekly_roadmap(store: Store) -> None:
    told = await changed(store, planned(MARCH), Outcome.planned, date(2022, 2, 1))
    assert set(told) == {FAY, GUS}
