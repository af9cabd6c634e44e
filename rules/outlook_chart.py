"""The burn-up with the fan of its forecast: how many should have moved, have, and how it may go on."""

from collections.abc import Sequence
from datetime import date

import altair as alt

from rules.charts import COLOURS as LINE_COLOURS
from rules.charts import CONFIG, HEIGHT, MOVED, PLANNED, WIDTH, Spec
from rules.fan_chart import COLOURS as FAN_COLOURS
from rules.fan_chart import NINE_IN_TEN, SIX_IN_TEN, labels, ticks
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
    bands = [
        {"week": mark.week.isoformat(), "kind": kind, "low": low, "high": high}
        for kind, low_at, high_at in ((NINE_IN_TEN, 0, -1), (SIX_IN_TEN, 1, -2))
        for mark in fan
        for low, high in [(mark.moved[low_at], mark.moved[high_at])]
    ]
    rows = [_row(mark, PLANNED, mark.planned) for mark in marks]
    rows += [_row(mark, MOVED, mark.moved) for mark in marks if mark.moved is not None]
    ends = [
        {"week": week.isoformat(), "share": share, "high": total}
        for share, week in (labels(fan, finishes) if fan else ())
    ]
    weeks = alt.X(
        "week:T",
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(
            format="%b %Y", title=None, labelOverlap=True, grid=False, tickCount=4, labelFlush=True
        ),
    )
    locations = alt.Y(
        "high:Q",
        scale=alt.Scale(domain=[0, total * 1.06], nice=False),
        axis=alt.Axis(format=",d", title=None, values=ticks(total)),
    )
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())),
        legend=alt.Legend(orient="top", title=None, columns=2, symbolType="square", symbolSize=250),
    )
    areas = (
        alt.Chart(alt.InlineData(values=bands))
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
    all_of_them = (
        alt.Chart(alt.InlineData(values=[{"high": total, "words": f"all {total:,}"}]))
        .mark_rule(color="#6b7280", strokeWidth=1)
        .encode(y="high:Q")
    )
    label = all_of_them.mark_text(
        align="left", baseline="bottom", dx=4, dy=-3, fontSize=15, color="#374151"
    ).encode(x=alt.value(0), y="high:Q", text="words:N")
    points = alt.Chart(alt.InlineData(values=ends))
    dots = points.mark_point(filled=True, size=90, color="#1a2127", opacity=1).encode(
        weeks, locations
    )
    shares = points.mark_text(
        align="center", baseline="bottom", dy=-7, fontSize=15, color="#1a2127"
    ).encode(weeks, locations, text="share:N")
    chart = alt.layer(areas, lines, all_of_them, label, dots, shares).properties(
        width=WIDTH, height=HEIGHT, background="#ffffff", padding=16
    )
    spec: Spec = chart.to_dict()
    return spec | {"config": CONFIG}


def _row(mark: Mark, kind: str, locations: int) -> dict[str, object]:
    return {"week": mark.week.isoformat(), "kind": kind, "high": locations}
