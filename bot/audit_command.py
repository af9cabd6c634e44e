"""`wavepost audit`: whether anything in the audit was changed after it was sealed."""

import typer

from bot.assembly import files
from bot.sealer import broken_seals
from bot.settings import AuditSettings
from bot.terminal import console, read_settings, with_store


def audit() -> None:
    """Check the audit's seals, and their copies in S3; exit code 1 where one is broken."""
    bucket = files(read_settings(AuditSettings))
    problems = with_store(lambda store: broken_seals(store, bucket))
    for problem in problems:
        console.print(problem, markup=False)
    if problems:
        raise typer.Exit(1)
    console.print("Every seal holds: nothing in the audit was changed.")
