"""The pages that are made from the data: who is concerned, who hears what, who decides, where we are."""

import re
from datetime import UTC, datetime, time
from html import unescape
from typing import Any

import httpx
import pytest

from bot.assembly import Wavepost
from bot.sandbox.server import Sandbox
from handlers.communication_page import HINDERED
from handlers.roles import give
from handlers.running import start_wave
from rules.announced import Breadth
from rules.announcement import Topic
from rules.catching_up import Why
from rules.following import EVERY_WAVE, Kind, Pace, Subject
from rules.partner_message import Audience, State
from rules.roles import Role
from rules.wave_life import Who
from store.announcement_rows import ScheduleVersionRow
from store.partner_rows import PartnerMessageRow
from store.session import Store
from tests.bot.web_browser import sign_in, web_browser
from tests.world import ANA, FIRST_MONDAY, World

NOW = datetime(2022, 1, 17, 9, tzinfo=UTC)
"""When the wave was started."""


def says(channel: str, topic: Topic = Topic.waves, **more: Any) -> ScheduleVersionRow:
    """What a schedule says: Monday 09:00 in New York, unless told otherwise."""
    fields: dict[str, Any] = {
        "schedule_id": 0,
        "version": 1,
        "since": datetime(2022, 1, 3, tzinfo=UTC),
        "by": "U_LEA",
        "channel": channel,
        "topic": topic,
        "weekday": 0,
        "at_time": time(9),
        "zone": "America/New_York",
    }
    return ScheduleVersionRow(**(fields | more))


@pytest.fixture
async def _under_way(store: Store, sandbox: Sandbox, wavepost: Wavepost) -> None:
    """Ana's wave goes on; something is announced, followed, waited for and approved."""
    assert wavepost.directory_read.is_set()
    world = World()
    world.csa()
    world.csa("zoe@elsewhere.example", "Zoe <Zimmer>")
    world.feature("loyalty", "Loyalty points", FIRST_MONDAY)
    world.customer("Joe's", id="joes", weeks={FIRST_MONDAY: 2})
    world.customer(
        "Wim's", id="wims", csa="zoe@elsewhere.example", unplaced=3, requires=["loyalty"]
    )
    world.also(
        PartnerMessageRow(
            week=FIRST_MONDAY,
            audience=Audience.partner,
            number=2,
            text="We move Joe's.",
            writers=["U_LEA"],
            state=State.current,
            written_at=NOW,
        )
    )
    await world.keep(store)
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(NOW)
        general, triage = (
            await tx.channels.named("general"),
            await tx.channels.named("migration-triage"),
        )
        assert general
        assert triage
        lea, ben, omar = (sandbox.people.user(name).id for name in ("lea", "ben", "omar"))
        await give(tx, "lea@northwind.example", Role.lead)
        await give(tx, "ben@northwind.example", Role.approver)
        for person in (lea, ben):
            await tx.subscriptions.choose(person, EVERY_WAVE, Pace.instant)
        await tx.subscriptions.choose(omar, Subject(Kind.customer, "joes"), Pace.muted)
        await start_wave(tx, FIRST_MONDAY, by="test", who=Who.lead)
        await tx.announcement_schedules.add(says(general.id))
        await tx.announcement_schedules.add(
            says(general.id, Topic.roadmap, breadth=Breadth.csa, of=ANA, is_paused=True)
        )
        await tx.announcement_schedules.add(says(triage.id, Topic.failures))


async def read(browser: httpx.AsyncClient, path: str) -> str:
    """What a page says, without its markup."""
    answer = await browser.get(path)
    assert answer.status_code == 200, answer.text
    body = answer.text[answer.text.index("<main") :]
    words = unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</?bdi>", "", body))).replace(
        "\N{NO-BREAK SPACE}", " "
    )
    return re.sub(r" (?=[,.;:)])", "", " ".join(words.split()))


def test_there_are_words_for_everything_that_keeps_something_from_being_announced() -> None:
    assert set(HINDERED) == set(Why)


@pytest.mark.usefixtures("_under_way")
async def test_the_pages_say_what_is_so(sandbox: Sandbox, wavepost: Wavepost) -> None:
    async with web_browser(wavepost) as ana, web_browser(wavepost) as vic:
        await sign_in(ana, sandbox, "ana")
        await sign_in(vic, sandbox, "vic")

        decides = await read(vic, "/governance")
        assert "2 of 5 locations have a date, and none has moved yet." in decides
        assert "This week’s wave is running" in decides
        assert "Leads Lea Lindqvist" in decides
        assert "Whether a wave that stopped goes on An approver, who says why" in decides
        assert "Whether a wave stops A lead, who says why; Wavepost by itself too" in decides

        hears = await read(vic, "/communication")
        assert "You follow nothing yet." in hears
        assert "#general This wave and the next All customers Mondays at 09:00, New York" in hears
        assert "#general The roadmap Customers of Ana Reyes" in hears
        assert "paused" in hears
        assert "Failures and remedies" not in hears
        assert "1 more schedule speaks in private channels" in hears
        assert re.search(r"A wave, or every wave [\w, ]+ 2 – –", hears)
        assert re.search(r"A customer [\w, ]+ – – 1", hears)
        assert "2 CSAs hear of their own 2 customers" in hears
        assert "Mon 17 Jan 2022 nothing yet version 2 is approved nothing yet" in hears

        concerned = await read(ana, "/stakeholders")
        assert "2 CSAs own 2 customers" in concerned
        assert "Ana Reyes 1 1" in concerned
        assert "Zoe <Zimmer> not in Slack, so nothing reaches them 1 –" in concerned
        assert "Loyalty points Mon 17 Jan 2022 1 3" in concerned
        assert "Every wave 2" in concerned
        assert "#general 7 members This wave and the next" in concerned
        assert "And 1 private channel that you are not in." in concerned
        assert "You own customers, so you hear" in await read(ana, "/communication")

        front = await vic.get("/")
        assert 'href="/communication"' in front.text
        assert 'href="/stakeholders"' not in front.text
        assert 'href="/stakeholders"' in (await ana.get("/")).text
        assert (await vic.get("/stakeholders")).status_code == 403


async def test_before_anything_is_there_each_page_says_how_it_begins(
    sandbox: Sandbox, wavepost: Wavepost
) -> None:
    async with web_browser(wavepost) as vic:
        await sign_in(vic, sandbox, "vic")

        assert "The migration has not begun: no sheet has come in yet." in await read(
            vic, "/governance"
        )
        hears = await read(vic, "/communication")
        assert "Nothing is announced in a channel that you can see yet." in hears
        assert "No wave is to come, so there is nothing to tell." in hears
