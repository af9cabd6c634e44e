"""Lists of escalated stores in an import: which rows become escalations, join one, or are left out."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from handlers.blocks import count
from handlers.escalating import Wish, escalate
from handlers.escalation_joining import join_escalation
from handlers.import_files import CheckedSheet, without_rejected
from handlers.wish_words import why_not
from rules.calendar import week_zero
from rules.columns import REJECTS, ROW, Kind
from rules.escalation import Category, Origin
from rules.requests import Verdict
from rules.slack_ids import is_person
from rules.wished_stores import Fate, Open, Row, fate, requester
from store.escalated_stores import Listed, Standing
from store.loading import Comparison
from store.requests import Coming
from store.session import Reading, Transaction
from store.sheets import stages

KIND = Kind.escalated_stores
COLUMNS = ("location_id", "requested_by", "reason", "wished_on")
TEXT_MARK = r"^'([=+\-@\t\r])"
"""What spreadsheets, and our own files, put before a text that could be taken for a formula."""


@dataclass(frozen=True, slots=True)
class Wished:
    """A row that is taken: what it says, who asks, whose location it is, and what becomes of it."""

    location_id: str
    requested_by: str | None
    reason: str
    asked_for: date | None
    person: str
    customer_id: str
    fate: Fate

    def listed(self, number: int) -> Listed:
        """The row as it is kept."""
        return Listed(self.location_id, self.requested_by, self.reason, self.asked_for, number)


@dataclass(frozen=True, eq=False)
class Judged:
    """The sheets without what cannot be taken, and what becomes of the rows that are new or other.

    `named` are all locations that the sheets name; `said` is what was said of locations before.
    """

    sheets: list[CheckedSheet]
    wishes: tuple[Wished, ...]
    named: pl.Series
    said: pl.DataFrame

    def before(self) -> pl.DataFrame:
        """What is there of each location: what the sheets say, where that is known already."""
        rows = pl.concat([sheet.rows for sheet in self.sheets], how="diagonal")
        same = list(set(COLUMNS) & set(rows.columns))
        known = self.said.join(rows, on=same, how="semi", nulls_equal=True, maintain_order="left")
        return _once(pl.concat([known, self.said]))

    def notes(self) -> Iterator[str]:
        """What becomes of the rows, in words."""
        sent = [wish for wish in self.wishes if wish.fate.joins is None]
        if sent:
            become = "becomes" if len(sent) == 1 else "become"
            escalations = count(len(set(map(_together, sent))), "escalation")
            yield f"{count(len(sent), 'store')} {become} {escalations}, which triage hears of at once."
        joins = [wish for wish in self.wishes if wish.fate.joins]
        if joins:
            was = "was" if len(joins) == 1 else "were"
            yield (
                f"{count(len(joins), 'store')} {was} asked for by somebody else already: who asks now "
                "joins that, and hears what becomes of it."
            )
        if unset := sum(wish.asked_for is None for wish in sent):
            yield (
                f"{count(unset, 'store')} without a wished day: the first week that is possible is "
                "asked for."
            )


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the locations, people and days that rows name."""

    open: Mapping[str, Open]
    standing: Mapping[str, Standing]
    people: Mapping[str, tuple[str, ...]]
    verdicts: Mapping[tuple[str, date | None], Verdict]


async def judge(
    reading: Reading,
    sheets: Sequence[CheckedSheet],
    said: pl.DataFrame,
    beside: Mapping[Kind, Comparison],
    *,
    by: str,
) -> Judged:
    """Tell what becomes of the rows of lists that `by` brings, once what comes `beside` them is there.

    `said` is what was said before.
    """
    importer = by if is_person(by) else None
    kept: list[CheckedSheet] = []
    wishes: dict[str, Wished] = {}
    named = pl.concat(sheet.rows["location_id"] for sheet in sheets)
    coming = _coming(beside, named)
    for sheet in map(_without_text_marks, sheets):
        [rows] = stages(KIND, [sheet.rows], _once(said))
        new = rows.join(said, on=COLUMNS, how="anti", nulls_equal=True, maintain_order="left")
        known = await _known(reading, new, coming)
        rejects = []
        for cells in new.select(ROW, *COLUMNS).iter_rows(named=True):
            row = _row(cells, known)
            found = _fate(row, importer, known)
            if found.trouble:
                rejects.append(_reject(sheet, cells, row, found, known))
            else:
                wishes[row.location_id] = _wished(cells, row, importer, found, known)
        frame = pl.DataFrame(rejects, schema=REJECTS, orient="row")
        kept.append(without_rejected(sheet, frame))
    return Judged(kept, tuple(wishes.values()), named, said)


async def only_open(reading: Reading, found: Comparison, judged: Judged) -> Comparison:
    """The same, where what vanished is what a list asked for before, and is still open."""
    listed = await reading.escalated_stores.listed_open()
    gone = pl.Series("location_id", sorted(listed - set(judged.named)), dtype=pl.String)
    return replace(found, vanished=gone.to_frame())


