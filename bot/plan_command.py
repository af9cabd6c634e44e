"""`wavepost plan`: plan the waves from what was imported, and publish the dates."""

from rich.table import Table

from bot.terminal import console, operator, with_store
from handlers.plan_outcome import Outcome
from handlers.planning import publish_first_plan
from store.session import Store


def plan_waves() -> None:
    """Plan the waves from what was imported, and promise the dates that come out."""

    async def work(store: Store) -> Outcome:
        async with store.transaction(actor=operator()) as tx:
            today = (await tx.clock.now()).date()
            parameters = await tx.parameters.current()
            return await publish_first_plan(tx, today=today, parameters=parameters)

    show(with_store(work))


def show(published: Outcome) -> None:
    """What came of it, as a table."""
    table = Table(title="The plan", show_header=False, title_justify="left")
    table.add_row("Locations with a date", f"{published.placed:,}")
    for reason, locations in published.unplaced.items():
        table.add_row(f"Without a date: {reason}", f"{locations:,}")
    for reason, locations in published.moves.items():
        table.add_row(f"Moved: {reason}", f"{locations:,}")
    if published.first_week and published.last_week:
        table.add_row("First wave", str(published.first_week))
        table.add_row("Last wave", str(published.last_week))
    table.add_row("At most above the best possible", f"{published.gap:.1%}")
    console.print(table)
    if not published.is_new:
        console.print("Nothing changed since the last plan, so that one stands.")
