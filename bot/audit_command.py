"""`wavepost audit`: whether anything in the audit was changed after it was sealed."""

import typer

from bot.assembly import files
from bot.sealer import broken_seals
from bot.settings import AuditSettings
from bot.terminal import console, read_settings, with_store
from handlers.blocks import count
from store.files import Files
from store.seals import Seals, Waiting
from store.session import Store

NO_COPIES = (
    "The seals' copies in a bucket were not looked at, because WAVEPOST_S3_BUCKET is empty: a chain "
    "that was cut short, or made anew as a whole, shows against them alone."
)


def audit() -> None:
    """Check the audit's seals, and their copies in S3; exit code 1 where one is broken."""
    bucket = files(read_settings(AuditSettings))
    problems, waiting = with_store(lambda store: _look(store, bucket))
    for problem in problems:
        console.print(problem, markup=False)
    if waiting:
        console.print(_said(waiting))
    if bucket is None:
        console.print(NO_COPIES)
    if problems:
        raise typer.Exit(1)
    console.print("Every seal holds: nothing that was sealed in the audit was changed.")


async def _look(store: Store, bucket: Files | None) -> tuple[list[str], Waiting | None]:
    async with store.reading() as reading:
        waiting = await Seals(reading.connection).waiting()
    return await broken_seals(store, bucket), waiting


def _said(waiting: Waiting) -> str:
    return (
        f"Not sealed yet: {count(waiting.rows, 'row')}, the oldest since "
        f"{waiting.since:%Y-%m-%d %H:%M} UTC. What is not sealed is not checked; wavepost serve "
        "seals each minute."
    )
