"""The picture of a forecast: drawn once for the same figures, when somebody asks, and kept in Slack."""

from datetime import date

from handlers.jobs import Work, job
from handlers.pictures import begun, finish, stands_for
from rules.drawing import forecast_drawn
from rules.prospects import FanMark, Prospects
from store.jobs import Json
from store.session import Reading, Transaction

ABOUT = "Drawing a forecast"
NAME = "forecast.png"
DRAW = "draw forecast"
DECIMALS = 1
"""Of a location: finer than that nothing can be seen."""


async def picture_of(reading: Reading, ahead: Prospects) -> str | None:
    """Slack's id of the picture of this forecast; None before it is drawn."""
    return await reading.pictures.file(_given(ahead)["digest"])


async def have_drawn(tx: Transaction, ahead: Prospects, *, lost: str | None = None) -> bool:
    """Have a forecast drawn, unless it is drawn; whether it is about to be."""
    return await begun(tx, DRAW, _given(ahead), about=ABOUT, lost=lost)


@job(DRAW)
async def draw(work: Work) -> None:
    """Draw the fan, bring it to Slack, and note which figures it shows."""
    given = work.job.given
    fan = [FanMark(date.fromisoformat(week), tuple(moved)) for week, moved in given["fan"]]
    finishes = [(share, date.fromisoformat(week)) for share, week in given["finishes"]]
    figures = (fan, given["total"], finishes)
    await finish(work, forecast_drawn, *figures, name=NAME, title="How the migration may go on")


def _given(ahead: Prospects) -> Json:
    """All that can be seen in the picture, and the digest that stands for it."""
    fan = [
        [mark.week.isoformat(), [round(moved, DECIMALS) for moved in mark.moved]]
        for mark in ahead.fan
    ]
    finishes = [[share, week.isoformat()] for share, week in ahead.finishes if week]
    total = ahead.given.total
    return {
        "digest": stands_for(["forecast", total, fan, finishes]),
        "total": total,
        "fan": fan,
        "finishes": finishes,
    }
