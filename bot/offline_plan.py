"""`wavepost plan --from SHEETS --to plan.xlsx`: a plan without a database."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.import_report import show_mappings, show_rejects, shown
from bot.plan_report import show_outcome
from bot.terminal import console, failures_as_words, give_up
from handlers.blocks import count, day
from handlers.errors import Refused
from handlers.offline_planning import OfflinePlan, checked_sheets, day_of, plan_sheets
from handlers.plan_workbook import workbook_of
from rules.days import LATEST_YEAR
from rules.parameters import Parameters

FIRST_YEAR = 2000
SOME_REJECTED = 1
PLAN_EXAMPLE = (
    "Example: [bold]wavepost plan --from customers.xlsx --from csas.csv --to plan.xlsx[/bold] plans "
    "without a database, and tells nobody."
)

From = Annotated[
    list[Path] | None,
    typer.Option("--from", help="Plan from these CSV files or workbooks, without a database."),
]
More = Annotated[
    list[Path] | None, typer.Argument(metavar="[SHEETS]...", help="More sheets for --from.")
]
To = Annotated[
    Path | None, typer.Option("--to", help="With --from: the workbook that the plan becomes.")
]
Today = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        metavar="YYYY-MM-DD",
        show_default=False,
        help="With --from: the day to plan from. Not given: today, or the day of the newest order "
        "where that is more than a week ago.",
    ),
]


def plan_sheets_alone(paths: Sequence[Path], workbook: Path | None, today: datetime | None) -> None:
    """Plan these sheets, write the workbook, and say where it is; what hinders it ends with 2."""
    if not paths or workbook is None:
        raise typer.BadParameter("--from and --to go together, as in --from a.csv --to plan.xlsx.")
    _refuse_twice(paths)
    _refuse_place(workbook)
    chosen = _day_chosen(today) if today else None
    made = _planned(paths, chosen)
    with failures_as_words():
        content = workbook_of(made)
    _write(workbook, content)
    show_outcome(made.outcome)
    _say(f"- Planned as of {day(made.today)}{_why_then(made.today, chosen)}.")
    for note in made.notes:
        _say(f"- {note}")
    left_out = (
        f" {count(made.rejected, 'row')} left out: see its last page." if made.rejected else ""
    )
    _say(f"The plan is in {workbook}.{left_out} Nobody has heard of it.")
    if made.rejected:
        raise typer.Exit(SOME_REJECTED)


def _planned(paths: Sequence[Path], chosen: date | None) -> OfflinePlan:
    today = chosen or _now()
    with failures_as_words():
        try:
            sheets = checked_sheets(paths, today)
            today = chosen or day_of(sheets, today)
            show_mappings(sheets)
            for sheet in sheets:
                show_rejects(sheet)
            return plan_sheets(sheets, today=today, parameters=Parameters())
        except Refused as refused:
            give_up(shown(refused.words, keep="\n"))


def _say(words: str) -> None:
    console.print(shown(words), markup=False, highlight=False, soft_wrap=True)


def _now() -> date:
    return datetime.now(tz=UTC).date()


def _day_chosen(today: datetime) -> date:
    """The day of --today, if plans can be made from it."""
    if not FIRST_YEAR <= today.year <= LATEST_YEAR:
        give_up(f"--today is a day from {FIRST_YEAR} to {LATEST_YEAR}, not {today:%Y-%m-%d}.")
    return today.date()


def _why_then(day: date, chosen: date | None) -> str:
    """Why it is planned from a day that nobody chose."""
    if chosen:
        return ""
    other = "; --today names another day"
    return other if day == _now() else f", the day of the newest order in the sheets{other}"


def _refuse_twice(paths: Sequence[Path]) -> None:
    """Refuse the same file twice: it is a slip, and perhaps another one was meant."""
    files = [path.resolve() for path in paths]
    twice = next((path for at, path in enumerate(paths) if files[at] in files[:at]), None)
    if twice:
        give_up(f"{twice} is named twice. Name each file once; nothing was planned.")


def _refuse_place(workbook: Path) -> None:
    """Refuse at once what the plan cannot be written to, before minutes go into it."""
    if workbook.suffix.lower() != ".xlsx":
        give_up(f"{workbook} is no Excel workbook: name a file that ends in .xlsx after --to.")
    if workbook.exists():
        give_up(f"{workbook} is there already and stays as it is. Name another file after --to.")
    if not workbook.parent.is_dir():
        give_up(f"There is no folder {workbook.parent}. Make it, or name another after --to.")


def _write(workbook: Path, content: bytes) -> None:
    try:
        with workbook.open("xb") as file:
            file.write(content)
    except OSError as error:
        give_up(f"The plan could not be written to {workbook} ({error.strerror}).")
