"""Charts: figures in, a Vega-Lite specification out, for Slack and for pages."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from rules.progress import Mark

Spec = dict[str, Any]

WIDTH, HEIGHT = 380, 240
"""Of the plot, in points: its letters can be read at the width of a phone."""
PLANNED, MOVED = "Planned", "Moved"
COLOURS = {PLANNED: "#2f7f93", MOVED: "#c2410c"}
DASHES = {PLANNED: [6, 3], MOVED: [1, 0]}
"""Lines are told apart without colours too."""
CONFIG: Spec = {
    "font": "Liberation Sans, Arial, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 16,
        "labelColor": "#374151",
        "gridColor": "#e5e7eb",
        "domainColor": "#9ca3af",
    },
    "legend": {
        "labelFontSize": 16,
        "labelColor": "#374151",
        "symbolSize": 400,
        "symbolStrokeWidth": 3,
        "offset": 14,
    },
}


def burn_up(marks: Sequence[Mark], total: int) -> Spec:
    """How many locations are planned to have moved by the end of each week, and how many have.

    A Vega-Lite specification on a ground of its own, so that it is read on light and on dark.
    """
    rows = [_row(mark, PLANNED, mark.planned) for mark in marks]
    rows += [_row(mark, MOVED, mark.moved) for mark in marks if mark.moved is not None]
    weeks = alt.X(
        "week:T",
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(format="%-d %b", title=None, labelOverlap=True, grid=False, tickCount=5),
    )
    locations = alt.Y(
        "locations:Q",
        scale=alt.Scale(domain=[0, total], nice=True),
        axis=alt.Axis(format=",d", title=None, tickCount=5),
    )
    legend = alt.Legend(orient="top", title=None)
    lines = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_line(strokeWidth=3)
        .encode(
            weeks,
            locations,
            alt.Color("kind:N", scale=_scale(COLOURS), legend=legend),
            alt.StrokeDash("kind:N", scale=_scale(DASHES), legend=legend),
        )
    )
    all_of_them = (
        alt.Chart(alt.InlineData(values=[{"total": total, "words": f"all {total:,}"}]))
        .mark_rule(color="#6b7280", strokeWidth=1)
        .encode(y="total:Q")
    )
    label = all_of_them.mark_text(
        align="left", baseline="bottom", dx=4, dy=-3, fontSize=15, color="#374151"
    ).encode(x=alt.value(0), y="total:Q", text="words:N")
    chart = alt.layer(all_of_them, label, lines).properties(
        width=WIDTH, height=HEIGHT, background="#ffffff", padding=16
    )
    spec: Spec = chart.to_dict()
    return spec | {"config": CONFIG}


def _row(mark: Mark, kind: str, locations: int) -> dict[str, object]:
    return {"week": mark.week.isoformat(), "kind": kind, "locations": locations}


def _scale(looks: dict[str, Any]) -> alt.Scale:
    return alt.Scale(domain=list(looks), range=list(looks.values()))
