import asyncio
import importlib.util
import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import psutil
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.embedded import Embedded, EmbeddedError
from bot.embedded_postgres import EmbeddedPostgres
from bot.embedded_s3 import EmbeddedS3
from store.files import Files

A_PARENT = """
import sys
from pathlib import Path
from bot.embedded_postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
server.start()
print(server.server_pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(embedded_folder: Path) -> Path:
    """A folder with a space in its name."""
    return embedded_folder / f"a folder {uuid4().hex}"


@pytest.fixture(scope="module")
def settled(embedded_folder: Path) -> Path:
    """A folder in which PostgreSQL ran before: a start there takes a twentieth of a first one."""
    folder = embedded_folder / f"a settled folder {uuid4().hex}"
    with EmbeddedPostgres(folder, durable=False):
        return folder


@pytest.fixture
def database(postgres_server: EmbeddedPostgres) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    postgres_server.create_database(name)
    yield name
    postgres_server.drop_database(name)


@pytest.fixture
def parent(settled: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another program that holds the server in the folder."""
    with subprocess.Popen(
        [sys.executable, "-c", A_PARENT, str(settled)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as program:
        yield program
        program.kill()


async def ask(url: str, *statements: str) -> object:
    """The first value of the last statement."""
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            *_, last = [await connection.execute(text(words)) for words in statements]
            return last.scalar() if last.returns_rows else None
    finally:
        await engine.dispose()


def ended(pid: int) -> bool:
    """Wait for a process to end."""
    try:
        psutil.Process(pid).wait(10)
    except psutil.NoSuchProcess:
        pass
    except psutil.TimeoutExpired:
        return False
    return True


def kill(server: Embedded) -> None:
    """End a server and its keeper as a power cut would."""
    facts = json.loads((server.folder / "running.json").read_text())
    for pid in (facts["keeper"], facts["server"]):
        os.kill(pid, signal.SIGKILL)
    assert ended(facts["keeper"])
    assert ended(facts["server"])


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


@pytest.mark.parametrize("content", ["", "{", "[]", '{"s3": 99999}', '{"s3": 8333}'])
def test_ports_that_cannot_be_read_are_chosen_anew(folder: Path, content: str) -> None:
    folder.mkdir()
    (folder / "ports.json").write_text(content)

    with EmbeddedS3(folder) as server:
        ports = json.loads((folder / "ports.json").read_text())
        assert server.endpoint == f"http://127.0.0.1:{ports['s3']}"


@pytest.mark.parametrize("content", ["{", '["x"]', '{"keeper": 1}', "\udcff"])
def test_a_note_that_cannot_be_read_is_named(folder: Path, content: str) -> None:
    folder.mkdir()
    (folder / "running.json").write_text(content, errors="surrogateescape")
    server = EmbeddedPostgres(folder)

    with pytest.raises(EmbeddedError, match=r"running\.json is damaged"):
        server.start()

    server.vacate()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"identities": []}'])
def test_keys_that_cannot_be_read_are_named_and_kept(folder: Path, content: str) -> None:
    folder.mkdir()
    (folder / "s3.json").write_text(content)

    with pytest.raises(EmbeddedError, match=r"s3\.json is damaged"):
        EmbeddedS3(folder).start()

    assert (folder / "s3.json").read_text() == content


def test_a_folder_is_vacated_once_the_keeper_of_a_killed_program_has_stopped_its_server(
    settled: Path, parent: "subprocess.Popen[str]"
) -> None:
    pid = int(said_by(parent))
    parent.kill()

    EmbeddedPostgres(settled).vacate()

    assert not psutil.pid_exists(pid)
    assert not (settled / "running.json").exists()


def test_a_folder_that_another_program_uses_is_not_vacated(
    settled: Path, parent: "subprocess.Popen[str]"
) -> None:
    pid = int(said_by(parent))
    server = EmbeddedPostgres(settled)
    server.stops_within = 0

    with pytest.raises(EmbeddedError, match="waiting for another program to stop using it"):
        server.vacate()

    assert psutil.pid_exists(pid)
    parent.kill()
    assert ended(pid)


def test_data_of_another_version_is_refused_and_left_alone(folder: Path) -> None:
    data = folder / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("16\n")

    with pytest.raises(EmbeddedError, match=r"written by PostgreSQL 16.*Nothing was changed"):
        EmbeddedPostgres(folder).start()

    assert [kept.name for kept in data.iterdir()] == ["PG_VERSION"]


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


def test_the_s3_server_listens_on_this_machine_only(s3_server: EmbeddedS3) -> None:
    doors = psutil.Process(s3_server.server_pid).net_connections("inet")

    listening = {door.laddr.ip for door in doors if door.status == psutil.CONN_LISTEN}

    assert listening == {"127.0.0.1"}


def test_the_keys_of_the_s3_server_are_its_own_and_private(s3_server: EmbeddedS3) -> None:
    keys = s3_server.folder / "s3.json"

    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert s3_server.secret_key in keys.read_text()
    assert s3_server.secret_key not in s3_server.log.read_text()


async def test_files_outlive_a_stop_a_taken_port_and_a_kill(folder: Path) -> None:
    kept = {f"file {number}": os.urandom(1 + number * 20_000) for number in range(40)}
    async with EmbeddedS3(folder) as stopped:
        stopped.create_bucket("bucket")
        await at(stopped).put("first", b"data", content_type="text/plain")
        first, pid = stopped.endpoint, stopped.server_pid
    assert not psutil.pid_exists(pid)

    host, _, port = first.removeprefix("http://").partition(":")
    with socket.create_server((host, int(port))):
        async with EmbeddedS3(folder) as killed:
            assert killed.endpoint != first
            assert await at(killed).get("first") == b"data"
            files = at(killed)
            await asyncio.gather(
                *(files.put(key, data, content_type="text/plain") for key, data in kept.items())
            )
            second = killed.endpoint
            kill(killed)

    async with EmbeddedS3(folder) as server:
        assert server.endpoint == second
        files = at(server)
        assert {key: await files.get(key) for key in kept} == kept


def at(server: EmbeddedS3) -> Files:
    return Files(
        endpoint=server.endpoint,
        region="us-east-1",
        bucket="bucket",
        access_key=server.access_key,
        secret_key=server.secret_key,
    )


def said_by(program: "subprocess.Popen[str]") -> str:
    assert program.stdout is not None
    return program.stdout.readline()
