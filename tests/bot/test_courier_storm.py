"""Couriers in a storm: Slack refuses everything in all channels at once, and says for how long."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from bot.sandbox.seed import ChannelSeed, TeamSeed, Workspace
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from store.session import Store
from tests.announced_year import PATIENCE
from tests.conftest import MANIFEST, patient
from tests.post_office import PostOffice, delivering, until
from tests.world import run

CHANNELS = [f"c{number}" for number in range(40)]
POST = "chat.postMessage"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Slack's stand-in with many channels."""
    channels = [ChannelSeed(name, name, app_is_member=True) for name in CHANNELS]
    workspace = Workspace(team=TeamSeed("Northwind", "northwind"), channels=channels)
    async with Sandbox(manifest=MANIFEST, workspace=workspace, rates=None).running() as sandbox:
        yield sandbox


async def test_where_slack_refuses_channel_after_channel_all_are_left_alone_as_long_as_it_asks(
    settings: Settings, store: Store, sandbox: Sandbox
) -> None:
    hands = 5
    changes = {"lanes_at_once": hands, "workspace_messages_a_minute": 60_000}
    courier = patient(settings).courier.model_copy(update=changes)
    office = PostOffice(store, sandbox)
    storm = sandbox.faults.rate_limit(times=None, retry_after=3_600, method=POST)
    for name in CHANNELS:
        await office.say(office.channel(name), "one", "two")
    busy = settings.model_copy(update={"courier": courier})
    async with delivering(busy), delivering(busy):
        await until(lambda: _all_is_still(store), patience=PATIENCE)
        refused = await _tries(store)
        assert 2 <= refused <= 2 * hands + 2, "only those that were on their way"
        sandbox.faults.lift(storm.id)
        await _an_hour_passes(store)
        await office.all_ended(patience=PATIENCE)
    assert all(office.heard(name) == ["one", "two"] for name in CHANNELS)
    assert await _tries(store) == 2 * len(CHANNELS) + refused


async def _all_is_still(store: Store) -> bool:
    """Nobody is on the way, and nobody may set out."""
    query = text("""
        SELECT next_at > now() + interval '30 min'
            AND NOT EXISTS (SELECT FROM lanes WHERE leased_by IS NOT NULL) FROM pace
    """)
    async with store.reading() as reading:
        return bool((await reading.connection.execute(query)).scalar_one())


async def _tries(store: Store) -> int:
    async with store.reading() as reading:
        tries = await reading.connection.execute(text("SELECT sum(tries)::int FROM outbox"))
        return int(tries.scalar_one())


async def _an_hour_passes(store: Store) -> None:
    await run(store, "UPDATE lanes SET free_at = free_at - interval '1 h'")
    await run(store, "UPDATE pace SET next_at = next_at - interval '1 h'")
