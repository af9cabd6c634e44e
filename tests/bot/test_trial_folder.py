"""A trial's folder: whose it is, who uses it, and what is removed from it."""

import asyncio
import errno
import json
import os
import re
import shutil
import signal
from pathlib import Path
from uuid import uuid4

import pytest
from asyncpg import DiskFullError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.embedded_postgres import EmbeddedPostgres
from bot.sandbox.claim import MARK, FolderError, TakenError, claimed, in_words
from bot.trial import Trial
from bot.trial_folder import OWN, ensure_room, forget, is_a_trials
from bot.trial_words import TrialError, in_trial_words
from tests.bot.trial_program import at_its_import, at_work, begun, log, refused, sandbox


def start(folder: Path, *, fresh: bool = False) -> None:
    """A trial that ends as soon as it is ready, if it is not refused."""
    trial = Trial(folder, port=0, say=print, fresh=fresh)
    asyncio.run(trial.play(until=_at_once, open_page=False))


@pytest.fixture
def folder(embedded_folder: Path) -> Path:
    """A folder to be made; pytest's own are closed to the user that PostgreSQL runs as under root."""
    parent = embedded_folder / f"trial {uuid4().hex}"
    parent.mkdir()
    return parent / "sandbox"


@pytest.fixture(scope="module")
def begun_folder(embedded_folder: Path) -> Path:
    """The folder of a trial that was started once."""
    folder = embedded_folder / f"trial {uuid4().hex}" / "begun"
    start(folder)
    return folder


def change(server: EmbeddedPostgres, statement: str) -> None:
    """Change a kept database, as its owner."""
    asyncio.run(_run(server.owner_url, statement))


def everything_in(folder: Path) -> set[str]:
    return {str(entry.relative_to(folder)) for entry in folder.rglob("*")}


def filled(folder: Path) -> Path:
    """The folder with a file in each of a trial's entries."""
    for name in OWN:
        (folder / name).mkdir(parents=True)
        (folder / name / "holders.lock").touch()
    return folder


@pytest.mark.parametrize("fresh", [False, True])
def test_somebodys_folder_is_refused_and_left_as_it_is(tmp_path: Path, *, fresh: bool) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "thesis.txt").write_text("all my work")
    (tmp_path / "example").mkdir()
    before = everything_in(tmp_path)

    with pytest.raises(FolderError, match=r"example, photos, thesis\.txt\. Nothing was changed"):
        start(tmp_path, fresh=fresh)

    assert everything_in(tmp_path) == before


def test_only_a_trials_own_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / MARK).touch()
    filled(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "slack-only").mkdir()
    shutil.rmtree(tmp_path / "slack")
    elsewhere = tmp_path.with_name(f"{tmp_path.name} elsewhere")
    elsewhere.mkdir()
    (tmp_path / "slack").symlink_to(elsewhere)

    forget(tmp_path)

    assert everything_in(tmp_path) == {MARK, "notes.txt", "slack-only"}
    assert elsewhere.exists()


def test_a_folder_of_an_earlier_version_is_known_by_its_database(tmp_path: Path) -> None:
    assert is_a_trials(filled(tmp_path / "earlier"))
    (tmp_path / "earlier" / "thesis.txt").touch()
    assert not is_a_trials(tmp_path / "earlier")
    (tmp_path / "somebody's" / "slack").mkdir(parents=True)
    assert not is_a_trials(tmp_path / "somebody's")


def test_a_folder_has_one_user_at_a_time_and_the_other_hears_where(tmp_path: Path) -> None:
    def hold() -> None:
        with claimed(tmp_path, "--folder", is_ours=is_a_trials) as claim:
            with pytest.raises(TakenError, match=r"just starting or ending in .*\(process \d+\)"):
                start(tmp_path)
            claim.tell("http://127.0.0.1:8055")
            with pytest.raises(TakenError, match=r"already: http://127\.0\.0\.1:8055 \(process"):
                start(tmp_path, fresh=True)

    hold()
    hold()  # let go, it may be held again


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("/proc/x", "/proc/x cannot be used: "),
        ("/dev/null", "/dev/null is not a folder"),
        ("/dev/null/x", "cannot be used: not a directory"),
        ("a" * 300, "cannot be used: file name too long"),
    ],
)
def test_a_folder_that_cannot_be_is_told_in_a_sentence(
    tmp_path: Path, name: str, words: str
) -> None:
    with pytest.raises(FolderError, match=words) as told:
        start(tmp_path / name)
    assert "Choose another" in str(told.value)


