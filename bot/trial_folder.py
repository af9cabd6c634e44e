"""What a trial keeps in its folder, and how that is removed."""

import shutil
from pathlib import Path

from bot.embedded_postgres import EmbeddedPostgres
from bot.embedded_s3 import EmbeddedS3
from bot.sandbox.claim import FolderError

OPTION = "--folder"
POSTGRES = "postgres"
S3 = "s3"
SLACK = "slack"
EXAMPLE = "example"
MAIL = "mail"
ENVIRONMENT = "environment"
OWN = (POSTGRES, S3, SLACK, EXAMPLE, MAIL, ENVIRONMENT)
# Of `wavepost sandbox --only`, which has a claim and a mark of its own there.
SLACK_ONLY = "slack-only"
MEGABYTE = 1_000_000
# Measured: 70 MB after the first start, and PostgreSQL's log grows by 16 MB at a time.
TO_BEGIN = 200
TO_GO_ON = 30


def is_a_trials(folder: Path) -> bool:
    """Whether a folder without a mark is empty, or holds a trial of an earlier version.

    A trial began with its database, whose lock no other program makes.
    """
    names = {entry.name for entry in folder.iterdir()}
    if names <= {SLACK_ONLY}:
        return True
    return names <= {*OWN, SLACK_ONLY} and (folder / POSTGRES / "holders.lock").is_file()


def forget(folder: Path) -> None:
    """Remove what earlier trials left in the folder, and nothing else.

    Raises EmbeddedError when another program uses the servers, OSError when it cannot be removed.
    """
    for server in (EmbeddedPostgres(folder / POSTGRES), EmbeddedS3(folder / S3)):
        server.vacate()
    for name in OWN:
        _remove(folder / name)


def ensure_room(folder: Path, needed: int | None = None) -> None:
    """Return when the disk has room for a trial, in megabytes; raise FolderError when not."""
    if needed is None:
        begun = (folder / POSTGRES / "data").exists()
        needed = TO_GO_ON if begun else TO_BEGIN
    free = shutil.disk_usage(folder).free // MEGABYTE
    if free < needed:
        raise FolderError(
            f"There is no room for the sandbox in {folder}: it needs {needed} MB, and the disk "
            f"has {free} MB left. Make room, or choose a folder on another disk with {OPTION}."
        )


def _remove(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry)
    else:
        entry.unlink(missing_ok=True)