async def send(tx: Transaction, wishes: Collection[Wished]) -> None:
    """Escalate what rows ask for, one escalation for all of a customer that ask the same; or join.

    Raises:
        Refused: something that was possible when the rows were judged is not any more.
    """
    today = (await tx.clock.now()).date()
    listed: list[Listed] = []
    for together in _groups(wishes):
        first = together[0]
        number = first.fate.joins or await escalate(
            tx,
            Wish(
                locations=[wish.location_id for wish in together],
                category=Category.other,
                explanation=first.reason,
                wished_on=first.fate.wished_on or today,
                origin=Origin.sheet,
            ),
            by=first.person,
            today=today,
        )
        if first.fate.joins:
            await join_escalation(tx, number, by=first.person, words=first.reason)
        listed += [wish.listed(number) for wish in together]
    await tx.escalated_stores.keep(listed)


def _groups(wishes: Collection[Wished]) -> list[list[Wished]]:
    groups: dict[tuple[object, ...], list[Wished]] = {}
    for wish in wishes:
        groups.setdefault(_together(wish), []).append(wish)
    return list(groups.values())


def _together(wish: Wished) -> tuple[object, ...]:
    """Rows with the same are one escalation, or join one together."""
    return wish.customer_id, wish.person, wish.reason, wish.fate.wished_on, wish.fate.joins


def _once(said: pl.DataFrame) -> pl.DataFrame:
    return said.unique("location_id", keep="first", maintain_order=True)


def _without_text_marks(sheet: CheckedSheet) -> CheckedSheet:
    """The sheet with texts as they are meant."""
    texts = [name for name in ("requested_by", "reason") if name in sheet.rows.columns]
    return replace(
        sheet,
        rows=sheet.rows.with_columns(pl.col(texts).str.replace(TEXT_MARK, "${1}")),
    )


def _coming(beside: Mapping[Kind, Comparison], named: pl.Series) -> Coming:
    """The new locations of the import, with all of their customers, and its features."""
    locations: dict[str, dict[str, object]] = {}
    if master := beside.get(Kind.master):
        whose = master.added.filter(pl.col("location_id").is_in(named.implode()))["customer_id"]
        theirs = master.added.filter(pl.col("customer_id").is_in(whose.implode())).select(
            pl.col("location_id").alias("id"),
            "customer_id",
            "status",
            "region",
            "requires",
            week=pl.lit(None),
            state=pl.lit(None),
        )
        locations = {row["id"]: row for row in theirs.iter_rows(named=True)}
    features = beside.get(Kind.features)
    days = ("key", "target_release_on", "released_on")
    rows = features.written.select(days).iter_rows() if features else ()
    return Coming(locations, {key: (target, released) for key, target, released in rows})


async def _known(reading: Reading, rows: pl.DataFrame, coming: Coming) -> _Known:
    locations = rows["location_id"].to_list()
    named = rows["requested_by"].drop_nulls().unique().to_list()
    new = {each: Standing(row["customer_id"], None) for each, row in coming.locations.items()}
    return _Known(
        open=await reading.escalated_stores.open_about(locations),
        standing=new | await reading.escalated_stores.standing(locations),
        people=await reading.escalated_stores.people_called(named),
        verdicts=await _verdicts(reading, rows, coming),
    )


async def _verdicts(
    reading: Reading, rows: pl.DataFrame, coming: Coming
) -> dict[tuple[str, date | None], Verdict]:
    """What is said of each location's wished day; of the first week to plan where it names none."""
    today = (await reading.clock.now()).date()
    parameters = await reading.parameters.current()
    found: dict[tuple[str, date | None], Verdict] = {}
    for (wished,), part in rows.group_by("wished_on", maintain_order=True):
        verdicts = await reading.requests.verdicts(
            part["location_id"].to_list(),
            wished or week_zero(today),
            today=today,
            parameters=parameters,
            coming=coming,
        )
        found |= {(each, wished): verdict for verdict, ids in verdicts.items() for each in ids}
    return found


def _row(cells: Mapping[str, object], known: _Known) -> Row:
    named = cells["requested_by"]
    return Row(
        location_id=str(cells["location_id"]),
        people=known.people[str(named)] if named else (),
        names_somebody=bool(named),
        reason=str(cells["reason"] or ""),
        wished_on=cells["wished_on"] if isinstance(cells["wished_on"], date) else None,
    )


def _fate(row: Row, importer: str | None, known: _Known) -> Fate:
    standing = known.standing.get(row.location_id)
    return fate(
        row,
        importer,
        known.open.get(row.location_id),
        known.verdicts[row.location_id, row.wished_on],
        standing.promised if standing else None,
    )


def _reject(
    sheet: CheckedSheet, cells: Mapping[str, object], row: Row, found: Fate, known: _Known
) -> tuple[object, ...]:
    """A row that cannot be taken, as `rules.columns.REJECTS` has it."""
    assert found.trouble  # noqa: S101 - who calls has looked
    standing = known.standing.get(row.location_id)
    words = why_not(
        found.trouble,
        known.verdicts[row.location_id, row.wished_on],
        known.open.get(row.location_id),
        standing.promised if standing else None,
    )
    value = cells[found.column]
    header = sheet.mapping.columns.get(found.column)
    return cells[ROW], header, None if value is None else str(value), words


def _wished(
    cells: Mapping[str, object], row: Row, importer: str | None, found: Fate, known: _Known
) -> Wished:
    named = cells["requested_by"]
    return Wished(
        location_id=row.location_id,
        requested_by=str(named) if named else None,
        reason=row.reason,
        asked_for=row.wished_on,
        person=requester(row, importer),
        customer_id=known.standing[row.location_id].customer_id,
        fate=found,
    )
