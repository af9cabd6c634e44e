"""What every test may ask for: a database of its own, Slack's stand-in, and Wavepost between them."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from socket import socket

import pytest
from pydantic import SecretStr
from structlog.dev import ConsoleRenderer, plain_traceback

from bot.assembly import Wavepost, running
from bot.embedded_postgres import EmbeddedPostgres
from bot.sandbox.json_types import Json
from bot.sandbox.manifest import load_manifest
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.serving import address_of, listen, serving
from bot.settings import CourierSettings, Settings, WorkerSettings
from bot.trial import manifest_at
from store.migrate import migrate
from store.session import Store
from tests.databases import Databases
from tests.embedded import embedded_folder, once, postgres_server, s3_server
from tests.workspace import WORKSPACE

__all__ = ["embedded_folder", "postgres_server", "s3_server"]

TODAY = date(2022, 1, 15)
PATIENCE = 20
"""Seconds an answer may take, by us and by Slack's stand-in: on a busy machine 3 are too few."""
MANIFEST = Path(__file__).parent.parent / "manifest.yml"

# A traceback in colours, with every value in it, takes as long as most tests.
ConsoleRenderer.get_active().exception_formatter = plain_traceback

gc.disable()


def pytest_collection_finish() -> None:
    """Keep what was imported out of the collector's way: it searched all of it again and again."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def template_database(postgres_server: EmbeddedPostgres, embedded_folder: Path) -> str:
    """A migrated database, made once for all workers, that the others are copied from."""

    def make() -> None:
        postgres_server.create_database("template_wavepost")
        owner = postgres_server.url("wavepost_owner", "template_wavepost")
        asyncio.run(migrate(owner, application_role="wavepost_app"))

    once(embedded_folder, "template", make)
    return "template_wavepost"


@pytest.fixture(scope="session")
def databases(
    postgres_server: EmbeddedPostgres, template_database: str, worker_id: str
) -> Iterator[Databases]:
    """Where each test of this worker gets its database from."""
    with closing(Databases(postgres_server, template_database, worker_id)) as databases:
        yield databases


@pytest.fixture
def database_url(postgres_server: EmbeddedPostgres, databases: Databases) -> Iterator[str]:
    """A database of this test's own, as the application's lesser role."""
    with databases.one() as name:
        yield postgres_server.url("wavepost_app", name)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """The store over a database of this test's own, on 15 January 2022."""
    store = Store(database_url)
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_today(TODAY)
    yield store
    await store.close()


@pytest.fixture
def listening() -> Iterator[socket]:
    """The port at which this test's Wavepost is served."""
    with closing(listen()) as listening:
        yield listening


@pytest.fixture(scope="session")
def manifest() -> Json:
    """Wavepost's own manifest, read once for all tests of this worker."""
    return load_manifest(MANIFEST)


@pytest.fixture
async def sandbox(listening: socket, manifest: Json) -> AsyncIterator[Sandbox]:
    """Slack's stand-in with Wavepost's own manifest installed, without rates: tests are fast."""
    installed = manifest_at(address_of(listening), manifest)
    async with Sandbox(manifest=installed, workspace=WORKSPACE, rates=None).running() as sandbox:
        sandbox.world.delivery.ack_limit = PATIENCE
        yield sandbox


@pytest.fixture
def settings(database_url: str, sandbox: Sandbox, listening: socket) -> Settings:
    """Wavepost's settings between this test's database and this test's Slack."""
    return Settings(
        database_url=database_url,
        slack_token=SecretStr(sandbox.bot_token),
        slack_signing_secret=SecretStr(sandbox.signing_secret),
        slack_address=sandbox.api_address,
        slack_client_id=sandbox.world.credentials.client_id,
        slack_client_secret=SecretStr(sandbox.world.credentials.client_secret),
        address=address_of(listening),
        s3_bucket="",
        deadline=PATIENCE,
        courier=CourierSettings(
            look_every=0.2,
            http_timeout=1,
            lease=3,
            wait_before_looking=0.3,
            pause_between_messages=0,
        ),
        worker=WorkerSettings(look_every=0.2, tell_every=0.1, lease=3, pause_before_retry=0),
    )


def patient(settings: Settings) -> Settings:
    """The same with more patience for Slack: for where a small machine has little left for it."""
    longer = {"http_timeout": PATIENCE, "lease": 3 * PATIENCE}
    return settings.model_copy(update={"courier": settings.courier.model_copy(update=longer)})


@pytest.fixture
async def wavepost(
    settings: Settings, store: Store, sandbox: Sandbox, listening: socket
) -> AsyncIterator[Wavepost]:
    """The real Wavepost, served over HTTP, with Slack's stand-in delivering to it."""
    async with running(settings) as wavepost, serving(wavepost.app, at=listening) as address:
        sandbox.request_url = f"{address}/slack/events"
        await wavepost.directory_read.wait()
        yield wavepost


@pytest.fixture
async def ana(sandbox: Sandbox, wavepost: Wavepost) -> Person:
    """A CSA."""
    return await sandbox.person("ana")
