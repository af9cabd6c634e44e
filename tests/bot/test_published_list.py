"""A published list of escalated stores: requests made there arrive once, and leads hear of trouble once."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
from fastapi import FastAPI, Request, Response
from pydantic import SecretStr
from sqlalchemy import text

from bot.published_list import look
from bot.serving import serving
from bot.settings import PublishedSheetSettings
from rules.roles import Kind, Role
from store.people import PersonRow
from store.session import Store
from tests.world import FIRST_MONDAY, World, counted, run

LEA, ANA = "U1LEA", "U2ANA"
HEADER = "Store ID,Requested by,Reason,Wished date"
FIRST = "JOE-L1,ana@northwind.example,Lease ends,2022-02-14"
SECOND = "JOE-L2,ana@northwind.example,They sue us,2022-02-21"
BAD = "JOE-L3,stranger@x.example,Lease ends,2022-02-14"


class Host:
    """Who publishes a list: what it says now, and how often it was sent whole."""

    def __init__(self) -> None:
        self.rows: list[str] = []
        self.header = HEADER
        self.status = 200
        self.sent = 0

    def answer(self, request: Request) -> Response:
        content = "\n".join([self.header, *self.rows, ""])
        mark = f'"{hash(content)}"'
        if self.status != 200:
            return Response(status_code=self.status)
        if request.headers.get("If-None-Match") == mark:
            return Response(status_code=304)
        self.sent += 1
        return Response(content, media_type="text/csv", headers={"ETag": mark})


@pytest.fixture
def host() -> Host:
    return Host()


@pytest.fixture
async def listed(host: Host) -> AsyncIterator[PublishedSheetSettings]:
    app = FastAPI()
    app.add_api_route("/list", host.answer, response_model=None)
    async with serving(app) as address:
        yield PublishedSheetSettings(address=SecretStr(f"{address}/list"), within=True)


@pytest.fixture
async def _world(store: Store) -> None:
    world = World()
    world.customer("Joe's Pizza", id="JOE", weeks={FIRST_MONDAY + timedelta(weeks=12): 4})
    await world.keep(store)
    people = [
        PersonRow(id=LEA, name="Lea", email="lea@northwind.example", kind=Kind.member),
        PersonRow(id=ANA, name="Ana", email="ana@northwind.example", kind=Kind.member),
    ]
    async with store.transaction(actor="test") as tx:
        await tx.people.keep(people)
        await tx.roles.give(LEA, Role.lead, by="test")
    await run(
        store,
        "INSERT INTO waves SELECT '2021-12-06'::date + 7 * n, 'closed' FROM generate_series(0, 2) AS n",
    )


async def later(store: Store, listed: PublishedSheetSettings, *, hours: float = 1) -> None:
    """Look when some time has passed since the last look."""
    await run(
        store,
        "UPDATE sheet_polls SET looked_at = looked_at - :hours * interval '1 hour',"
        " away_since = away_since - :hours * interval '1 hour'",
        hours=hours,
    )
    await look(store, listed, leads_channel="none")


async def told(store: Store) -> list[str]:
    """What the lead was told about the list."""
    query = text("SELECT fallback FROM outbox WHERE lane = :lea AND cause = 'published list'")
    async with store.reading() as reading:
        return list((await reading.connection.execute(query, {"lea": LEA})).scalars())


async def asked(store: Store) -> list[tuple[str, str, date]]:
    query = text("SELECT sent_by, explanation, wished_on FROM escalations ORDER BY id")
    async with store.reading() as reading:
        return [tuple(row) for row in await reading.connection.execute(query)]


@pytest.mark.usefixtures("_world")
async def test_each_row_arrives_once_however_the_list_is_sorted_and_edited(
    store: Store, host: Host, listed: PublishedSheetSettings
) -> None:
    host.rows = [FIRST]
    await look(store, listed, leads_channel="none")
    assert await asked(store) == [(ANA, "Lease ends", date(2022, 2, 14))]
    await look(store, listed, leads_channel="none")
    assert host.sent == 1, "it was looked at a moment ago"

    await later(store, listed)
    assert host.sent == 1, "its host says that it is the same"
    host.rows = [SECOND, FIRST]
    await later(store, listed)
    host.rows = [FIRST, SECOND]
    await later(store, listed)
    assert [each[1] for each in await asked(store)] == ["Lease ends", "They sue us"]
    assert await told(store) == []
    assert await counted(store, "imports WHERE actor = 'the published list'") == 2

    host.rows = [SECOND]
    for _ in range(2):
        await later(store, listed)
    [gone] = await told(store)
    assert "JOE-L1" in gone
    assert await counted(store, "escalations WHERE state = 'new'") == 2, "nothing was withdrawn"


@pytest.mark.usefixtures("_world")
async def test_leads_hear_of_a_row_that_cannot_be_taken_once_until_it_is_mended(
    store: Store, host: Host, listed: PublishedSheetSettings
) -> None:
    host.rows = [BAD, FIRST]
    await look(store, listed, leads_channel="none")
    host.rows = [FIRST, BAD]
    await later(store, listed)
    [words] = await told(store)
    assert "1 row that I cannot take" in words.replace("\xa0", " ")
    assert "Row 2, `Requested by` says `stranger@x.example`: Nobody in this Slack" in words

    stranger = PersonRow(id="U9", name="Stranger", email="stranger@x.example", kind=Kind.member)
    async with store.transaction(actor="test") as tx:
        await tx.people.keep([stranger])
    await later(store, listed)
    assert {each[0] for each in await asked(store)} == {ANA, "U9"}, (
        "it is read though it is the same"
    )


@pytest.mark.usefixtures("_world")
async def test_leads_hear_once_when_it_is_away_for_a_day_or_no_list(
    store: Store, host: Host, listed: PublishedSheetSettings
) -> None:
    host.status = 503
    await look(store, listed, leads_channel="none")
    await later(store, listed, hours=23)
    assert await told(store) == []
    for hours in (2, 30):
        await later(store, listed, hours=hours)
    [away] = await told(store)
    assert "answers 503" in away
    assert "127.0.0.1" not in away, "the address is a secret"

    host.status, host.rows, host.header = 200, ["Lease,Ana"], "Reason,Requested by"
    for _ in range(2):
        await later(store, listed)
    [_, no_list] = await told(store)
    assert "no column for location_id" in no_list

    host.rows, host.header = [FIRST], HEADER
    await later(store, listed)
    assert len(await asked(store)) == 1
    assert len(await told(store)) == 2


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://sheets.example/list", "must begin with https://"),
        ("https://ana:secret@sheets.example/list", "nobody's password"),
        ("list.csv", "must begin with https://"),
    ],
)
def test_an_address_that_cannot_be_asked_is_refused_at_the_start(address: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        PublishedSheetSettings(address=SecretStr(address))
