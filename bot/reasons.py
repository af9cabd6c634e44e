"""Why a command could not be done: what a database, a bucket or a socket said, and what to do."""

from collections.abc import Iterator

from asyncpg import (
    InsufficientPrivilegeError,
    InvalidAuthorizationSpecificationError,
    InvalidCatalogNameError,
    UndefinedColumnError,
    UndefinedTableError,
)

from bot.serving import CannotListen, system_words
from handlers.errors import Expected
from store.files import FilesUnavailable
from store.rights import UnfitRole
from store.session import StoreUnavailable

NOT_MIGRATED = "The database does not have this version's tables. Run wavepost migrate first."
OF_DATABASE: dict[type[BaseException], str] = {
    UndefinedTableError: NOT_MIGRATED,
    UndefinedColumnError: NOT_MIGRATED,
    InvalidAuthorizationSpecificationError: (
        "The database refuses the role: {said}. Check the role and the password in {url}."
    ),
    InvalidCatalogNameError: (
        "The database is not there: {said}. Make it, or name another one in {url}."
    ),
    InsufficientPrivilegeError: (
        "The database does not allow this to the role in {url}: {said}. "
        "Run wavepost migrate, which gives the application's role what it needs."
    ),
}
"""What to say of a database, by what it or the system raised."""

ROLE_OF_ITS_OWN = (
    "Nothing was changed. Name the tables' owner in WAVEPOST_OWNER_URL, and for the application a "
    "lesser role of its own, in WAVEPOST_DATABASE_URL or with --application-role."
)


def reason(failure: BaseException, *, url: str) -> str | None:
    """What went wrong and what to do; None where nobody expected it.

    `url` is the variable that names the database. The words hold no password: neither PostgreSQL
    nor the operating system says one.
    """
    causes = list(_causes(failure))
    if words := next((words for cause in causes if (words := _reason(cause, url))), None):
        return words
    if any(isinstance(cause, StoreUnavailable) for cause in causes):
        return (
            f"The database cannot be reached ({_said(causes[0])}), so nothing was changed. "
            f"Check that it runs, and its host and port in {url}."
        )
    return None


def is_wrong_address(failure: BaseException) -> bool:
    """Whether the database itself refused who we are or what we asked for: waiting will not help."""
    refusals = (InvalidAuthorizationSpecificationError, InvalidCatalogNameError)
    return any(isinstance(cause, refusals) for cause in _causes(failure))


def _reason(cause: BaseException, url: str) -> str | None:
    if isinstance(cause, Expected):
        return cause.words
    if isinstance(cause, CannotListen | FilesUnavailable):
        return str(cause)
    if isinstance(cause, UnfitRole):
        return f"{cause} {ROLE_OF_ITS_OWN}"
    words = next((words for kind, words in OF_DATABASE.items() if isinstance(cause, kind)), None)
    return words.format(said=_said(cause), url=url) if words else None


def _said(cause: BaseException) -> str:
    return system_words(cause) if isinstance(cause, OSError) else str(cause)


def _causes(failure: BaseException) -> Iterator[BaseException]:
    """What lies at the bottom of a failure first: drivers and groups of tasks wrap it."""
    if isinstance(failure, BaseExceptionGroup):
        for part in failure.exceptions:
            yield from _causes(part)
    elif failure.__cause__:
        yield from _causes(failure.__cause__)
    yield failure
