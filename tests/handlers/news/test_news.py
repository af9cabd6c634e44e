"""What imports and plans are news of, to whom, and how often."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from handlers.announced_digests import tell_left
from handlers.digest_words import ADDED, MOVED, OFFBOARDED, PROMISED, RELEASED, SLIPPED, SOONER
from rules.following import EVERY_WAVE, Kind, Pace, Subject
from store.session import Store
from store.tidings import MOST_KEPT
from tests.handlers.news.tidings import (
    ANA,
    JOES,
    MONDAY,
    SAMS,
    U_ANA,
    U_OMAR,
    U_VIC,
    causes,
    customer,
    events,
    follow,
    imported,
    master,
    messages,
    news_for,
    now_is,
    planned,
    told,
    told_news,
    words,
)
from tests.world import run


async def test_a_first_plan_is_one_tiding_for_each_owner_of_their_own_customers(
    store: Store, tmp_path: Path
) -> None:
    await imported(store, tmp_path, master=master(*JOES, *SAMS))
    await planned(store)

    assert await events(store, U_ANA) == [(PROMISED, "C1", 2)]
    assert await events(store, U_VIC) == []
    assert await causes(store, U_ANA) == ["plan 1"]


async def test_a_plan_that_moves_promises_says_so_with_the_reason(
    store: Store, tmp_path: Path
) -> None:
    await imported(store, tmp_path, master=master(*JOES))
    await planned(store)
    await follow(store, U_VIC, customer("C1"))
    blackouts = ["region,from,to,why", "*,2022-01-17,2022-01-21,Inventory"]
    await imported(store, tmp_path, blackouts=blackouts)
    await planned(store)

    (news,) = await news_for(store, U_VIC)
    assert news.event == MOVED
    assert news.facts["reason"] == "blackout"
    assert (news.facts["from"], news.facts["week"]) == ("2022-01-17", "2022-01-24")


async def test_a_location_that_is_followed_or_muted_is_told_apart(
    store: Store, tmp_path: Path
) -> None:
    await imported(store, tmp_path, master=master(*JOES))
    await follow(store, U_VIC, Subject(Kind.location, "L1"))
    await follow(store, U_ANA, Subject(Kind.location, "L1"), pace=Pace.muted)
    await planned(store)

    (hers,), (his,) = await news_for(store, U_ANA), await news_for(store, U_VIC)
    assert (hers.facts["location"], hers.facts["locations"]) == (None, 1)
    assert (his.facts["location"], his.facts["locations"]) == ("L1", 1)


async def test_who_follows_a_wave_hears_who_comes_into_it(store: Store, tmp_path: Path) -> None:
    await imported(store, tmp_path, master=master(*JOES))
    await follow(store, U_VIC, Subject(Kind.wave, MONDAY.isoformat()))
    await follow(store, U_OMAR, EVERY_WAVE)
    await planned(store)

    assert await events(store, U_VIC) == [(PROMISED, "C1", 2)]
    assert await events(store, U_OMAR) == [(PROMISED, "C1", 2)]


async def test_the_same_plan_again_is_no_news(store: Store, tmp_path: Path) -> None:
    await imported(store, tmp_path, master=master(*JOES))
    await planned(store)
    await planned(store)
    assert await causes(store, U_ANA) == ["plan 1"]


async def test_more_than_can_be_kept_of_one_cause_is_counted(store: Store, tmp_path: Path) -> None:
    rows = [f"L{at},C{at},Shop {at},{ANA},active," for at in range(MOST_KEPT + 7)]
    await imported(store, tmp_path, master=master(*rows))
    await planned(store)
    await told(store, datetime(2022, 1, 17, 9, tzinfo=UTC))

    said = await words(store, U_ANA)
    assert "1,000 customers with a first date" in said
    assert "There were 7 more changes than can be listed here" in said


async def test_a_feature_s_new_date_concerns_its_followers_and_who_waits_for_it(
    store: Store, tmp_path: Path
) -> None:
    head = "key,name,target_release_on,released_on"
    first = [head, "loyalty,Loyalty points,2022-02-01,", "alcohol,Alcohol,2022-02-01,"]
    await imported(store, tmp_path, master=master(*JOES, *SAMS), features=first)
    assert await causes(store, U_OMAR) == []
    await follow(store, U_VIC, Subject(Kind.feature, "loyalty"))

    later = [head, "loyalty,Loyalty points,2022-03-01,", "alcohol,Alcohol,2022-01-20,"]
    await imported(store, tmp_path, features=later)

    assert [news.facts["customer"] for news in await news_for(store, U_OMAR)] == ["C2"]
    assert [news.event for news in await news_for(store, U_VIC)] == [SLIPPED, SLIPPED]
    assert await news_for(store, U_ANA) == []
    await follow(store, U_ANA, Subject(Kind.feature, "alcohol"))
    released = [head, "loyalty,Loyalty points,2022-03-01,", "alcohol,Alcohol,2022-01-20,2022-01-14"]
    await imported(store, tmp_path, features=released)
    assert [news.event for news in await news_for(store, U_ANA)] == [RELEASED]


async def test_a_feature_that_comes_sooner_is_told_so(store: Store, tmp_path: Path) -> None:
    head = "key,name,target_release_on,released_on"
    await imported(store, tmp_path, features=[head, "loyalty,Loyalty points,2022-03-01,"])
    await follow(store, U_VIC, Subject(Kind.feature, "loyalty"))
    await imported(store, tmp_path, features=[head, "loyalty,Loyalty points,2022-02-01,"])
    await told(store, datetime(2022, 1, 17, 9, tzinfo=UTC))
    assert "comes sooner" in await words(store, U_VIC)
    assert SOONER in (await told_news(store, U_VIC))


async def test_locations_that_came_or_went_concern_who_follows_their_customer(
    store: Store, tmp_path: Path
) -> None:
    await imported(store, tmp_path, master=master(*JOES))
    assert await causes(store, U_ANA) == []
    gone = JOES[0].replace("active", "offboarded")
    new = "L9,C1,Joe's,ana@northwind.example,active,"
    other = "L8,C8,New Diner,ana@northwind.example,active,"
    await imported(store, tmp_path, master=master(gone, JOES[1], new, other))

    assert await events(store, U_ANA) == [(ADDED, "C1", 1), (OFFBOARDED, "C1", 1)]


async def test_the_wave_of_next_week_is_told_once_to_owners_and_followers(
    store: Store, tmp_path: Path
) -> None:
    await imported(store, tmp_path, master=master(*JOES, *SAMS))
    await planned(store)
    await run(store, "UPDATE promises SET week = '2022-01-24'")
    await run(store, "DELETE FROM tidings")
    await follow(store, U_VIC, EVERY_WAVE, pace=Pace.instant)
    await now_is(store, datetime(2022, 1, 17, 8, tzinfo=UTC))

    await asyncio.gather(*(tell_left(store) for _ in range(3)))
    await tell_left(store)

    assert await causes(store, U_ANA) == ["announced 1"]
    assert await causes(store, U_VIC) == ["announced 1"]
    await told(store, datetime(2022, 1, 17, 9, tzinfo=UTC))
    assert "1 customer: Joe's" in await words(store, U_ANA)


async def test_a_wave_that_has_begun_when_it_would_be_told_is_not(
    store: Store, tmp_path: Path
) -> None:
    await imported(store, tmp_path, master=master(*JOES))
    await planned(store)
    await run(store, "UPDATE promises SET week = '2022-01-24'")
    await run(store, "DELETE FROM tidings")
    await now_is(store, datetime(2022, 1, 17, 8, tzinfo=UTC))
    await tell_left(store)
    await told(store, datetime(2022, 2, 7, 9, tzinfo=UTC))
    assert await messages(store, U_ANA) == []
