"""Announcements around two Sundays on which clocks change, forth and back, through all that can fail.

The whole year: `python -m tests.benchmarks.bench_year`.
"""

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.embedded_postgres import EmbeddedPostgres
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from store.session import Store
from tests.almanac import Almanac
from tests.announced_year import WORKSPACE, Year, planned, told
from tests.conftest import MANIFEST
from tests.database_outage import let_in
from tests.post_office import PostOffice

BEGINS, ENDS = datetime(2022, 3, 25, tzinfo=UTC), datetime(2022, 4, 5, tzinfo=UTC)
SCHEDULES = 18


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Slack's stand-in with many channels."""
    async with Sandbox(manifest=MANIFEST, workspace=WORKSPACE, rates=None).running() as sandbox:
        yield sandbox


async def test_each_week_of_each_schedule_is_heard_once_in_order_or_kept_as_skipped(
    settings: Settings,
    store: Store,
    sandbox: Sandbox,
    postgres_server: EmbeddedPostgres,
    chance: random.Random,
) -> None:
    office = PostOffice(store, sandbox)
    slots = await planned(office, SCHEDULES, BEGINS, chance)
    almanac = Almanac(slots, BEGINS, ENDS)

    async def admit(allowed: bool) -> None:
        await let_in(postgres_server, settings.database_url, allowed=allowed)

    year = Year(office, almanac, settings, chance, admit)
    heard = await year.lived(BEGINS, ENDS)
    report = told(year, almanac, heard)
    print(report)
    assert heard.said == almanac.said, report
    assert heard.skipped == almanac.skipped(), report
