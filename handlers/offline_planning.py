"""A plan from sheets alone: read as an import reads them, planned, and kept nowhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from handlers.errors import Refused
from handlers.import_files import CheckedSheet, read_files, without_unknown_locations
from handlers.import_words import called
from handlers.plan_outcome import Outcome, Proposal, outcome_of
from rules.cadence import with_cadence
from rules.calendar import Blackout
from rules.columns import Kind
from rules.parameters import Parameters
from rules.question import Material
from rules.together import notes_across
from rules.waves import plan
from store.sheets import kept_schema, laid_over, stages

STILL_NEW = timedelta(days=7)
"""Sheets whose newest order is at most so old are taken to be of today."""
NO_MASTER = (
    "There is no master sheet among these files, and a plan needs one: a row for each location, with "
    "location_id, customer_id, customer_name and csa_email. Nothing was planned."
)
ONLY_WISHES = (
    "The list of escalated stores does not change this plan: what is asked for counts once it is "
    "approved."
)
NO_LOCATION = (
    "No row of the master sheet could be used, so there is nothing to plan. Mend what is left out."
)


@dataclass(frozen=True, eq=False)
class OfflinePlan:
    """A plan and all that it was made from; `notes` are the defaults that were assumed, in words."""

    sheets: tuple[CheckedSheet, ...]
    locations: pl.DataFrame
    capacity: dict[str, int]
    proposal: Proposal
    parameters: Parameters
    today: date
    notes: tuple[str, ...]

    @property
    def outcome(self) -> Outcome:
        """What came of it, in locations."""
        return outcome_of(self.proposal, 0, is_new=True)

    @property
    def rejected(self) -> int:
        """How many rows were left out."""
        return sum(sheet.rejects["row"].n_unique() for sheet in self.sheets)


def checked_sheets(paths: Sequence[Path], today: date) -> list[CheckedSheet]:
    """The sheets of all files, read and checked; history of unknown locations is left out.

    Raises:
        Refused: a file cannot be read, or none is a master sheet.
    """
    sheets = read_files(paths, today=today)
    masters = [sheet.rows["location_id"] for sheet in sheets if sheet.kind is Kind.master]
    if not masters:
        raise Refused(NO_MASTER)
    known = pl.concat(masters).unique()
    return [
        without_unknown_locations(sheet, known) if sheet.kind is Kind.history else sheet
        for sheet in sheets
    ]


def day_of(sheets: Sequence[CheckedSheet], today: date) -> date:
    """The day to plan from where nobody names one: today, or for older sheets that of their newest order.

    Seen from today, everybody in an old export has been silent for long, and would count as gone.
    """
    masters = [sheet.rows for sheet in sheets if sheet.kind is Kind.master]
    ordered = [rows["last_order_on"].max() for rows in masters if "last_order_on" in rows.columns]
    newest = max((day for day in ordered if isinstance(day, date)), default=today)
    return newest if today - newest > STILL_NEW else today


def plan_sheets(
    sheets: Sequence[CheckedSheet], *, today: date, parameters: Parameters
) -> OfflinePlan:
    """The plan of these sheets, as if they were imported today into an empty Wavepost. Long work.

    Raises:
        Refused: no row of the master sheet could be used.
    """
    rows = {kind: _rows(sheets, kind) for kind in Kind}
    if rows[Kind.master].is_empty():
        raise Refused(NO_LOCATION)
    material = _material(rows, today, parameters)
    question = material.question(today, parameters)
    return OfflinePlan(
        sheets=tuple(sheets),
        locations=rows[Kind.master],
        capacity=material.capacity,
        proposal=Proposal.of(question, plan(question.problem)),
        parameters=parameters,
        today=today,
        notes=tuple(_notes(sheets, parameters)),
    )


def _rows(sheets: Sequence[CheckedSheet], kind: Kind) -> pl.DataFrame:
    """All rows of a kind, the last sheet that says something of a key having the last word."""
    checked = [sheet.rows for sheet in sheets if sheet.kind is kind]
    nothing = pl.DataFrame(schema=kept_schema(kind))
    return laid_over(kind, stages(kind, checked, nothing)) if checked else nothing


def _material(rows: dict[Kind, pl.DataFrame], today: date, parameters: Parameters) -> Material:
    csas, features, blackouts = rows[Kind.csas], rows[Kind.features], rows[Kind.blackouts]
    return Material(
        locations=_locations(rows, today, parameters),
        features={
            key: (target, released)
            for key, target, released in features.select(
                "key", "target_release_on", "released_on"
            ).iter_rows()
        },
        capacity=dict(csas.select("email", "weekly_capacity").drop_nulls().iter_rows()),
        leave=list(_leave(csas)),
        blackouts=[
            Blackout(region, starts, ends, why or "")
            for region, starts, ends, why in blackouts.select(
                "region", "from", "to", "why"
            ).iter_rows()
        ],
        waves_run=0,
        taken_on=today,
    )


def _locations(rows: dict[Kind, pl.DataFrame], today: date, parameters: Parameters) -> pl.DataFrame:
    """The locations as a plan from the database has them: sorted, nobody promised anything yet."""
    locations = (
        rows[Kind.master]
        .sort("location_id")
        .with_columns(
            pl.col("region", "requires").fill_null(""),
            punts=pl.lit(0),
            promised=pl.lit(None, pl.Date),
            promised_to=pl.lit(None, pl.String),
        )
    )
    history = rows[Kind.history]
    if history.is_empty():
        return locations
    return with_cadence(locations, history, taken_on=today, parameters=parameters)


def _leave(csas: pl.DataFrame) -> Iterator[tuple[str, date]]:
    for email, weeks in csas.select("email", "leave_weeks").iter_rows():
        for week in filter(None, weeks.split(";")):
            yield email, date.fromisoformat(week)


def _notes(sheets: Sequence[CheckedSheet], parameters: Parameters) -> Iterator[str]:
    """What was read otherwise than written, and the defaults that stand in for what no sheet says."""
    for sheet in sheets:
        yield from (f"{called(sheet)}: {note}" for note in sheet.notes)
    if any(sheet.kind is Kind.escalated_stores for sheet in sheets):
        yield ONLY_WISHES
    sent = {
        kind: pl.concat([s.rows for s in sheets if s.kind is kind], how="diagonal")
        for kind in {sheet.kind for sheet in sheets}
    }
    yield from notes_across(sent, weekly_capacity=parameters.default_capacity)
