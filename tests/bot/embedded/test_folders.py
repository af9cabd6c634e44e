"""Folders of embedded servers: what cannot be read in them, who uses them, and when they are left alone."""

import json
import subprocess
from pathlib import Path

import psutil
import pytest

from bot.embedded import EmbeddedError
from bot.embedded_postgres import EmbeddedPostgres
from bot.embedded_s3 import EmbeddedS3
from tests.bot.embedded.servers import ended, said_by


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
