"""`wavepost audit`: whether anything in it was changed after it was sealed; and the audit as a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Annotated

import typer

from bot.assembly import files
from bot.audit_file import KINDS, AuditFile, Exported, NotAnExport, verified
from bot.sealer import broken_seals
from bot.settings import AuditSettings, VerifySettings
from bot.terminal import console, give_up, operator, read_settings, with_store
from handlers.blocks import count
from store.audit import Change
from store.audit_lines import EXPORTED, AuditLines
from store.files import Files
from store.seals import Seals, Waiting
from store.session import Store

NO_COPIES = (
    "The seals' copies in a bucket were not looked at, because WAVEPOST_S3_BUCKET is empty: a chain "
    "that was cut short, or made anew as a whole, shows against them alone."
)
NOT_ASKED = (
    "Whether it is a file that Wavepost wrote was not looked at, because WAVEPOST_DATABASE_URL is not "
    "set: who makes a file anew as a whole can link its lines anew, and gets another fingerprint."
)
WHOLE = "audit"
OF_FILES = "audit of files"

audit = typer.Typer(
    help="Whether anything in the audit was changed after it was sealed; and the audit as a file.",
    invoke_without_command=True,
)


@audit.callback()
def check(ctx: typer.Context) -> None:
    """Check the audit's seals, and their copies in S3; exit code 1 where one is broken."""
    if ctx.invoked_subcommand is None:
        _check_seals()


@audit.command()
def verify(
    file: Annotated[
        Path | None,
        typer.Argument(help="What wavepost audit export wrote; the audit itself if none."),
    ] = None,
) -> None:
    """Check the audit's seals, or every line of a file of it; exit code 1 where one was changed."""
    if file is None:
        _check_seals()
    else:
        _check_file(file)


@audit.command()
def export(
    to: Annotated[
        Path,
        typer.Option(
            help="A new .csv, or .jsonl for JSON lines; a file that is there is not written over."
        ),
    ],
    *,
    files_only: Annotated[
        bool, typer.Option("--files-only", help="Only what has to do with files for customers.")
    ] = False,
) -> None:
    """Write the audit to a file, each line linked to those before it, for wavepost audit verify."""
    if to.suffix not in KINDS:
        raise typer.BadParameter(f"{to.name} should end with {' or '.join(KINDS)}.")
    what = OF_FILES if files_only else WHOLE
    with _new(to) as file:
        written = with_store(lambda store: _export(store, AuditFile(file, to.suffix), what))
    console.print(
        f"{count(written.lines, 'line')} of the {written.what} in {to}. Its fingerprint is "
        f"{written.chain}, which the audit keeps.",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def _check_seals() -> None:
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


def _check_file(path: Path) -> None:
    try:
        found = verified(path)
    except NotAnExport as broken:
        _say(str(broken))
        raise typer.Exit(1) from broken
    except OSError as error:
        give_up(f"{path} could not be read ({error.strerror}).")
    _say(
        f"Every line holds: none of the {found.lines:,} of the {found.what} was changed since "
        f"{found.by} exported them on {found.at[:10]}. Fingerprint: {found.chain}"
    )
    if read_settings(VerifySettings).database_url is None:
        _say(NOT_ASKED)
    elif not with_store(lambda store: _is_known(store, found)):
        _say("But Wavepost never wrote a file with this fingerprint: it was made anew as a whole.")
        raise typer.Exit(1)
    else:
        _say("Wavepost wrote it: its audit has an export with this fingerprint.")


async def _is_known(store: Store, found: Exported) -> bool:
    async with store.reading() as reading:
        return await AuditLines(reading.connection).knows_export(found.chain)


async def _export(store: Store, file: AuditFile, what: str) -> Exported:
    """Write it down, and in the audit that it was written."""
    async with store.reading(consistent=True) as reading:
        async for line in AuditLines(reading.connection).all(files_only=what == OF_FILES):
            file.add(line)
    end = file.end(what=what, at=datetime.now(UTC), by=operator())
    async with store.transaction(actor=operator()) as tx:
        after = {"lines": end.lines, "chain": end.chain}
        tx.audit(Change(EXPORTED, end.what, after=after))
    return end


@contextmanager
def _new(path: Path) -> Iterator[IO[str]]:
    """A file that was not there; one that does not become whole does not stay."""
    try:
        file = path.open("x", encoding="utf-8", newline="")
    except FileExistsError:
        give_up(f"{path} is there already, and was kept. Name another place with --to.")
    except OSError as error:
        give_up(f"{path} could not be written ({error.strerror}). Name another place with --to.")
    try:
        with file:
            yield file
    except BaseException:
        path.unlink()
        raise


def _say(words: str) -> None:
    console.print(words, markup=False, highlight=False, soft_wrap=True)
