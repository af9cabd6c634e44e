"""What waits goes on: a dead token, a database or Slack that is away for a while, days of trying."""

import socket

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.embedded_postgres import EmbeddedPostgres
from bot.sandbox.faults.faults import Faults
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from store.session import Store
from tests.bot.courier.outages import HISTORY, POST, at, events
from tests.conftest import MANIFEST
from tests.database_outage import altered
from tests.post_office import PostOffice, delivering, until
from tests.slack_calls import watched
from tests.workspace import WORKSPACE


async def test_a_slack_that_cannot_be_reached_is_waited_for(
    settings: Settings, store: Store
) -> None:
    port = a_free_port()
    stand_in = Sandbox(manifest=MANIFEST, workspace=WORKSPACE, port=port, rates=None)
    office = PostOffice(store, stand_in)
    await office.say(office.channel("general"), "one", "two")
    async with delivering(at(stand_in, settings, f"http://127.0.0.1:{port}/api/")):

        async def tried() -> bool:
            row = (await office.ledger())["one"]
            return bool(row.tries >= 2)

        await until(tried)
        async with stand_in.running(), watched(stand_in) as slack:
            await office.all_ended()
    assert office.heard("general") == ["one", "two"]
    assert slack.of(HISTORY) == [], "nothing was sent, so there was nothing to look for"


def a_free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize("error", ["token_revoked", "invalid_auth", "team_added_to_org"])
async def test_with_a_dead_token_everything_waits_and_then_goes_on(
    settings: Settings, office: PostOffice, faults: Faults, general: str, error: str
) -> None:
    faults.refuse(error, times=3, method=POST)
    await office.say(general, "one", "two")
    async with delivering(settings):
        await office.all_ended()
    assert office.heard("general") == ["one", "two"]


async def test_a_token_that_dies_before_the_look_leaves_nothing_uncertain(
    settings: Settings, office: PostOffice, faults: Faults, general: str
) -> None:
    faults.server_error(accepted=True, method=POST)
    faults.refuse("token_revoked", times=settings.courier.most_failed_looks, method=HISTORY)
    faults.rate_limit(retry_after=0.05, times=settings.courier.most_failed_looks, method=HISTORY)
    await office.say(general, "one")
    async with delivering(settings):
        await office.all_ended()
    assert office.heard("general") == ["one"]
    assert (await office.states())["one"][0] == "delivered"


async def test_a_message_tried_for_days_still_only_waits(
    settings: Settings, office: PostOffice, faults: Faults, general: str
) -> None:
    await office.say(general, "one")
    async with office.store.transaction(actor="test") as tx:
        await tx.connection.execute(text("UPDATE outbox SET tries = 5000"))
    faults.refuse("token_revoked", method=POST)
    async with delivering(settings):

        async def refused() -> bool:
            return (await office.states())["one"] == ("waiting", "token_revoked")

        await until(refused)


async def test_a_database_that_only_reads_for_a_while_is_waited_for(
    settings: Settings, office: PostOffice, postgres_server: EmbeddedPostgres, general: str
) -> None:
    """As a standby does until it is promoted."""
    await office.say(general, "one")
    await altered(postgres_server, settings.database_url, "SET default_transaction_read_only = on")
    with capture_logs() as logs:

        async def refused() -> bool:
            return {"the lanes could not be leased"} <= events(logs)

        async with delivering(settings):
            await until(refused)
            await altered(
                postgres_server, settings.database_url, "RESET default_transaction_read_only"
            )
            await office.all_ended()
    assert office.heard("general") == ["one"]
