"""The table of contents: every conversation that Wavepost holds."""

from handlers import (
    digests,
    directory,
    following,
    following_list,
    glossary,
    home,
    import_conversation,
    import_jobs,
    job_list,
    lookup,
    passing_on,
    roles,
    schedule,
    wavepost,
    waves,
)
from handlers.doors import Listeners
from handlers.jobs import JobKinds


def register() -> Listeners:
    """All listeners, by module."""
    return Listeners.of(
        *(wavepost, glossary, home, roles, schedule, waves, passing_on, lookup),
        *(following, following_list, digests, directory),
        *(import_conversation, job_list),
    )


def register_jobs() -> JobKinds:
    """All kinds of long work, by module."""
    return JobKinds.of(import_jobs)
