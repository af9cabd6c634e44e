"""Folders in which servers were set up, and programs that have one."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from bot.embedded_postgres import EmbeddedPostgres
from tests.bot.embedded.servers import A_PARENT


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
        cwd=Path(__file__).parents[3],
    ) as program:
        yield program
        program.kill()
