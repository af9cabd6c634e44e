"""The claim on a folder: one run at a time uses it, and a mark tells that it was made here.

The mark is also the lock. The operating system lets go of it when the process ends, however that
ends, so a killed run keeps nobody out.
"""

import errno
import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

MARK = "wavepost-sandbox"
NAMED = 3
FULL = (errno.ENOSPC, errno.EDQUOT)


class FolderError(Exception):
    """The folder cannot be used; the words say why, and what to do."""


class TakenError(FolderError):
    """Another run uses the folder; the words say which, and where."""


class Claim:
    """The right to use a folder, held until the block of `claimed` ends."""

    def __init__(self, mark: int) -> None:
        self._mark = mark
        self._write({"pid": os.getpid()})

    def tell(self, address: str) -> None:
        """Let whoever is kept out know where the page is."""
        self._write({"pid": os.getpid(), "address": address})

    def _write(self, facts: dict[str, int | str]) -> None:
        # In place: a file moved here would be another one, without the lock.
        os.ftruncate(self._mark, 0)
        os.pwrite(self._mark, json.dumps(facts).encode(), 0)


@contextmanager
def claimed(folder: Path, option: str, *, is_ours: Callable[[Path], bool]) -> Iterator[Claim]:
    """Hold the folder, made if there is none, until the block ends.

    `option` is the one that names another folder; `is_ours` says whether a folder without a mark
    may be used all the same.

    Raises TakenError when another run holds it, FolderError when it cannot be used.
    """
    with in_words(folder, option):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (folder / MARK).exists() and not is_ours(folder):
            raise FolderError(_refusal(folder, option))
        mark = os.open(folder / MARK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with in_words(folder, option):
            _lock(mark, folder, option)
            claim = Claim(mark)
        yield claim
    finally:
        os.close(mark)


@contextmanager
def in_words(folder: Path, option: str) -> Iterator[None]:
    """Tell what the operating system refuses as a FolderError."""
    try:
        yield
    except OSError as error:
        raise FolderError(words(error, folder, option)) from error


def words(error: OSError, folder: Path, option: str) -> str:
    """What the operating system refused, and what to do."""
    if error.errno in FULL:
        return no_room(folder, option)
    named = error.filename or folder
    if isinstance(error, FileExistsError):
        return f"{named} is not a folder. Choose another one with {option}."
    said = (error.strerror or str(error)).lower()
    return f"{named} cannot be used: {said}. Choose another folder with {option}."


def no_room(folder: Path, option: str) -> str:
    """That the disk is full, and what to do."""
    return (
        f"There is no room left on the disk that holds {folder}. What was kept before is as it "
        f"was. Make room and start again, or choose another folder with {option}."
    )


def _lock(mark: int, folder: Path, option: str) -> None:
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise TakenError(_taken(os.pread(mark, 1000, 0), folder, option)) from None


def _taken(told: bytes, folder: Path, option: str) -> str:
    try:
        facts = json.loads(told)
    except ValueError:  # the other run is writing it
        facts = {}
    by = f" (process {facts['pid']})" if "pid" in facts else ""
    if "address" not in facts:
        return (
            f"Another run is just starting or ending in {folder}{by}. Wait for it, stop it, or "
            f"choose another folder with {option}."
        )
    return (
        f"It runs already: {facts['address']}{by}, in {folder}. Open that, stop it, or choose "
        f"another folder with {option}."
    )


def _refusal(folder: Path, option: str) -> str:
    names = sorted(entry.name for entry in folder.iterdir())
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return (
        f"{folder} holds what is not the sandbox's: {', '.join(names[:NAMED])}{more}. Nothing was "
        f"changed. Choose a new or an empty folder with {option}."
    )
