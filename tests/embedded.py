"""The servers the tests run against: one of each for all workers, started when first asked for.

A worker that asks for a server joins the one that runs; the last worker to end stops it.
"""

import fcntl
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.embedded_postgres import EmbeddedPostgres
from bot.embedded_s3 import EmbeddedS3


@pytest.fixture(scope="session")
def embedded_folder(testrun_uid: str) -> Iterator[Path]:
    """A folder that all workers of this run share, removed by the last of them."""
    folder = Path(tempfile.gettempdir()) / f"wavepost-tests-{testrun_uid}"
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / "workers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield folder
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_server(embedded_folder: Path) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(embedded_folder / "postgres", durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def s3_server(embedded_folder: Path) -> Iterator[EmbeddedS3]:
    with EmbeddedS3(embedded_folder / "s3") as server:
        yield server


def once(folder: Path, name: str, act: Callable[[], None]) -> None:
    """Have one worker act (make a template database, say) while the others wait for it."""
    done = folder / f"{name}.done"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            act()
            done.touch()
