"""The jobs behind importing in Slack: look at what was given and say what it would do; then do it."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from handlers.errors import Refused
from handlers.import_files import CheckedSheet, read_files
from handlers.import_shown import IMPORT, MARK, Attached, all_of_it, asked, brought_in, shared
from handlers.import_words import called, rejects_path
from handlers.importing import (
    ImportingNow,
    ImportReport,
    OtherThanShown,
    import_checked,
    preview,
)
from handlers.interaction import GivenFile
from handlers.jobs import ChildDied, Work, job
from rules.columns import Kind
from rules.roles import Role
from store.files import FileMissing, Files
from store.jobs import Json
from store.spreadsheets import rejected_rows

LOOK = "import preview"
WHOLE = "import-report.txt"
BRING_IN = "import"
KEPT_UNDER = "imports"
"""Where given files are kept until they are imported; nothing there is needed for longer than days."""

MOST_IN_NAME = 100
MOST_BYTES_IN_NAME = 200
"""Of a file as it is put down to be read; file systems take 255, and no half of a character."""

NOWHERE = (
    "There is nowhere to keep the files. Whoever runs Wavepost sets WAVEPOST_S3_BUCKET and what "
    "belongs to it; until then, wavepost import on its machine does the same."
)
READER_DIED = (
    "{which} could not be read: the part of Wavepost that reads them ended in the middle of it "
    "({cause}). Nothing was imported. Open it in a spreadsheet program, save it anew as .xlsx or "
    ".csv, and send that."
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was given, as the bucket has it."""

    key: str
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """What somebody may agree to: these files, as what was said of them.

    `digest` stands for what they were shown; `answer` is who agreed or not, None while it is open.
    `sent` stands for the files that came with it, which do not come again when it is asked again.
    """

    files: tuple[Kept, ...]
    kind: str | None
    digest: str
    answer: str | None = None
    sent: tuple[str, ...] = ()

    @classmethod
    def of(cls, kept: Json) -> Self:
        """The agreement that was kept with a job."""
        files = tuple(Kept(**each) for each in kept["files"])
        return cls(**{**kept, "files": files, "sent": tuple(kept.get("sent", ()))})

    def to_json(self) -> Json:
        """The agreement as it is kept."""
        return asdict(self)


def asked_of(given: Sequence[GivenFile], kind: str | None) -> Json:
    """What the first job is given."""
    return {"files": [asdict(each) for each in given], "kind": kind}


def about(given: Sequence[GivenFile] | Sequence[Kept]) -> str:
    """What people call these files together."""
    first, rest = given[0].name, len(given) - 1
    more = f" and {rest} more" if rest else ""
    return f"{first[:MOST_IN_NAME]}{more}"


def title_of(files: Sequence[Kept]) -> str:
    """What people call the import of these files."""
    return f"Import of {about(files)}"


@job(LOOK, role=Role.lead)
async def look(work: Work) -> None:
    """Fetch what was given, read it, and say what it would do."""
    if work.files is None:
        raise Refused(NOWHERE)
    given = [GivenFile(**each) for each in work.job.given["files"]]
    kept = []
    for number, each in enumerate(given):
        work.tell("Fetching what you sent", number, len(given))
        kept.append(await _fetched(work, work.files, number, each))
    kind = work.job.given["kind"]
    sheets = await _read(work, work.files, kept, kind)
    async with work.store.reading(consistent=True) as reading:
        report = await preview(reading, sheets, by=work.job.asked_by, watch=work.tell)
    await _ask(work, Agreement(tuple(kept), kind, ""), report)


@job(BRING_IN, role=Role.lead)
async def bring_in(work: Work) -> None:
    """Do what was agreed to; where it would do something else by now, ask again."""
    if work.files is None:
        raise Refused(NOWHERE)
    agreed = Agreement.of(work.job.given)
    sheets = await _read(work, work.files, agreed.files, agreed.kind)
    try:
        await _import(work, sheets, agreed)
    except OtherThanShown as other:
        await _ask(work, agreed, other.report, again=True)


async def _import(work: Work, sheets: list[CheckedSheet], agreed: Agreement) -> None:
    while True:
        try:
            async with work.ending() as tx:
                report = await import_checked(
                    tx, sheets, watch=work.tell, agreed=agreed.digest or None
                )
                work.tell("Finishing")
                is_planned = await tx.plans.in_force() is not None
                tx.say(work.message(*brought_in(work.job.about, report, is_planned=is_planned)))
        except ImportingNow as busy:
            work.tell(f"Waiting for {await importer(work, busy)}, who is importing just now")
        else:
            return


