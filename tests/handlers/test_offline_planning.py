"""A plan from sheets alone is the plan that importing them and planning would give."""

from datetime import date
from pathlib import Path

import polars as pl
from sqlalchemy import text

from bot.example.sheets import write_world
from handlers.importing import import_sheets
from handlers.offline_planning import checked_sheets, plan_sheets
from handlers.planning import publish_first_plan
from rules.parameters import Parameters
from store.session import Store

TODAY = date(2022, 1, 15)


async def test_sheets_alone_give_the_dates_that_importing_them_and_planning_gives(
    store: Store, tmp_path: Path
) -> None:
    files = write_world(tmp_path, today=TODAY, locations=200, customers=40)
    async with store.transaction(actor="U_LEAD") as tx:
        await import_sheets(tx, files, today=TODAY)
        published = await publish_first_plan(tx, today=TODAY, parameters=Parameters())
    async with store.reading() as reading:
        promises = await reading.connection.execute(text("SELECT location_id, week FROM promises"))
        promised = {row.location_id: row.week for row in promises}

    made = plan_sheets(checked_sheets(files, TODAY), today=TODAY, parameters=Parameters())

    dates = made.proposal.says.dates.filter(pl.col("week").is_not_null())
    assert dict(dates.select("location_id", "week").iter_rows()) == promised
    assert made.outcome.unplaced == published.unplaced
    assert (made.outcome.cost, made.outcome.bound) == (published.cost, published.bound)
