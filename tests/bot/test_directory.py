"""The directory is filled in the background: what keeps it from that must end nothing else."""

from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from bot.directory import refresh
from bot.sandbox.server import Sandbox
from store.session import Store
from tests.world import counted, run_as_owner

ENDS_WITH_THE_COMMIT = """
    CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'
"""
AT_THE_COMMIT = """
    CREATE CONSTRAINT TRIGGER hang_up AFTER INSERT ON people DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION hang_up()
"""


async def test_a_database_that_goes_away_while_the_directory_is_kept_ends_nothing_but_that(
    store: Store, sandbox: Sandbox
) -> None:
    for statement in (ENDS_WITH_THE_COMMIT, AT_THE_COMMIT):
        await run_as_owner(store, statement)
    client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_address)
    with capture_logs() as logs:
        await refresh(store, client, leads_channel="")
    assert [entry["log_level"] for entry in logs] == ["warning"]
    assert await counted(store, "people") == 0