async def _ask(work: Work, agreed: Agreement, report: ImportReport, *, again: bool = False) -> None:
    """Show what an import would do, with what it rejects as files, and ask whether to do it."""
    work.tell("Writing down what it would do")
    attached = await _attached(work, report, agreed.sent)
    digest = await asyncio.to_thread(report.digest)
    open_ = Agreement(agreed.files, agreed.kind, digest, sent=(*agreed.sent, *attached))
    result = open_.to_json() if report.changes_something else {}
    files = list(attached.values())
    async with work.ending(result) as tx:
        title = title_of(agreed.files)
        answers = MARK if agreed.kind == Kind.marks else IMPORT
        question = asked(title, work.job.id, report, files, again=again, answers=answers)
        tx.say(work.message(*question))
        for message in shared(work.job, files):
            tx.say(message)


async def _fetched(work: Work, files: Files, number: int, given: GivenFile) -> Kept:
    data = await work.slack.download(given.id)
    key = f"{KEPT_UNDER}/{work.job.id}/{number}"
    stored = await files.put(key, data, content_type="application/octet-stream")
    return Kept(key, given.name, stored.sha256)


async def _read(
    work: Work, files: Files, kept: Sequence[Kept], kind: str | None
) -> list[CheckedSheet]:
    """Read and check the files in a process of its own, which a bad one may take down.

    Raises:
        Refused: they cannot be imported, or nobody could read them.
    """
    async with work.store.reading() as reading:
        today = (await reading.clock.now()).date()
    step = "Reading " + (kept[0].name if len(kept) == 1 else f"{len(kept)} files")
    work.tell(step)
    with TemporaryDirectory(prefix="wavepost-import-") as folder:
        paths = []
        for number, each in enumerate(kept):
            place, data = Path(folder, str(number)), await _unchanged(files, each)
            paths.append(await asyncio.to_thread(_put_down, place, each.name, data))
        reads = partial(read_files, today=today, kind=Kind(kind) if kind else None)
        try:
            return await work.in_child(reads, paths)
        except ChildDied as died:
            which = kept[0].name if len(kept) == 1 else "One of the files"
            raise Refused(READER_DIED.format(which=which, cause=died.cause)) from died


async def _unchanged(files: Files, kept: Kept) -> bytes:
    try:
        data = await files.get(kept.key)
    except FileMissing as missing:
        raise Refused(f"{kept.name} is not kept any more. Please send it again.") from missing
    if hashlib.sha256(data).hexdigest() != kept.sha256:
        raise Refused(f"{kept.name} is not what was sent any more. Please send it again.")
    return data


def _put_down(folder: Path, name: str, data: bytes) -> Path:
    """The file by its own name, as far as a file may be called that."""
    folder.mkdir()
    plain = Path(name).name.encode()[-MOST_BYTES_IN_NAME:].decode(errors="ignore")
    path = folder / (plain if plain.strip(".") else "file")
    path.write_bytes(data)
    return path


async def _attached(work: Work, report: ImportReport, sent: Sequence[str]) -> dict[str, Attached]:
    """The rejected rows of each sheet, and where a message cannot show all of it, the whole report.

    By what stands for their content; without those in `sent`.
    """
    rejected = [sheet.sheet for sheet in report.sheets if sheet.rejected]
    attached = {}
    for number, sheet in enumerate(rejected):
        work.tell("Writing the rows that are left out", number, len(rejected))
        name = rejects_path(sheet, rejected).name
        # The rows themselves are the given file's, which stays as it is; a workbook of them is
        # another at each writing.
        stands_for = await asyncio.to_thread(_digest, name, sheet.rejects.write_ndjson)
        if stands_for not in sent:
            content = await asyncio.to_thread(rejected_rows, name, sheet.raw, sheet.rejects)
            title = f"Rows left out of {called(sheet)}"
            attached[stands_for] = await _uploaded(work, name, title, content)
    whole = all_of_it(report)
    stands_for = _digest(WHOLE, lambda: whole)
    if whole and stands_for not in sent:
        uploaded = await _uploaded(work, WHOLE, "All of the report", whole.encode())
        attached[stands_for] = replace(uploaded, is_whole=True)
    return attached


def _digest(name: str, content: Callable[[], str]) -> str:
    return hashlib.sha256(f"{name}\n{content()}".encode()).hexdigest()


async def _uploaded(work: Work, name: str, title: str, content: bytes) -> Attached:
    file_id = await work.slack.upload(content, name=name, title=title)
    return Attached(await work.slack.permalink(file_id), title)


async def importer(work: Work, busy: ImportingNow) -> str:
    """Who imports just now, by the name that people know."""
    actor = busy.actor
    async with work.store.reading() as reading:
        person = (await reading.people.asking(actor)).person if actor else None
    return person.name if person else actor or "somebody"
