"""The embedded PostgreSQL: its data outlive a stop and a kill, and it ends with the programs sharing it."""

import asyncio
import importlib.util
import json
import os
import signal
import subprocess
from pathlib import Path

import asyncpg
import psutil
import pytest
from sqlalchemy.exc import ProgrammingError

from bot.embedded import EmbeddedError
from bot.embedded_postgres import EmbeddedPostgres
from bot.embedded_s3 import EmbeddedS3
from tests.bot.embedded.servers import ask, ended, kill, said_by


async def test_the_owner_makes_tables_and_the_application_needs_a_grant(
    postgres_server: EmbeddedPostgres, database: str
) -> None:
    owner = postgres_server.url("wavepost_owner", database)
    app = postgres_server.url("wavepost_app", database)
    await ask(owner, "CREATE TABLE promise (id int)", "INSERT INTO promise VALUES (7)")

    with pytest.raises(ProgrammingError, match="permission denied for table"):
        await ask(app, "SELECT id FROM promise")
    with pytest.raises(ProgrammingError, match="permission denied for schema"):
        await ask(app, "CREATE TABLE mine (id int)")

    await ask(owner, "GRANT SELECT ON promise TO wavepost_app")
    assert await ask(app, "SELECT id FROM promise") == 7


async def test_the_first_database_is_ready_for_both_roles(
    postgres_server: EmbeddedPostgres,
) -> None:
    assert await ask(postgres_server.owner_url, "SELECT current_user") == "wavepost_owner"
    assert await ask(postgres_server.app_url, "SELECT current_database()") == "wavepost"
    assert str(await ask(postgres_server.app_url, "SHOW server_version")).startswith("18")


async def test_a_copy_of_a_database_has_its_rows_and_its_rights(
    postgres_server: EmbeddedPostgres, database: str
) -> None:
    await ask(
        postgres_server.url("wavepost_owner", database),
        "CREATE TABLE promise AS SELECT 7 AS id",
        "GRANT SELECT ON promise TO wavepost_app",
    )
    copy = f"{database}_copy"

    postgres_server.create_database(copy, template=database)

    assert await ask(postgres_server.url("wavepost_app", copy), "SELECT id FROM promise") == 7
    postgres_server.drop_database(copy)
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await asyncpg.connect(postgres_server.url("wavepost_app", copy).replace("+asyncpg", ""))


def test_a_template_that_does_not_exist_is_told_in_postgresqls_words(
    postgres_server: EmbeddedPostgres,
) -> None:
    with pytest.raises(EmbeddedError, match='template database "nowhere" does not exist'):
        postgres_server.create_database("copy", template="nowhere")


async def test_data_outlives_a_stop(folder: Path) -> None:
    async with EmbeddedPostgres(folder) as server:
        await ask(server.owner_url, "CREATE TABLE kept AS SELECT 7 AS id")
        pid = server.server_pid

    assert not psutil.pid_exists(pid)
    async with EmbeddedPostgres(folder) as server:
        assert await ask(server.owner_url, "SELECT id FROM kept") == 7


async def test_the_loop_runs_on_while_a_server_starts(settled: Path) -> None:
    server = EmbeddedPostgres(settled, durable=False)
    starting = asyncio.create_task(server.__aenter__())

    await asyncio.sleep(0)

    assert not starting.done()
    await starting
    await server.__aexit__(None, None, None)


async def test_a_killed_server_starts_again_with_all_it_had_committed(settled: Path) -> None:
    killed = EmbeddedPostgres(settled)
    killed.start()
    await ask(killed.owner_url, "CREATE TABLE kept AS SELECT 7 AS id")
    kill(killed)
    killed.stop()

    with EmbeddedPostgres(settled) as server:
        assert await ask(server.owner_url, "SELECT id FROM kept") == 7


def test_the_process_id_of_a_killed_server_may_be_another_programs_by_now(settled: Path) -> None:
    killed = EmbeddedPostgres(settled, durable=False)
    killed.start()
    kill(killed)
    killed.stop()
    claim = settled / "data" / "postmaster.pid"
    lines = claim.read_text().splitlines(keepends=True)
    claim.write_text("".join([f"{os.getpid()}\n", *lines[1:]]))

    with EmbeddedPostgres(settled, durable=False) as server:
        assert server.server_pid != os.getpid()


def test_a_server_whose_keeper_was_killed_is_ended_and_replaced(settled: Path) -> None:
    left = EmbeddedPostgres(settled, durable=False)
    left.start()
    orphan = left.server_pid
    keeper = json.loads((settled / "running.json").read_text())["keeper"]
    os.kill(keeper, signal.SIGKILL)
    assert ended(keeper)
    left.stop()
    assert psutil.pid_exists(orphan)

    with EmbeddedPostgres(settled, durable=False) as server:
        assert server.server_pid != orphan
        assert not psutil.pid_exists(orphan)


def test_two_programs_share_one_server_until_the_last_lets_go(
    settled: Path, parent: "subprocess.Popen[str]"
) -> None:
    pid = int(said_by(parent))
    with EmbeddedPostgres(settled, durable=False) as server:
        assert server.server_pid == pid
        parent.kill()
        parent.wait()
        server.create_database("still_here")

    assert not psutil.pid_exists(pid)


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_server_ends_with_its_parent_however_that_ends(
    settled: Path, parent: "subprocess.Popen[str]", end: signal.Signals
) -> None:
    pid = int(said_by(parent))
    log = settled / "server.log"
    said_before = len(log.read_text())

    parent.send_signal(end)

    assert ended(pid)
    with EmbeddedPostgres(settled, durable=False):
        assert "was not properly shut down" not in log.read_text()[said_before:]


def test_a_server_that_has_only_begun_to_say_who_it_is_counts_as_not_there_yet(
    settled: Path,
) -> None:
    killed = EmbeddedPostgres(settled, durable=False)
    killed.start()
    kill(killed)
    killed.stop()
    claim = settled / "data" / "postmaster.pid"
    claim.write_text("")
    assert not killed._ready({"server": 1})  # noqa: SLF001 - the moment is too short to be met

    with EmbeddedPostgres(settled, durable=False) as server:
        assert claim.read_text().startswith(f"{server.server_pid}\n")


def test_a_server_that_cannot_start_says_why_and_lets_go(settled: Path) -> None:
    configuration = settled / "data" / "postgresql.conf"
    before = configuration.read_text()
    configuration.write_text("nonsense = 1\n")

    with pytest.raises(EmbeddedError, match='unrecognized configuration parameter "nonsense"'):
        EmbeddedPostgres(settled, durable=False).start()

    configuration.write_text(before)
    with EmbeddedPostgres(settled, durable=False):
        pass


def test_without_the_package_the_error_says_how_to_bring_your_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(EmbeddedError, match="set WAVEPOST_DATABASE_URL"):
        EmbeddedPostgres(folder).start()

    monkeypatch.setattr("sysconfig.get_path", lambda _name: str(folder))
    with pytest.raises(EmbeddedError, match="set WAVEPOST_S3_ENDPOINT"):
        EmbeddedS3(folder).start()


def test_a_server_not_started_has_no_address() -> None:
    with pytest.raises(EmbeddedError, match="is not started"):
        _ = EmbeddedPostgres(Path("anywhere")).owner_url
