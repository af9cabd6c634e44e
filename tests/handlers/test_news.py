"""What happens and whom it concerns: plans, imports, waves that come; and that it is told once."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, text

from handlers.announced_digests import tell_left
from handlers.digest_words import ADDED, MOVED, OFFBOARDED, PROMISED, RELEASED, SLIPPED, SOONER
from handlers.digests import tell, tell_due
from handlers.importing import import_sheets
from handlers.planning import publish_first_plan
from rules.following import EVERY_WAVE, Kind, News, Pace, Subject
from rules.parameters import Parameters
from rules.roles import Kind as PersonKind
from store.people import PersonRow
from store.session import Store
from store.tidings import MOST_KEPT
from tests.world import run

TODAY = date(2022, 1, 15)
MONDAY = date(2022, 1, 17)
ANA, OMAR = "ana@northwind.example", "omar@northwind.example"
U_ANA, U_OMAR, U_VIC = "U_ANA", "U_OMAR", "U_VIC"
HEADERS = "location_id,customer_id,customer_name,csa_email,status,requires"


@pytest.fixture(autouse=True)
async def _people(store: Store) -> None:
    """Ana and Omar, who own customers, and Vic, who does not; all at home in UTC."""
    async with store.transaction(actor="test") as tx:
        for id_, email in ((U_ANA, ANA), (U_OMAR, OMAR), (U_VIC, None)):
            row = PersonRow(id=id_, name=id_, email=email, kind=PersonKind.member)
            await tx.people.keep([row])


async def imported(store: Store, folder: Path, **sheets: Sequence[str]) -> None:
    """Import sheets, given as lines; their names are the kinds'."""
    files = []
    for name, lines in sheets.items():
        files.append(folder / f"{name}.csv")
        files[-1].write_text("\n".join(lines) + "\n")
    async with store.transaction(actor="U_LEAD") as tx:
        await import_sheets(tx, files, today=TODAY)


async def planned(store: Store) -> None:
    async with store.transaction(actor="U_LEAD") as tx:
        await publish_first_plan(tx, today=TODAY, parameters=Parameters(pilot_weeks=0))


async def follow(store: Store, person: str, *subjects: Subject, pace: Pace = Pace.daily) -> None:
    async with store.transaction(actor=person) as tx:
        for subject in subjects:
            await tx.subscriptions.choose(person, subject, pace)


async def news_for(store: Store, person: str) -> list[News]:
    """All that somebody is still to hear, in the order in which it happened."""
    async with store.reading() as reading:
        untold = await reading.tidings.untold(person)
    ordered = sorted(untold, key=lambda tiding: tiding.happened_at)
    return [news for tiding in ordered for news in tiding.news]


async def events(store: Store, person: str) -> list[tuple[str, object, int]]:
    """The same in short: what happened to which customer, and to how many locations."""
    return [
        (news.event, news.facts["customer"], news.facts["locations"])
        for news in await news_for(store, person)
    ]


async def causes(store: Store, person: str) -> list[str]:
    async with store.reading() as reading:
        return [tiding.cause for tiding in await reading.tidings.untold(person)]


def customer(id_: str) -> Subject:
    return Subject(Kind.customer, id_)


def master(*rows: str) -> list[str]:
    return [HEADERS, *rows]


JOES = ("L1,C1,Joe's,ana@northwind.example,active,", "L2,C1,Joe's,ana@northwind.example,active,")
OMARS = "L4,C3,Moe's,omar@northwind.example,active,"
SAMS = ("L3,C2,Sam's,omar@northwind.example,active,loyalty",)


# Plans


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


# Imports


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


# Waves


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


# Once, whatever happens


async def test_several_replicas_tell_everybody_once(store: Store, tmp_path: Path) -> None:
    people = [f"U{number:02}" for number in range(20)]
    async with store.transaction(actor="test") as tx:
        for person in people:
            row = PersonRow(id=person, name=person, kind=PersonKind.member)
            await tx.people.keep([row])
            await tx.subscriptions.choose(person, EVERY_WAVE, Pace.daily)
    await imported(store, tmp_path, master=master(*JOES))
    await planned(store)
    await now_is(store, datetime(2022, 1, 17, 9, tzinfo=UTC))

    await asyncio.gather(*(tell_due(store) for _ in range(4)))

    for person in [*people, U_ANA]:
        assert len(await messages(store, person)) == 1


