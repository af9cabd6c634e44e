"""The published list of escalated stores: what is taken from it, and what leads hear of it, each once."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

import polars as pl

from handlers.blocks import Words, built, section
from handlers.import_files import CheckedSheet
from handlers.importing import import_checked
from handlers.leads import leads_told
from rules.columns import ROW, Kind
from rules.wording import listed
from store.outbox import Message
from store.session import Store, Transaction

READER = "the published list"
"""Who imports what it says, in the audit."""

CAUSE = "published list"
PATIENCE = timedelta(days=1)
MOST_PROBLEMS = 5
MOST_IN_CELL = 40


async def take_in(
    store: Store,
    sheet: str,
    checked: Sequence[CheckedSheet],
    mark: str | None,
    *,
    leads_channel: str,
) -> None:
    """Escalate what is new in the list; leads are told of what cannot be taken.

    `sheet` is what the list is known by, `mark` its host's name for its state. While a row cannot be
    taken the list is read anew each time, for what is in its way may go.

    Raises:
        ImportingNow: somebody else imports just now; nothing was kept.
    """
    async with store.transaction(actor=READER) as tx:
        report = await import_checked(tx, checked)
        await tx.sheet_polls.had(sheet, None if report.rejected else mark)
        left = [each.sheet for each in report.sheets]
        gone = report.found[Kind.escalated_stores].vanished["location_id"].sort().to_list()
        told = {f"gone {each}": each for each in gone}
        rows = _left_out(left)
        await tx.sheet_polls.forget_but(sheet, [*told, *rows])
        new = await tx.sheet_polls.to_tell(sheet, [*told, *rows])
        if problems := [each for key, found in rows.items() if key in new for each in found]:
            count = sum(key in new for key in rows)
            first, more = problems[:MOST_PROBLEMS], len(problems) - MOST_PROBLEMS
            words = Words("escalated_stores", rows=count, first=first, more=more)
            await _tell_leads(tx, words["left_out"], leads_channel)
        if stores := [each for key, each in told.items() if key in new]:
            words = Words("escalated_stores", stores=listed(stores), one=len(stores) == 1)
            await _tell_leads(tx, words["gone"], leads_channel)


async def refuse(store: Store, sheet: str, why: str, *, leads_channel: str) -> None:
    """Tell leads, once, that what is published there is no list of escalated stores."""
    async with store.transaction(actor=READER) as tx:
        await tx.sheet_polls.had(sheet, None)
        if await tx.sheet_polls.to_tell(sheet, [_hash(why)]):
            words = Words("escalated_stores", why=why)
            await _tell_leads(tx, words["not_a_list"], leads_channel)


async def miss(store: Store, sheet: str, why: str, *, leads_channel: str) -> None:
    """Note that the list could not be had; leads are told once, when that was so for a day."""
    async with store.transaction(actor=READER) as tx:
        if await tx.sheet_polls.is_long_away(sheet, patience=PATIENCE):
            words = Words("escalated_stores", why=why)
            await _tell_leads(tx, words["away"], leads_channel)


async def _tell_leads(tx: Transaction, words: str, leads_channel: str) -> None:
    for to in await leads_told(tx, leads_channel):
        tx.say(Message(to, words, built(section(words)), cause=CAUSE))


def _left_out(sheets: Sequence[CheckedSheet]) -> dict[str, list[dict[str, object]]]:
    """What is wrong with each row that cannot be taken, by what the row says, wherever it stands."""
    found: dict[str, list[dict[str, object]]] = {}
    for sheet in sheets:
        cells = {
            row: _hash("\n".join(cell or "" for cell in rest))
            for row, *rest in sheet.raw.frame.join(
                sheet.rejects.select(pl.col(ROW).unique()), on=ROW, how="semi"
            ).iter_rows()
        }
        for row, column, value, problem in sheet.rejects.iter_rows():
            told = {
                "row": row,
                "column": column,
                "value": str(value or "")[:MOST_IN_CELL],
                "problem": problem,
            }
            found.setdefault(cells.get(row, str(row)), []).append(told)
    return found


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
