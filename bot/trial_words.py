"""Why a trial cannot start, go on or end well: a sentence for what may befall anybody."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.util import CommandError
from asyncpg import DiskFullError, UndefinedColumnError, UndefinedTableError

from bot.embedded import DamagedError, EmbeddedError
from bot.sandbox.claim import FULL, no_room
from bot.sandbox.kept import KeptError
from bot.trial_folder import OPTION
from store.session import OutcomeUnknown, StoreUnavailable


class TrialError(Exception):
    """The trial cannot start, go on or end well; the words say why, and what to do."""


class OlderTables(Exception):
    """The kept database is of a version between releases."""


@contextmanager
def in_trial_words(folder: Path) -> Iterator[None]:
    """Tell what was to be expected as a TrialError; anything else is let through as it is."""
    try:
        yield
    except Exception as failure:
        for cause in _causes(failure):
            if words := _words(cause, folder):
                raise TrialError(words) from failure
        raise


def _words(cause: BaseException, folder: Path) -> str | None:
    match cause:
        case DiskFullError():
            return no_room(folder, OPTION)
        case OSError() if cause.errno in FULL:
            return no_room(folder, OPTION)
        case DamagedError():
            return f"{cause} To begin again, start with --fresh."
        case EmbeddedError() | KeptError():
            return str(cause)
    return _of_database(cause, folder)


def _of_database(cause: BaseException, folder: Path) -> str | None:
    match cause:
        case StoreUnavailable() | OutcomeUnknown():
            return (
                "The sandbox's database went away while it was used. What was kept before is whole. "
                "Start the sandbox again."
            )
        case OlderTables() | UndefinedColumnError() | UndefinedTableError():
            return (
                f"The sandbox in {folder} was made by an older Wavepost, whose tables were others. "
                f"Begin again with --fresh, or choose another folder with {OPTION}."
            )
        case CommandError():
            return (
                f"The sandbox in {folder} was made by a newer Wavepost ({cause}). Nothing was "
                f"changed. Use that one, choose another folder with {OPTION}, or begin again with "
                "--fresh."
            )
    return None


def _causes(failure: BaseException) -> Iterator[BaseException]:
    """The failure, what it came from, and the parts of a group."""
    yield failure
    if isinstance(failure, BaseExceptionGroup):
        for part in failure.exceptions:
            yield from _causes(part)
    if failure.__cause__:
        yield from _causes(failure.__cause__)
