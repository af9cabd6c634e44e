"""What an import would do or did, as messages: within Slack's limits, and whole as a file where need be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from slack_sdk.models.blocks import Block

from handlers.blocks import (
    Blocks,
    Words,
    actions,
    built,
    button,
    context,
    count,
    escape,
    lines,
    section,
)
from handlers.import_files import CheckedSheet
from handlers.import_words import called, counts_of, mapped, named, notes_of, outcome_of
from handlers.importing import ImportReport, SheetReport
from handlers.jobs import CAUSE
from rules.sheet_words import SHEETS, become
from store.jobs import JobRow
from store.outbox import Message

MOST_IN_MESSAGE = 8_000
"""Characters of a report in one message; Slack takes some thirteen thousand with all that is around."""

MOST_COLUMNS = 12
MOST_REJECTS = 5
MOST_IN_CELL = 40
MOST_LINKS = 2_500
OPEN_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file for the asker, by the address that shares it; `is_whole` where it has all of the report."""

    permalink: str
    title: str
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """What one may say to what was shown: the label of going on, and the actions of both answers."""

    label: str
    yes: str
    no: str


IMPORT = Answers("Import", "import_yes", "import_no")
MARK = Answers("Mark them", "mark_yes", "mark_no")
"""The same for marks of a wave, which CSAs bring too."""


def asked(
    title: str,
    job_id: UUID,
    report: ImportReport,
    attached: Sequence[Attached],
    *,
    again: bool,
    answers: Answers = IMPORT,
) -> tuple[str, Blocks]:
    """What an import would do, and the buttons that let it; without them where it would do nothing.

    `attached` are the files that come with it; those that came with an earlier asking do not again.
    """
    words = Words(
        "import",
        about=title,
        again=again,
        outcome=outcome_of(report),
        files=sum(not each.is_whole for each in attached),
        has_whole=any(each.is_whole for each in attached),
        rejected=report.rejected,
    )
    blocks: list[Block] = [section(words["asks" if report.changes_something else "in_vain"])]
    blocks += _report(report)
    if words["attached"]:
        blocks.append(context(words["attached"]))
    if report.changes_something:
        yes = button(answers.label, answers.yes, str(job_id), style="primary")
        blocks += [actions(yes, button("Cancel", answers.no, str(job_id)))]
        blocks.append(context(words["open_until"]))
    return words["fallback"], built(*blocks)


def brought_in(about: str, report: ImportReport, *, is_planned: bool) -> tuple[str, Blocks]:
    """What an import did, and the way to a plan that knows of it; `is_planned`: there is one."""
    words = Words("import", about=about, outcome=outcome_of(report), is_planned=is_planned)
    blocks: list[Block] = [section(words["done"]), *_report(report)]
    if report.changes_plans:
        draft = button("Draft a new plan" if is_planned else "Draft a plan", "plan_draft")
        blocks += [context(words["not_planned"]), actions(draft)]
    return words["done"], built(*blocks)


def shared(job: JobRow, attached: Sequence[Attached]) -> Iterator[Message]:
    """Messages of words alone, for these share the files that they name."""
    links = [f"<{each.permalink}|{escape(each.title)}>" for each in attached]
    for words in lines(links, most=MOST_LINKS):
        yield Message(job.asked_by, words, [], cause=CAUSE)


def all_of_it(report: ImportReport) -> str:
    """The whole report as text, where a message cannot show it; else nothing."""
    if not is_cut(report):
        return ""
    parts = [
        "\n".join([f"{named(sheet.sheet)}: {_counts(sheet)}", *_columns(sheet.sheet)])
        for sheet in report.sheets
    ]
    return "\n\n".join([*parts, *notes_of(report)]) + "\n"


def is_cut(report: ImportReport) -> bool:
    """Whether something of the report is left out of the message."""
    cut_columns = any(len(mapped(s.sheet)) > MOST_COLUMNS for s in report.sheets)
    return cut_columns or len(_fitting(_parts(report))) < len(_parts(report))


def _report(report: ImportReport) -> list[Block]:
    texts = _parts(report)
    fitting = _fitting(texts)
    left = len(texts) - len(fitting)
    more = [Words("import", left=left)["left_out"]] if left else []
    return [section(text) for text in [*fitting, *more]]


def _parts(report: ImportReport) -> list[str]:
    notes = [f"• {escape(note)}" for note in notes_of(report)]
    return [*map(_of_sheet, report.sheets), *lines(["*Good to know*", *notes] if notes else [])]


def _fitting(texts: Sequence[str]) -> list[str]:
    """As many texts as a message has room for."""
    fitting: list[str] = []
    for text in texts:
        if sum(map(len, fitting)) + len(text) > MOST_IN_MESSAGE:
            break
        fitting.append(text)
    return fitting


def _of_sheet(sheet: SheetReport) -> str:
    mapping = list(mapped(sheet.sheet).items())
    columns, cells = len(mapping) - MOST_COLUMNS, sheet.sheet.rejects.height - MOST_REJECTS
    return Words(
        "import",
        sheet=called(sheet.sheet),
        kind=SHEETS[sheet.sheet.kind],
        counts=_counts(sheet),
        mapping=mapping[:MOST_COLUMNS],
        more_columns=columns,
        rejects=list(_rejects(sheet.sheet)),
        more_rejects=cells,
    )["sheet"]


def _counts(sheet: SheetReport) -> str:
    is_new, is_changed, is_known = become(sheet.sheet.kind)
    numbers = {
        is_new: sheet.added,
        is_changed: sheet.changed,
        is_known: sheet.unchanged,
        "said again in a later sheet": sheet.replaced,
    }
    left_out = [f"{count(sheet.rejected, 'row')} left out"] if sheet.rejected else []
    taken = [counts_of(sheet.sheet.kind, numbers)] if any(numbers.values()) else []
    return ", ".join([*taken, *left_out]) or "no rows"


def _columns(sheet: CheckedSheet) -> Iterator[str]:
    """Each header that is not a column's own name, and what it is read as, as plain text."""
    for header, words in mapped(sheet).items():
        yield f"Column {header} is read as {words}" if words else f"Column {header} is not used"


def _rejects(sheet: CheckedSheet) -> Iterator[dict[str, object]]:
    for row, column, value, problem in sheet.rejects.head(MOST_REJECTS).iter_rows():
        cell = str(value or "")[:MOST_IN_CELL]
        yield {"row": row, "column": column, "value": cell, "problem": problem}
