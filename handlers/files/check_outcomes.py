"""What comes of the check of a file: kept with it, so that what is not known to be well goes no further."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from handlers.files.examining import Examined
from handlers.files.receiving_refusals import EMPTY
from handlers.files.taking import WAVEPOST, take
from rules.clearance import Scan
from rules.file_life import Step, Who
from store.session import Transaction
from store.shared_file_rows import SharedFileRow
from store.shared_files import SharedFile

OTHER_BYTES = (
    "What arrived is not what was sent: its SHA-256 or its size is another. Send it again."
)
INFECTED = "The virus scanner found {name} in it. Have it cleaned before you send it again."
TWIN = "The same bytes are there already, as file {number}."


class Outcome(StrEnum):
    """What came of a check."""

    cleared = "cleared"  # whole, and nothing was found: what it still misses, others decide
    waits = "waits"  # for the scanner, which does not answer
    twin = "twin"  # the same bytes are there already: a draft again, until its sender says so
    refused = "refused"


@dataclass(frozen=True)
class Looked:
    """What a look at a file found; `problem` says why it can go no further, in words."""

    examined: Examined | None = None
    problem: str = ""


@dataclass(frozen=True)
class Checked:
    """A file as it stands after its check, what came of that, and why, in words.

    `twin` is the file that has the same bytes.
    """

    file: SharedFile
    outcome: Outcome
    why: str = ""
    twin: SharedFile | None = None


def trouble(row: SharedFileRow, examined: Examined) -> str:
    """Why bytes that were looked at go no further, in words; empty where nothing is wrong with them."""
    if examined.size == 0:
        return EMPTY.format(name="It")
    promised = (row.promised_size, row.promised_sha256)
    found = (examined.size, examined.sha256)
    if any(said not in (None, is_) for said, is_ in zip(promised, found, strict=True)):
        return OTHER_BYTES
    if examined.found.scan is Scan.infected:
        return INFECTED.format(name=examined.found.name)
    return ""


async def keep(
    tx: Transaction, file: SharedFile, looked: Looked, before: Sequence[SharedFile], now: datetime
) -> Checked:
    """Keep what was found out about a file that is held in this transaction, and what it comes to.

    `before` are the files of the same sending that were checked before it and are well.
    """
    if looked.examined is not None:
        await tx.shared_files.change(file.id, checked_at=now, **_columns(looked.examined))
    if looked.problem:
        return await _stopped(tx, file, Step.refuse, Outcome.refused, looked.problem, now)
    if looked.examined is None or looked.examined.found.scan is Scan.waiting:
        return Checked(file, Outcome.waits)
    twin = await _twin(tx, file, looked.examined.sha256, before)
    if twin is None:
        found = (await tx.shared_files.all_of([file.id]))[0]
        return Checked(found, Outcome.cleared)
    words = TWIN.format(number=twin.number)
    return await _stopped(tx, file, Step.take_back, Outcome.twin, words, now, twin)


async def _stopped(
    tx: Transaction,
    file: SharedFile,
    step: Step,
    outcome: Outcome,
    words: str,
    now: datetime,
    twin: SharedFile | None = None,
) -> Checked:
    after = await take(tx, file, step, by=WAVEPOST, who=Who.wavepost, now=now, words=words)
    return Checked(after, outcome, words, twin)


async def _twin(
    tx: Transaction, file: SharedFile, sha256: str, before: Sequence[SharedFile]
) -> SharedFile | None:
    """The file that has the same bytes in one of its spaces; None where its sender was asked already."""
    steps = await tx.shared_files.steps(file.id)
    if any(each.step is Step.take_back and each.who is Who.wavepost for each in steps):
        return None
    beside = [
        each for each in before if each.row.sha256 == sha256 and each.space_ids & file.space_ids
    ]
    twins = await tx.shared_files.twins(sha256, file.space_ids, but=file.id)
    return next(iter([*twins, *beside]), None)


def _columns(examined: Examined) -> dict[str, object]:
    return {
        "size": examined.size,
        "sha256": examined.sha256,
        "media_type": examined.media_type,
        "scan": examined.found.scan,
        "scan_found": examined.found.name,
        "seal": examined.seal,
        "runs": examined.runs,
    }
