"""What a plan comes to, as tables for the terminal."""

from rich.table import Table

from bot.terminal import console
from handlers.plan_outcome import Outcome
from handlers.timeline import WHY
from rules.adjusting import differences, written
from rules.parameters import Parameters
from store.parameters import usable
from store.plan_versions import PlanVersion
from store.plans import MoveReason, PlanState


def show_outcome(published: Outcome) -> None:
    """What came of a plan that was published at once."""
    console.print(_table("The plan", published))
    if not published.is_new:
        console.print("Nothing changed since the last plan, so that one stands.")


def show_change(draft: Outcome, base: PlanVersion | None) -> None:
    """A draft beside the plan in force."""
    table = _table(f"Draft {draft.plan_id}", draft)
    if base:
        table.add_row(f"Plan {base.id}, in force: with a date", f"{base.placed:,}")
        table.add_row("  At most above the best possible", f"{base.gap:.1%}")
    console.print(table)


def show_version(version: PlanVersion, outcome: Outcome | None) -> None:
    """A plan as it was: who made it, with which parameters, and what it comes to."""
    name = "Plan" if version.state is PlanState.published else "Draft"
    table = Table(title=f"{name} {version.id}", show_header=False, title_justify="left")
    if outcome:
        _fill(table, outcome)
    else:
        table.add_row("Locations with a date", f"{version.placed:,}")
        table.add_row("Without a date", f"{version.unplaced:,}")
    table.add_row("Made", f"{version.made_on}, by {version.maker}")
    if version.why:
        table.add_row("Because", version.why)
    if version.decided_at:
        table.add_row(
            str(version.state).capitalize(), f"{version.decided_at:%Y-%m-%d}, by {version.decider}"
        )
    parameters = usable(version.parameters)
    for each in differences(Parameters(), parameters):
        table.add_row(f"With {each.number.title.lower()}", written(each.after))
    console.print(table)


def _table(title: str, outcome: Outcome) -> Table:
    table = Table(title=title, show_header=False, title_justify="left")
    _fill(table, outcome)
    return table


def _fill(table: Table, outcome: Outcome) -> None:
    table.add_row("Locations with a date", f"{outcome.placed:,}")
    if outcome.promised < outcome.placed:
        table.add_row("  New among them", f"{outcome.promised:,}")
    for reason, locations in outcome.unplaced.items():
        table.add_row(f"Without a date: {reason}", f"{locations:,}")
    for reason, locations in outcome.moves.items():
        table.add_row(f"Moved: {WHY[MoveReason(reason)]}", f"{locations:,}")
    if outcome.moved_customers:
        table.add_row("Customers that move", f"{outcome.moved_customers:,}")
    if outcome.first_week and outcome.last_week:
        table.add_row("First wave", str(outcome.first_week))
        table.add_row("Last wave", str(outcome.last_week))
    table.add_row("At most above the best possible", f"{outcome.gap:.1%}")