def test_a_disk_without_room_is_told_with_what_is_needed(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=r"needs 1000000000 MB, and the disk has \d+ MB left"):
        ensure_room(tmp_path, 10**9)
    with pytest.raises(FolderError, match="no room left on the disk"), in_words(tmp_path, "--x"):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_nobody_destroys_a_running_sandbox_and_a_killed_one_keeps_nobody_out(
    folder: Path,
) -> None:
    with sandbox(folder, ended_by=signal.SIGKILL) as address:
        assert json.loads((folder / MARK).read_text())["address"] == address
        for options in ([], ["--fresh"]):
            second = refused(folder, *options)
            assert second.returncode == 1
            assert f"It runs already: {address}" in second.stdout
            assert second.stderr == ""
    with sandbox(folder, ended_by=signal.SIGKILL):
        assert "Importing the example" not in log(folder)
    with sandbox(folder, "--fresh"):
        assert "Importing the example" in log(folder)


def test_a_database_killed_alone_ends_the_sandbox_with_a_sentence(folder: Path) -> None:
    program = begun(folder)
    at_work(program, folder)
    told = json.loads((folder / "postgres" / "running.json").read_text())

    os.kill(told["server"], signal.SIGKILL)

    assert program.wait(60) == 2
    assert "PostgreSQL has ended, and nobody here asked it to" in log(folder)
    assert "start again to go on" in log(folder)
    assert "Traceback" not in log(folder)
    with sandbox(folder):
        assert "Importing the example" not in log(folder)


def test_a_database_killed_during_the_first_import_ends_it_with_a_sentence(folder: Path) -> None:
    program = begun(folder)
    at_its_import(program, folder)
    told = json.loads((folder / "postgres" / "running.json").read_text())

    os.kill(told["server"], signal.SIGKILL)

    assert program.wait(60) == 2
    assert "Traceback" not in log(folder)
    assert re.search("PostgreSQL has ended|database went away while it was used", log(folder))
    with sandbox(folder):
        assert "Importing the example" in log(folder)


@pytest.mark.parametrize(
    ("file", "content"),
    [("postgres/running.json", "{"), ("s3/s3.json", "{"), ("slack/workspace.json", "{")],
)
def test_a_damaged_file_is_named_with_the_way_out(
    begun_folder: Path, file: str, content: str
) -> None:
    kept = begun_folder / file
    before = kept.read_text() if kept.exists() else None
    kept.write_text(content)

    with pytest.raises(TrialError, match=rf"{file} is damaged.*start with --fresh"):
        start(begun_folder)

    assert not (begun_folder / "postgres" / "data" / "postmaster.pid").exists()

    if before is None:
        kept.unlink()
    else:
        kept.write_text(before)


def test_a_database_whose_tables_are_older_is_told(begun_folder: Path) -> None:
    with EmbeddedPostgres(begun_folder / "postgres") as server:
        change(server, "ALTER TABLE customers RENAME csa_email TO owner")
    try:
        with pytest.raises(TrialError, match=r"made by an older Wavepost.*--fresh"):
            start(begun_folder)
    finally:
        with EmbeddedPostgres(begun_folder / "postgres") as server:
            change(server, "ALTER TABLE customers RENAME owner TO csa_email")


def test_a_database_of_a_newer_version_is_told_and_left_alone(begun_folder: Path) -> None:
    with EmbeddedPostgres(begun_folder / "postgres") as server:
        change(server, "UPDATE alembic_version SET version_num = 'ffffffffffff'")

    with pytest.raises(TrialError, match=r"made by a newer Wavepost .*ffffffffffff.*--fresh"):
        start(begun_folder)


@pytest.mark.parametrize(
    "failure",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        ExceptionGroup("tasks", [ValueError(), DiskFullError()]),
    ],
)
def test_a_disk_that_runs_full_meanwhile_is_told(tmp_path: Path, failure: Exception) -> None:
    with pytest.raises(TrialError, match="no room left on the disk"), in_trial_words(tmp_path):
        raise failure


def test_what_nobody_expected_is_let_through(tmp_path: Path) -> None:
    with pytest.raises(LookupError), in_trial_words(tmp_path):
        raise LookupError


async def _run(url: str, statement: str) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


async def _at_once() -> None:
    return
