"""The burn-up with the fan of its forecast: how many should have moved, have, and how it may go on."""

from collections.abc import Sequence
from datetime import date

import altair as alt

from rules.charts import COLOURS as LINE_COLOURS
from rules.charts import MOVED, PLANNED, Spec
from rules.fan_chart import COLOURS as FAN_COLOURS
from rules.fan_chart import NINE_IN_TEN, SIX_IN_TEN, axes, bands, finished, labels
from rules.progress import Mark
from rules.prospects import FanMark

COLOURS = {
    PLANNED: LINE_COLOURS[PLANNED],
    MOVED: LINE_COLOURS[MOVED],
    SIX_IN_TEN: FAN_COLOURS[SIX_IN_TEN],
    NINE_IN_TEN: FAN_COLOURS[NINE_IN_TEN],
}
DASHES = {PLANNED: [6, 3], MOVED: [1, 0]}


def outlook_chart(
    marks: Sequence[Mark],
    fan: Sequence[FanMark],
    total: int,
    finishes: Sequence[tuple[float, date | None]],
) -> Spec:
    """What was planned and what has moved, the bands of a forecast behind, its `finishes` marked.

    A Vega-Lite specification on a ground of its own, so that it is read on light and on dark.
    """
    rows = [_row(mark, PLANNED, mark.planned) for mark in marks]
    rows += [_row(mark, MOVED, mark.moved) for mark in marks if mark.moved is not None]
    ends = [
        {"week": week.isoformat(), "share": share, "high": total}
        for share, week in (labels(fan, finishes) if fan else ())
    ]
    weeks, locations = axes(total)
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())),
        legend=alt.Legend(orient="top", title=None, columns=2, symbolType="square", symbolSize=250),
    )
    areas = (
        alt.Chart(alt.InlineData(values=bands(fan)))
        .mark_area()
        .encode(weeks, locations, alt.Y2("low:Q"), colour)
    )
    dash = alt.StrokeDash(
        "kind:N",
        scale=alt.Scale(domain=list(DASHES), range=list(DASHES.values())),
        legend=None,
    )
    lines = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_line(strokeWidth=3)
        .encode(weeks, locations, colour, dash)
    )
    return finished([areas, lines], total, ends, weeks, locations)


def _row(mark: Mark, kind: str, locations: int) -> dict[str, object]:
    return {"week": mark.week.isoformat(), "kind": kind, "high": locations}