async def test_what_dies_before_its_commit_is_told_by_the_next(
    store: Store, tmp_path: Path
) -> None:
    await imported(store, tmp_path, master=master(*JOES))
    await planned(store)
    now = datetime(2022, 1, 17, 9, tzinfo=UTC)

    async def tell_and_die() -> None:
        async with store.transaction(actor="clock") as tx:
            assert await tx.tidings.next_person(now) == U_ANA
            await tell(tx, U_ANA, await tx.tidings.due_for(U_ANA, now), now)
            raise LookupError

    with pytest.raises(LookupError):
        await tell_and_die()
    await told(store, now)

    assert len(await messages(store, U_ANA)) == 1


async def test_who_is_being_told_is_left_to_the_one_who_does_it(
    store: Store, tmp_path: Path
) -> None:
    of_omar = f"L3,C2,Sam's,{OMAR},active,"
    await imported(store, tmp_path, master=master(*JOES, of_omar))
    await planned(store)
    now = datetime(2022, 1, 17, 9, tzinfo=UTC)
    async with store.transaction(actor="clock") as first, store.transaction(actor="clock") as other:
        assert await first.tidings.next_person(now) == U_ANA
        assert await other.tidings.next_person(now) == U_OMAR


async def test_what_is_due_since_long_waits_for_the_morning(store: Store, tmp_path: Path) -> None:
    await imported(store, tmp_path, master=master(*JOES))
    await planned(store)
    await told(store, datetime(2022, 2, 1, 3, tzinfo=UTC))
    assert await messages(store, U_ANA) == []
    await told(store, datetime(2022, 2, 1, 8, 59, tzinfo=UTC))
    assert await messages(store, U_ANA) == []
    await told(store, datetime(2022, 2, 1, 9, tzinfo=UTC))
    assert len(await messages(store, U_ANA)) == 1


async def now_is(store: Store, now: datetime) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(now)


async def told(store: Store, now: datetime) -> None:
    """It is `now`, and the clock knocks."""
    await now_is(store, now)
    await tell_due(store)


async def messages(store: Store, person: str) -> Sequence[Row[Any]]:
    query = text("SELECT * FROM outbox WHERE lane = :person ORDER BY number")
    async with store.reading() as reading:
        return (await reading.connection.execute(query, {"person": person})).all()


async def words(store: Store, person: str) -> str:
    """All that the one message to somebody says, with plain spaces."""
    (said,) = await messages(store, person)
    return json.dumps(said.blocks, ensure_ascii=False).replace("\N{NO-BREAK SPACE}", " ")


async def told_news(store: Store, person: str) -> list[str]:
    query = text("SELECT DISTINCT message_id FROM tidings WHERE person_id = :person")
    async with store.reading() as reading:
        message = (await reading.connection.execute(query, {"person": person})).scalar_one()
        tidings = await reading.tidings.told_in(person, message)
    return [news.event for tiding in tidings for news in tiding.news]


async def test_news_that_cannot_be_told_keep_nobody_else_waiting(
    store: Store, tmp_path: Path
) -> None:
    await imported(store, tmp_path, master=master(*JOES, OMARS))
    await planned(store)
    await run(store, "UPDATE tidings SET news = '[{}]' WHERE person_id = :ana", ana=U_ANA)
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(datetime(2022, 1, 18, 12, tzinfo=UTC))

    await tell_due(store)

    async with store.reading() as reading:
        said = await reading.connection.execute(text("SELECT lane FROM outbox"))
        assert said.scalars().all() == [U_OMAR]
        kept = text("SELECT due_at FROM tidings WHERE person_id = :ana AND message_id IS NULL")
        due_at = (await reading.connection.execute(kept, {"ana": U_ANA})).scalar_one()
        assert due_at > await reading.clock.now()
