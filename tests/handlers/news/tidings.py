"""Sheets that are imported, plans, and the news of these."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row, text

from handlers.digests import tell_due
from handlers.importing import import_sheets
from handlers.planning import publish_first_plan
from rules.following import Kind, News, Pace, Subject
from rules.parameters import Parameters
from store.session import Store

TODAY = date(2022, 1, 15)
MONDAY = date(2022, 1, 17)
ANA, OMAR = "ana@northwind.example", "omar@northwind.example"
U_ANA, U_OMAR, U_VIC = "U_ANA", "U_OMAR", "U_VIC"
HEADERS = "location_id,customer_id,customer_name,csa_email,status,requires"


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
