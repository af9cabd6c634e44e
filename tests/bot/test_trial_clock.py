"""Business time in a trial: read and moved on a page of its own, over HTTP."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.serving import serving
from bot.trial_clock import NotATimeError, Step, chosen, stepped
from bot.trial_clock_page import ZONES, business_time
from store.session import Store
from tests.tls import TRUST
from tests.world import World, counted

BERLIN = ZoneInfo("Europe/Berlin")
TIMES = st.floats(978_307_200, 4_039_372_800).map(
    lambda second: datetime.fromtimestamp(second, UTC)
)
"""From 2001 to 2098."""


@pytest.fixture
async def page(wavepost: Wavepost, sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on the page, as one that comes from the page itself."""
    async with (
        serving(wavepost.app) as address,
        business_time(wavepost.app, wavepost.store, sandbox, address),
        httpx.AsyncClient(base_url=address, verify=TRUST, headers={"Origin": address}) as client,
    ):
        yield client


async def now(store: Store) -> datetime:
    async with store.reading() as reading:
        return await reading.clock.now()


def is_close(one: datetime, other: datetime) -> bool:
    return abs(one - other) < timedelta(minutes=1)


@settings(max_examples=50)
@given(TIMES, st.sampled_from(ZONES))
def test_next_monday_is_the_first_nine_o_clock_on_a_monday_that_is_to_come(
    at: datetime, name: str
) -> None:
    zone = ZoneInfo(name)
    monday = stepped(Step.monday, at, zone)

    assert (monday.weekday(), monday.hour, monday.minute) == (0, 9, 0)
    assert timedelta(0) < monday - at <= timedelta(days=7, hours=2)  # clocks change meanwhile


@settings(max_examples=50)
@given(TIMES, st.sampled_from(ZONES), st.sampled_from(Step))
def test_no_step_leads_back(at: datetime, name: str, step: Step) -> None:
    assert stepped(step, at, ZoneInfo(name)) > at


def test_on_a_monday_before_nine_it_is_the_same_day() -> None:
    at = datetime(2022, 1, 17, 8, 59, tzinfo=BERLIN)
    assert stepped(Step.monday, at, BERLIN) == at + timedelta(minutes=1)
    assert stepped(Step.monday, at + timedelta(minutes=1), BERLIN).day == 24


@pytest.mark.parametrize("words", ["", "soon", "2022-13-01T09:00", "1999-12-31T09:00"])
def test_what_is_no_time_is_refused_in_words(words: str) -> None:
    with pytest.raises(NotATimeError, match="Give a date and a time"):
        chosen(words, BERLIN)


async def test_the_page_says_what_time_it_is_in_a_chosen_zone(
    page: httpx.AsyncClient, store: Store
) -> None:
    answer = await page.get("/business-time", params={"zone": "Asia/Tokyo"})

    tokyo = (await now(store)).astimezone(ZoneInfo("Asia/Tokyo"))
    assert f"{tokyo:%A} {tokyo.day} January 2022" in answer.text
    assert "business date is Sat 15 Jan 2022" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_next_monday_makes_it_nine_and_is_kept_in_the_audit(
    page: httpx.AsyncClient, store: Store
) -> None:
    form = {"step": "monday", "zone": "Europe/Berlin"}
    answer = await page.post("/business-time", data=form, follow_redirects=True)

    assert "Business time was moved." in answer.text
    assert "Monday 17 January 2022, 09:00" in answer.text
    assert is_close(await now(store), datetime(2022, 1, 17, 9, tzinfo=BERLIN))
    query = text("SELECT actor, subject, before, after FROM audit WHERE action = 'moved'")
    async with store.reading() as reading:
        actor, subject, before, after = (await reading.connection.execute(query)).one()
    assert (actor, subject) == ("sandbox", "business time")
    assert before["at"].startswith("2022-01-15T")
    assert after["at"].startswith("2022-01-17T08:00")


async def test_answers_in_slack_follow_at_once(
    page: httpx.AsyncClient, store: Store, ana: Person
) -> None:
    world = World()
    world.csa()
    world.customer("Joe's Pizza", weeks={date(2022, 1, 24): 3})
    await world.keep(store)
    assert "The next wave is the week of" in await ana.command(
        "/schedule next wave", in_="#general"
    )

    await page.post("/business-time", data={"at": "2022-03-04T10:00", "zone": "UTC"})

    said = await ana.command("/schedule next wave", in_="#general")
    assert "No wave is planned from now on" in said


async def test_time_goes_back_only_after_a_warning(page: httpx.AsyncClient, store: Store) -> None:
    before = await now(store)
    form = {"at": "2022-01-10T09:00", "zone": "Europe/Berlin"}

    warned = await page.post("/business-time", data=form)
    assert warned.status_code == 409
    assert "Time would go backwards" in warned.text
    assert "Monday 10 January 2022, 09:00" in warned.text
    assert is_close(await now(store), before)
    assert await counted(store, "audit WHERE action = 'moved'") == 0

    confirmed = dict(re.findall(r'hidden" name="(\w+)" value="([^"]+)"', warned.text)[:2])
    moved = await page.post("/business-time", data=confirmed | {"backwards": "yes"})
    assert moved.status_code == 303
    assert is_close(await now(store), datetime(2022, 1, 10, 9, tzinfo=BERLIN))


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"at": "nonsense", "zone": "UTC"}, "Give a date and a time"),
        ({"step": "day", "zone": "../../etc/passwd"}, "This is not a time zone"),
        ({"step": "day", "zone": "<script>"}, "This is not a time zone"),
        ({}, "This is not a time zone"),
    ],
)
async def test_a_wrong_wish_is_answered_in_words_and_changes_nothing(
    page: httpx.AsyncClient, store: Store, form: dict[str, str], words: str
) -> None:
    before = await now(store)
    answer = await page.post("/business-time", data=form)

    assert answer.status_code == 400
    assert words in answer.text
    assert "Nothing was changed" in answer.text
    assert "<script>" not in answer.text
    assert is_close(await now(store), before)


@pytest.mark.parametrize("origin", ["https://example.com", "null", "http://127.0.0.1:1", ""])
async def test_another_web_page_cannot_move_it(
    page: httpx.AsyncClient, store: Store, origin: str
) -> None:
    before = await now(store)
    form = {"step": "week", "zone": "UTC"}
    answer = await page.post("/business-time", data=form, headers={"Origin": origin})

    assert answer.status_code == 403
    assert is_close(await now(store), before)


async def test_a_name_that_somebody_gave_this_machine_is_not_answered(
    page: httpx.AsyncClient,
) -> None:
    named = {"Host": "example.com", "Origin": "http://example.com"}
    assert (await page.get("/business-time", headers=named)).status_code == 404
    form = {"step": "week", "zone": "UTC"}
    assert (await page.post("/business-time", data=form, headers=named)).status_code == 404
